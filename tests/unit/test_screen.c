#include "screens.h"

static void assert_every_cell_is_drawn(void)
{
    for (uint32_t n = 0; n < screen.columns * screen.rows; n++) {
        const struct cell *cell = &screen.cells[n];
        assert_true(cell->paper < INK_COUNT);
        if (cell->ink != CELL_DOTS) {
            assert_true(cell->glyph >= ' ' && cell->glyph <= '~');
            assert_true(cell->ink < INK_COUNT);
        }
    }
}

static void draw_with_table(uint32_t columns, uint32_t rows)
{
    draw_ended("pass", 4, columns, rows);
}

static void the_double_fault_table_has_its_place(void **state)
{
    (void)state;
    for (uint32_t columns = 40; columns <= 160; columns += 20) {
        for (uint32_t rows = 12; rows <= 70; rows++) {
            draw_with_table(columns, rows);
            assert_every_cell_is_drawn();
        }
    }
    draw_with_table(160, 50);
    assert_true(row_of("#PF  -    #DF! #DF! #DF! #DF! #DF! NMI!") > row_of("PASS 26 checks"));
    draw_with_table(80, 25);
    assert_int_equal(row_of("#DF!"), -1);
}

static void the_code_and_the_latencies_have_their_place(void **state)
{
    (void)state;
    draw("fail", 4, 160, 50);
    assert_int_not_equal(row_of("bring-up by CPU; slowest 1803 us, CPU 3"), -1);
    assert_int_equal(count_paper(INK_LIGHT) > 100, qr_offered());
    assert_int_equal(row_of("Verdict and failures,") != -1, qr_offered());
    draw("running", 4, 160, 50);
    assert_int_equal(count_paper(INK_LIGHT), 0);
    draw("fail", 4, 40, 12);
    assert_int_equal(count_paper(INK_LIGHT), 0);
}

static void any_run_fits_any_screen(void **state)
{
    (void)state;
    static const char *const names[] = {"waking",   "running", "fail", "lost",
                                        "packages", "error",   "many"};
    static const uint32_t sizes[][2] = {{40, 12},  {41, 13},  {64, 20},  {80, 25},
                                        {100, 37}, {160, 50}, {240, 67}, {480, 135}};
    static const uint32_t rolls[] = {1, 2, 5, 16, 17, 65, 255, 1000, 4096};
    for (unsigned name = 0; name < 7; name++) {
        for (unsigned size = 0; size < 8; size++) {
            for (unsigned roll = 0; roll < 9; roll++) {
                draw(names[name], rolls[roll], sizes[size][0], sizes[size][1]);
                assert_every_cell_is_drawn();
            }
        }
    }
}

static struct seats all_alike(uint32_t count)
{
    return (struct seats){count, count, NULL};
}

static void every_cpu_has_one_box_in_the_room(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= CPU_MAX; count += count < 300 ? 1 : 97) {
        for (uint32_t rows = 2; rows < 100; rows += 7) {
            struct grid grid;
            grid_lay_out(all_alike(count), 156, rows, &grid);
            assert_true(grid.across * grid.down * grid.cpus_per_box >= count);
            assert_true(grid.across * (grid.down - 1) * grid.cpus_per_box < count);
            assert_true(grid_rows(&grid) <= rows);
            assert_true(grid_box_left(&grid, grid.across - 1) + grid.box_columns <= 156);
        }
    }
}

static struct topology_row rows[CPU_MAX];
static uint32_t seats[CPU_MAX];
static struct topology topology = {.rows = rows, .seats = seats};

static void seat(uint32_t cpu, uint32_t package)
{
    rows[cpu] = (struct topology_row){.source = TOPOLOGY_BY_LEAF_B};
    rows[cpu].id[TOPOLOGY_PACKAGE] = package;
    rows[cpu].id[TOPOLOGY_CORE] = cpu;
    seats[topology.count++] = cpu;
    topology.known = topology.count;
}

/* Virtual machines like to have a package for each CPU. */
static void packages_share_rows_where_they_are_too_many(void **state)
{
    (void)state;
    for (uint32_t run = 1; run <= 64; run *= 2) {
        struct grid grid;
        topology.count = 0;
        while (topology.count < 64 * run) {
            seat(topology.count, topology.count / run);
        }
        grid_lay_out((struct seats){64 * run, run, &topology}, 63, 9, &grid);
        assert_true(grid_rows(&grid) <= 9);
        assert_true(grid.across * grid.down * grid.cpus_per_box >= 64 * run);
    }
}

