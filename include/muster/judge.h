/* The judges: from what a CPU recorded to a verdict and the words for it. Pure; any phase, any CPU.
 */
#ifndef MUSTER_JUDGE_H
#define MUSTER_JUDGE_H

#include <muster/observation.h>
#include <muster/verdict.h>

/* Each returns VERDICT_PASS and leaves `ret` alone, or another verdict with `ret` filled. */
typedef enum verdict judge(const struct observation *observation, struct words *ret);

judge judge_up_answer, judge_up_once, judge_up_apic_id, judge_up_again;
judge judge_gdt, judge_idt, judge_tss, judge_ist;
judge judge_ipi, judge_order, judge_spurious, judge_latency;
judge judge_shootdown, judge_tlb;
judge judge_debug;
judge judge_storm, judge_watch;
judge judge_nmi, judge_nmi_blocked, judge_nmi_count;
judge judge_rf, judge_df;
judge judge_named, judge_nested, judge_reentry;
judge judge_guard, judge_gs, judge_count, judge_pages;

/* VERDICT_SKIP with the reason, or VERDICT_PASS for ASKED. */
enum verdict judge_unasked(enum unasked reason, struct words *ret);

/* If the pair differs, fills `ret` with "NAME 0x…" on both sides and `means`, and returns true. */
bool words_differ(struct words *ret, const char *name, struct pair pair, const char *means);

#endif
