#include "unit.h"

#include <muster/descriptor.h>
#include <muster/judge_df.h>
#include <muster/tap.h>

#include "../../src/screen_parts.h"

/* SDM vol. 3A, table 6-4, written down once more. */
static void classes_are_the_manuals(void **state)
{
    (void)state;
    static const uint8_t contributory[] = {0, 10, 11, 12, 13, 21}, page_fault[] = {14, 20};
    for (uint32_t vector = 0; vector < 256; vector++) {
        enum exception_class want = CLASS_BENIGN;
        want = memchr(contributory, (int)vector, sizeof(contributory)) ? CLASS_CONTRIBUTORY : want;
        want = memchr(page_fault, (int)vector, sizeof(page_fault)) ? CLASS_PAGE_FAULT : want;
        assert_int_equal(exception_class(vector), want);
    }
}

/* Table 6-5. */
static void pairs_are_the_manuals(void **state)
{
    (void)state;
    for (uint32_t first = 0; first < 256; first++) {
        for (uint32_t second = 0; second < 256; second++) {
            enum exception_class one = exception_class(first), two = exception_class(second);
            bool want = (one == CLASS_CONTRIBUTORY && two == CLASS_CONTRIBUTORY) ||
                        (one == CLASS_PAGE_FAULT && two != CLASS_BENIGN);
            assert_int_equal(double_fault(first, second), want);
        }
    }
}

/* Every class is a first and a second; #DE alone is no second. */
static void the_table_is_whole(void **state)
{
    (void)state;
    uint32_t firsts = 0, seconds = 0;
    for (enum df_first first = 0; first < FIRST_COUNT; first++)
        firsts |= 1u << df_first_vector(first);
    for (enum df_how how = 0; how < HOW_COUNT; how++) {
        seconds |= 1u << df_how_vector(how);
        assert_int_equal(df_column_vector(df_column_of(how)), df_how_vector(how));
        assert_true(strlen(df_how_words(how)) > 0);
    }
    const uint32_t delivered = 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14;
    assert_int_equal(firsts, delivered | 1u << VECTOR_DE | 1u << VECTOR_UD | 1u << VECTOR_BP |
                                 1u << VECTOR_NM);
    assert_int_equal(seconds, delivered | 1u << VECTOR_NMI);
}

/* What takes the higher gates away is only for pairs that need none of them. */
static void gates_stay_within_reach(void **state)
{
    (void)state;
    for (enum df_first first = 0; first < FIRST_COUNT; first++) {
        uint32_t vector = df_first_vector(first);
        for (enum df_how how = 0; how < HOW_COUNT; how++) {
            bool far = how == HOW_GP_LIMIT || how == HOW_PF_IDT;
            bool doubles = double_fault(vector, df_how_vector(how));
            bool within = far ? doubles && vector > VECTOR_DF : true;
            bool sendable = how != HOW_NMI || first < FIRST_USER;
            assert_int_equal(df_possible(first, how), within && sendable);
        }
    }
    assert_true(df_possible(FIRST_PF, HOW_PF_IDT));
    assert_true(df_possible(FIRST_GP, HOW_GP_LIMIT));
    assert_false(df_possible(FIRST_GP, HOW_PF_IDT));
    assert_false(df_possible(FIRST_DE, HOW_GP_LIMIT));
}

static void the_worst_stays(void **state)
{
    (void)state;
    struct df_table table = {{{0}}};
    struct obs_df seen = {.count = 1};
    uint8_t *at = &table.state[FIRST_DE][df_column_of(HOW_NP_GATE)];
    assert_true(df_table_empty(&table));
    seen.cells[0] = (struct df_cell){.first = FIRST_DE, .how = HOW_NP_GATE, .came = 1};
    df_table_add(&table, &seen);
    assert_int_equal(*at, DF_AS_WANTED);
    assert_false(df_table_empty(&table));
    seen.cells[0].came = 2;
    df_table_add(&table, &seen);
    assert_int_equal(*at, DF_WRONG);
    seen.cells[0] = (struct df_cell){
        .first = FIRST_DE, .how = HOW_NP_SEGMENT, .came = 1, .differs = 1, .deviates = true};
    df_table_add(&table, &seen);
    assert_int_equal(*at, DF_WRONG);
}

