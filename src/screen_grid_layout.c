/* Which boxes for how many CPUs: as large as the room allows, down to one cell for several CPUs. */
#include "screen_parts.h"

/* Box widths that grow with the digits of the largest index say how many cells go beside them. */
struct shape {
    uint8_t columns, beside_digits; /* one of them is 0 */
    uint8_t rows, gap_columns, gap_rows;
    uint8_t share; /* percent of the room it may take */
};

static const struct shape shapes[] = {
    {24, 0, 6, 2, 1, 60}, /* index, word, APIC ID, time */
    {14, 0, 4, 2, 1, 62}, /* index and word, with a margin */
    {10, 0, 2, 2, 1, 62}, /* index and word */
    {8, 0, 2, 1, 1, 70},  /* the same, closer */
    {0, 4, 1, 1, 1, 75},  /* index and glyph */
    {0, 4, 1, 1, 0, 80},  {0, 1, 1, 1, 0, 85},
};

/* Glyphs alone, in groups of eight, each row labelled with its first index. */
static const struct shape dense_shapes[] = {
    {2, 0, 1, 1, 1, 90},
    {2, 0, 1, 1, 0, 90},
    {2, 0, 1, 0, 0, 90},
    {1, 0, 1, 0, 0, 100},
};

enum { DENSE_GROUP = 8 };

static uint32_t digits_of(uint32_t value)
{
    uint32_t digits = 1;
    while (value >= 10) {
        value /= 10;
        digits++;
    }
    return digits;
}

static uint32_t divide_up(uint32_t value, uint32_t by)
{
    return (value + by - 1) / by;
}

static struct grid grid_of(const struct shape *shape, uint32_t count)
{
    uint32_t digits = digits_of(count - 1);
    return (struct grid){
        .box_columns = shape->beside_digits ? digits + shape->beside_digits : shape->columns,
        .box_rows = shape->rows,
        .gap_columns = shape->gap_columns,
        .gap_rows = shape->gap_rows,
        .cpus_per_box = 1,
    };
}

uint32_t grid_rows(const struct grid *grid)
{
    return grid->down * (grid->box_rows + grid->gap_rows) - grid->gap_rows;
}

uint32_t grid_box_left(const struct grid *grid, uint32_t n)
{
    uint32_t groups = grid->group ? n / grid->group : 0;
    return grid->label_columns + n * (grid->box_columns + grid->gap_columns) + groups;
}

static uint32_t columns_used(const struct grid *grid, uint32_t across)
{
    return grid_box_left(grid, across - 1) + grid->box_columns;
}

/* Puts the boxes of `seats` into rows of at most `across`, a package from a row's beginning; false
 * when they are too high for `rows`. */
static bool grid_fill(struct grid *grid, struct seats seats, uint32_t across, uint32_t rows)
{
    uint32_t boxes = divide_up(seats.most, grid->cpus_per_box);
    grid->seats = seats;
    grid->across = across < boxes ? across : boxes;
    grid->down = 0;
    for (uint32_t first = 0, run; grid->across > 0 && first < seats.count; first += run) {
        run = seats_run(&seats, first);
        grid->down += divide_up(run, grid->across * grid->cpus_per_box);
    }
    return grid->across > 0 && grid_rows(grid) <= rows;
}

/* A number of boxes a row that people can count in, unless one row is enough. */
static uint32_t across_round(uint32_t fit, uint32_t count)
{
    if (fit >= count) {
        return count;
    }
    return fit >= 16 ? fit & ~7u : fit >= 8 ? fit & ~3u : fit >= 2 ? fit & ~1u : fit;
}

static bool grid_indexed(const struct shape *shape, struct seats seats, uint32_t columns,
                         uint32_t rows, struct grid *ret)
{
    *ret = grid_of(shape, seats.count);
    uint32_t fit = (columns + ret->gap_columns) / (ret->box_columns + ret->gap_columns);
    return grid_fill(ret, seats, across_round(fit, seats.most), rows * shape->share / 100);
}

static bool grid_dense(const struct shape *shape, struct seats seats, uint32_t columns,
                       uint32_t rows, uint32_t cpus_per_box, struct grid *ret)
{
    *ret = grid_of(shape, seats.count);
    ret->group = DENSE_GROUP;
    ret->label_columns = digits_of(seats.count - 1) + 1;
    ret->cpus_per_box = cpus_per_box;
    uint32_t across = DENSE_GROUP;
    while (columns_used(ret, across * 2) <= columns) {
        across *= 2;
    }
    return grid_fill(ret, seats, across, rows * shape->share / 100);
}

static void grid_try(struct seats seats, uint32_t columns, uint32_t rows, struct grid *ret)
{
    for (uint32_t n = 0; n < sizeof(shapes) / sizeof(shapes[0]); n++) {
        if (grid_indexed(&shapes[n], seats, columns, rows, ret)) {
            return;
        }
    }
    enum { DENSE_COUNT = sizeof(dense_shapes) / sizeof(dense_shapes[0]) };
    for (uint32_t n = 0; n < DENSE_COUNT; n++) {
        if (grid_dense(&dense_shapes[n], seats, columns, rows, 1, ret)) {
            return;
        }
    }
    uint32_t cpus_per_box = 2;
    while (!grid_dense(&dense_shapes[DENSE_COUNT - 1], seats, columns, rows, cpus_per_box, ret) &&
           cpus_per_box < seats.most) {
        cpus_per_box *= 2;
    }
}

void grid_lay_out(struct seats seats, uint32_t columns, uint32_t rows, struct grid *ret)
{
    grid_try(seats, columns, rows, ret);
    if (grid_rows(ret) > rows && seats.most < seats.count) {
        seats.most = seats.count; /* more packages than rows: they follow one another */
        grid_try(seats, columns, rows, ret);
    }
}
