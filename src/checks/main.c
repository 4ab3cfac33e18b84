/* The far side of the door. muster_main() is the whole story, one step a line. */
#include "announce.h"
#include "bench.h"
#include "install.h"
#include "lapic.h"
#include "launch.h"
#include "low_watch.h"
#include "offer.h"
#include "pic.h"
#include "registers.h"
#include "rehearsal.h"
#include "run.h"
#include "state.h"
#include "tell.h"
#include "topology.h"
#include "work.h"
#include <muster/memory.h>
#include <version.h>

/* assembly, ap_entry.S */
_Noreturn void stack_switch(uint64_t top, void (*run)(void *), void *context);

/* Checks are judged on a copy of the handoff where a defect is planted in what it says. */
static uint64_t falsified_size(const struct options *options)
{
    return options->break_id[0] || options->self_test ? sizeof(struct handoff) : 0;
}

uint64_t muster_arena_size(const struct handoff *handoff)
{
    uint32_t cpus = handoff->inventory.count;

    return sizeof(struct run) + falsified_size(&handoff->options) + cpus * sizeof(struct slot) +
           sinks_size(cpus, &handoff->framebuffer) + topology_size(cpus) + fleet_size(cpus) +
           recorder_size() + 16 * 4096;
}

enum { BAIL_ROOM = 16384 };

static void identify(struct run *run)
{
    struct report *report = &run->report;

    report->version = MUSTER_VERSION;
    report->build = MUSTER_BUILD;
    string_copy(report->firmware, sizeof report->firmware, run->handoff->firmware_vendor);
    report->firmware_revision = run->handoff->firmware_revision;
    hypervisor_name(report->hypervisor);
    report->cpus_claimed = run->handoff->inventory.count;
    report->break_id = run->handoff->options.break_id;
}

/* What firmware left on and would bite before cpu_install() sets CR4 anew: supervisor shadow
 * stacks, and PCID, under which the low bits of CR3 mean something else. */
static void quiet_bsp(struct fleet *fleet)
{
    interrupts_off();
    pic_mask();
    if (offers_cet() && cr4_read() & CR4_CET)
        msr_write(MSR_S_CET, 0);
    if (cr4_read() & CR4_PCIDE)
        cr3_write(cr3_read() & ~UINT64_C(0xfff));
    cr4_write(cr4_read() & ~(CR4_CET | CR4_PCIDE));
    lapic_take(&fleet->apic, &fleet->lapic_found);
    lapic_quiet(&fleet->apic);
}

/* CPUs that are woken: those that --cpus names, else all. */
static void choose_called(struct run *run)
{
    const struct options *options = &run->handoff->options;

    cpuset_fill(&run->fleet.called, run->handoff->inventory.count);
    if (options->cpus_given)
        cpuset_intersect(&run->fleet.called, &options->cpus);
    run->examined = run->fleet.called;
    cpuset_add(&run->fleet.called, 0);
}

static uint32_t highest_apic_id(const struct fleet *fleet)
{
    uint32_t highest = 0;

    cpuset_for_each(index, &fleet->called)
    {
        uint32_t id = fleet->handoff->inventory.rows[index].apic_id;
        highest = id > highest ? id : highest;
    }
    return highest;
}

/* x2APIC mode where an APIC ID needs it and the BSP offers it; else CPUs beyond reach are not
 * called: their ID, cut to 8 bits, would be somebody else's, perhaps the BSP's. */
static void choose_apic_mode(struct fleet *fleet)
{
    struct cpuset called = fleet->called;

    if (!apic_reaches(&fleet->apic, highest_apic_id(fleet)) && offers_x2apic())
        apic_use_x2apic(&fleet->apic);
    cpuset_for_each(index, &called)
    {
        if (index == 0 || apic_reaches(&fleet->apic, fleet->handoff->inventory.rows[index].apic_id))
            continue;
        cpuset_remove(&fleet->called, index);
        cpuset_add(&fleet->unreachable, index);
    }
}

/* --break concerns the second AP where there is one, else the first, else the BSP. */
static void choose_victim(struct run *run)
{
    const struct cpuset *examined = &run->examined;
    uint32_t first = cpuset_next(examined, 1);

    if (rehearsal_on_bsp(run->handoff->options.break_id)) {
        run->fleet.victim = 0;
        return;
    }
    uint32_t second = first == CPU_NONE ? CPU_NONE : cpuset_next(examined, first + 1);

    run->fleet.victim = second != CPU_NONE ? second : first != CPU_NONE ? first : 0;
}

