#include "state.h"
#include "fleet.h"
#include "ioapic.h"
#include "lapic.h"
#include "offer.h"
#include "probe.h"
#include "registers.h"
#include "triggers.h"

/* Whether `fire` ended without the one fault it may raise. */
static bool went_through(struct cpu *cpu, trigger *fire, const char *rip, uint32_t msr,
                         uint64_t argument)
{
    struct obs_probe record = {
        .fields = FAULT_VECTOR | FAULT_RIP,
        .want = {.vector = VECTOR_GP, .rip = (uintptr_t)rip},
    };

    probe_run(cpu, fire, msr, argument, 0, &record);
    return record.came == 0;
}

bool state_try_msr(struct cpu *cpu, uint32_t msr, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (!went_through(cpu, trigger_read_msr, trigger_read_msr_rip, msr, (uintptr_t)&value))
        return false;
    *ret_value = value;
    return true;
}

static bool asked_of(const struct state_row *row)
{
    return row->maker == MAKER_ANY || (row->maker == MAKER_INTEL && made_by_intel()) ||
           (row->maker == MAKER_AMD && made_by_amd());
}

static void try_row(struct cpu *cpu, const struct state_row *row)
{
    for (uint32_t k = 0; k < row->count; k++) {
        uint64_t value;
        if (asked_of(row) && state_try_msr(cpu, row->msr + k, &value))
            state_set(cpu->state, row->slot + k, value);
        else
            cpu->state->presence[row->slot + k] = STATE_ABSENT;
    }
}

/* Intel loads the revision into the MSR when CPUID 1 is executed, which would not show where an
 * older value stands (SDM vol. 3A, 10.11.7.1). AMD's register is always right (APM vol. 2, 3.2). */
static void refresh_microcode(struct cpu *cpu)
{
    if (made_by_intel() &&
        went_through(cpu, trigger_write_msr, trigger_write_msr_rip, MSR_MICROCODE, 0))
        cpuid(1, 0);
}

static void take_xcr0(struct state_record *record)
{
    uint64_t cr4 = cr4_read();

    if (state_has(record, STATE_XCR0))
        return;
    if (!offers_xsave()) {
        record->presence[STATE_XCR0] = STATE_ABSENT;
        return;
    }
    cr4_write(cr4 | CR4_OSXSAVE);
    state_set(record, STATE_XCR0, xcr0_read());
    cr4_write(cr4);
}

/* After INIT an AP came through real mode: what the trampoline loaded says nothing of firmware. */
static void forget_own(struct state_record *record)
{
    static const uint8_t own[] = {STATE_CR3,       STATE_CS,  STATE_SS,   STATE_DS,
                                  STATE_ES,        STATE_FS,  STATE_GS,   STATE_GDT_BASE,
                                  STATE_GDT_LIMIT, STATE_FCW, STATE_MXCSR};

    for (uint32_t n = 0; n < sizeof own; n++)
        record->presence[own[n]] = STATE_UNASKED;
}

void state_take_tables(struct cpu *cpu)
{
    if (!cpu->state->taken)
        state_read_tables(cpu->state);
}

void state_take_registers(struct cpu *cpu)
{
    struct state_record *record = cpu->state;

    if (record->taken)
        return;
    state_read_registers(record);
    record->by_mailbox = cpu->found.by_mailbox;
    state_set(record, STATE_CR0, cpu->found.cr0);
    state_set(record, STATE_CR3, cpu->found.cr3);
    state_set(record, STATE_CR4, cpu->found.cr4);
    if (!record->by_mailbox)
        forget_own(record);
    /* Without a stack the trampoline could not read them. */
    record->presence[STATE_RFLAGS] = STATE_UNASKED;
}

/* EFER of an AP is muster's own by now. */
static void take_promised(struct cpu *cpu)
{
    state_read_msrs(cpu->state);
    state_set(cpu->state, STATE_EFER, cpu->found.efer);
}

/* What can still interrupt is judged by state.lapic-*; here it is a value like others. */
static void take_lapic(struct state_record *record, const struct lapic_record *lapic)
{
    if (!lapic->taken)
        return;
    state_set(record, STATE_APIC_SVR, lapic->spurious);
    state_set(record, STATE_APIC_TPR, lapic->task_priority);
    state_set(record, STATE_APIC_ESR, lapic->error);
    state_set(record, STATE_APIC_TIMER, lapic->timer_initial);
    for (uint32_t lvt = LVT_TIMER; lvt < LVT_COUNT; lvt++)
        state_set(record, STATE_LVT_TIMER + lvt, lapic->lvt[lvt] & ~(uint32_t)LVT_PASSING);
}

static struct cpuid_result read_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r = cpuid(leaf, subleaf);

    return (struct cpuid_result){r.eax, r.ebx, r.ecx, r.edx};
}

void state_take_msrs(struct cpu *cpu)
{
    struct state_record *record = cpu->state;

    if (record->taken)
        return;
    /* The BSP's were read at the door; some have been changed since. */
    if (cpu->index == 0) {
        *record = cpu->fleet->handoff->bsp_state[MOMENT_AFTER];
        cpu->lapic = cpu->fleet->lapic_found;
    } else {
        take_promised(cpu);
        lapic_take(&cpu->fleet->apic, &cpu->lapic);
    }
    take_lapic(record, &cpu->lapic);
    refresh_microcode(cpu);
    for (uint32_t n = 0; n < state_row_count(); n++) {
        const struct state_row *row = state_row(n);
        if (row->offer == OFFER_TRY)
            try_row(cpu, row);
    }
    if (made_by_intel())
        record->value[STATE_MICROCODE] >>= 32; /* the upper half is the revision */
    take_xcr0(record);
    cpuid_record_take(cpu->cpuid, read_cpuid);
    record->taken = true;
}

void state_take_ioapics(struct fleet *fleet)
{
    const struct madt_claims *madt = &fleet->handoff->claims.madt;

    for (uint32_t n = 0; n < madt->ioapic_count; n++) {
        if (!ioapic_refusal(&madt->ioapics[n], &fleet->handoff->memory))
            ioapic_quiet(&madt->ioapics[n], &fleet->ioapics[n]);
    }
}
