#include "crowds.h"

#include <muster/judge_msr.h>
#include <muster/mca.h>

#include "judged.h"

enum { CPUS = 6 };

static struct observation seen[CPUS];

static int fresh(void **state)
{
    (void)state;
    memset(seen, 0, sizeof(seen));
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n] = (struct observation){.made = true, .mca = {.offered = true, .cap = 0x100010a}};
    }
    return 0;
}

static const struct mca_leftover lost = {
    .bank = 3,
    .has_address = true,
    .status = MCI_STATUS_VAL | MCI_STATUS_UC | MCI_STATUS_EN | MCI_STATUS_ADDRV | MCI_STATUS_PCC |
              MCI_STATUS_OVER | 0x1091,
    .address = UINT64_C(0xfffff12345000),
};

static const struct mca_leftover mended = {.bank = 1,
                                           .status = MCI_STATUS_VAL | MCI_STATUS_EN | 0x136};

static void equal_banks_pass(void **state)
{
    (void)state;
    seen[3].mca.status = 1;
    seen[3].mca.enabled = 0x3ff;
    assert_int_equal(keeper_judge(judge_mca_banks, seen, CPUS).count, 0);
    seen[4].mca.kind = seen[5].mca.kind = 0x20; /* cores of another type may have others */
    seen[4].mca.cap = seen[5].mca.cap = 0x108;
    assert_int_equal(keeper_judge(judge_mca_banks, seen, CPUS).count, 0);
}

static void amd_counts_its_banks_cpu_by_cpu(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].mca.amd = true;
    }
    seen[2].mca.cap = 0x100010b;
    assert_int_equal(keeper_judge(judge_mca_banks, seen, CPUS).count, 0);
    seen[3].mca.cap ^= MCG_CAP_CTL;
    assert_int_equal(keeper_judge(judge_mca_banks, seen, CPUS).count, 1);
}