static bool falsified_take(struct run *run)
{
    uint64_t size = falsified_size(&run->handoff->options);

    run->falsified = size ? arena_take(&run->handoff->arena, size, 64) : NULL;
    return run->falsified || !size;
}

static struct run *run_make(struct handoff *handoff)
{
    struct run *run = arena_take(&handoff->arena, sizeof *run, 64);

    if (!run)
        return NULL;
    run->handoff = handoff;
    run->into = &run->report;
    run->door_tsc = tsc_read();
    time_account_begin(&run->time, TIME_SETUP, run->door_tsc);
    run->sinks.time = &run->time;
    run->fleet.clock.tsc_hz = CLOCK_ASSUMED_HZ;
    run->slots = arena_take(&handoff->arena, handoff->inventory.count * sizeof(struct slot), 16);
    if (!run->slots || !falsified_take(run) || !topology_take(run) ||
        !sinks_prepare(&run->sinks, handoff, &run->report) ||
        !recorder_prepare(&run->recorder, handoff))
        return NULL;
    run->fleet.handoff = handoff;
    run->fleet.count = handoff->inventory.count;
    run->fleet.patience_us = DESK_LOST_US;
    identify(run);
    plan_make(run);
    self_test_prepare(run);
    choose_called(run);
    choose_victim(run);
    return run;
}

static void look_at_all(struct run *run, enum cpu_look look)
{
    cpuset_for_each(index, &run->fleet.called) sinks_look(&run->sinks, index, look);
}

static void ping(struct cpu *cpu, void *context)
{
    (void)context;
    cpu->heartbeat++;
}

/* A CPU that says it is online must also take work. */
static void roll_call(struct run *run)
{
    struct fleet *fleet = &run->fleet;
    struct cpuset lost = {{0}};
    uint64_t begin = tsc_read();

    work_run(fleet, &fleet->online, ping, NULL, &lost);
    cpuset_for_each(index, &lost)
    {
        fleet->arrivals[index].lost = true;
        fleet->arrivals[index].waited_us = (uint32_t)clock_us(&fleet->clock, tsc_read() - begin);
    }
}

static void count_arrivals(struct run *run)
{
    struct fleet *fleet = &run->fleet;

    run->report.arrivals = fleet->arrivals;
    run->report.states = fleet->states;
    run->report.cpuids = fleet->cpuids;
    run->report.cpus_answered = cpuset_count(&fleet->online);
    struct cpuset all = fleet->called;

    cpuset_unite(&all, &fleet->unreachable);
    cpuset_for_each(index, &all)
    {
        bool lost = fleet->arrivals[index].lost;
        if (lost)
            cpuset_add(&run->report.lost, index);
        sinks_look(&run->sinks, index, lost ? LOOK_LOST : LOOK_ONLINE);
    }
}

/* The first wake takes the APs out of firmware's parking loop, which costs more than the next ones.
 */
static void call_all(struct run *run)
{
    spend(&run->time, TIME_BRING_UP);
    look_at_all(run, LOOK_WAKING);
    sinks_show(&run->sinks, "calling the CPUs");
    recorder_mark(run, "calling the CPUs");
    bench_bring_up(run);
    launch_prepare(&run->fleet, run->slots, run->handoff->options.break_id);
    fleet_cpu(&run->fleet, run->fleet.victim)->rehearsal =
        rehearsal_in(REHEARSAL_COMING, run->handoff->options.break_id);
    launch_all(&run->fleet, run->handoff->options.break_id);
    spend_waiting(run);
    rehearse(fleet_cpu(&run->fleet, 0), REHEARSAL_CALLING, run->handoff->options.break_id);
    low_watch_look(&run->fleet, &run->fleet.low_early);
    roll_call(run);
    spend(&run->time, TIME_BRING_UP);
    count_arrivals(run);
    topology_record(run);
    spend(&run->time, TIME_SERIAL);
    tell_arrivals(run);
    topology_announce(run);
    for (uint32_t index = 1; index < run->fleet.count; index++)
        announce_last_words(run, fleet_cpu(&run->fleet, index));
    announce_ground(run);
    announce_state(run);
    spend(&run->time, TIME_OTHER);
}

