/* gs.base, gs.isolated */
#include <muster/judge.h>

enum verdict judge_gs(const struct observation *observation, struct words *ret)
{
    const struct obs_gs *gs = &observation->gs;

    if (words_differ(ret, "GS base", gs->base,
                     "GS does not point at this CPU's block: per-CPU data of two CPUs mix") ||
        words_differ(ret, "gs:0", gs->self, "the word at GS:0 is not the block's own address") ||
        words_differ(ret, "CPU index through GS", gs->index, "GS leads to another CPU's block") ||
        words_differ(ret, "APIC ID through GS", gs->apic_id,
                     "the block GS leads to belongs to another APIC ID") ||
        words_differ(ret, "IA32_KERNEL_GS_BASE", gs->kernel_base,
                     "SWAPGS would bring up a value that was never set on this CPU") ||
        words_differ(ret, "GS base after SWAPGS", gs->swapped,
                     "SWAPGS did not exchange the two bases") ||
        words_differ(ret, "GS base after a second SWAPGS", gs->back,
                     "SWAPGS twice did not lead back"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_count(const struct observation *observation, struct words *ret)
{
    if (words_differ(
            ret, "counted through GS", observation->count.count,
            "counts were lost, or another CPU counted here: two CPUs use one per-CPU block") ||
        words_differ(ret, "marker through GS", observation->count.marker,
                     "another CPU wrote into this CPU's block") ||
        words_differ(ret, "CPUs that counted through GS here", observation->count.visits,
                     "two CPUs use one per-CPU block, though no count was lost"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
