#include "mps_list.h"
#include "mps_calls.h"
#include "mps_trial.h"

/* The processors for which `is` holds, in `ret`; false when there are none. */
static bool choose(const struct mps_record *record,
                   bool (*is)(const struct mps_record *record, uint32_t number), struct cpuset *ret)
{
    cpuset_clear(ret);
    for (uint32_t number = 0; number < record->count; number++) {
        if (is(record, number)) {
            cpuset_add(ret, number);
        }
    }
    return !cpuset_empty(ret);
}

static bool wrong_for(const struct mps_record *record,
                      bool (*is)(const struct mps_record *record, uint32_t number),
                      struct words *ret, const char *expected, const char *before)
{
    struct cpuset set;
    struct text seen;
    if (!choose(record, is, &set)) {
        return false;
    }
    string_copy(ret->expected, sizeof(ret->expected), expected);
    text_init(&seen, ret->seen, sizeof(ret->seen));
    mps_print_processors(&seen, before, &set);
    return true;
}

static bool is_told(const struct mps_record *record, uint32_t number)
{
    return record->processors[number].status == MPS_SUCCESS;
}

static bool is_enabled(const struct mps_record *record, uint32_t number)
{
    return is_told(record, number) && (record->processors[number].flags & MPS_FLAG_ENABLED);
}

/* One past the last processor that GetProcessorInfo tells of. */
static uint32_t told_end(const struct mps_record *record)
{
    uint32_t end = record->count;
    while (end > 0 && !is_told(record, end - 1)) {
        end--;
    }
    return end;
}

bool mps_count_wrong(const struct mps_record *record, struct words *ret)
{
    struct cpuset enabled;
    struct text seen;
    const uint32_t told = told_end(record);
    const struct mps_answer *beyond = &record->answers[MPS_INFO_BEYOND];
    const bool more = beyond->ending != MPS_NOT_ASKED && beyond->status == MPS_SUCCESS;
    choose(record, is_enabled, &enabled);
    if (record->total == told && record->enabled == cpuset_count(&enabled) && record->enabled > 0 &&
        !more) {
        return false;
    }
    string_copy(ret->expected, sizeof(ret->expected),
                "the counts of those that GetProcessorInfo tells of, the BSP among them");
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "%lu, %lu enabled; GetProcessorInfo tells of %u, %u enabled",
                (unsigned long)record->total, (unsigned long)record->enabled, told,
                cpuset_count(&enabled));
    if (more) {
        text_add(&seen, ", and of any beyond");
    }
    return true;
}

static bool is_hole(const struct mps_record *record, uint32_t number)
{
    return !is_told(record, number) && number < told_end(record);
}

static bool has_reserved(const struct mps_record *record, uint32_t number)
{
    return is_told(record, number) && (record->processors[number].flags & ~(uint32_t)MPS_FLAGS);
}

static bool is_wrong_bsp(const struct mps_record *record, uint32_t number)
{
    const bool bsp = record->processors[number].flags & MPS_FLAG_BSP;
    return is_told(record, number) && bsp != (number == record->bsp);
}

static bool is_disabled_bsp(const struct mps_record *record, uint32_t number)
{
    return number == record->bsp && !is_enabled(record, number);
}

static bool is_again(const struct mps_record *record, uint32_t number)
{
    for (uint32_t other = 0; other < number; other++) {
        if (is_told(record, other) && is_told(record, number) &&
            record->processors[other].id == record->processors[number].id) {
            return true;
        }
    }
    return false;
}

bool mps_info_wrong(const struct mps_record *record, struct words *ret)
{
    return wrong_for(record, is_hole, ret, "EFI_SUCCESS for every processor that is counted",
                     "an error for") ||
           wrong_for(record, has_reserved, ret, "bits 3 to 31 of StatusFlag clear",
                     "a reserved bit is set for") ||
           wrong_for(record, is_disabled_bsp, ret, "the BSP enabled", "disabled:") ||
           wrong_for(record, is_wrong_bsp, ret, "PROCESSOR_AS_BSP_BIT of the BSP alone",
                     "wrong for") ||
           wrong_for(record, is_again, ret, "a ProcessorId for each processor",
                     "a ProcessorId told before for");
}

static bool is_extended_wrong(const struct mps_record *record, uint32_t number)
{
    const struct mps_processor *it = &record->processors[number];
    return is_told(record, number) &&
           (it->extended_differs || it->extended != record->processors[0].extended);
}

static bool is_unfilled(const struct mps_record *record, uint32_t number)
{
    return is_told(record, number) && record->processors[number].extended_unfilled;
}

bool mps_extended_wrong(const struct mps_record *record, struct words *ret)
{
    return wrong_for(record, is_extended_wrong, ret,
                     "ProcessorId and StatusFlag as without the flag", "another answer for") ||
           wrong_for(record, is_unfilled, ret, "ExtendedInformation filled in",
                     "the buffer is as it was for");
}

static bool is_who_wrong(const struct mps_record *record, uint32_t number)
{
    const struct mps_processor *it = &record->processors[number];
    return it->runs > 0 && (it->who_status != MPS_SUCCESS || it->who != number);
}

static bool is_null_taken(const struct mps_record *record, uint32_t number)
{
    const struct mps_processor *it = &record->processors[number];
    return it->runs > 0 && it->who_null_status != MPS_INVALID_PARAMETER;
}

