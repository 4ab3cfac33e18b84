/* The catalogue: all families in the order they run. A check's hazard is never below that of one
 * before it, so that a machine that dies of a fault has told all that reading tells;
 * tools/checks-doc.c refuses a table that is otherwise, and names the exceptions. */
#include "check.h"
#include "rehearsal.h"
#include <muster/stage.h>
#include <muster/text.h>

/* One a line: a new family is one new line. */
/* clang-format off */
static const struct check_family *const families[] = {
    &mps_family,
    &up_family,
    &roll_family,
    &roll_cpu_family,
    &mem_family,
    &state_family,
    &state_memory_family,
    &state_apic_family,
    &mca_family,
    &tables_family,
    &stack_family,
    &gs_family,
    &page_family,
    &tsc_family,
    &tsc_rate_family,
    &timer_rate_family,
    &smi_gap_family,
    &df_family,
    &df_control_family,
    &fault_family,
    &fault_cet_family,
    &fault_segment_family,
    &fault_page_family,
    &fault_user_family,
    &fault_rf_family,
    &df_table_family,
    &ist_family,
    &ist_nested_family,
    &ring3_family,
    &ring3_interrupt_family,
    &ring3_syscall_family,
    &ring3_gs_family,
    &iobm_family,
    &prot_family,
    &prot_control_family,
    &df_user_family,
    &debug_family,
    &isolation_family,
    &smi_count_family,
    &tsc_pair_family,
    &timer_family,
    &ipi_family,
    &ipi_logical_family,
    &ipi_order_family,
    &ipi_latency_family,
    &nmi_family,
    &nmi_count_family,
    &tlb_ways_family,
    &tlb_family,
    &storm_family,
    &up_again_family,
    &mem_late_family,
};
/* clang-format on */

enum { FAMILIES = sizeof families / sizeof families[0] };

uint32_t catalogue_count(void)
{
    uint32_t count = 0;

    for (uint32_t n = 0; n < FAMILIES; n++)
        count += families[n]->count;
    return count;
}

const struct check *check_get(uint32_t n)
{
    uint32_t family = 0;

    while (n >= families[family]->count)
        n -= families[family++]->count;
    return &families[family]->checks[n];
}

const struct check_info *catalogue_get(uint32_t n)
{
    return &check_get(n)->info;
}

const struct handoff *check_falsified(const struct check *check, const struct handoff *handoff,
                                      struct handoff *copy)
{
    if (!check->falsify_claims && !check->falsify_handoff)
        return handoff;
    *copy = *handoff;
    if (check->falsify_claims)
        check->falsify_claims(&copy->claims);
    else
        check->falsify_handoff(copy);
    return copy;
}

static enum verdict judge_told(const struct check *check, const struct handoff *handoff,
                               bool planted, struct words *ret)
{
    if (check->judge_claims)
        return check->judge_claims(&handoff->claims, ret);
    if (check->judge_handoff)
        return check->judge_handoff(handoff, ret);
    return state_judge_entry(check, handoff, planted, ret);
}

enum verdict catalogue_judge(uint32_t n, const struct handoff *handoff, struct words *ret)
{
    return judge_told(check_get(n), handoff, false, ret);
}

enum verdict catalogue_judge_planted(uint32_t n, const struct handoff *handoff,
                                     struct handoff *copy, struct words *ret)
{
    const struct check *check = check_get(n);

    return judge_told(check, check_falsified(check, handoff, copy), true, ret);
}

enum planting_way catalogue_planting(uint32_t n)
{
    const struct check *check = check_get(n);
    bool around = check->plant && check->heal;
    bool half = !check->plant != !check->heal;
    int ways = (check->planting != PLANTED_NOHOW) + around + (check->falsify_claims != NULL) +
               (check->falsify_handoff != NULL);

    if (ways != 1 || half)
        return PLANTED_NOHOW;
    if (check->planting != PLANTED_NOHOW)
        return check->planting;
    return around ? PLANTED_AROUND : PLANTED_IN_COPY;
}

bool catalogue_breaks(uint32_t n, const struct options *options)
{
    return string_equal(options->break_id, catalogue_get(n)->id);
}

int catalogue_breakable(const char *id)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (string_equal(catalogue_get(n)->id, id))
            return 1;
    }
    if (rehearsal_exists(id))
        return 1;
    return string_starts(id, "up.") && stage_find(id + 3) != STAGE_NONE;
}

const char *scope_name(enum check_scope scope)
{
    static const char *const names[] = {"each CPU", "pairs of CPUs", "machine"};

    return names[scope];
}

const char *hazard_name(enum check_hazard hazard)
{
    static const char *const names[] = {"reads", "takes a fault", "may hang", "ends the run"};

    return names[hazard];
}