/* Packages of one, three and two CPUs, whose neighbours by index sit apart. */
static void each_package_begins_a_row(void **state)
{
    (void)state;
    topology.count = 0;
    seat(2, 0);
    seat(0, 1);
    seat(3, 1);
    seat(5, 1);
    seat(1, 2);
    seat(4, 2);
    draw("pass", 6, 240, 67);
    assert_int_equal(row_of("CPU 5"), row_of("CPU 0"));
    sample.report.topology = &topology;
    screen_draw(&screen, &sample.model);
    assert_true(row_of("CPU 2") >= 0 && row_of("CPU 2") < row_of("CPU 0"));
    assert_true(row_of("CPU 0") < row_of("CPU 1"));
    assert_int_equal(row_of("CPU 3"), row_of("CPU 0"));
    assert_int_equal(row_of("CPU 5"), row_of("CPU 0"));
    assert_int_equal(row_of("CPU 4"), row_of("CPU 1"));
    assert_int_not_equal(row_of("APIC ID 10 p1 c5 t0"), -1);
    assert_int_not_equal(row_of("each package begins a row"), -1);
    assert_every_cell_is_drawn();
    topology.known = 0; /* before bring-up */
    screen_draw(&screen, &sample.model);
    assert_int_equal(row_of("CPU 5"), row_of("CPU 0"));
    assert_int_equal(row_of("each package begins a row"), -1);
}

/* Nobody else changes places when a CPU is lost, and it stands where it belongs. */
static void the_lost_stand_in_their_package(void **state)
{
    (void)state;
    static const uint32_t counts[] = {3, 16, 100, 1000};
    for (unsigned n = 0; n < 4; n++) {
        draw("packages", counts[n], 160, 50);
        struct seats all = seats_of(&sample.report);
        assert_int_equal(sample.topology.known, counts[n] - 1 - counts[n] / 64);
        assert_int_equal(all.most, (counts[n] + 2) / 3);
        assert_int_equal(seats_run(&all, 0), all.most);
        assert_int_not_equal(row_of("each package begins a row"), -1);
        assert_int_not_equal(row_of("LOST"), -1);
        assert_every_cell_is_drawn();
    }
    draw("packages", 16, 160, 50); /* CPU 8 is lost */
    assert_int_equal(row_of("CPU 8"), row_of("CPU 2"));
}

static void each_cpu_has_its_own_box_on_a_common_screen(void **state)
{
    (void)state;
    draw("running", 4096, 160, 50);
    assert_int_equal(row_of("a box is"), -1);
    draw("running", 4096, 100, 37);
    assert_int_not_equal(row_of("a box is 4 CPUs and shows the worst"), -1);
}

static void the_running_check_is_told(void **state)
{
    (void)state;
    draw("running", 4, 160, 50);
    assert_int_not_equal(row_of("a push onto the guard page double-faults onto this"), -1);
    assert_int_not_equal(row_of("15 of 26 checks"), -1);
    assert_int_not_equal(row_of("> df.guard-page"), -1);
    assert_int_not_equal(row_of("no check has failed so far"), -1);
    assert_int_equal(count_paper(INK_FAIL), 0);
    assert_int_equal(count_paper(INK_BUSY) > 0, 1);
}

static void failures_are_told_in_words(void **state)
{
    (void)state;
    draw("fail", 4, 160, 50);
    assert_int_not_equal(row_of("2 checks failed"), -1);
    assert_int_not_equal(row_of("df.guard-page  CPU 2"), -1);
    assert_int_not_equal(row_of("TSS.IST1 of this CPU is not the stack muster installed"), -1);
    assert_int_not_equal(row_of("FAIL 2 of 26 checks; 4 CPUs; 412 ms"), -1);
    assert_int_not_equal(row_of("600 s. PS/2 or serial; USB keyboards are gone."), -1);
    assert_int_not_equal(row_of("planted defect: df.guard-page"), -1);
    assert_int_not_equal(row_of("! FAILED"), -1);
}

static void the_same_words_are_told_once(void **state)
{
    (void)state;
    char joined[32];
    draw("many", 4096, 160, 50);
    snprintf(joined, sizeof(joined), "tss.ist  CPUs 0-%d", FINDING_MAX - 1);
    assert_int_not_equal(row_of(joined), -1);
}

/* What a check that passes remarks does not stand for what it found. */
static void a_deviation_is_named_beside_a_remark(void **state)
{
    (void)state;
    draw("deviation", 4, 160, 50);
    for (uint32_t n = 0; n < CHECKS; n++) {
        if (sample.report.results[n].verdict == VERDICT_DEVIATION) {
            strcpy(sample.report.results[n].note, "8 variable");
        }
    }
    screen_draw(&screen, &sample.model);
    int row = row_of("df.benign  known deviation");
    assert_int_not_equal(row, -1);
    assert_int_equal(row_of("known deviation of QEMU TCG: it multiplies"), row + 1);
    assert_int_equal(row_of("8 variable"), -1);
}

