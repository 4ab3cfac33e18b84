#include "sample.h"

#include <muster/closing.h>
#include <stdio.h>
#include <string.h>

const char sample_names[] = "waking running pass deviation fail lost packages error many planted";

static const struct {
    const char *id, *claim;
} checks[] = {
    {"roll.madt", "the MADT is well formed"},
    {"roll.agree", "MP Services and the MADT name the same CPUs"},
    {"roll.unique", "no APIC ID is claimed twice"},
    {"roll.bsp-first", "the first enabled MADT entry is the BSP"},
    {"up.answer", "every CPU that was called answers in time"},
    {"up.once", "every CPU answers exactly once"},
    {"up.apic-id", "a CPU's APIC ID is the same from CPUID, the APIC and the MADT"},
    {"gdt.loaded", "GDTR holds the base and limit of this CPU's own GDT"},
    {"idt.loaded", "IDTR holds the base and limit of this CPU's own IDT"},
    {"tss.loaded", "TR selects a busy 64-bit TSS of this CPU that crosses no page"},
    {"tss.ist", "each IST entry is this CPU's own stack, aligned and shared with no other"},
    {"stack.guard", "guard pages are absent from the page tables and the paint is intact"},
    {"gs.base", "the GS base is this CPU's own block, and swapgs is balanced"},
    {"gs.isolated", "counts made through GS by all CPUs at once land where they belong"},
    {"page.wx", "no page is writable and executable at once"},
    {"df.guard-page", "a push onto the guard page double-faults onto this CPU's own #DF stack"},
    {"df.stack-noncanonical", "a push to a non-canonical address double-faults (#SS, then #SS)"},
    {"df.gate-absent-gp", "a #GP whose #GP gate is absent double-faults"},
    {"df.gate-absent-de", "a #DE whose #DE gate is absent double-faults"},
    {"df.gate-absent-pf", "a #PF whose #PF gate is absent double-faults"},
    {"df.ist-noncanonical", "a fault whose IST entry is not canonical double-faults"},
    {"df.idt-limit", "a fault whose gate lies beyond the IDT's limit double-faults"},
    {"df.serial", "a #PF while delivering #DE is delivered as a #PF"},
    {"df.benign", "a #NP while delivering #UD is delivered as a #NP"},
    {"df.soft-int8", "INT 8 pushes no error code and is not taken for a #DF"},
    {"df.storm", "10,000 double faults on each CPU, all CPUs at once, leave every CPU whole"},
};

enum { CHECKS = sizeof(checks) / sizeof(checks[0]), DF_GUARD_PAGE = 15, UP_ANSWER = 4 };

static void results_make(struct report *report, uint32_t done)
{
    report->result_count = CHECKS;
    report->results_done = done;
    for (uint32_t n = 0; n < CHECKS; n++) {
        struct check_result *result = &report->results[n];
        result->id = checks[n].id;
        result->claim = checks[n].claim;
        result->source = "a manual";
        result->runs = 1;
        result->us = n < done ? 90 + n * n * 20 : 0;
        result->verdict = n < done ? VERDICT_PASS : VERDICT_NONE;
        if (n >= UP_ANSWER) {
            cpuset_fill(&result->examined, report->cpus_claimed);
        }
    }
}

static void arrivals_make(struct sample *sample)
{
    for (uint32_t cpu = 0; cpu < sample->report.cpus_claimed; cpu++) {
        struct arrival *arrival = &sample->arrivals[cpu];
        arrival->apic_id = cpu * 2;
        arrival->stage = cpu > 0 ? STAGE_ONLINE : STAGE_APIC;
        for (uint32_t stage = STAGE_REAL_MODE; cpu > 0 && stage < STAGE_COUNT; stage++) {
            arrival->stage_us[stage] = 1650 + cpu * 7 % 400 + stage * 11;
        }
    }
    sample->report.arrivals = sample->arrivals;
}

static void find(struct sample *sample, const char *id, uint32_t cpu, enum verdict verdict,
                 const struct words *words)
{
    for (uint32_t n = 0; n < CHECKS; n++) {
        if (strcmp(checks[n].id, id) == 0) {
            report_find(&sample->report, n, cpu, verdict, words);
            if (cpu < CPU_MAX && verdict >= VERDICT_ERROR) {
                sample->looks[cpu] = LOOK_FAILED;
            }
        }
    }
}

static const struct words wrong_ist = {
    "vector 8, stack IST1",
    "vector 8, stack main, rsp 0xffff8000001fef88",
    "TSS.IST1 of this CPU is not the stack muster installed: the #DF handler ran on whatever stack"
    " the fault had left behind",
};

