#include "judged.h"
#include "sound_probe.h"

static struct observation sound_nmi(void)
{
    struct observation seen = sound_probe();
    seen.nmi.rip_first = seen.probe.seen.rip - 4;
    seen.nmi.rip_end = seen.probe.seen.rip + 1;
    return seen;
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    const struct observation nmi = sound_nmi();
    const struct observation blocked = {.nmi_blocked = {.taken = {2, 2}}};
    assert_passes(judge_nmi, &nmi);
    assert_passes(judge_nmi_blocked, &blocked);
}

static void a_reason_is_a_skip(void **state)
{
    (void)state;
    struct observation seen = sound_nmi();
    struct words words;
    seen.nmi.unasked = UNASKED_ALONE;
    seen.probe.came = 0;
    assert_int_equal(judge_nmi(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "it takes two CPUs");
    /* Seen by the desk, not by the probe: there is no frame to judge. */
    seen.nmi.unasked = UNASKED_LATE;
    seen.probe.came = 1;
    seen.probe.seen = (struct fault){0};
    assert_int_equal(judge_nmi(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "it came each time, but too late to be watched");
}

static void lost_and_doubled_nmis_are_judged(void **state)
{
    (void)state;
    struct observation seen = sound_nmi();
    seen.probe.came = 0;
    assert_fails(judge_nmi, &seen, "NMIs 0x1", "NMIs 0x0", "an NMI was lost");
    seen.probe.came = 2;
    assert_fails(judge_nmi, &seen, "NMIs 0x1", "NMIs 0x2", "more often than it was sent");
}

static void the_range_is_judged_at_both_ends(void **state)
{
    (void)state;
    struct observation seen = sound_nmi();
    seen.probe.seen.rip = seen.nmi.rip_first;
    assert_passes(judge_nmi, &seen);
    seen.probe.seen.rip = seen.nmi.rip_end;
    assert_fails(judge_nmi, &seen, "RIP from 0x7f001230 to 0x7f001234", "RIP 0x7f001235",
                 "does not return to what it interrupted");
    seen.probe.seen.rip = seen.nmi.rip_first - 1;
    assert_fails(judge_nmi, &seen, "RIP from 0x7f001230 to 0x7f001234", "RIP 0x7f00122f",
                 "does not return to what it interrupted");
}

/* The probe's own judge speaks for everything else. */
static void the_frame_is_judged(void **state)
{
    (void)state;
    struct observation seen = sound_nmi();
    struct words words;
    seen.probe.differs = FAULT_FRAME;
    seen.probe.came = 2;
    assert_int_equal(judge_nmi(&seen, &words), VERDICT_FAIL);
    assert_holds(words.means, "not delivered on this CPU's own stack");
    seen = sound_nmi();
    seen.probe.changed = 1u << WHOLE_CR0;
    assert_int_equal(judge_nmi(&seen, &words), VERDICT_FAIL);
    assert_holds(words.seen, "CR0");
}

static void each_number_of_the_blocked_is_judged(void **state)
{
    (void)state;
    const struct observation sound = {.nmi_blocked = {.taken = {2, 2}}};
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, nmi_blocked.during), "NMIs inside the NMI handler",
         "before the IRET"},
        {offsetof(struct observation, nmi_blocked.taken), "NMIs taken", "exactly one"},
    };
    assert_each_pair_fails(judge_nmi_blocked, &sound, pairs, 2);
}

static struct observation sound_count(void)
{
    return (struct observation){
        .made = true,
        .nmi_count = {.taken = {3, 3}, .missing = CPU_NONE, .stray_after = 3},
    };
}

static void every_nmi_once_passes(void **state)
{
    (void)state;
    const struct observation seen = sound_count();
    assert_passes(judge_nmi_count, &seen);
}

static void a_lost_nmi_names_its_sender(void **state)
{
    (void)state;
    struct observation seen = sound_count();
    seen.nmi_count.missing = 0;
    seen.nmi_count.taken.seen = 2;
    assert_fails(judge_nmi_count, &seen, "NMIs from CPU 0 0x1", "NMIs from CPU 0 0x0",
                 "an NMI was lost");
    seen = sound_count();
    seen.nmi_count.missing = 4095;
    assert_fails(judge_nmi_count, &seen, "NMIs from CPU 4095 0x1", "NMIs from CPU 4095 0x0",
                 "an NMI was lost");
}

/* The one that came twice may have taken the place of the next, which then is the one too many. */
static void a_doubled_nmi_names_the_one_before(void **state)
{
    (void)state;
    struct observation seen = sound_count();
    seen.nmi_count.strays.seen = 1;
    seen.nmi_count.taken.seen = 4;
    assert_fails(judge_nmi_count, &seen, "NMIs nobody sent, after one from CPU 3: 0x0",
                 "NMIs nobody sent, after one from CPU 3: 0x1", "more often than it was sent");
    seen.nmi_count.strays.seen = 0;
    assert_fails(judge_nmi_count, &seen, "NMIs taken 0x3", "NMIs taken 0x4", "not as many NMIs");
}

/* Who could not send all of its own still tells what it was sent. */
static void a_reason_hides_no_loss(void **state)
{
    (void)state;
    struct words words;
    for (enum unasked why = UNASKED_ALONE; why <= UNASKED_NOT_OFFERED; why++) {
        struct observation seen = sound_count();
        seen.nmi_count.unasked = why;
        assert_int_equal(judge_nmi_count(&seen, &words), VERDICT_SKIP);
        seen.nmi_count.missing = 1;
        assert_int_equal(judge_nmi_count(&seen, &words), VERDICT_FAIL);
        seen.nmi_count.missing = CPU_NONE;
        seen.nmi_count.taken.seen = 2;
        assert_int_equal(judge_nmi_count(&seen, &words), VERDICT_FAIL);
    }
}

/* An NMI of something else, where nobody sent any, is not this check's. */
static void nothing_sent_is_nothing_judged(void **state)
{
    (void)state;
    struct observation seen = sound_count();
    struct words words;
    seen.nmi_count.unasked = UNASKED_STRANGERS;
    seen.nmi_count.taken = (struct pair){0, 1};
    seen.nmi_count.strays.seen = 1;
    assert_int_equal(judge_nmi_count(&seen, &words), VERDICT_SKIP);
    assert_holds(words.seen, "it might wake a CPU");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(a_reason_is_a_skip),
        cmocka_unit_test(lost_and_doubled_nmis_are_judged),
        cmocka_unit_test(the_range_is_judged_at_both_ends),
        cmocka_unit_test(the_frame_is_judged),
        cmocka_unit_test(each_number_of_the_blocked_is_judged),
        cmocka_unit_test(every_nmi_once_passes),
        cmocka_unit_test(a_lost_nmi_names_its_sender),
        cmocka_unit_test(a_doubled_nmi_names_the_one_before),
        cmocka_unit_test(a_reason_hides_no_loss),
        cmocka_unit_test(nothing_sent_is_nothing_judged),
    };
    return RUN(tests);
}
