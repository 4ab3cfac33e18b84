#include <muster/observe_mps.h>

/* Where a count is short, the first number beyond it is a real AP's. */
static const char *beyond(const struct mps_record *record)
{
    return record->answers[MPS_INFO_BEYOND].ending != MPS_NOT_ASKED &&
                   record->answers[MPS_INFO_BEYOND].status == MPS_NOT_FOUND
               ? NULL
               : "GetProcessorInfo does not say that the first number beyond the count is nobody's";
}

static const char *bsp(const struct mps_record *record)
{
    return record->bsp < record->count && record->bsp_who == record->bsp &&
                   record->processors[record->bsp].flags & MPS_FLAG_BSP
               ? NULL
               : "WhoAmI, ProcessorId and PROCESSOR_AS_BSP_BIT name different processors as the "
                 "BSP";
}

const char *mps_unsafe(const struct mps_record *record, enum mps_call call)
{
    switch (call) {
    case MPS_THIS_BEYOND:
    case MPS_DISABLE_BEYOND:
    case MPS_SWITCH_BEYOND:
        return beyond(record);
    case MPS_THIS_BSP:
    case MPS_DISABLE_BSP:
    case MPS_SWITCH_SELF:
    case MPS_SWITCH_THERE:
        return bsp(record);
    default:
        return NULL;
    }
}