bool mps_who_wrong(const struct mps_record *record, struct words *ret)
{
    struct text seen;
    if (record->bsp_who != record->bsp) {
        text_init(&seen, ret->seen, sizeof(ret->seen));
        text_format(&seen, "%lu on the BSP, which has APIC ID 0x%x", (unsigned long)record->bsp_who,
                    record->bsp_id);
        string_copy(ret->expected, sizeof(ret->expected), "the number of the calling processor");
        return true;
    }
    if (wrong_for(record, is_who_wrong, ret, "the number of the calling processor",
                  "another number on")) {
        struct cpuset set;
        choose(record, is_who_wrong, &set);
        struct text more = {ret->seen, sizeof(ret->seen), string_length(ret->seen), false};
        const struct mps_processor *first = &record->processors[cpuset_next(&set, 0)];
        text_format(&more, " (%lu on APIC ID 0x%x, %s)", (unsigned long)first->who, first->cpu_id,
                    first->who_status == MPS_SUCCESS ? "EFI_SUCCESS" : "an error");
        return true;
    }
    return wrong_for(record, is_null_taken, ret, "EFI_INVALID_PARAMETER from WhoAmI(NULL)",
                     "another status on");
}

static bool is_misnamed(const struct mps_record *record, uint32_t number)
{
    const struct mps_processor *it = &record->processors[number];
    const bool seen = it->runs > 0 || (number == record->bsp && is_told(record, number));
    return seen && it->id != it->cpu_id;
}

bool mps_apic_id_wrong(const struct mps_record *record, struct words *ret)
{
    struct cpuset set;
    struct text seen, expected;
    if (!choose(record, is_misnamed, &set)) {
        return false;
    }
    const uint32_t number = cpuset_next(&set, 0);
    const struct mps_processor *it = &record->processors[number];
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_format(&expected, "ProcessorId 0x%x for processor %u, as its CPUID says", it->cpu_id,
                number);
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "ProcessorId 0x%lx", (unsigned long)it->id);
    if (cpuset_count(&set) > 1) {
        mps_print_processors(&seen, "; wrong in all for", &set);
    }
    return true;
}

bool mps_disable_wrong(const struct mps_record *record, struct words *ret)
{
    const struct mps_disabling *it = &record->disabling;
    struct text expected, seen;
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (record->answers[MPS_DISABLE].status == MPS_UNSUPPORTED) {
        return false;
    }
    if (it->total_off != it->total_before || it->enabled_off + 1 != it->enabled_before) {
        text_format(&expected, "%lu processors, %lu enabled, once one is disabled",
                    (unsigned long)it->total_before, (unsigned long)it->enabled_before - 1);
        text_format(&seen, "%lu, %lu enabled", (unsigned long)it->total_off,
                    (unsigned long)it->enabled_off);
        return true;
    }
    if (it->flags_off != it->flags_wanted_off || it->flags_on != it->flags_before) {
        const bool off = it->flags_off != it->flags_wanted_off;
        text_format(&expected, "StatusFlag 0x%x of processor %u, %s",
                    off ? it->flags_wanted_off : it->flags_before, it->number,
                    off ? "disabled" : "enabled again");
        text_format(&seen, "StatusFlag 0x%x", off ? it->flags_off : it->flags_on);
        return true;
    }
    if (it->total_on != it->total_before || it->enabled_on != it->enabled_before) {
        text_format(&expected, "%lu processors, %lu enabled, as before",
                    (unsigned long)it->total_before, (unsigned long)it->enabled_before);
        text_format(&seen, "%lu, %lu enabled", (unsigned long)it->total_on,
                    (unsigned long)it->enabled_on);
        return true;
    }
    return false;
}

bool mps_switch_obeyed(const struct mps_record *record, struct words *ret)
{
    const struct mps_switching *it = &record->switching;
    struct text expected, seen;
    if (!it->obeyed || it->obeyed_id == record->bsp_id) {
        return false;
    }
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_format(&expected, "the BSP stays APIC ID 0x%x", record->bsp_id);
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "%s: muster was on APIC ID 0x%x after it", mps_call_words(it->obeyed_call),
                it->obeyed_id);
    return true;
}

bool mps_switch_wrong(const struct mps_record *record, struct words *ret)
{
    const struct mps_switching *it = &record->switching;
    struct text expected, seen;
    if (record->answers[MPS_SWITCH_THERE].status == MPS_UNSUPPORTED) {
        return false;
    }
    const bool there = it->who_there != it->number ||
                       it->id_there != record->processors[it->number].cpu_id || !it->flag_there;
    if (!there && it->who_back == record->bsp && it->id_back == record->bsp_id && it->flag_back) {
        return false;
    }
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&expected, "the BSP is processor %u, APIC ID 0x%x, and flagged so, after %s",
                there ? it->number : record->bsp,
                there ? record->processors[it->number].cpu_id : record->bsp_id,
                there ? "the switch" : "the switch back");
    text_format(&seen, "WhoAmI %lu, APIC ID 0x%x, %s",
                (unsigned long)(there ? it->who_there : it->who_back),
                there ? it->id_there : it->id_back,
                (there ? it->flag_there : it->flag_back) ? "flagged" : "not flagged");
    return true;
}
