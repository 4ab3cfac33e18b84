/* The wakeup mailbox without CPUs: mailbox.c as it is, and APs that take commands or do not. */
#include "unit.h"

#include "registers.h"

static void poll(void);
static uint64_t now_us;
#define tsc_read()  (++now_us)
#define spin_hint() poll()

#include "../../src/smp/mailbox.c"

enum { CPUS = 255, ALL = CPUS };

static struct handoff handoff;
static struct fleet fleet;
static struct mailbox box;
static uint8_t blocks[CPUS * CPU_STRIDE] __attribute__((aligned(4096)));
static struct trampoline_header header;
static uint32_t first_alive; /* APs below it never look at the mailbox */
static uint32_t taken_after_us, alive[CPUS];

static int fresh(void **state)
{
    (void)state;
    memset(&fleet, 0, sizeof(fleet));
    memset(blocks, 0, sizeof(blocks));
    memset(alive, 0, sizeof(alive));
    box = (struct mailbox){0};
    handoff.claims.madt.mailbox = (uintptr_t)&box;
    fleet.handoff = &handoff;
    fleet.cpus = (struct cpu *)blocks;
    fleet.count = CPUS;
    for (uint32_t index = 0; index < CPUS; index++) {
        fleet_cpu(&fleet, index)->index = index;
        fleet_cpu(&fleet, index)->apic_id = index;
    }
    first_alive = taken_after_us = 0;
    now_us = 0;
    return 0;
}

/* The AP that is named looks at the mailbox. */
static void poll(void)
{
    if (box.apic_id >= first_alive && ++alive[box.apic_id] > taken_after_us) {
        box.command = COMMAND_NOOP;
    }
}

uint64_t clock_us(const struct clock *clock, uint64_t ticks)
{
    (void)clock;
    return ticks;
}

bool work_wait(struct fleet *of, uint64_t us)
{
    (void)of;
    (void)us;
    return false;
}

volatile struct trampoline_header *trampoline_header(const struct fleet *of)
{
    (void)of;
    return &header;
}

void attempt_init_sent(struct cpu *cpu, uint64_t tsc)
{
    (void)tsc;
    cpu->stage = STAGE_INIT_SENT;
}

void attempt_sipi_sent(struct cpu *cpu, uint64_t tsc)
{
    (void)tsc;
    cpu->stage = STAGE_SIPI_SENT;
}

static uint32_t call(void)
{
    uint32_t taken = 0;
    struct cpuset aps;
    cpuset_fill(&aps, CPUS);
    cpuset_remove(&aps, 0);
    mailbox_call(&fleet, &aps, "");
    cpuset_for_each(index, &aps) taken += fleet_cpu(&fleet, index)->stage == STAGE_SIPI_SENT;
    return taken;
}

static void each_is_called(void **state)
{
    (void)state;
    assert_int_equal(call(), CPUS - 1);
}

static void a_mailbox_that_nobody_reads_costs_seconds_and_not_minutes(void **state)
{
    (void)state;
    first_alive = ALL;
    assert_int_equal(call(), 0);
    assert_in_range(now_us, 3000000, 6000000);
    assert_int_equal(box.command, COMMAND_NOOP);
}

/* Those after a few deaf ones get their time again as soon as one has answered. */
static void one_answer_makes_up_for_silence(void **state)
{
    (void)state;
    first_alive = 10;
    taken_after_us = 5000;
    assert_int_equal(call(), CPUS - 10);
    fresh(state);
    first_alive = 3;
    taken_after_us = 500000;
    assert_int_equal(call(), CPUS - 3);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_called),
        TEST(a_mailbox_that_nobody_reads_costs_seconds_and_not_minutes),
        TEST(one_answer_makes_up_for_silence),
    };
    return RUN(tests);
}
