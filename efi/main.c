/* Everything before the door, step by step; each file of this folder is one step.
 *
 *   handoff     its pages, and what never changes: the image, the firmware's name
 *   arguments   muster.cfg and the command line; --help, --version and --list end here
 *   record      --collect ends here; --record makes room for one
 *   guest       a confidential one is refused before its CPUs are asked; --dry-run goes on
 *   claims      memory map, ACPI tables, MP Services: the roll, merged into the inventory
 *   consoles    framebuffer and UART
 *   memory      the arena, and pages below 1 MiB; --dry-run prints it all and ends here
 *   takeover    out of boot services, into muster_main()
 *
 * A step that cannot be done refuses with one line, and boot services were never left. */
#include "acpi_tables.h"
#include "arguments.h"
#include "bench.h"
#include "console.h"
#include "dry_run.h"
#include "graphics.h"
#include "listing.h"
#include "memory.h"
#include "memory_claims.h"
#include "mps_lab.h"
#include "pages.h"
#include "record.h"
#include "refusal.h"
#include "roll.h"
#include "runtime.h"
#include "serial.h"
#include "takeover.h"

#include <muster/fadt.h>
#include <muster/selection.h>
#include <muster/ucs2.h>

static void name_firmware(const struct firmware *firmware, struct handoff *handoff)
{
    const EFI_SYSTEM_TABLE *system = firmware->system;
    struct text vendor;
    text_init(&vendor, handoff->firmware_vendor, sizeof(handoff->firmware_vendor));
    if (system->FirmwareVendor != NULL) {
        ucs2_print(&vendor, system->FirmwareVendor, sizeof(handoff->firmware_vendor), '?');
    }
    handoff->firmware_revision = system->FirmwareRevision;
}

static bool read_map(struct firmware *firmware, struct handoff *handoff, struct map_buffer *ret,
                     struct refusal *refusal)
{
    if (!map_buffer_take(firmware, ret, refusal)) {
        return false;
    }
    const EFI_STATUS status = map_buffer_read(firmware, ret, &handoff->memory);
    if (EFI_ERROR(status)) {
        return refuse(refusal, status, "muster: GetMemoryMap failed: %s",
                      firmware_status_name(status));
    }
    return true;
}

/* Ends the program where the options ask for words rather than a run. */
static void answer_questions(struct firmware *firmware, enum ask ask)
{
    switch (ask) {
    case ASK_RUN:
        return;
    case ASK_HELP:
        listing_help(firmware);
        break;
    case ASK_VERSION:
        listing_version(firmware);
        break;
    case ASK_LIST:
        listing_checks(firmware);
        break;
    }
    firmware_leave(firmware, EFI_SUCCESS);
}

static bool check_cpus(const struct handoff *handoff, const struct arguments_origin *origin,
                       struct refusal *refusal)
{
    struct option_error error;
    if (!selection_check_cpus(&handoff->options, handoff->inventory.count, origin->cpus, &error)) {
        return refuse(refusal, EFI_INVALID_PARAMETER, "%s", error.message);
    }
    return true;
}

/* All that firmware says of the machine. */
static bool take_claims(struct firmware *firmware, struct mps_lab *lab, struct handoff *handoff,
                        struct refusal *refusal)
{
    struct acpi_tables tables;
    acpi_tables_find(firmware, &handoff->memory, &tables, &handoff->claims.notes);
    if (tables.fadt.at != NULL) {
        fadt_read(tables.fadt.at, tables.fadt.size, &handoff->platform);
    }
    handoff->platform.hpet_base =
        acpi_tables_read_hpet(&tables, &handoff->memory, &handoff->claims.notes);
    graphics_find(firmware, &handoff->framebuffer);
    serial_decide(&handoff->options, &tables, &handoff->serial);
    if (!roll_take(firmware, &tables, lab, handoff, refusal)) {
        return false;
    }
    memory_claims_take(firmware, &tables, handoff);
    return true;
}

static bool take_memory(struct firmware *firmware, struct handoff *handoff, struct refusal *refusal)
{
    memory_take_low(firmware, handoff);
    return memory_settle_low(handoff, refusal) && memory_take_arena(firmware, handoff, refusal);
}

static _Noreturn void leave_refused(struct firmware *firmware, const struct refusal *refusal)
{
    console_format(firmware, "%s\n", refusal->message);
    firmware_leave(firmware, refusal->status);
}

/* Before anything is asked of the machine: what an earlier run left. */
static void see_record(struct firmware *firmware, struct handoff *handoff, struct refusal *refusal)
{
    if (handoff->options.collect) {
        if (!record_collect(firmware, refusal)) {
            leave_refused(firmware, refusal);
        }
        firmware_leave(firmware, EFI_SUCCESS);
    }
    if (handoff->options.dry_run) {
        record_look(firmware, handoff);
    } else {
        record_prepare(firmware, handoff);
    }
}

/* On a frame of its own, beside the record that efi_main() keeps. */
__attribute__((noinline)) static _Noreturn void
run(struct firmware *firmware, struct handoff *handoff, struct refusal *refusal)
{
    struct arguments_origin origin;
    struct map_buffer map;
    name_firmware(firmware, handoff);
    if (!arguments_read(firmware, handoff, &origin, refusal)) {
        leave_refused(firmware, refusal);
    }
    if (handoff->options.page) {
        console_page(firmware);
    }
    answer_questions(firmware, handoff->options.ask);
    if (!read_map(firmware, handoff, &map, refusal)) {
        leave_refused(firmware, refusal);
    }
    see_record(firmware, handoff, refusal);
    const bool spared = refusal_spares_guest(refusal);
    if (!spared && !handoff->options.dry_run) {
        leave_refused(firmware, refusal);
    }
    struct mps_lab *lab = mps_lab_take(firmware, handoff);
    if (!take_claims(firmware, lab, handoff, refusal) || !check_cpus(handoff, &origin, refusal)) {
        leave_refused(firmware, refusal);
    }
    record_name_system(handoff);
    if (handoff->options.bench) {
        bench_read(lab, &handoff->bench, &handoff->claims.notes);
    }
    if (!mps_take(lab, handoff, refusal)) {
        leave_refused(firmware, refusal);
    }
    const bool ready = take_memory(firmware, handoff, refusal) && spared;
    if (handoff->options.dry_run) {
        /* With what was taken since: the map is as the door would find it. */
        map_buffer_read(firmware, &map, &handoff->memory);
        runtime_read(firmware, handoff);
        dry_run_print(firmware, handoff, refusal);
        firmware_leave(firmware, EFI_SUCCESS);
    }
    if (ready) {
        takeover(firmware, handoff, &map, refusal);
    }
    leave_refused(firmware, refusal);
}

/* The entry point: the firmware that loaded the image has relocated it, too. */
EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    struct state_record entry;
    state_read(&entry); /* before anything else may change it */
    struct firmware firmware;
    struct refusal refusal = {.status = EFI_SUCCESS, .message = ""};
    firmware_init(&firmware, image, system);
    struct handoff *handoff = memory_take_handoff(&firmware, &refusal);
    if (handoff == NULL) {
        leave_refused(&firmware, &refusal);
    }
    handoff->bsp_state[MOMENT_ENTRY] = entry;
    run(&firmware, handoff, &refusal);
}
