/* What MADT and MP Services say of the CPUs beside who there is: UIDs, order, types, flags, counts,
 * places. */
#include "mp_services.h"
#include "resident.h"
#include "spoil.h"
#include "tables.h"

#include <muster/memory.h>

enum {
    SECOND = 1, /* APIC ID, and number of the processor in MP Services */
    ONLINE_CAPABLE = 2,
    REVISION_WITH_ONLINE_CAPABLE = 5,
    FREE_ID = 200, /* an APIC ID that no machine of the tests has */
    WRONG_PACKAGE = 7,
};

/* Used by the resident copy. */
static __typeof__(((EFI_MP_SERVICES_PROTOCOL *)NULL)->GetProcessorInfo) info_original;
static __typeof__(((EFI_MP_SERVICES_PROTOCOL *)NULL)->GetNumberOfProcessors) number_original;

static EFI_STATUS publish(EFI_SYSTEM_TABLE *system, struct madt *madt)
{
    madt_seal(madt);
    return madt_publish(system, madt);
}

static struct madt_apic *cpu_with(struct madt *madt, uint8_t apic_id)
{
    struct madt_apic *entry = madt != NULL ? madt_find(madt, MADT_APIC, NULL) : NULL;
    while (entry != NULL && entry->apic_id != apic_id) {
        entry = madt_find(madt, MADT_APIC, entry + 1);
    }
    return entry;
}

EFI_STATUS spoil_madt_uid(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct madt_apic *first = cpu_with(madt, 0), *second = cpu_with(madt, SECOND);
    if (first == NULL || second == NULL) {
        return EFI_NOT_FOUND;
    }
    second->uid = first->uid;
    return publish(system, madt);
}

EFI_STATUS spoil_madt_order(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct madt_apic *first = cpu_with(madt, 0), *second = cpu_with(madt, SECOND);
    if (first == NULL || second == NULL) {
        return EFI_NOT_FOUND;
    }
    const struct madt_apic moved = *first;
    *first = *second;
    *second = moved;
    return publish(system, madt);
}

EFI_STATUS spoil_madt_mixed(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, sizeof(struct madt_x2apic));
    struct madt_apic *second = cpu_with(madt, SECOND);
    if (second == NULL) {
        return EFI_NOT_FOUND;
    }
    const struct madt_x2apic entry = {.type = MADT_X2APIC,
                                      .length = sizeof(entry),
                                      .apic_id = second->apic_id,
                                      .flags = MADT_ENABLED,
                                      .uid = second->uid};
    const uint8_t *end = (uint8_t *)madt + madt->header.length;
    memmove(second, second + 1, (size_t)(end - (uint8_t *)(second + 1)));
    madt->header.length -= sizeof(*second);
    madt_append(madt, &entry, sizeof(entry));
    return publish(system, madt);
}

/* ACPI 6.5, 5.2.12.2: "If the Enabled bit is set, this bit is reserved and must be zero." */
EFI_STATUS spoil_madt_online(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct madt_apic *second = cpu_with(madt, SECOND);
    if (second == NULL) {
        return EFI_NOT_FOUND;
    }
    madt->header.revision = REVISION_WITH_ONLINE_CAPABLE;
    second->flags |= ONLINE_CAPABLE;
    return publish(system, madt);
}

EFI_STATUS spoil_madt_later(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 2 * sizeof(struct madt_apic));
    if (madt == NULL) {
        return EFI_NOT_FOUND;
    }
    madt->header.revision = REVISION_WITH_ONLINE_CAPABLE;
    for (uint8_t n = 0; n < 2; n++) {
        const struct madt_apic entry = {.type = MADT_APIC,
                                        .length = sizeof(entry),
                                        .uid = FREE_ID,
                                        .apic_id = (uint8_t)(FREE_ID + n),
                                        .flags = ONLINE_CAPABLE};
        madt_append(madt, &entry, sizeof(entry));
    }
    return publish(system, madt);
}

/* --- MP Services --- */

static EFI_STATUS EFIAPI one_more(EFI_MP_SERVICES_PROTOCOL *this, UINTN *ret_number,
                                  UINTN *ret_enabled)
{
    const EFI_STATUS status = number_original(this, ret_number, ret_enabled);
    if (!EFI_ERROR(status)) {
        ++*ret_number;
        ++*ret_enabled;
    }
    return status;
}

static EFI_STATUS EFIAPI misplaced(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                   EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = info_original(this, number, ret);
    if (!EFI_ERROR(status) && (number & ~CPU_V2_EXTENDED_TOPOLOGY) == SECOND) {
        ret->Location.Package = WRONG_PACKAGE;
    }
    return status;
}

static EFI_MP_SERVICES_PROTOCOL *mps_find(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    void *mps = NULL;
    return EFI_ERROR(system->BootServices->LocateProtocol(&guid, NULL, &mps)) ? NULL : mps;
}

EFI_STATUS spoil_mps_more(EFI_SYSTEM_TABLE *system)
{
    EFI_MP_SERVICES_PROTOCOL *mps = mps_find(system);
    if (mps == NULL) {
        return EFI_NOT_FOUND;
    }
    number_original = mps->GetNumberOfProcessors;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        *(void **)&mps->GetNumberOfProcessors = resident(one_more);
    }
    return status;
}

EFI_STATUS spoil_mps_place(EFI_SYSTEM_TABLE *system)
{
    EFI_MP_SERVICES_PROTOCOL *mps = mps_find(system);
    if (mps == NULL) {
        return EFI_NOT_FOUND;
    }
    info_original = mps->GetProcessorInfo;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        *(void **)&mps->GetProcessorInfo = resident(misplaced);
    }
    return status;
}