static void make_running(struct sample *sample)
{
    results_make(&sample->report, DF_GUARD_PAGE);
    sample->model.doing = "df.guard-page";
    for (uint32_t cpu = 0; cpu < sample->report.cpus_claimed; cpu++) {
        sample->looks[cpu] = cpu % 16 == 5 ? LOOK_BUSY : LOOK_ONLINE;
    }
}

static void make_waking(struct sample *sample)
{
    results_make(&sample->report, 0);
    sample->report.arrivals = NULL;
    sample->report.cpus_answered = sample->report.cpus_claimed / 2;
    sample->model.doing = "calling the CPUs";
    for (uint32_t cpu = 0; cpu < sample->report.cpus_claimed; cpu++) {
        sample->looks[cpu] = cpu % 3 == 0 ? LOOK_ONLINE : cpu % 3 == 1 ? LOOK_WAKING : LOOK_ASLEEP;
    }
}

/* What the run's time went to: all of it is accounted for. */
static void spent_make(struct report *report)
{
    uint64_t *us = report->spent.us, left = report->elapsed_us;
    report->spent.known = true;
    for (enum time_use use = TIME_OTHER; use < TIME_BENCH; use++) {
        us[use] = 1000 + use * 3011;
    }
    us[TIME_CHECKS] = us[TIME_SERIAL] = 0;
    for (uint32_t n = 0; n < report->results_done; n++) {
        us[TIME_CHECKS] += report->results[n].us;
    }
    for (enum time_use use = TIME_OTHER; use < TIME_USES; use++) {
        left -= us[use];
    }
    us[TIME_SERIAL] = left;
}

static void make_ended(struct sample *sample)
{
    struct report *report = &sample->report;
    results_make(report, CHECKS);
    report->ended = true;
    report->elapsed_us = 412345;
    spent_make(report);
    sample->model.closing = closing_next(THEN_WAIT);
    sample->model.kept = "report kept: start again from this stick to save it";
    sample->model.rest = closing_rest(THEN_WAIT, true, true);
    memset(sample->looks, LOOK_PASSED, sizeof(sample->looks));
    report->results[14].verdict = VERDICT_SKIP;
    snprintf(report->results[14].note, RESULT_NOTE_MAX, "firmware maps these pages itself");
}

static void make_deviation(struct sample *sample)
{
    make_ended(sample);
    find(sample, "df.benign", 0, VERDICT_DEVIATION,
         &(struct words){"error code 0x33", "error code 0x62",
                         "known deviation of QEMU TCG: it multiplies the vector by 16"});
}

static void make_fail(struct sample *sample)
{
    uint32_t cpu = sample->report.cpus_claimed / 2;
    make_deviation(sample);
    find(sample, "df.guard-page", cpu, VERDICT_FAIL, &wrong_ist);
    find(sample, "df.storm", cpu, VERDICT_FAIL,
         &(struct words){"10000 double faults", "9 double faults, then none",
                         "the CPU stopped \"answering\" after 9 double faults"});
    snprintf(sample->report.results[11].note, RESULT_NOTE_MAX, "paint of IST2 never touched");
    sample->report.break_id = "df.guard-page";
}

static void make_lost(struct sample *sample)
{
    uint32_t count = sample->report.cpus_claimed, cpu = count / 2;
    make_ended(sample);
    for (uint32_t n = 0; n < 1 + count / 64; n++, cpu++) {
        sample->arrivals[cpu].lost = true;
        sample->arrivals[cpu].stage = STAGE_PROTECTED_MODE + n % 3;
        sample->arrivals[cpu].retries = 1;
        sample->arrivals[cpu].first_stage = STAGE_GDT;
        sample->arrivals[cpu].waited_us = 6012000;
        find(sample, "up.answer", cpu, VERDICT_FAIL,
             &(struct words){"online", "stage protected-mode after 6012 ms",
                             "reached 32-bit mode; was turning paging on"});
        sample->looks[cpu] = LOOK_LOST;
        cpuset_add(&sample->report.lost, cpu);
        sample->report.cpus_answered--;
    }
    sample->arrivals[0].retries = 0;
    sample->arrivals[count - 1].retries = 1;
    sample->arrivals[count - 1].first_stage = STAGE_SIPI_SENT;
}

/* Three packages, whose neighbours by index sit apart, and no two of them need be of one size; the
 * lost are seated with the others. */
