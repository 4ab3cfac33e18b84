/* mailbox.efi [deaf APIC-ID] [cached APIC-ID] [guarded APIC-ID]: from here on this firmware offers
 * the Multiprocessor Wakeup mailbox (ACPI 6.5, 5.2.12.19), as confidential guests' firmware does.
 *
 *   now                       the MADT gets a structure of type 0x10, which tells of a mailbox
 *   at ExitBootServices       every AP is taken into a loop that polls the mailbox (parking.c)
 *   when a command is sent    the AP it names jumps to the wakeup vector
 *
 * With `deaf`, the AP of that APIC ID never answers the mailbox, though it would answer INIT and
 * SIPI: who calls it by these gives himself away. With `cached`, that AP has memory types of its
 * own; with `guarded`, CET and PCIDs are on when it comes.
 */
#include "mp_services.h"
#include "parking.h"
#include "resident.h"
#include "services.h"
#include "tables.h"
#include "words.h"

/* Used by the resident copy. */
static struct parking parking;
static EFI_EXIT_BOOT_SERVICES exit_original;

static EFI_STATUS EFIAPI exit_and_park(EFI_HANDLE image, UINTN map_key)
{
    const EFI_STATUS status = exit_original(image, map_key);
    if (!EFI_ERROR(status)) {
        parking_call(&parking);
    }
    return status;
}

static EFI_STATUS hook_exit(EFI_SYSTEM_TABLE *system)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    exit_original = boot->ExitBootServices;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        boot->ExitBootServices = (EFI_EXIT_BOOT_SERVICES)(uintptr_t)resident(exit_and_park);
        services_seal(boot);
    }
    return status;
}

static EFI_STATUS publish(EFI_SYSTEM_TABLE *system)
{
    const struct madt_wakeup wakeup = {
        .type = MADT_WAKEUP, .length = sizeof(wakeup), .mailbox = parking.mailbox};
    struct madt *madt = madt_copy(system, sizeof(wakeup));
    if (madt == NULL) {
        return EFI_NOT_FOUND;
    }
    madt_append(madt, &wakeup, sizeof(wakeup));
    madt_seal(madt);
    return madt_publish(system, madt);
}

static EFI_STATUS count_aps(EFI_SYSTEM_TABLE *system, uint32_t *ret)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    UINTN total = 0, enabled = 0;
    EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    if (!EFI_ERROR(status)) {
        status = mps->GetNumberOfProcessors(mps, &total, &enabled);
        *ret = (uint32_t)total - 1;
    }
    return status;
}

static EFI_STATUS install(EFI_SYSTEM_TABLE *system, const struct parking_odd *odd)
{
    uint32_t aps = 0;
    EFI_STATUS status = count_aps(system, &aps);
    if (!EFI_ERROR(status)) {
        status = parking_lay(system, aps, odd, &parking);
    }
    if (!EFI_ERROR(status)) {
        status = publish(system);
    }
    return EFI_ERROR(status) ? status : hook_exit(system);
}

/* APIC IDs behind their words; false where the arguments are something else. */
static bool read_odd(const EFI_SHELL_PARAMETERS_PROTOCOL *shell, struct parking_odd *ret)
{
    *ret = (struct parking_odd){.deaf = ODD_NONE, .cached = ODD_NONE, .guarded = ODD_NONE};
    for (UINTN n = 1; shell != NULL && n < shell->Argc; n += 2) {
        uint32_t *id = word_is(shell->Argv[n], "deaf")      ? &ret->deaf
                       : word_is(shell->Argv[n], "cached")  ? &ret->cached
                       : word_is(shell->Argv[n], "guarded") ? &ret->guarded
                                                            : NULL;
        if (id == NULL || n + 1 == shell->Argc || !word_number(shell->Argv[n + 1], id)) {
            return false;
        }
    }
    return true;
}

/* The entry point: the firmware that loaded the image has relocated it, too. */
EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    struct parking_odd odd;
    if (!read_odd(words_from_shell(image, system), &odd)) {
        say(system, "mailbox", "usage",
            "mailbox.efi [deaf APIC-ID] [cached APIC-ID] [guarded APIC-ID]");
        leave(image, system, EFI_INVALID_PARAMETER);
    }
    const EFI_STATUS status = install(system, &odd);
    say(system, "mailbox", odd.deaf == ODD_NONE ? "all APs will listen" : "one AP will be deaf",
        EFI_ERROR(status) ? "failed" : "installed");
    leave(image, system, status);
}
