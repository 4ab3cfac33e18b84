/* blind.efi is muster with some of its own code replaced, for the self-test to find out:
 *
 *   gdt.loaded, roll.madt   their judges always pass
 *   idt.loaded              its judge calls what differs a known deviation
 *   tss.ist                 its judge raises #UD on the BSP when it is shown a defect
 *   ipi.*, nmi.*            CPU 2 raises #UD when a defect that needs its neighbour is planted on
 * it
 */
#include "fleet.h"
#include <muster/judge.h>
#include <muster/judge_roll.h>

enum { DIES = 2 };

enum verdict judge_gdt(const struct observation *observation, struct words *ret)
{
    (void)observation;
    (void)ret;
    return VERDICT_PASS;
}

enum verdict judge_idt(const struct observation *observation, struct words *ret)
{
    const struct obs_idt *idt = &observation->idt;
    const struct pair pairs[] = {idt->base, idt->limit, idt->handler,
                                 idt->ist,  idt->type,  idt->selector};

    (void)ret;
    for (unsigned n = 0; n < sizeof pairs / sizeof pairs[0]; n++) {
        if (pairs[n].want != pairs[n].seen)
            return VERDICT_DEVIATION;
    }
    return VERDICT_PASS;
}

enum verdict judge_roll_madt(const struct claims *claims, struct words *ret)
{
    (void)claims;
    (void)ret;
    return VERDICT_PASS;
}

enum verdict judge_ist(const struct observation *observation, struct words *ret)
{
    const struct pair *df = &observation->ist.ist[0];

    (void)ret;
    if (df->want != df->seen)
        __asm__ volatile("ud2");
    return VERDICT_PASS;
}

uint32_t fleet_neighbour(const struct fleet *fleet, uint32_t index)
{
    uint32_t next = cpuset_next(&fleet->online, index + 1);

    if (index == DIES && fleet_cpu(fleet, index)->planted)
        __asm__ volatile("ud2");
    return next == CPU_NONE ? cpuset_next(&fleet->online, 0) : next;
}