static void a_lost_cpu_is_told_with_its_stage(void **state)
{
    (void)state;
    draw("lost", 4, 160, 50);
    assert_int_not_equal(row_of("X LOST"), -1);
    assert_int_not_equal(row_of("at protected-mode"), -1);
    assert_int_not_equal(row_of("1 LOST"), -1);
    assert_int_not_equal(row_of("3 passed"), -1);
}

/* The letters are solid blocks of the verdict's colour, and no other verdict's colour is there. */
static void the_verdict_stands_in_large_letters(void **state)
{
    (void)state;
    draw("pass", 4, 160, 50);
    assert_true(count_paper(INK_PASS) > 1000);
    assert_int_equal(count_paper(INK_FAIL), 0);
    draw("fail", 4, 160, 50);
    assert_true(count_paper(INK_FAIL) > 500);
    draw("fail", 4096, 160, 50);
    assert_true(count_paper(INK_FAIL) > 100);
    draw("fail", 4, 40, 12);
    assert_true(count_paper(INK_FAIL) > 50);
    draw("error", 4, 160, 50);
    assert_true(count_paper(INK_WARN) > 400);
}

static void looks_differ_in_glyph_and_paper(void **state)
{
    (void)state;
    uint8_t glyphs[LOOK_LOST + 1], papers[LOOK_LOST + 1];
    draw("running", 7, 480, 135);
    for (uint8_t look = LOOK_ASLEEP; look <= LOOK_LOST; look++) {
        sample.looks[look] = look;
    }
    screen_draw(&screen, &sample.model);
    int row = row_of("CPU 0");
    struct grid grid;
    grid_lay_out(all_alike(7), 476, 100, &grid);
    for (uint32_t look = LOOK_ASLEEP; look <= LOOK_LOST; look++) {
        const struct cell *cell = cell_at(4 + grid_box_left(&grid, look), (uint32_t)row + 1);
        glyphs[look] = cell->glyph;
        papers[look] = cell->paper;
        for (uint32_t other = 0; other < look; other++) {
            assert_int_not_equal(glyphs[other], glyphs[look]);
            assert_int_not_equal(papers[other], papers[look]);
        }
    }
}

static void looks_out_of_range_do_no_harm(void **state)
{
    (void)state;
    draw("running", 4096, 160, 50);
    memset(sample.looks, 0xff, sizeof(sample.looks));
    screen_draw(&screen, &sample.model);
    assert_every_cell_is_drawn();
}

static void text_wraps_at_words(void **state)
{
    (void)state;
    struct cell cells[10 * 4];
    struct screen small = {10, 4, cells};
    struct pane pane = {&small, 0, 0, 10, 4};
    pane_fill(&pane, INK_BACKGROUND);
    assert_int_equal(pane_wrap(&pane, 0, 4, INK_TEXT, "a wordlongerthanaline  b 1234567890"), 4);
    assert_int_equal(pane_wrap_rows(&pane, "a wordlongerthanaline  b 1234567890"), 5);
    assert_int_equal(cells[0].glyph, 'a');
    assert_int_equal(cells[1].glyph, ' ');
    assert_int_equal(cells[10].glyph, 'w');
    assert_int_equal(cells[30].glyph, 'b');
    assert_int_equal(pane_wrap_rows(&pane, ""), 0);
    assert_int_equal(pane_wrap_rows(&pane, "0123456789"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_and_the_latencies_have_their_place),
        cmocka_unit_test(packages_share_rows_where_they_are_too_many),
        cmocka_unit_test(each_package_begins_a_row),
        cmocka_unit_test(the_lost_stand_in_their_package),
        cmocka_unit_test(any_run_fits_any_screen),
        cmocka_unit_test(the_double_fault_table_has_its_place),
        cmocka_unit_test(every_cpu_has_one_box_in_the_room),
        cmocka_unit_test(each_cpu_has_its_own_box_on_a_common_screen),
        cmocka_unit_test(the_running_check_is_told),
        cmocka_unit_test(failures_are_told_in_words),
        cmocka_unit_test(the_same_words_are_told_once),
        cmocka_unit_test(a_deviation_is_named_beside_a_remark),
        cmocka_unit_test(a_lost_cpu_is_told_with_its_stage),
        cmocka_unit_test(the_verdict_stands_in_large_letters),
        cmocka_unit_test(looks_differ_in_glyph_and_paper),
        cmocka_unit_test(looks_out_of_range_do_no_harm),
        cmocka_unit_test(text_wraps_at_words),
    };
    return RUN(tests);
}
