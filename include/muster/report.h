/* What was found, as plain data: filled by the runner, read by every renderer. */
#ifndef MUSTER_REPORT_H
#define MUSTER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuid_record.h>
#include <muster/cpuset.h>
#include <muster/df_table.h>
#include <muster/self_test.h>
#include <muster/stage.h>
#include <muster/state.h>
#include <muster/time_account.h>
#include <muster/time_figures.h>
#include <muster/topology.h>
#include <muster/verdict.h>

enum { CHECK_MAX = 320, FINDING_MAX = 256, RESULT_NOTE_MAX = 192 };

/* One thing told about one or more CPUs that all showed the same. */
struct finding {
    struct cpuset cpus;   /* empty: about the machine, not about a CPU */
    enum verdict verdict; /* VERDICT_FAIL, VERDICT_ERROR or VERDICT_DEVIATION */
    struct words words;
};

struct check_result {
    const char *id; /* "df.guard-page" */
    const char *claim;
    const char *source;
    enum verdict verdict;
    struct cpuset examined;
    bool examined_unknown;                 /* a record does not tell them: `examined` is empty */
    bool runs_unknown;                     /* nor how often it was put to them */
    struct cpuset failed;                  /* CPUs with a FAIL or ERROR */
    struct cpuset set_aside;               /* CPUs not sent into this check; the note says why */
    uint32_t runs;                         /* times it was put to its CPUs (--repeat) */
    uint64_t us;                           /* what it took, all times together */
    bool us_unknown;                       /* a record does not tell it */
    char note[RESULT_NOTE_MAX];            /* SKIP: the reason. Else: a short remark, or empty */
    uint32_t first_finding, finding_count; /* in report.findings, contiguous */
    uint32_t findings_dropped;
};

/* How one CPU came up. */
struct arrival {
    uint32_t apic_id;
    uint32_t stage;                 /* enum stage: the last one reached */
    uint32_t first_stage;           /* where an attempt before that one ended; STAGE_NONE: none */
    bool lost;                      /* did not answer in time */
    uint8_t retries;                /* INIT-SIPI-SIPI sequences after the first */
    uint32_t waited_us;             /* lost CPUs: how long it was waited for */
    uint32_t stage_us[STAGE_COUNT]; /* since INIT went out to call it; 0: stage not seen */
};

struct report {
    const char *version; /* "0.1"; empty: a record does not tell, nor of the firmware */
    const char *build;   /* short hash of the sources */
    char firmware[96];   /* vendor, printable ASCII */
    uint32_t firmware_revision;
    char hypervisor[16];   /* CPUID 0x40000000 signature, or empty on bare metal */
    uint32_t cpus_claimed; /* 0: not known */
    uint32_t cpus_answered;
    const struct arrival *arrivals;  /* cpus_claimed rows, by CPU index; NULL before bring-up */
    const struct topology *topology; /* where they sit; no row is known before bring-up */
    /* What each offers, and what it was handed over with; by CPU index, NULL before bring-up. */
    const struct cpuid_record *cpuids;
    const struct state_record *states;
    struct cpuset lost;    /* CPUs that did not answer, or were lost later */
    uint32_t result_count; /* planned checks */
    uint32_t results_done; /* results with a verdict */
    struct check_result results[CHECK_MAX];
    uint32_t finding_count;
    struct finding findings[FINDING_MAX];
    struct df_table df; /* of all CPUs together */
    struct time_figures time;
    uint64_t elapsed_us;               /* from the door to the last verdict */
    struct time_spent spent;           /* what that went to */
    const char *break_id;              /* the planted defect, or empty */
    const struct self_test *self_test; /* NULL: none was asked for */
    bool ended;                        /* the run is over */
};

/* The worst verdict of all results: VERDICT_FAIL, _ERROR, or _PASS when nothing is wrong (SKIPs and
 * recorded deviations do not make a run fail) and no CPU was lost. */
enum verdict report_verdict(const struct report *report);
/* Whether nothing was found wrong: of the machine, nor, where --self-test asked, of the checks. */
bool report_sound(const struct report *report);
uint32_t report_count(const struct report *report, enum verdict verdict);

/* Whether the CPUs have been called: else nobody knows who answers, and who is lost. */
bool report_called(const struct report *report);

/* Adds a finding to result `result` (the newest one that has findings, so that they stay
 * contiguous), or joins `cpu` to an earlier finding of that result with the same words. CPU_NONE:
 * about the machine. Raises the result's verdict and its `failed` set (not for a deviation). */
void report_find(struct report *report, uint32_t result, uint32_t cpu, enum verdict verdict,
                 const struct words *words);

/* What a known deviation is, by the first finding of it; by the note where none was kept. A note
 * beside a finding is the remark of any verdict, and names no deviation. */
const char *report_deviation(const struct report *report, const struct check_result *result);

#endif
