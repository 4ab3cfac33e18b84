/* The catalogue of checks, as far as options, --list and docs/CHECKS.md need it. */
#ifndef MUSTER_CHECK_H
#define MUSTER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>
#include <muster/verdict.h>

enum check_scope { SCOPE_EACH_CPU, SCOPE_PAIRS, SCOPE_MACHINE };

/* What asking may do to the machine; checks run in rising order, but for those that late[] in
 * tools/checks-doc.c names. */
enum check_hazard { HAZARD_READS, HAZARD_TAKES_FAULT, HAZARD_MAY_HANG, HAZARD_ENDS_RUN };

struct check_info {
    const char *id;     /* "df.guard-page": stable for ever */
    const char *claim;  /* what holds on a sound machine, one sentence */
    const char *source; /* the manual and section that decide */
    const char *needs;  /* comma-separated ids of checks a CPU must have passed, or "" */
    const char *defect; /* what --break ID plants */
    enum check_scope scope;
    enum check_hazard hazard;
};

uint32_t catalogue_count(void);
/* `n` below catalogue_count(). Never NULL. */
const struct check_info *catalogue_get(uint32_t n);

/* How many checks a run with these options consists of: those that --only and --skip leave, what
 * they need, and what every run asks. */
uint32_t catalogue_planned(const struct options *options);

/* What check `n` says of the handoff alone: it needs no door. A check that asks each CPU says it of
 * the BSP as muster was started, or VERDICT_NONE. `ret` may be written for any verdict. Pure; any
 * phase. */
enum verdict catalogue_judge(uint32_t n, const struct handoff *handoff, struct words *ret);

/* The same with the defect of check `n` planted, in a copy of what firmware said: no other check
 * sees it. `copy` is overwritten. */
enum verdict catalogue_judge_planted(uint32_t n, const struct handoff *handoff,
                                     struct handoff *copy, struct words *ret);

/* Whether --break names check `n`. */
bool catalogue_breaks(uint32_t n, const struct options *options);

/* How the defect of a check gets there. All but the last can be planted, seen and healed again in a
 * running system, as often as one likes. */
enum planting_way {
    PLANTED_NOHOW,   /* the row does not say, or says it twice: tools/checks-doc.c refuses it */
    PLANTED_AROUND,  /* by a function on the CPU before it observes; another heals it right after */
    PLANTED_INSIDE,  /* by what the check does itself on the CPU whose `planted` is set */
    PLANTED_IN_COPY, /* by a function that falsifies a copy of what firmware said */
    PLANTED_AT_BRING_UP, /* when the CPU is called: it is lost for the whole run */
    PLANTED_FOR_GOOD,    /* as inside, but the CPU is lost by it */
};

enum planting_way catalogue_planting(uint32_t n);

/* A defect that --break plants into the run itself, not into one check. */
struct break_info {
    const char *id;   /* "run.hang-ap" */
    const char *what; /* what happens, one sentence */
};

/* The `n`th of them, or NULL beyond the last. */
const struct break_info *catalogue_rehearsal(uint32_t n);

/* Whether `id` is something --break can plant: a check's id, "up.<stage>" or a
 * rehearsal's. */
int catalogue_breakable(const char *id);

/* The check that what --break names is planted in, if a run with these options does not put it;
 * else NULL. */
const char *catalogue_left_out(const struct options *options);

const char *scope_name(enum check_scope scope);
const char *hazard_name(enum check_hazard hazard);

#endif