static void end_checks(struct run *run)
{
    run->sinks.model.doing = "the end of the report";
    run->report.ended = true;
    recorder_finish(run);
}

static void end_bench(struct run *run)
{
    rehearse(fleet_cpu(&run->fleet, 0), REHEARSAL_END, run->handoff->options.break_id);
    announce_bench(run, "door-to-verdict", run->report.elapsed_us);
}

/* What the checks left is told before the self-test adds to it. */
static void (*const endings[])(struct run *run) = {
    spend_end, announce_uncalled, announce_stacks, self_test_run, end_checks,
    end_bench, tell_time,         announce_then,   tell_details,  tell_end,
};

enum { ENDINGS = sizeof endings / sizeof endings[0] };

/* Each once: run->ending has moved on when one of them ends in an exception, and bail() is back
 * here. */
static void end_report(struct run *run)
{
    while (run->ending < ENDINGS)
        endings[run->ending++](run);
}

/* Everything from the first call on; what has been done before is not done again. */
_Noreturn static void go_on(struct run *run)
{
    if (!run->report.arrivals && !run->broken_off)
        call_all(run);
    if (!run->report.ended)
        checks_run(run);
    end_report(run);
    leave(run);
}

/* The BSP met an unexpected exception, or a way out did not come back: what is left of the report
 * is told, and leaving goes on with the next way. */
static void bail(void *context)
{
    struct run *run = context;

    interrupts_off();
    spend(&run->time, TIME_OTHER);
    if (run->recorder.calling) {
        recorder_give_up(run);
        go_on(run);
    }
    if (run->ending < ENDINGS && !run->broken_off) {
        run->broken_off = true;
        if (!run->arrivals_told)
            tell_arrivals(run);
        if (run->self_testing)
            self_test_break_off(run);
        else
            checks_break_off(run);
    }
    end_report(run);
    leave(run);
}

/* On the BSP's own stack, with muster's page tables. */
static void run_it(void *context)
{
    struct run *run = context;
    struct fleet *fleet = &run->fleet;

    fleet->bail_rsp = 0;
    state_take_msrs(fleet_cpu(fleet, 0));
    cpu_install(fleet_cpu(fleet, 0));
    state_take_ioapics(fleet);
    clock_measure(&fleet->clock, &fleet->apic, &run->handoff->platform);
    work_try_timer(fleet);
    sinks_open_screen(&run->sinks, run->handoff);
    go_on(run);
}

_Noreturn static void end_without_memory(const struct handoff *handoff)
{
    struct uart uart;

    uart_open(&uart, &handoff->serial);
    uart_write(&uart, "\nBail out! the memory taken before the door is too small\n");
    uart_drain(&uart);
    halt_for_good();
}

_Noreturn static void give_up(struct run *run, const char *why)
{
    tell_bail(run, why);
    run->ending = ENDINGS;
    leave(run);
}

_Noreturn void muster_main(struct handoff *handoff)
{
    struct run *run = run_make(handoff);

    if (!run)
        end_without_memory(handoff);
    tell_begin(run);
    if (!apic_find(&run->fleet.apic))
        give_up(run, "the BSP's local APIC is disabled in IA32_APIC_BASE");
    quiet_bsp(&run->fleet);
    choose_apic_mode(&run->fleet);
    /* On silicon, parked CPUs cost nothing, and one in wait-for-SIPI takes no SMI. */
    if (run->report.hypervisor[0])
        launch_hold(&run->fleet);
    run->fleet.bsp_bail = bail;
    run->fleet.bsp_bail_context = run;
    /* Until the BSP stands on its own stack, this one has room below to end the report on. */
    run->fleet.bail_rsp = ((uintptr_t)__builtin_frame_address(0) - BAIL_ROOM) & ~UINT64_C(15);
    if (!fleet_take(&run->fleet) || !fleet_prepare(&run->fleet))
        give_up(run, "the memory taken before the door is too small");
    fleet_load_paging(&run->fleet);
    stack_switch(fleet_cpu(&run->fleet, 0)->stack_top, run_it, run);
}
