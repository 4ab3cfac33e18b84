#include "judged.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct observation sound_ipi(void)
{
    return (struct observation){
        .made = true,
        .ipi = {.taken = {8, 8}, .logical_id = {4, 4}},
    };
}

static struct observation sound_order(void)
{
    return (struct observation){
        .made = true,
        .order = {.pending = {1, 1},
                  .wanted = 4,
                  .came = 4,
                  .want = {0x71, ORDER_LOWERED, 0x49, 0x43},
                  .seen = {0x71, ORDER_LOWERED, 0x49, 0x43},
                  .task_priority = {0x50, 0x50},
                  .cr8 = {3, 3},
                  .nested = {3, 3},
                  .ended = {1, 1}},
    };
}

static struct observation sound_spurious(void)
{
    return (struct observation){
        .made = true,
        .spurious = {.spurious_register = {0x1ff, 0x1ff}, .later = {1, 1}},
    };
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    const struct observation ipi = sound_ipi(), order = sound_order(), spurious = sound_spurious();
    const struct observation latency = {.latency = {.answered = {9, 9}, .most_ns = 7000000}};
    assert_passes(judge_ipi, &ipi);
    assert_passes(judge_order, &order);
    assert_passes(judge_spurious, &spurious);
    assert_passes(judge_latency, &latency);
}

static void each_reason_is_a_skip(void **state)
{
    (void)state;
    struct words words;
    for (enum unasked why = UNASKED_ALONE; why <= UNASKED_NOT_OFFERED; why++) {
        struct observation ipi = sound_ipi();
        struct observation latency = {.latency = {.unasked = why}};
        ipi.ipi.unasked = why;
        ipi.ipi.vector = 0x31; /* what was counted means nothing then */
        assert_int_equal(judge_ipi(&ipi, &words), VERDICT_SKIP);
        assert_true(words.seen[0]);
        assert_int_equal(judge_latency(&latency, &words), VERDICT_SKIP);
    }
}

static void lost_and_doubled_interrupts_name_their_sender(void **state)
{
    (void)state;
    struct observation seen = sound_ipi();
    seen.ipi.vector = 0x33;
    seen.ipi.from = 7;
    seen.ipi.count = (struct pair){2, 1};
    assert_fails(judge_ipi, &seen, "interrupts at vector 0x33 from CPU 7 0x2",
                 "interrupts at vector 0x33 from CPU 7 0x1", "an IPI was lost");
    seen.ipi.count.seen = 3;
    assert_fails(judge_ipi, &seen, "interrupts at vector 0x33 from CPU 7 0x2",
                 "interrupts at vector 0x33 from CPU 7 0x3", "more often than it was sent");
    seen.ipi.from = CPU_NONE;
    seen.ipi.count = (struct pair){0, 1};
    assert_fails(judge_ipi, &seen, "interrupts at vector 0x33 0x0", "interrupts at vector 0x33 0x1",
                 "misrouted");
}

static void each_number_of_an_ipi_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_ipi();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, ipi.logical_id), "logical ID", "another ID"},
        {offsetof(struct observation, ipi.taken), "interrupts in all", "nobody sends"},
        {offsetof(struct observation, ipi.misread), "interrupts that overtook the sender's store",
         "did not see what the sender wrote"},
    };
    assert_each_pair_fails(judge_ipi, &sound, pairs, COUNT(pairs));
}

static void each_number_of_an_order_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_order();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, order.pending), "interrupts in the IRR", "not accepted"},
        {offsetof(struct observation, order.task_priority), "TPR", "one register"},
        {offsetof(struct observation, order.cr8), "CR8", "one register"},
        {offsetof(struct observation, order.nested), "in service in the inner handler",
         "does not show both"},
        {offsetof(struct observation, order.ended), "in service after the inner EOI",
         "highest priority"},
    };
    assert_each_pair_fails(judge_order, &sound, pairs, COUNT(pairs));
}

static void another_order_is_told_in_full(void **state)
{
    (void)state;
    struct observation seen = sound_order();
    seen.order.seen[0] = 0x61;
    assert_fails(judge_order, &seen, "order: 0x71 TPR-lowered end-of-0x41 0x43",
                 "order: 0x61 TPR-lowered end-of-0x41 0x43", "not taken by priority");
    seen = sound_order();
    seen.order.came = 0;
    assert_fails(judge_order, &seen, "order: 0x71 TPR-lowered end-of-0x41 0x43",
                 "order: nothing came", "not taken by priority");
    seen = sound_order();
    seen.order.came = 10;
    assert_fails(judge_order, &seen, "order: 0x71 TPR-lowered end-of-0x41 0x43",
                 "order: 0x71 TPR-lowered end-of-0x41 0x43 0x0 0x0 0x0 0x0 and 2 more",
                 "not taken by priority");
}

static void each_number_of_a_spurious_interrupt_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_spurious();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, spurious.spurious_register),
         "spurious-interrupt vector register", "not enabled"},
        {offsetof(struct observation, spurious.blocked), "interrupts above the TPR's barrier",
         "had to hold back"},
        {offsetof(struct observation, spurious.in_service), "in service at a spurious interrupt",
         "sends no EOI"},
        {offsetof(struct observation, spurious.later), "interrupts after the TPR was lowered",
         "was lost, or came twice"},
    };
    assert_each_pair_fails(judge_spurious, &sound, pairs, COUNT(pairs));
}

static void a_missing_answer_is_judged(void **state)
{
    (void)state;
    const struct observation seen = {.latency = {.answered = {9, 4}}};
    assert_fails(judge_latency, &seen, "answers from the neighbour 0x9",
                 "answers from the neighbour 0x4", "was lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(each_reason_is_a_skip),
        cmocka_unit_test(lost_and_doubled_interrupts_name_their_sender),
        cmocka_unit_test(each_number_of_an_ipi_is_judged),
        cmocka_unit_test(each_number_of_an_order_is_judged),
        cmocka_unit_test(another_order_is_told_in_full),
        cmocka_unit_test(each_number_of_a_spurious_interrupt_is_judged),
        cmocka_unit_test(a_missing_answer_is_judged),
    };
    return RUN(tests);
}