static void banks_that_cannot_be_read_are_told(void **state)
{
    (void)state;
    struct words words = {0};
    seen[0].mca.blind = 3;
    assert_int_equal(judge_mca_leftover(&seen[0], &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "MCi_STATUS of 3 banks raises #GP");
}

static void other_banks_are_told(void **state)
{
    (void)state;
    seen[2].mca.cap = 0x100010b;
    seen[4].mca.offered = false;
    seen[5].mca.unread = true;
    struct keeper keeper = keeper_judge(judge_mca_banks, seen, CPUS);
    assert_int_equal(keeper.count, 3);
    assert_told(&keeper.told[0], VERDICT_FAIL, "2");
    assert_string_equal(keeper.told[0].words.expected,
                        "10 banks, MCG_CAP 0x100010a, as on 3 of 6 CPUs");
    assert_string_equal(keeper.told[0].words.seen, "11 banks, MCG_CAP 0x100010b");
    assert_string_equal(keeper.told[1].words.seen, "no machine-check architecture");
    assert_string_equal(keeper.told[2].words.seen, "MCG_CAP raises #GP");
}

static void without_the_architecture_nobody_is_asked(void **state)
{
    (void)state;
    struct words words = {0};
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].mca.offered = false;
    }
    struct keeper keeper = keeper_judge(judge_mca_banks, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0-5");
    assert_int_equal(judge_mca_status(&seen[0], &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "the CPU offers no machine-check architecture");
    assert_int_equal(judge_mca_leftover(&seen[0], &words), VERDICT_SKIP);
    seen[0].mca.offered = true;
    seen[0].mca.cap = 0x100;
    assert_int_equal(judge_mca_leftover(&seen[0], &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "MCG_CAP tells of no machine-check banks");
}

static void promised_and_not_there_is_not_asked(void **state)
{
    (void)state;
    struct words words = {0};
    seen[0].mca.unread = true;
    assert_int_equal(judge_mca_status(&seen[0], &words), VERDICT_SKIP);
    assert_int_equal(judge_mca_leftover(&seen[0], &words), VERDICT_SKIP);
    assert_holds(words.seen, "raise #GP");
    struct keeper keeper = keeper_judge(judge_mca_banks, seen, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
    assert_int_equal(keeper_judge(judge_mca_banks, seen, 0).count, 0);
}

static void a_machine_check_in_progress_fails(void **state)
{
    (void)state;
    seen[0].mca.status = 3; /* what an older one left is nothing */
    assert_passes(judge_mca_status, &seen[0]);
    seen[0].mca.status = 5;
    assert_fails(judge_mca_status, &seen[0], "MCG_STATUS.MCIP clear", "MCG_STATUS 0x5: MCIP set",
                 "shuts it down");
}

static void an_uncorrected_error_fails_with_its_words(void **state)
{
    (void)state;
    struct obs_mca *mca = &seen[0].mca;
    assert_passes(judge_mca_leftover, &seen[0]);
    mca_keep(mca, &mended);
    assert_passes(judge_mca_leftover, &seen[0]);
    mca_keep(mca, &lost);
    assert_fails(judge_mca_leftover, &seen[0],
                 "no bank that holds an error which was not corrected",
                 "bank 3: uncorrected, context corrupt, more were overwritten: memory controller, "
                 "read, channel 1; address 0xfffff12345000 (status 0xf600000000001091); 2 banks in "
                 "all",
                 "logs it at boot");
}

static void a_deferred_error_fails_where_there_are_such(void **state)
{
    (void)state;
    const struct mca_leftover deferred = {.bank = 17,
                                          .has_misc = true,
                                          .misc = 7,
                                          .status = MCI_STATUS_VAL | MCI_STATUS_DEFERRED |
                                                    MCI_STATUS_EN | 0x10};
    mca_keep(&seen[0].mca, &deferred);
    assert_passes(judge_mca_leftover, &seen[0]);
    seen[0].mca.amd = true;
    assert_fails(judge_mca_leftover, &seen[0],
                 "no bank that holds an error which was not corrected",
                 "bank 17: deferred: L0 instruction TLB; misc 0x7 (status 0x9000100000000010)",
                 "hardware error");
}

/* However many came before it. */
static void the_gravest_are_kept(void **state)
{
    (void)state;
    struct obs_mca *mca = &seen[0].mca;
    for (uint32_t n = 0; n < 20; n++) {
        mca_keep(mca, &mended);
    }
    assert_passes(judge_mca_leftover, &seen[0]);
    for (uint32_t n = 0; n < 20; n++) {
        mca_keep(mca, &lost);
    }
    assert_int_equal(mca->leftovers, 40);
    for (uint32_t n = 0; n < MCA_KEPT; n++) {
        assert_int_equal(mca->kept[n].bank, 3);
    }
}

/* The longest there is still ends within its room. */
static void the_longest_words_fit(void **state)
{
    (void)state;
    struct words words = {0};
    const struct mca_leftover longest = {
        .bank = 255,
        .has_address = true,
        .has_misc = true,
        .status = (UINT64_MAX & ~(MCI_STATUS_EN | UINT64_C(0xffff))) | 0x0b5b,
        .address = UINT64_MAX,
        .misc = UINT64_MAX,
    };
    mca_keep(&seen[0].mca, &longest);
    assert_int_equal(judge_mca_leftover(&seen[0], &words), VERDICT_FAIL);
    assert_holds(words.seen, "timed out");
    assert_true(strlen(words.seen) < sizeof(words.seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(equal_banks_pass, fresh),
        cmocka_unit_test_setup(other_banks_are_told, fresh),
        cmocka_unit_test_setup(amd_counts_its_banks_cpu_by_cpu, fresh),
        cmocka_unit_test_setup(banks_that_cannot_be_read_are_told, fresh),
        cmocka_unit_test_setup(without_the_architecture_nobody_is_asked, fresh),
        cmocka_unit_test_setup(promised_and_not_there_is_not_asked, fresh),
        cmocka_unit_test_setup(a_machine_check_in_progress_fails, fresh),
        cmocka_unit_test_setup(an_uncorrected_error_fails_with_its_words, fresh),
        cmocka_unit_test_setup(a_deferred_error_fails_where_there_are_such, fresh),
        cmocka_unit_test_setup(the_gravest_are_kept, fresh),
        cmocka_unit_test_setup(the_longest_words_fit, fresh),
    };
    return RUN(tests);
}