static void assert_cell(const struct df_table *table, enum df_first first, uint32_t column,
                        const char *want)
{
    char text[8];
    df_cell_text(table, first, column, text);
    assert_string_equal(text, want);
}

static void cells_are_told(void **state)
{
    (void)state;
    struct df_table table = {{{0}}};
    uint32_t np = df_column_of(HOW_NP_GATE), nmi = df_column_of(HOW_NMI);
    table.state[FIRST_DE][np] = DF_AS_WANTED;
    table.state[FIRST_UD][np] = DF_DEVIATES;
    table.state[FIRST_PF][nmi] = DF_WRONG;
    assert_cell(&table, FIRST_DE, np, "#DF");
    assert_cell(&table, FIRST_UD, np, "#NP~");
    assert_cell(&table, FIRST_PF, nmi, "NMI!");
    assert_cell(&table, FIRST_PF, np, "");
    assert_cell(&table, FIRST_PF, 0, "-");
}

/* --- where it is shown --------------------------------------------------------------------------
 */

static struct report report;

static void the_report_shows_it(void **state)
{
    (void)state;
    char buffer[TAP_TEXT_MAX];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    memset(&report, 0, sizeof(report));
    tap_df(&text, &report);
    assert_string_equal(buffer, "");
    memset(report.df.state, DF_AS_WANTED, sizeof(report.df.state));
    report.df.state[FIRST_UD][df_column_of(HOW_GP_NULL)] = DF_DEVIATES;
    tap_df(&text, &report);
    assert_non_null(
        strstr(buffer, "\n# df: #UD benign         -     #TS   #NP   #SS   #GP~  #PF   NMI  \n"));
    assert_non_null(
        strstr(buffer, "\n# df: #GP contributory   -     #DF   #DF   #DF   #DF   #PF   NMI  \n"));
    assert_non_null(
        strstr(buffer, "\n# df: #PF page fault     -     #DF   #DF   #DF   #DF   #DF   NMI  \n"));
    assert_non_null(
        strstr(buffer, "\n# df: #DE in ring 3      -     #DF   #DF   #DF   #DF   #PF   NMI  \n"));
    assert_int_equal(strncmp(buffer, "# df: ", 6), 0);
}

static void the_screen_shows_it(void **state)
{
    (void)state;
    static struct cell cells[16 * 40];
    struct screen screen = {40, 16, cells};
    struct pane pane = {&screen, 0, 0, 40, 10};
    memset(&report, 0, sizeof(report));
    assert_int_equal(df_rows(&report, 16), 0);
    memset(report.df.state, DF_AS_WANTED, sizeof(report.df.state));
    report.df.state[FIRST_UD][1] = DF_WRONG;
    report.df.state[FIRST_USER_PF][5] = DF_DEVIATES;
    assert_int_equal(df_rows(&report, 9), 0);
    assert_int_equal(df_rows(&report, 23), 10);
    assert_int_equal(df_rows(&report, 24), 16);
    df_draw(&pane, &report);
    assert_memory_equal(&cells[40].glyph, "#", 1); /* "#UD" begins the second row */
    assert_int_equal(cells[40 + 1].glyph, 'U');
    assert_int_equal(cells[40 + 10].glyph, '#'); /* its #TS */
    assert_int_equal(cells[40 + 10].ink, INK_FAIL);
    assert_int_equal(cells[40 + 13].glyph, '!');
    assert_int_equal(cells[80 + 10].ink, INK_TEXT);
    assert_int_equal(cells[400].glyph, 0);
    pane.rows = 16;
    df_draw(&pane, &report);
    assert_int_equal(cells[400].glyph, 'i'); /* "in ring 3:" */
    assert_int_equal(cells[440 + 1].glyph, 'U');
    assert_int_equal(cells[600 + 1].glyph, 'P');
    assert_int_equal(cells[600 + 30].glyph, '#');
    assert_int_equal(cells[600 + 30].ink, INK_WARN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_the_manuals), cmocka_unit_test(pairs_are_the_manuals),
        cmocka_unit_test(the_table_is_whole),      cmocka_unit_test(gates_stay_within_reach),
        cmocka_unit_test(the_worst_stays),         cmocka_unit_test(cells_are_told),
        cmocka_unit_test(the_report_shows_it),     cmocka_unit_test(the_screen_shows_it),
    };
    return RUN(tests);
}
