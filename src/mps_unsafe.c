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

/* By its StatusFlag, and by who ran when all others did. */
static bool is_out_of_use(const struct mps_record *record)
{
    const struct mps_answer *answer = &record->answers[MPS_ALL_WITHOUT];
    const struct mps_trial *trial = &record->trials[MPS_ALL_WITHOUT - MPS_ALL];
    return !(record->disabling.flags_off & MPS_FLAG_ENABLED) && answer->ending != MPS_NOT_ASKED &&
           (answer->status == MPS_SUCCESS || answer->status == MPS_NOT_STARTED) &&
           cpuset_equal(&trial->ran, &trial->asked);
}

static const char *flag(const struct mps_record *record)
{
    return record->bsp_flag_fixed
               ? "IA32_APIC_BASE.BSP cannot be cleared here, as under QEMU's software emulation: "
                 "the old BSP would restart at the reset vector"
               : NULL;
}

/* Nobody forbids it where no AP could be disabled, or the caller did not ask for switches. */
static const char *disabled(const struct mps_record *record)
{
    const struct mps_answer *answer = &record->answers[MPS_DISABLE];
    if (!record->switch_wanted || answer->ending == MPS_NOT_ASKED ||
        answer->status != MPS_SUCCESS) {
        return NULL;
    }
    return flag(record) != NULL    ? flag(record)
           : is_out_of_use(record) ? NULL
                                   : "the disabled AP was not seen out of use";
}

static const char *switch_to(const struct mps_record *record, enum mps_call call)
{
    if (record->switching.obeyed) {
        return "a SwitchBSP that must be refused was not";
    }
    switch (call) {
    case MPS_SWITCH_BEYOND:
        return beyond(record);
    case MPS_SWITCH_DISABLED:
        return disabled(record);
    case MPS_SWITCH_THERE:
        return bsp(record) != NULL ? bsp(record) : flag(record);
    default:
        return bsp(record);
    }
}

const char *mps_unsafe(const struct mps_record *record, enum mps_call call)
{
    switch (call) {
    case MPS_ALL_WITHOUT:
        return record->crowded && record->answers[MPS_DISABLE].status == MPS_SUCCESS
                   ? "more than 64 other APs under a hypervisor: who runs while one is disabled "
                     "was "
                     "not looked at"
                   : NULL;
    case MPS_THIS_BEYOND:
    case MPS_DISABLE_BEYOND:
        return beyond(record);
    case MPS_THIS_BSP:
    case MPS_DISABLE_BSP:
        return bsp(record);
    case MPS_SWITCH_SELF:
    case MPS_SWITCH_BEYOND:
    case MPS_SWITCH_DISABLED:
    case MPS_SWITCH_THERE:
        return switch_to(record, call);
    default:
        return NULL;
    }
}
