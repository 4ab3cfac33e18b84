#include "attempt.h"
#include "ist_guard.h"
#include "trampoline.h"
#include <muster/memory.h>

void attempt_forget(const struct fleet *fleet, struct cpu *cpu)
{
    cpu->claimed = 0;
    cpu->abandoned = false;
    cpu->refusal = REFUSAL_NONE;
    cpu->unsent = false;
    cpu->dead = false;
    cpu->last_words.earlier = true;
    cpu->probe.armed = false;
    ist_leave(cpu, cpu->stacks_in_use); /* of handlers that never ended */
    cpu->stacks_reentered = 0;
    cpu->first_stage = STAGE_NONE;
    cpu->stage = STAGE_NONE;
    for (uint32_t stage = STAGE_NONE; stage < STAGE_COUNT; stage++)
        cpu->stage_tsc[stage] = 0;
    cpu->log_from = trampoline_header(fleet)->log_count;
}

void attempt_init_sent(struct cpu *cpu, uint64_t tsc)
{
    cpu->stage_tsc[STAGE_INIT_SENT] = tsc;
    cpu->stage = STAGE_INIT_SENT;
}

/* The AP stores stages of its own, which must not be set back. */
void attempt_sipi_sent(struct cpu *cpu, uint64_t tsc)
{
    uint32_t sent = STAGE_INIT_SENT;

    if (__atomic_compare_exchange_n(&cpu->stage, &sent, STAGE_SIPI_SENT, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED))
        cpu->stage_tsc[STAGE_SIPI_SENT] = tsc;
}

/* The slot is out of reach in real mode. */
static void note_real_mode(struct cpu *cpu, uint64_t tsc)
{
    cpu->stage_tsc[STAGE_REAL_MODE] = tsc;
    if (cpu->stage < STAGE_REAL_MODE)
        cpu->stage = STAGE_REAL_MODE;
}

void attempt_read_log(struct fleet *fleet)
{
    uint32_t capacity = trampoline_header(fleet)->log_capacity;

    memset(fleet->entries, 0, fleet->count * sizeof *fleet->entries);
    fleet->strangers = 0;
    for (uint32_t n = 0; n < capacity; n++) {
        const volatile struct log_entry *entry = trampoline_log(fleet, n);
        if (!entry)
            continue;
        uint32_t index = inventory_find(&fleet->handoff->inventory, entry->apic_id);
        if (index == CPU_NONE) {
            if (!fleet->strangers++)
                fleet->stranger_id = entry->apic_id;
            continue;
        }
        struct cpu *cpu = fleet_cpu(fleet, index);
        fleet->entries[index]++;
        if (n >= cpu->log_from)
            note_real_mode(cpu, entry->tsc);
    }
}
