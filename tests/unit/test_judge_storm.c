#include "judged.h"
#include "sound_probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct observation sound_storm(void)
{
    struct observation seen = sound_probe();
    seen.storm.event = 201;
    seen.storm.kind = STORM_DF;
    seen.storm.ipis = (struct pair){20, 20};
    seen.storm.nmis = (struct pair){7, 7};
    return seen;
}

static struct observation sound_watch(void)
{
    return (struct observation){.made = true, .watch = {.sum = {0xabc, 0xabc}, .rounds = {24, 24}}};
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    const struct observation storm = sound_storm(), watch = sound_watch();
    assert_passes(judge_storm, &storm);
    assert_passes(judge_watch, &watch);
}

static void a_reason_is_a_skip(void **state)
{
    (void)state;
    struct observation storm = sound_storm(), watch = sound_watch();
    struct words words;
    storm.storm.unasked = UNASKED_NOT_MET;
    watch.watch.unasked = UNASKED_ALONE;
    assert_int_equal(judge_storm(&storm, &words), VERDICT_SKIP);
    assert_int_equal(judge_watch(&watch, &words), VERDICT_SKIP);
}

/* CPUs that were lost do not make good what the others recorded. */
static void a_missed_meeting_hides_nothing(void **state)
{
    (void)state;
    struct observation storm = sound_storm(), watch = sound_watch();
    struct words words;
    storm.storm.unasked = watch.watch.unasked = UNASKED_NOT_MET;
    storm.storm.nmis.seen = 6;
    watch.watch.sum.seen = 0xabd;
    assert_fails(judge_storm, &storm, "NMIs taken 0x7", "NMIs taken 0x6", "an NMI was lost");
    assert_fails(judge_watch, &watch, "sum over GDT, TSS and IDT 0xabc",
                 "sum over GDT, TSS and IDT 0xabd", "changed this CPU's");
    storm = sound_storm();
    storm.storm.unasked = UNASKED_NOT_MET;
    storm.probe.differs = FAULT_RIP;
    assert_int_equal(judge_storm(&storm, &words), VERDICT_FAIL);
}

static void the_event_that_went_wrong_is_named(void **state)
{
    (void)state;
    struct observation seen = sound_storm();
    struct words words;
    seen.storm.event = 17;
    seen.storm.kind = STORM_PF;
    seen.probe.came = 0;
    assert_int_equal(judge_storm(&seen, &words), VERDICT_FAIL);
    assert_string_equal(words.expected, "event 17, #PF: 1 exceptions, vector 8 #DF");
    assert_string_equal(words.seen, "0");
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (enum storm_kind kind = 0; kind < STORM_KINDS; kind++) {
        assert_string_not_equal(storm_kind_name(kind), "event");
    }
    assert_string_equal(storm_kind_name(STORM_KINDS), "event");
}

static void each_number_is_judged(void **state)
{
    (void)state;
    const struct observation storm = sound_storm(), watch = sound_watch();
    const struct judged_pair of_storm[] = {
        {offsetof(struct observation, storm.ipis), "IPIs taken", "an IPI was lost"},
        {offsetof(struct observation, storm.nmis), "NMIs taken", "an NMI was lost"},
        {offsetof(struct observation, storm.strays), "interrupts nobody sent", "came twice"},
    };
    const struct judged_pair of_watch[] = {
        {offsetof(struct observation, watch.rounds), "looks at its own tables", "to the end"},
        {offsetof(struct observation, watch.sum), "sum over GDT, TSS and IDT",
         "changed this CPU's"},
        {offsetof(struct observation, watch.changed), "registers that changed (bits)", "registers"},
        {offsetof(struct observation, watch.stacks), "stacks written (bits)", "of another CPU"},
    };
    assert_each_pair_fails(judge_storm, &storm, of_storm, COUNT(of_storm));
    assert_each_pair_fails(judge_watch, &watch, of_watch, COUNT(of_watch));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(a_reason_is_a_skip),
        cmocka_unit_test(a_missed_meeting_hides_nothing),
        cmocka_unit_test(the_event_that_went_wrong_is_named),
        cmocka_unit_test(every_kind_has_a_name),
        cmocka_unit_test(each_number_is_judged),
    };
    return RUN(tests);
}
