#include "unit.h"

#include <muster/stage.h>

/* In the order a CPU goes through them; reports and --break depend on these words. */
static const char *const ids[] = {"init-sent", "sipi-sent", "real-mode", "protected-mode",
                                  "long-mode", "stack",     "gdt",       "tss",
                                  "idt",       "gs",        "apic",      "online"};
enum { IDS = sizeof(ids) / sizeof(ids[0]) };

static void ids_are_stable_and_in_order(void **state)
{
    (void)state;
    assert_int_equal(IDS, STAGE_COUNT - 1);
    for (uint32_t i = 0; i < IDS; i++) {
        assert_string_equal(stage_id(STAGE_INIT_SENT + i), ids[i]);
        assert_int_equal(stage_find(ids[i]), STAGE_INIT_SENT + i);
    }
    assert_string_equal(stage_id(STAGE_NONE), "none");
}

static void each_stage_has_a_sentence_of_its_own(void **state)
{
    (void)state;
    for (uint32_t a = 0; a < STAGE_COUNT; a++) {
        assert_true(strlen(stage_sentence(a)) > 8);
        for (uint32_t b = 0; b < a; b++) {
            assert_string_not_equal(stage_sentence(a), stage_sentence(b));
        }
    }
    assert_string_equal(stage_sentence(STAGE_PROTECTED_MODE),
                        "reached 32-bit mode; was turning paging on");
}

/* The number comes from memory that a CPU gone astray may have written. */
static void numbers_out_of_range_are_told(void **state)
{
    (void)state;
    const uint32_t beyond[] = {STAGE_COUNT, STAGE_COUNT + 1, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
        assert_string_equal(stage_id(beyond[i]), "none");
        assert_string_equal(stage_sentence(beyond[i]), "stored a stage that does not exist");
    }
}

/* "none" is no stage that --break could plant. */
static void only_whole_ids_are_found(void **state)
{
    (void)state;
    const char *const none[] = {"", "none", "gd", "gdtx", "GDT", " gdt", "up.gdt", "real_mode"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_int_equal(stage_find(none[i]), STAGE_NONE);
    }
}

static void two_attempts_are_told_where_they_differ(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
        const char *words;
    } ways[] = {
        {STAGE_NONE, STAGE_GDT, "stage gdt"},
        {STAGE_GDT, STAGE_GDT, "stage gdt"},
        {STAGE_GDT, STAGE_SIPI_SENT, "first stage gdt, then stage sipi-sent"},
    };
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        char buffer[64];
        struct text text;
        text_init(&text, buffer, sizeof(buffer));
        stage_print(&text, ways[i].first, ways[i].last);
        assert_string_equal(buffer, ways[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_stable_and_in_order),
        cmocka_unit_test(each_stage_has_a_sentence_of_its_own),
        cmocka_unit_test(numbers_out_of_range_are_told),
        cmocka_unit_test(only_whole_ids_are_found),
        cmocka_unit_test(two_attempts_are_told_where_they_differ),
    };
    return RUN(tests);
}