static void make_packages(struct sample *sample)
{
    uint32_t count = sample->report.cpus_claimed;
    make_lost(sample);
    sample->topology = (struct topology){.count = count,
                                         .rows = sample->topology_rows,
                                         .order = sample->topology_order,
                                         .seats = sample->topology_seats};
    for (uint32_t cpu = 0, seat = 0; cpu < count; cpu++) {
        struct topology_row *row = &sample->topology_rows[cpu];
        row->domain = CPU_NONE;
        row->source = sample->arrivals[cpu].lost ? TOPOLOGY_UNKNOWN : TOPOLOGY_BY_LEAF_B;
        row->id[TOPOLOGY_PACKAGE] = cpu % 3;
        row->id[TOPOLOGY_CORE] = cpu / 3;
        for (uint32_t of = cpu; cpu < 3 && of < count; of += 3) {
            sample->topology_seats[seat++] = of;
        }
    }
    topology_sort(&sample->topology);
    sample->report.topology = &sample->topology;
}

static void make_error(struct sample *sample)
{
    make_ended(sample);
    find(sample, "df.idt-limit", CPU_NONE, VERDICT_ERROR,
         &(struct words){"an answer", "none", "the BSP stopped; later checks were not reached"});
}

/* A run that passed, whose self-test found a check that does not see its defect. */
static void make_planted(struct sample *sample)
{
    struct self_test *test = &sample->self_test;
    make_ended(sample);
    for (uint32_t n = 0; n < CHECKS; n++) {
        test->plantings[n] = (struct planting){.id = checks[n].id,
                                               .outcome = PLANTING_CAUGHT,
                                               .planted = 1,
                                               .caught = 1,
                                               .cpu = n < UP_ANSWER ? CPU_NONE : 0};
    }
    test->plantings[CHECKS] = (struct planting){.id = "run.hang-ap",
                                                .outcome = PLANTING_UNTESTED,
                                                .why = UNTESTED_ENDS_CPU,
                                                .cpu = CPU_NONE};
    test->count = test->done = CHECKS + 1;
    test->elapsed_us = 2874123;
    test->plantings[DF_GUARD_PAGE].caught = 0;
    self_test_miss(test, DF_GUARD_PAGE,
                   &(struct words){"FAIL on CPU 0 alone", "PASS",
                                   "the check does not see the defect that it is there for"});
    sample->report.self_test = test;
}

/* More findings than any renderer has room for, with every kind of character in them. */
static void make_many(struct sample *sample)
{
    make_ended(sample);
    for (uint32_t n = 0; n < FINDING_MAX + 20; n++) {
        struct words words = wrong_ist;
        snprintf(words.seen, sizeof(words.seen), "rsp 0x%x, \\ \"quoted\"\n\x7f #%u", n * 4096, n);
        find(sample, "tss.ist", n % sample->report.cpus_claimed, VERDICT_FAIL, &words);
    }
    for (uint32_t cpu = 0; cpu < sample->report.cpus_claimed; cpu += 2) {
        cpuset_add(&sample->report.results[DF_GUARD_PAGE].failed, cpu);
    }
    sample->report.results[DF_GUARD_PAGE].verdict = VERDICT_FAIL;
}

bool sample_make(struct sample *sample, const char *name, uint32_t cpus)
{
    static const struct {
        const char *name;
        void (*make)(struct sample *);
    } makers[] = {
        {"waking", make_waking},       {"running", make_running}, {"pass", make_ended},
        {"deviation", make_deviation}, {"fail", make_fail},       {"lost", make_lost},
        {"packages", make_packages},   {"error", make_error},     {"many", make_many},
        {"planted", make_planted},
    };
    memset(sample, 0, sizeof(*sample));
    sample->report = (struct report){
        .version = "0.1",
        .build = "1a2b3c4d",
        .firmware = "EDK II",
        .firmware_revision = 0x10000,
        .hypervisor = "TCGTCGTCGTCG",
        .cpus_claimed = cpus,
        .cpus_answered = cpus,
        .break_id = "",
    };
    sample->model = (struct screen_model){.report = &sample->report,
                                          .looks = sample->looks,
                                          .doing = "",
                                          .qr = &sample->qr,
                                          .closing = "",
                                          .kept = "",
                                          .rest = closing_rest(THEN_HALT, false, true)};
    arrivals_make(sample);
    for (unsigned n = 0; n < sizeof(makers) / sizeof(makers[0]); n++) {
        if (strcmp(makers[n].name, name) == 0) {
            makers[n].make(sample);
            return true;
        }
    }
    return false;
}
