#include "judged.h"

static struct observation sound_shootdown(void)
{
    return (struct observation){
        .made = true,
        .shootdown = {.shots = {3, 3}, .before = {1, 1}, .after = {2, 2}, .round = 2},
    };
}

static struct observation sound_tlb(void)
{
    struct observation seen = {
        .made = true,
        .tlb = {.tried = (1u << TLB_WAYS) - 1, .cr3 = {0x1000, 0x1000}, .cr4 = {0x660, 0x660}},
    };
    for (int way = 0; way < TLB_WAYS; way++) {
        seen.tlb.before[way] = (struct pair){0xa0, 0xa0};
        seen.tlb.after[way] = (struct pair){0xb0, 0xb0};
    }
    return seen;
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    const struct observation shootdown = sound_shootdown(), tlb = sound_tlb();
    assert_passes(judge_shootdown, &shootdown);
    assert_passes(judge_tlb, &tlb);
}

static void what_is_not_offered_is_a_skip(void **state)
{
    (void)state;
    struct observation seen = sound_tlb();
    struct words words;
    seen.tlb.unasked = UNASKED_NOT_OFFERED;
    assert_int_equal(judge_tlb(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "the CPU does not offer it");
    seen = sound_shootdown();
    seen.shootdown.unasked = UNASKED_NOT_MET;
    assert_int_equal(judge_shootdown(&seen, &words), VERDICT_SKIP);
}

/* Who did not come to the next round does not make good what was wrong in this one. */
static void a_missed_meeting_hides_no_stale_page(void **state)
{
    (void)state;
    struct observation seen = sound_shootdown();
    seen.shootdown.unasked = UNASKED_NOT_MET;
    seen.shootdown.after.seen = 1;
    assert_fails(judge_shootdown, &seen, "round 2: word 0x2", "round 2: word 0x1", "mapped before");
    seen = sound_shootdown();
    seen.shootdown.unasked = UNASKED_NOT_MET;
    seen.shootdown.shots.seen = 2;
    assert_fails(judge_shootdown, &seen, "shootdown IPIs 0x3", "shootdown IPIs 0x2", "lost");
}

static void each_number_of_a_shootdown_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_shootdown();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, shootdown.before), "round 2: word", "came late"},
        {offsetof(struct observation, shootdown.shots), "shootdown IPIs", "lost or doubled"},
        {offsetof(struct observation, shootdown.after), "round 2: word", "mapped before"},
    };
    assert_each_pair_fails(judge_shootdown, &sound, pairs, 3);
}

static void each_way_is_judged_where_it_was_tried(void **state)
{
    (void)state;
    for (unsigned way = 0; way < TLB_WAYS; way++) {
        struct observation seen = sound_tlb();
        struct words words;
        seen.tlb.after[way].seen = 0xa0;
        assert_int_equal(judge_tlb(&seen, &words), VERDICT_FAIL);
        assert_holds(words.seen, "word after ");
        assert_holds(words.seen, "0xa0");
        assert_holds(words.means, "what must flush");
        seen.tlb.tried &= ~(1u << way);
        assert_passes(judge_tlb, &seen);
    }
}

/* A page that was wrong before may well be right after, and proves nothing then. */
static void what_each_way_begins_with_is_judged_first(void **state)
{
    (void)state;
    for (unsigned way = 0; way < TLB_WAYS; way++) {
        struct observation seen = sound_tlb();
        struct words words;
        seen.tlb.before[way].seen = 0xb0;
        assert_int_equal(judge_tlb(&seen, &words), VERDICT_FAIL);
        assert_holds(words.expected, "word before ");
        assert_holds(words.expected, "0xa0");
        assert_holds(words.seen, "0xb0");
        assert_holds(words.means, "with which this begins");
        seen.tlb.after[way].seen = 0xa0;
        assert_int_equal(judge_tlb(&seen, &words), VERDICT_FAIL);
        assert_holds(words.expected, "word before ");
        seen.tlb.tried &= ~(1u << way);
        assert_passes(judge_tlb, &seen);
    }
}

/* No way's name is cut off. */
static void the_longest_name_is_whole(void **state)
{
    (void)state;
    struct observation seen = sound_tlb();
    seen.tlb.before[TLB_PCID_INVLPG_GLOBAL].seen = 0xb0;
    assert_fails(judge_tlb, &seen, "word before INVLPG of a global page with CR4.PCIDE set 0xa0",
                 "word before INVLPG of a global page with CR4.PCIDE set 0xb0", "forget");
}

static void what_is_not_put_back_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_tlb();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, tlb.cr3), "CR3", "not put back"},
        {offsetof(struct observation, tlb.cr4), "CR4", "not put back"},
    };
    assert_each_pair_fails(judge_tlb, &sound, pairs, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(what_is_not_offered_is_a_skip),
        cmocka_unit_test(a_missed_meeting_hides_no_stale_page),
        cmocka_unit_test(each_number_of_a_shootdown_is_judged),
        cmocka_unit_test(each_way_is_judged_where_it_was_tried),
        cmocka_unit_test(what_each_way_begins_with_is_judged_first),
        cmocka_unit_test(the_longest_name_is_whole),
        cmocka_unit_test(what_is_not_put_back_is_judged),
    };
    return RUN(tests);
}
