#include "judged.h"

static struct observation sound_gs(void)
{
    return (struct observation){
        .made = true,
        .gs = {.base = {0x7fe01000, 0x7fe01000},
               .self = {0x7fe01000, 0x7fe01000},
               .index = {3, 3},
               .apic_id = {0x106, 0x106},
               .kernel_base = {0x7fe0ff00, 0x7fe0ff00},
               .swapped = {0x7fe0ff00, 0x7fe0ff00},
               .back = {0x7fe01000, 0x7fe01000}},
    };
}

static struct observation sound_count(void)
{
    return (struct observation){
        .made = true,
        .count = {.count = {20000, 20000}, .marker = {0x106, 0x106}, .visits = {1, 1}}};
}

static void own_block_passes(void **state)
{
    (void)state;
    const struct observation gs = sound_gs(), count = sound_count();
    assert_passes(judge_gs, &gs);
    assert_passes(judge_count, &count);
}

static void each_base_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_gs();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, gs.base), "GS base", "per-CPU data of two CPUs mix"},
        {offsetof(struct observation, gs.self), "gs:0", "not the block's own address"},
        {offsetof(struct observation, gs.index), "CPU index through GS", "another CPU's block"},
        {offsetof(struct observation, gs.apic_id), "APIC ID through GS", "another APIC ID"},
        {offsetof(struct observation, gs.kernel_base), "IA32_KERNEL_GS_BASE", "never set"},
        {offsetof(struct observation, gs.swapped), "GS base after SWAPGS", "did not exchange"},
        {offsetof(struct observation, gs.back), "GS base after a second SWAPGS",
         "did not lead back"},
    };
    assert_each_pair_fails(judge_gs, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void lost_and_foreign_counts_are_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_count();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, count.count), "counted through GS", "counts were lost"},
        {offsetof(struct observation, count.marker), "marker through GS",
         "another CPU wrote into this CPU's block"},
        {offsetof(struct observation, count.visits), "CPUs that counted through GS here",
         "two CPUs use one per-CPU block"},
    };
    assert_each_pair_fails(judge_count, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

/* A base that is wrong makes what follows it wrong: the cause is told, not its effects. */
static void the_cause_is_told_first(void **state)
{
    (void)state;
    struct observation seen = sound_gs();
    seen.gs.base.seen = seen.gs.self.seen = seen.gs.back.seen = 0x7fe02000;
    seen.gs.index.seen = 4;
    assert_fails(judge_gs, &seen, "GS base 0x7fe01000", "GS base 0x7fe02000",
                 "GS does not point at this CPU's block");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_block_passes),
        cmocka_unit_test(each_base_is_judged),
        cmocka_unit_test(lost_and_foreign_counts_are_judged),
        cmocka_unit_test(the_cause_is_told_first),
    };
    return RUN(tests);
}
