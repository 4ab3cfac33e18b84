/* df.user-*: double faults of ring 3, because the stack that RSP0 names cannot be used; and ring
 * 3's part of table 6-5. */
#include "df_pair.h"
#include <muster/judge_df.h>

static void rsp0_noncanonical(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = NONCANONICAL;
}

static void rsp0_on_guard(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = stack_base(cpu->index, STACK_RSP0);
}

static void rsp0_back(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = stack_top(cpu->index, STACK_RSP0);
}

/* Ring 3's frame, but on the #DF stack. */
static void want_df(const struct cpu *cpu, const struct ring3 *way, struct obs_probe *probe)
{
    ring3_want(cpu, way, VECTOR_DF, user_address(cpu, way->code), probe);
    probe->want.frame = stack_top(cpu->index, STACK_DF) - FRAME_WITH_ERROR;
    probe->dirty_wanted = 1u << STACK_DF;
}

/* #DE, then #SS for the stack (SDM vol. 3A, 6.14.4): both contributory. */
static void observe_noncanonical(struct cpu *cpu, struct observation *ret)
{
    const struct ring3 way = {.code = user_divide};
    struct shot shot = {.ring3 = &way, .undo = rsp0_back};

    want_df(cpu, &way, &ret->probe);
    if (!cpu->planted)
        shot.arrange = rsp0_noncanonical;
    shot_take(cpu, &ret->probe, &shot);
}

/* #PF, then #PF for the stack, whose address CR2 keeps: the first word pushed, in whatever order.
 */
static void observe_guard(struct cpu *cpu, struct observation *ret)
{
    const struct ring3 way = {.code = user_load, .argument = user_stack_top(cpu)};
    struct shot shot = {.ring3 = &way, .undo = rsp0_back};

    want_df(cpu, &way, &ret->probe);
    ret->probe.want.cr2 = stack_base(cpu->index, STACK_RSP0) - 8;
    ret->probe.want.cr2_slack = FRAME_WITH_ERROR;
    if (!cpu->planted)
        shot.arrange = rsp0_on_guard;
    shot_take(cpu, &ret->probe, &shot);
}

static const struct check rows[] = {
    SHOT("df.user-rsp0-noncanonical",
         "#DE of ring 3 with a non-canonical RSP0 (#SS while delivering #DE) double-faults onto "
         "this CPU's own #DF stack",
         DF_TABLE "; SDM vol. 3A, 6.14.2", "an RSP0 that is good", ROUNDS_ALSO_ALONE,
         observe_noncanonical),
    SHOT("df.user-rsp0-guard",
         "#PF of ring 3 with RSP0 on a guard page (#PF while delivering #PF) double-faults onto "
         "this CPU's own #DF stack",
         DF_TABLE "; SDM vol. 3A, 6.14.2", "an RSP0 that is good", ROUNDS_ALSO_ALONE,
         observe_guard),
    {.info = {.id = "df.user-table",
              .claim = "every exception in the delivery of #UD, INT3, #DE, #GP and #PF of ring 3, "
                       "RSP0 that cannot be used included, is made a double fault, or handled by "
                       "itself, as table 6-5 says",
              .source = DF_TABLE "; SDM vol. 3A, 6.13 and 6.14; vol. 2A, INT n",
              .needs = SHOT_NEEDS ",ring3.gate",
              .defect = "a gate that is not absent",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_TAKES_FAULT},
     .rounds = ROUNDS_ALSO_ALONE,
     .subject = &df_raised[FIRST_USER],
     .planting = PLANTED_INSIDE,
     .observe = df_pairs_observe,
     .settle = df_pairs_settle,
     .judge = judge_df,
     .tally = df_pairs_tally},
};

FAMILY(df_user_family, rows);
