#include "mp_services.h"
#include "mps_lab.h"

#include <muster/judge_mps.h>

/* Where what is read goes to. */
struct reading {
    struct mps_claims *claims;
    struct notes *notes;
};

EFI_MP_SERVICES_PROTOCOL *mp_services_find(const struct firmware *firmware)
{
    static const EFI_GUID mp_services = EFI_MP_SERVICES_PROTOCOL_GUID;
    return firmware_locate(firmware, &mp_services);
}

static struct mps_claim claim_of(const EFI_PROCESSOR_INFORMATION *info, bool extended)
{
    const EFI_CPU_PHYSICAL_LOCATION2 *location2 = &info->ExtendedInformation.Location2;
    struct mps_claim claim = {
        .apic_id = (uint32_t)info->ProcessorId,
        .bsp = info->StatusFlag & PROCESSOR_AS_BSP,
        .enabled = info->StatusFlag & PROCESSOR_ENABLED,
        .healthy = info->StatusFlag & PROCESSOR_HEALTH_STATUS,
        .package = info->Location.Package,
        .core = info->Location.Core,
        .thread = info->Location.Thread,
        .has_location2 = extended,
    };
    if (extended) {
        claim.module = location2->Module;
        claim.tile = location2->Tile;
        claim.die = location2->Die;
    }
    return claim;
}

static EFI_STATUS ask_one(struct mps_lab *lab, enum mps_call call, UINTN number,
                          EFI_PROCESSOR_INFORMATION *ret)
{
    *ret = (EFI_PROCESSOR_INFORMATION){0};
    mps_aside_begin(lab, call);
    const EFI_STATUS status = lab->mps->GetProcessorInfo(lab->mps, number, ret);
    mps_aside_end(lab, call);
    return status;
}

/* Firmware older than PI 1.7 takes the flag for part of the processor's number and finds none.
 * Asked without it first: if that does not return, it is not the flag. */
static EFI_STATUS read_one(struct mps_lab *lab, UINTN number, struct mps_claim *ret,
                           struct notes *notes)
{
    EFI_PROCESSOR_INFORMATION info, more;
    const EFI_STATUS status = ask_one(lab, MPS_GET_INFO, number, &info);
    const bool extended =
        !EFI_ERROR(ask_one(lab, MPS_GET_EXTENDED, number | CPU_V2_EXTENDED_TOPOLOGY, &more));
    if (extended) {
        info = more;
    } else if (EFI_ERROR(status)) {
        return status;
    }
    if (info.ProcessorId > UINT32_MAX) {
        note_add(notes, "",
                 "MP Services: processor %lu has ProcessorId 0x%lx; only 32 bits are read",
                 (unsigned long)number, (unsigned long)info.ProcessorId);
    }
    *ret = claim_of(&info, extended);
    return EFI_SUCCESS;
}

static void read_all(struct mps_lab *lab, struct mps_claims *claims, struct notes *notes)
{
    const uint64_t there = claims->total < CPU_MAX ? claims->total : CPU_MAX;
    const uint64_t beyond = claims->total - there;
    claims->beyond = beyond < UINT32_MAX ? (uint32_t)beyond : UINT32_MAX;
    for (uint64_t n = 0; n < there; n++) {
        struct mps_claim claim;
        const EFI_STATUS status = read_one(lab, n, &claim, notes);
        if (EFI_ERROR(status)) {
            note_add(notes, "", "MP Services: GetProcessorInfo(%lu) of %lu failed: %s",
                     (unsigned long)n, (unsigned long)claims->total, firmware_status_name(status));
            continue;
        }
        claims->cpus[claims->count++] = claim;
    }
}

static void read_who_am_i(struct mps_lab *lab, struct mps_claims *claims, struct notes *notes)
{
    UINTN who = CPU_NONE;
    mps_aside_begin(lab, MPS_WHO);
    const EFI_STATUS status = lab->mps->WhoAmI(lab->mps, &who);
    mps_aside_end(lab, MPS_WHO);
    if (EFI_ERROR(status)) {
        note_add(notes, "", "MP Services: WhoAmI failed on the BSP");
    }
    claims->who_am_i = (uint32_t)who;
}

static void ask_who_is_there(struct mps_lab *lab, void *context)
{
    const struct reading *reading = context;
    UINTN total = 0, enabled = 0;
    mps_aside_begin(lab, MPS_GET_COUNT);
    const EFI_STATUS status = lab->mps->GetNumberOfProcessors(lab->mps, &total, &enabled);
    mps_aside_end(lab, MPS_GET_COUNT);
    if (EFI_ERROR(status)) {
        note_add(reading->notes, "", "MP Services: GetNumberOfProcessors failed: %s",
                 firmware_status_name(status));
        return;
    }
    reading->claims->present = true;
    reading->claims->total = total;
    reading->claims->enabled = enabled;
    read_who_am_i(lab, reading->claims, reading->notes);
    read_all(lab, reading->claims, reading->notes);
}

/* What was told before the call that did not return is not all. */
static void note_unread(const struct mps_lab *lab, struct notes *notes)
{
    const enum mps_call call = mps_given_up(lab->record);
    if (call == MPS_CALLS) {
        note_add(notes, "", "MP Services: not asked, as there is no timer event to watch them");
    } else {
        note_add(notes, "",
                 "MP Services: %s did not return within %u s: the MADT alone says which CPUs there "
                 "are",
                 mps_call_words(call), MPS_NEVER_S);
    }
}

void mp_services_read(struct mps_lab *lab, struct mps_claims *ret, struct notes *notes)
{
    struct reading reading = {ret, notes};
    ret->present = false;
    ret->count = 0;
    if (lab == NULL) {
        note_add(notes, "", "no MP Services: the MADT alone says which CPUs there are");
    } else if (!mps_watched(lab, "muster: asking MP Services who is there:", ask_who_is_there,
                            &reading)) {
        memset(ret, 0, sizeof(*ret));
        note_unread(lab, notes);
    }
}
