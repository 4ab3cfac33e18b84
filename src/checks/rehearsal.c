#include "rehearsal.h"
#include "registers.h"
#include "shot.h"
#include <muster/check.h>
#include <muster/text.h>

static void fault(struct cpu *cpu, void *context)
{
    (void)cpu;
    (void)context;
    __asm__ volatile("ud2");
}

static void hang(struct cpu *cpu, void *context)
{
    (void)cpu;
    (void)context;
    halt_for_good();
}

static void shut_down(struct cpu *cpu, void *context)
{
    (void)cpu;
    (void)context;
    triple_fault();
}

/* Interrupts are off at work: what is sent here arrives when the CPU is idle, and finds no gate. */
static void fault_when_idle(struct cpu *cpu, void *context)
{
    (void)context;
    gate_absent(cpu, VECTOR_WAKE);
    apic_send_fixed(&cpu->fleet->apic, cpu->apic_id, VECTOR_WAKE);
}

/* One whose CPUs are not called a second time, to settle. */
#define IDLE_AFTER "gs.base"
#define AMID       "gs.isolated"
/* One that the BSP alone is sent to. */
#define ALONE "tsc.rate"

static const struct {
    struct break_info info;
    const char *where;
    work *act;
    bool on_bsp;
} rehearsals[] = {
    {{"run.exception-ap", "an AP raises #UD in " AMID ": last words, the others go on"},
     AMID,
     fault,
     false},
    {{"run.exception-once",
      "an AP raises #UD as it comes, and not when it is called again: it is whole"},
     REHEARSAL_COMING,
     fault,
     false},
    {{"run.exception-idle",
      "an AP raises #NP while it is idle after " IDLE_AFTER ": last words, and a check that fails"},
     IDLE_AFTER,
     fault_when_idle,
     false},
    {{"run.hang-ap", "an AP hangs in " AMID ": given up after 10 s, the others go on"},
     AMID,
     hang,
     false},
    {{"run.hang-bsp", "the BSP hangs in " AMID ": an AP sees it after 10 s, the report is ended"},
     AMID,
     hang,
     true},
    {{"run.hang-alone", "the same in " ALONE ", while all APs are idle"}, ALONE, hang, true},
    {{"run.triple-fault",
      "an AP takes a triple fault in " AMID ": the machine resets; --record tells where"},
     AMID,
     shut_down,
     false},
    {{"run.exception-calling",
      "the BSP raises #UD while it calls the APs: the report is still ended"},
     REHEARSAL_CALLING,
     fault,
     true},
    {{"run.exception-bsp", "the BSP raises #UD in " AMID ": the report is still ended"},
     AMID,
     fault,
     true},
    {{"run.exception-end", "the BSP raises #UD when the checks are over: the rest is still told"},
     REHEARSAL_END,
     fault,
     true},
    {{"run.exception-reset",
      "all ways of resetting but a triple fault raise #UD: it is tried last"},
     REHEARSAL_RESET,
     fault,
     true},
};

enum { REHEARSALS = sizeof rehearsals / sizeof rehearsals[0] };

const struct break_info *catalogue_rehearsal(uint32_t n)
{
    return n < REHEARSALS ? &rehearsals[n].info : NULL;
}

/* Its number, or REHEARSALS. */
static uint32_t find(const char *id)
{
    uint32_t n = 0;

    while (n < REHEARSALS && !string_equal(rehearsals[n].info.id, id))
        n++;
    return n;
}

work *rehearsal_in(const char *where, const char *id)
{
    uint32_t n = find(id);

    return n < REHEARSALS && string_equal(rehearsals[n].where, where) ? rehearsals[n].act : NULL;
}

void rehearse(struct cpu *cpu, const char *where, const char *id)
{
    work *act = rehearsal_in(where, id);

    if (act)
        act(cpu, NULL);
}

bool rehearsal_exists(const char *id)
{
    return find(id) < REHEARSALS;
}

const char *rehearsal_where(const char *id)
{
    uint32_t n = find(id);

    return n < REHEARSALS ? rehearsals[n].where : id;
}

bool rehearsal_on_bsp(const char *id)
{
    uint32_t n = find(id);

    return n < REHEARSALS && rehearsals[n].on_bsp;
}
