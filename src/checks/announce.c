#include "announce.h"
#include "footprint.h"
#include <muster/closing.h>

static void line(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line_of(struct run *run, const char *before, const char *format, va_list args)
{
    struct text *out = sinks_text(&run->sinks);

    text_add(out, before);
    text_vformat(out, format, args);
    text_add(out, "\n");
    sinks_tell(&run->sinks);
}

static void line(struct run *run, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    line_of(run, "# ", format, args);
    va_end(args);
}

void announce_record(struct run *run, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    line_of(run, "# record: ", format, args);
    va_end(args);
}

static void announce_low(struct run *run)
{
    const struct low_memory *low = &run->handoff->low;

    line(run, "trampoline: page 0x%lx, %u in all%s", (unsigned long)low->base, low->pages,
         low->from_final_map
             ? "; none could be allocated: boot-services memory, free after the door"
             : "");
}

static void announce_consoles(struct run *run)
{
    const struct serial_claim *serial = &run->sinks.uart.at;
    const struct framebuffer_claim *screen = &run->handoff->framebuffer;

    if (run->sinks.uart.answers)
        line(run, "serial: %s 0x%lx, decided by %s",
             serial->kind == SERIAL_PORT ? "I/O port" : "memory", (unsigned long)serial->address,
             serial->decided_by);
    if (run->sinks.has_screen)
        line(run, "screen: %ux%u, %ux%u characters", screen->width, screen->height,
             run->sinks.screen.columns, run->sinks.screen.rows);
}

/* A local interrupt source that was live when boot services ended would have hit the next owner. */
static void announce_lvt(struct run *run)
{
    const struct lapic_record *lapic = &run->fleet.lapic_found;

    for (uint32_t n = 0; n < LVT_ALL; n++) {
        char name[16];
        struct text text;
        text_init(&text, name, sizeof name);
        lvt_print_name(&text, n);
        if (!(lapic->lvt[n] & LVT_MASKED))
            line(run, "handed over live: the BSP's LVT %s, 0x%x, %s", name, lapic->lvt[n],
                 n == LVT_TIMER && !lapic_timer_runs(lapic)
                     ? "stopped"
                     : delivery_name(delivery_of(lapic->lvt[n])));
    }
}

static void announce_notes(struct run *run)
{
    const struct notes *notes = &run->handoff->claims.notes;

    for (uint32_t n = 0; n < notes->count; n++)
        line(run, "note: %s", notes->list[n].text);
    if (notes->dropped)
        line(run, "note: %u more were dropped", notes->dropped);
}

/* Without MP Services, the MADT alone does not tell that there is no CPU. */
static void announce_spare(struct run *run)
{
    const struct inventory *inventory = &run->handoff->inventory;
    const char *which = run->handoff->claims.mps.present ? "without a CPU" : "that are not enabled";
    char later[48] = "";
    struct text text;

    text_init(&text, later, sizeof later);
    if (inventory->spare_online_capable)
        text_format(&text, ", %u of them online-capable", inventory->spare_online_capable);
    if (inventory->spare)
        line(run, "MADT entries %s: %u%s", which, inventory->spare, later);
}

/* CPUs that nobody woke, and why. */
static void announce_asleep(struct run *run)
{
    const struct fleet *fleet = &run->fleet;
    struct cpuset left_out;
    char list[96];
    struct text text;

    cpuset_fill(&left_out, fleet->count);
    cpuset_subtract(&left_out, &fleet->called);
    text_init(&text, list, sizeof list);
    cpuset_print(&text, &left_out);
    if (!cpuset_empty(&left_out))
        line(run, "not called: CPU %s, left out by --cpus", list);
    if (run->handoff->inventory.disabled)
        line(run, "left asleep: %u that firmware disabled", run->handoff->inventory.disabled);
    announce_spare(run);
}

void announce_ground(struct run *run)
{
    const struct fleet *fleet = &run->fleet;

    line(run, "clock: TSC %lu kHz by %s; APIC timer %lu kHz, %s",
         (unsigned long)fleet->clock.tsc_hz / 1000, fleet->clock.measured_by,
         (unsigned long)fleet->apic.timer_hz / 1000,
         fleet->timer_interrupts ? "interrupts seen" : "no interrupt seen: waits do not halt");
    line(run, "local APIC: %s mode; paging: %u levels, %s", fleet->apic.x2apic ? "x2APIC" : "xAPIC",
         fleet->paging.levels, fleet->paging.nx ? "NX" : "no NX");
    announce_asleep(run);
    announce_low(run);
    announce_consoles(run);
    announce_lvt(run);
    announce_notes(run);
}

void announce_last_words(struct run *run, const struct cpu *cpu)
{
    const struct exception_frame *f = &cpu->last_words.frame;
    char place[64];
    struct text text;

    if (!cpu->last_words.spoken)
        return;
    text_init(&text, place, sizeof place);
    last_words_place(run, f->rip, &text);
    line(run, "last words of CPU %u (APIC ID %u)%s: vector 0x%lx error 0x%lx CR2 0x%lx", cpu->index,
         cpu->apic_id, cpu->last_words.earlier ? " before it was called again" : "",
         f->vector & 0xff, f->error, cpu->last_words.cr2);
    line(run, "  %s CS 0x%lx RFLAGS 0x%lx RSP 0x%lx SS 0x%lx", place, f->cs, f->rflags, f->rsp,
         f->ss);
    line(run, "  RAX 0x%lx RBX 0x%lx RCX 0x%lx RDX 0x%lx RSI 0x%lx RDI 0x%lx", f->rax, f->rbx,
         f->rcx, f->rdx, f->rsi, f->rdi);
    line(run, "  RBP 0x%lx R8 0x%lx R9 0x%lx R10 0x%lx R11 0x%lx", f->rbp, f->r8, f->r9, f->r10,
         f->r11);
    line(run, "  R12 0x%lx R13 0x%lx R14 0x%lx R15 0x%lx", f->r12, f->r13, f->r14, f->r15);
}

static void announce_vector(struct run *run, uint32_t vector)
{
    const struct fleet *fleet = &run->fleet;
    struct cpuset cpus = {{0}};
    struct text *out = sinks_text(&run->sinks);
    uint64_t times = 0;

    for (uint32_t index = 0; index < fleet->count; index++) {
        if (!fleet_cpu(fleet, index)->uncalled[vector])
            continue;
        times += fleet_cpu(fleet, index)->uncalled[vector];
        cpuset_add(&cpus, index);
    }
    text_format(out, "# uncalled for: vector 0x%x, %lu times, on CPU ", vector,
                (unsigned long)times);
    cpuset_print(out, &cpus);
    text_add(out, "\n");
    if (times)
        sinks_tell(&run->sinks);
}

void announce_uncalled(struct run *run)
{
    if (run->fleet.woken_again)
        line(run, "woken again: %u wake-ups were sent a second time", run->fleet.woken_again);
    for (uint32_t vector = VECTOR_NMI; vector < IDT_GATES; vector++)
        announce_vector(run, vector);
}

static uint32_t depth_of(const struct cpu *cpu, enum stack_id id)
{
    return id == STACK_MAIN ? footprint_main(cpu) : cpu->high_water[id];
}

static void announce_stack(struct text *out, const struct fleet *fleet, enum stack_id id)
{
    uint32_t deepest = 0, index = 0;

    cpuset_for_each(n, &fleet->online)
    {
        uint32_t depth = depth_of(fleet_cpu(fleet, n), id);
        if (depth > deepest) {
            deepest = depth;
            index = n;
        }
    }
    text_format(out, "%s %s %u of %lu", id == STACK_MAIN ? "" : ",", stack_name(id), deepest,
                (unsigned long)stack_size(id));
    if (deepest)
        text_format(out, " (CPU %u)", index);
}

void announce_stacks(struct run *run)
{
    struct text *out = sinks_text(&run->sinks);

    text_add(out, "# stacks, bytes used at most:");
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++)
        announce_stack(out, &run->fleet, id);
    text_add(out, "\n");
    sinks_tell(&run->sinks);
}

void announce_then(struct run *run)
{
    enum then then = run->handoff->options.then;

    if (then == THEN_WAIT || then == THEN_HALT)
        line(run, "then: %s", closing_next(then));
}

void announce_bench(struct run *run, const char *name, uint64_t us)
{
    if (run->handoff->options.bench)
        line(run, "bench: %s %lu us", name, (unsigned long)us);
}
