/* One row for each check: what it asks, how it is put to a CPU, and who judges. */
#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include "fleet.h"
#include <muster/check.h>
#include <muster/crowd.h>
#include <muster/judge.h>
#include <muster/judge_places.h>
#include <muster/judge_probe.h>
#include <muster/judge_roll.h>
#include <muster/judge_roll_cpu.h>
#include <muster/judge_time.h>
#include <muster/report.h>

/* Records into `ret` what the calling CPU shows; or, with .by_bsp, what the BSP knows of `cpu`. */
typedef void observe(struct cpu *cpu, struct observation *ret);
typedef enum verdict judge_of_claims(const struct claims *claims, struct words *ret);
typedef enum verdict judge_of_handoff(const struct handoff *handoff, struct words *ret);

enum check_rounds {
    ROUNDS_TOGETHER,   /* all CPUs at once */
    ROUNDS_ALSO_ALONE, /* all at once, then one by one */
    ROUNDS_ONLY_ALONE, /* one by one, while the others are idle */
    ROUNDS_FEW,        /* all at once; under a hypervisor, which has fewer CPUs, a few at a time */
};

/* Whom a check names when its defect is planted on one CPU. */
enum blame {
    BLAME_PLANTED,   /* that CPU */
    BLAME_MACHINE,   /* no CPU: it is about the machine */
    BLAME_FIRST_TOO, /* also the first other one, into whose block it strays */
};

struct check {
    struct check_info info;
    enum check_rounds rounds;
    bool by_bsp;         /* `observe` runs on the BSP, for lost CPUs, too */
    bool bsp_only;       /* put to the BSP alone, which --break concerns then, too */
    bool always;         /* planned whatever --only and --skip say */
    bool bsp_apart;      /* CPUs are compared, but the BSP is not one of them */
    const void *subject; /* what `observe` finds in cpu->subject */
    observe *observe;
    observe *settle; /* on every CPU again when all have ended the round; NULL: nothing to do */
    /* On the BSP when all have observed: sends some of `set` out once more, as it likes, by
     * work_run(); who is lost goes into `lost`. NULL: nothing to do */
    void (*conduct)(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost);
    judge *judge;                /* each CPU by itself; may be NULL where there is a judge_crowd */
    judge_of_crowd *judge_crowd; /* all CPUs, one against the other, after `judge`; or NULL */
    listener *listen; /* takes what arrives on any CPU while the check runs; NULL: nobody does */
    /* Adds a short remark on what `examined` recorded to the check's line. BSP. NULL: none */
    void (*remark)(const struct fleet *fleet, const struct cpuset *examined, struct text *out);
    void (*tally)(const struct observation *seen, struct report *to); /* what the report shows
 besides; NULL: nothing */
    /* SCOPE_MACHINE: one of these, and no `observe`. */
    judge_of_claims *judge_claims;
    judge_of_handoff *judge_handoff;
    /* --break: how the defect gets there. PLANTED_INSIDE or PLANTED_AT_BRING_UP in a row that has
     * none of the functions below, else left out. */
    enum planting_way planting;
    /* Run on the one CPU just before and after `observe`. */
    void (*plant)(struct cpu *cpu);
    void (*heal)(struct cpu *cpu);
    /* Alters a copy of what firmware said, and this check alone is judged on it. */
    void (*falsify_claims)(struct claims *claims);
    void (*falsify_handoff)(struct handoff *handoff);
    enum blame blame;
};

struct check_family {
    const struct check *checks;
    uint32_t count;
};

/* One for each file here; table.c lists them in the order they run. */
extern const struct check_family mps_family, up_family, roll_family, roll_cpu_family, mem_family,
    state_family, state_memory_family, state_apic_family, mca_family, tables_family, stack_family,
    gs_family, page_family, df_family, df_control_family, fault_family, fault_cet_family,
    fault_segment_family, fault_page_family, fault_user_family, fault_rf_family, df_table_family,
    ist_family, ist_nested_family, ring3_family, ring3_interrupt_family, ring3_syscall_family,
    ring3_gs_family, iobm_family, prot_family, prot_control_family, df_user_family, debug_family,
    isolation_family, tsc_family, tsc_rate_family, tsc_pair_family, timer_rate_family, timer_family,
    smi_gap_family, smi_count_family, ipi_family, ipi_logical_family, ipi_order_family,
    ipi_latency_family, nmi_family, nmi_count_family, tlb_ways_family, tlb_family, storm_family,
    up_again_family, mem_late_family;

const struct check *check_get(uint32_t n);

/* state.*: what a row that goes CPU by CPU says of the BSP as muster was started, or would say with
 * its defect planted there; VERDICT_NONE for other rows. Any phase. */
enum verdict state_judge_entry(const struct check *check, const struct handoff *handoff,
                               bool planted, struct words *ret);

/* `handoff` with the defect of `check` among what firmware said, in `copy`; `handoff` itself where
 * the defect is none of that. Any phase. */
const struct handoff *check_falsified(const struct check *check, const struct handoff *handoff,
                                      struct handoff *copy);

/* The .info of a row that needs nothing before it. */
#define CHECK_INFO(name, text, where, what, whom, how)                                             \
    .info = {.id = (name),                                                                         \
             .claim = (text),                                                                      \
             .source = (where),                                                                    \
             .needs = "",                                                                          \
             .defect = (what),                                                                     \
             .scope = (whom),                                                                      \
             .hazard = (how)}

#define FAMILY(name, rows)                                                                         \
    const struct check_family name = {(rows), sizeof(rows) / sizeof((rows)[0])}

#endif
