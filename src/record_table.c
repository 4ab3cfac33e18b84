#include "record_table.h"

#include <muster/memory.h>

enum { ROWS_BACK = 4 };

/* The rows before the one that is looked at, the last one first; before the first they are 0. */
struct table_past {
    uint32_t cells[ROWS_BACK][TABLE_COLUMNS_MAX];
};

static void foresee(const struct table_past *past, uint32_t columns, uint32_t *ret)
{
    for (uint32_t n = 0; n < columns; n++) {
        ret[n] = 2 * past->cells[1][n] - past->cells[3][n];
    }
}

static void move_on(struct table_past *past, uint32_t columns, const uint32_t *cells)
{
    memmove(past->cells[1], past->cells[0], sizeof(past->cells) - sizeof(past->cells[0]));
    memcpy(past->cells[0], cells, columns * sizeof(*cells));
}

/* So that CPU_NONE, which stands for what nobody knows, takes one byte. */
static void write_cells(struct record_writer *to, uint32_t columns, const uint32_t *cells)
{
    for (uint32_t n = 0; n < columns; n++) {
        write_number(to, cells[n] + UINT32_C(1));
    }
}

void table_write(struct record_writer *to, uint32_t columns, uint32_t first, uint32_t count,
                 table_get *get, const void *context)
{
    struct table_past past = {0};
    uint32_t run = 0;
    for (uint32_t row = first; row < first + count; row++) {
        uint32_t foreseen[TABLE_COLUMNS_MAX] = {0}, cells[TABLE_COLUMNS_MAX] = {0};
        foresee(&past, columns, foreseen);
        get(context, row, cells);
        move_on(&past, columns, cells);
        if (memcmp(cells, foreseen, sizeof(cells)) == 0) {
            run++;
            continue;
        }
        write_number(to, run);
        write_cells(to, columns, cells);
        run = 0;
    }
    if (run > 0) {
        write_number(to, run);
    }
}

static void read_cells(struct record_reader *from, uint32_t columns, uint32_t *ret)
{
    for (uint32_t n = 0; n < columns; n++) {
        ret[n] = read_below(from, UINT32_MAX) - UINT32_C(1);
    }
}

void table_read(struct record_reader *from, uint32_t columns, uint32_t first, uint32_t count,
                table_set *set, void *context)
{
    struct table_past past = {0};
    uint32_t run = count > 0 ? read_below(from, count) : 0;
    for (uint32_t row = first; row < first + count && !from->bad; row++) {
        uint32_t cells[TABLE_COLUMNS_MAX] = {0};
        const bool told = run == 0;
        if (told) {
            read_cells(from, columns, cells);
        } else {
            foresee(&past, columns, cells);
            run--;
        }
        if (from->bad) {
            return;
        }
        set(context, row, cells);
        move_on(&past, columns, cells);
        if (told && row + 1 < first + count) {
            run = read_below(from, first + count - row - 1);
        }
    }
}
