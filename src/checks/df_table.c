/*
 * df.table-*: every pair of SDM vol. 3A, table 6-5, that ring 0 can make: a check for each first
 * exception, whose gate is spoilt in one way after the other.
 *
 * Whatever is spoilt, the gate of #DF and IST1 stay whole and within reach: a CPU that does make a
 * double fault can always say so.
 */
#include "df_pair.h"
#include "registers.h"
#include <muster/judge_df.h>

enum { NMI_WAIT_US = 20000 /* at most; it comes at once */ };

enum { MODE_PROBES, MODE_COUNTS_NMIS };

/* The NMI may come before, in, or after the other exception's handler: it is counted, not probed.
 */
static bool listen_nmis(struct cpu *cpu, struct exception_frame *frame)
{
    if ((frame->vector & 0xff) != VECTOR_NMI || cpu->desk.mode != MODE_COUNTS_NMIS)
        return false;
    cpu->desk.nmis++;
    return true;
}

static void wait_for_nmi(struct cpu *cpu)
{
    uint64_t begin = tsc_read();

    while (!cpu->desk.nmis && clock_us(&cpu->fleet->clock, tsc_read() - begin) < NMI_WAIT_US)
        spin_hint();
}

/* For the trigger, which sends it. */
static uint64_t nmi_ready(struct cpu *cpu)
{
    const struct apic *apic = &cpu->fleet->apic;

    cpu->desk.nmis = 0;
    cpu->desk.mode = MODE_COUNTS_NMIS;
    return apic->x2apic ? NMI_BY_MSR : apic_aim_nmi(apic, cpu->apic_id);
}

static void fire(struct cpu *cpu, const struct fault_case *fault, enum df_how how,
                 struct obs_probe *probe)
{
    uint64_t argument = fault->vector == VECTOR_PF ? df_absent(cpu) : fault->argument;
    const struct ring3 way = {.code = fault->user, .argument = argument};
    uint64_t send_at = how == HOW_NMI ? nmi_ready(cpu) : 0;

    if (fault->user) {
        ring3_run(cpu, &way, probe);
        return;
    }
    probe_run(cpu, fault->fire, argument, send_at, 0, probe);
    if (how == HOW_NMI)
        wait_for_nmi(cpu);
    cpu->desk.mode = MODE_PROBES;
}

static void take_pair(struct cpu *cpu, const struct fault_case *fault, enum df_how how,
                      struct obs_probe *probe)
{
    struct cpu_state before, after;

    cpu_state_read(&before);
    cr2_write(CR2_UNTOUCHED);
    if (fault->arrange)
        fault->arrange(cpu);
    df_spoil(cpu, fault, how);
    fire(cpu, fault, how, probe);
    if (fault->undo)
        fault->undo(cpu);
    df_heal(cpu, fault->vector);
    cpu_state_read(&after);
    probe->changed |= cpu_state_compare(&before, &after);
    if (fault->user)
        ring3_heal(cpu);
}

static struct df_cell cell_of(const struct cpu *cpu, enum df_first first, enum df_how how,
                              const struct obs_probe *probe)
{
    return (struct df_cell){
        .first = (uint8_t)first,
        .how = (uint8_t)how,
        .came = (uint8_t)(probe->came > UINT8_MAX ? UINT8_MAX : probe->came),
        .nmis = how == HOW_NMI ? (uint8_t)cpu->desk.nmis : 0,
        .nmis_wanted = how == HOW_NMI,
        .want_vector = (uint8_t)probe->want.vector,
        .seen_vector = (uint8_t)probe->seen.vector,
        .deviates = probe_deviates(probe),
        .want_error = (uint16_t)probe->want.error,
        .seen_error = (uint16_t)probe->seen.error,
        .differs = (uint16_t)probe->differs,
        .changed = (uint16_t)probe->changed,
    };
}

static void take_all(struct cpu *cpu, enum df_first first, struct obs_df *df)
{
    for (enum df_how how = 0; how < HOW_COUNT; how++) {
        struct obs_probe probe;
        if (!df_possible(first, how))
            continue;
        df_want(cpu, first, how, &probe);
        take_pair(cpu, &df_raised[first].fault,
                  how == HOW_NP_GATE && cpu->planted ? HOW_COUNT : how, &probe);
        df->cells[df->count++] = cell_of(cpu, first, how, &probe);
    }
}

void df_pairs_observe(struct cpu *cpu, struct observation *ret)
{
    enum df_first first = (enum df_first)((const struct df_raised *)cpu->subject - df_raised);

    do
        take_all(cpu, first++, &ret->df);
    while (first > FIRST_USER && first < FIRST_COUNT);
}

void df_pairs_settle(struct cpu *cpu, struct observation *ret)
{
    struct obs_probe unused = {0};

    (void)ret;
    shot_settle_probe(cpu, &unused);
}

void df_pairs_tally(const struct observation *seen, struct report *to)
{
    df_table_add(&to->df, &seen->df);
}

#define PAIRS(name, which, class)                                                                  \
    {                                                                                              \
        .info = {.id = "df.table-" name,                                                           \
                 .claim = "every exception in the delivery of " class " is made a double fault, "  \
                                                                      "or handled by itself, as "  \
                                                                      "table 6-5 says",            \
                 .source = DF_TABLE "; SDM vol. 3A, 6.13",                                         \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = "a gate that is not absent",                                            \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = ROUNDS_ALSO_ALONE, .subject = &df_raised[which], .planting = PLANTED_INSIDE,     \
        .observe = df_pairs_observe, .settle = df_pairs_settle, .listen = listen_nmis,             \
        .judge = judge_df, .tally = df_pairs_tally                                                 \
    }

static const struct check rows[] = {
    PAIRS("ud", FIRST_UD, "#UD (benign)"),       PAIRS("bp", FIRST_BP, "#BP by INT3 (benign)"),
    PAIRS("nm", FIRST_NM, "#NM (benign)"),       PAIRS("de", FIRST_DE, "#DE (contributory)"),
    PAIRS("ts", FIRST_TS, "#TS (contributory)"), PAIRS("np", FIRST_NP, "#NP (contributory)"),
    PAIRS("ss", FIRST_SS, "#SS (contributory)"), PAIRS("gp", FIRST_GP, "#GP (contributory)"),
    PAIRS("pf", FIRST_PF, "#PF (a page fault)"),
};

FAMILY(df_table_family, rows);
