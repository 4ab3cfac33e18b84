/* state.lapic-…, state.lint, state.ioapic: what could still interrupt. Recorded on the BSP at the
 * door and on each AP before it changed anything; masked right after. */
#include "check.h"
#include <muster/judge_apic.h>
#include <muster/memory.h>

static void observe_lapic(struct cpu *cpu, struct observation *ret)
{
    ret->lapic.record = cpu->lapic;
}

/* --break: a timer that goes on by itself, at a vector of firmware's. */
static void observe_lvt(struct cpu *cpu, struct observation *ret)
{
    struct lapic_record *record = &ret->lapic.record;

    observe_lapic(cpu, ret);
    if (!cpu->planted)
        return;
    record->taken = true;
    record->lvt[LVT_TIMER] = LVT_TIMER_PERIODIC << 17 | 0x20;
    record->timer_initial = record->timer_current = 100000;
}

/* --break: an interrupt that firmware never ended. */
static void observe_pending(struct cpu *cpu, struct observation *ret)
{
    observe_lapic(cpu, ret);
    if (!cpu->planted)
        return;
    ret->lapic.record.taken = true;
    ret->lapic.record.in_service[1] |= 1;
}

/* --break: the lines exchanged, as by a wrong entry of the MADT. */
static void observe_lint(struct cpu *cpu, struct observation *ret)
{
    struct lapic_record *record = &ret->lapic.record;

    observe_lapic(cpu, ret);
    if (!cpu->planted)
        return;
    record->taken = true;
    record->lvt[LVT_LINT0] = record->lvt[LVT_LINT1] = DELIVER_EXTINT << 8;
}

/* --break: a pin left live, in a copy of the records. */
static void observe_ioapic(struct cpu *cpu, struct observation *ret)
{
    struct fleet *fleet = cpu->fleet;
    struct ioapic_record *spoilt = fleet->ioapics_spoilt;

    ret->ioapic.records = cpu->planted ? spoilt : fleet->ioapics;
    if (!cpu->planted)
        return;
    memcpy(spoilt, fleet->ioapics, sizeof fleet->ioapics);
    spoilt[0].kept[0] = (struct ioapic_live){
        .gsi = fleet->handoff->claims.madt.ioapics[0].gsi_base + 10, .entry = 0x8031};
    spoilt[0].live++;
}

static void remark_lapic(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    const struct lapic_record *record = &fleet_cpu(fleet, 0)->lapic;

    if (!cpuset_has(examined, 0) || !record->taken)
        return;
    text_format(out, "BSP: SVR 0x%x, TPR 0x%x, ESR 0x%x, timer %s", record->spurious,
                record->task_priority, record->error,
                lapic_timer_runs(record) ? "counting, masked" : "stopped");
}

static void remark_ioapic(const struct fleet *fleet, const struct cpuset *examined,
                          struct text *out)
{
    (void)examined;
    text_format(out, "%u I/O APIC%s", fleet->handoff->claims.madt.ioapic_count,
                fleet->handoff->claims.madt.ioapic_count == 1 ? "" : "s");
}

#define ROW(name, text, where, what, ...)                                                          \
    {                                                                                              \
        CHECK_INFO("state." name, text, where, what, SCOPE_EACH_CPU, HAZARD_READS), __VA_ARGS__    \
    }

static const struct check rows[] = {
    ROW("lapic-lvt", "no local interrupt source is left live but virtual wire mode and SMI",
        "SDM vol. 3A, 11.5.1; MP specification 1.4, 3.6.2.2", "a periodic timer left running",
        .planting = PLANTED_INSIDE, .observe = observe_lvt, .judge = judge_lapic_lvt,
        .remark = remark_lapic),
    ROW("lapic-pending", "no interrupt is pending or in service",
        "SDM vol. 3A, 11.8.4; UEFI 2.10, 7.4.6", "an interrupt that was never ended",
        .planting = PLANTED_INSIDE, .observe = observe_pending, .judge = judge_lapic_pending),
    ROW("lint", "what the MADT calls an NMI line is set up for NMI, or masked, on the BSP",
        "ACPI 6.5, 5.2.12.7 and 5.2.12.13", "both lines set up for the 8259", .bsp_only = true,
        .planting = PLANTED_INSIDE, .observe = observe_lint, .judge_crowd = judge_lint),
    ROW("ioapic", "every I/O APIC of the MADT is there, with all pins masked or for firmware's use",
        "ACPI 6.5, 5.2.12.3; 82093AA datasheet, 3.2.4", "a pin left live", .bsp_only = true,
        .planting = PLANTED_INSIDE, .observe = observe_ioapic, .judge_crowd = judge_ioapic,
        .remark = remark_ioapic, .blame = BLAME_MACHINE),
};

FAMILY(state_apic_family, rows);
