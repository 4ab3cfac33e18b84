/* Who is there, by each service's word. */
#include "mps_lab.h"
#include "processor.h"

static bool count(struct mps_lab *lab)
{
    struct mps_record *record = lab->record;
    UINTN total = 0, enabled = 0;
    mps_call_begin(lab, MPS_GET_COUNT);
    const EFI_STATUS status = lab->mps->GetNumberOfProcessors(lab->mps, &total, &enabled);
    mps_call_end(lab, MPS_GET_COUNT, status);
    record->total = total;
    record->enabled = enabled;
    record->count = total < CPU_MAX ? (uint32_t)total : CPU_MAX;
    return !EFI_ERROR(status);
}

static void tell(struct mps_lab *lab, uint32_t number)
{
    struct mps_processor *it = &lab->record->processors[number];
    EFI_PROCESSOR_INFORMATION info = {0};
    mps_call_begin(lab, MPS_GET_INFO);
    it->status = mps_status_of(
        mps_call_end(lab, MPS_GET_INFO, lab->mps->GetProcessorInfo(lab->mps, number, &info)));
    it->id = info.ProcessorId;
    it->flags = info.StatusFlag;
}

/* Whether GetProcessorInfo told of one more than are counted: not one of them again. */
static bool is_one_more(const struct mps_record *record)
{
    const struct mps_processor *more = &record->processors[record->count];
    for (uint32_t number = 0; number < record->count; number++) {
        const struct mps_processor *it = &record->processors[number];
        if (it->status == MPS_SUCCESS && it->id == more->id) {
            return false;
        }
    }
    return more->status == MPS_SUCCESS;
}

/* A count that is short is one defect: those behind it are asked like the others. */
static void tell_all(struct mps_lab *lab)
{
    struct mps_record *record = lab->record;
    for (uint32_t number = 0; number < record->count; number++) {
        tell(lab, number);
    }
    while (record->count > 0 && record->count < CPU_MAX) {
        tell(lab, record->count);
        if (!is_one_more(record)) {
            break;
        }
        record->count++;
    }
}

static void tell_extended(struct mps_lab *lab, uint32_t number)
{
    struct mps_processor *it = &lab->record->processors[number];
    EFI_PROCESSOR_INFORMATION info, before;
    memset(&before, 0xa5, sizeof(before));
    info = before;
    mps_call_begin(lab, MPS_GET_EXTENDED);
    it->extended = mps_status_of(mps_call_end(
        lab, MPS_GET_EXTENDED,
        lab->mps->GetProcessorInfo(lab->mps, number | CPU_V2_EXTENDED_TOPOLOGY, &info)));
    if (it->extended != MPS_SUCCESS) {
        return;
    }
    it->extended_differs = info.ProcessorId != it->id || info.StatusFlag != it->flags;
    it->extended_unfilled = memcmp(&info.ExtendedInformation, &before.ExtendedInformation,
                                   sizeof(info.ExtendedInformation)) == 0;
}

static void who(struct mps_lab *lab)
{
    UINTN number = CPU_NONE;
    mps_call_begin(lab, MPS_WHO);
    mps_call_end(lab, MPS_WHO, lab->mps->WhoAmI(lab->mps, &number));
    lab->record->bsp_who = number;
}

/* The processor that has the BSP's APIC ID; else the one that WhoAmI tells. */
static void find_bsp(struct mps_record *record)
{
    record->bsp = record->bsp_who < record->count ? (uint32_t)record->bsp_who : CPU_NONE;
    for (uint32_t number = 0; number < record->count; number++) {
        if (record->processors[number].status == MPS_SUCCESS &&
            record->processors[number].id == record->bsp_id) {
            record->bsp = number;
            return;
        }
    }
}

void mps_ask_list(struct mps_lab *lab)
{
    struct mps_record *record = lab->record;
    record->bsp_id = cpuid_apic_id(processor_cpuid);
    if (!count(lab)) {
        record->count = 0;
    }
    tell_all(lab);
    for (uint32_t number = 0; number < record->count; number++) {
        if (record->processors[number].status == MPS_SUCCESS) {
            tell_extended(lab, number);
        }
    }
    /* Of many calls each processor has its own; the first one's stands for them. */
    record->answers[MPS_GET_INFO].status = record->processors[0].status;
    record->answers[MPS_GET_EXTENDED].status = record->processors[0].extended;
    who(lab);
    find_bsp(record);
}
