/* Rows of numbers in a record. CPUs are listed in an order that firmware makes, so most rows go on
 * as those before them began: only the others are written out.
 *
 *   run      how many rows are as foreseen, then one row that is not, cell by cell; and so on
 *   foreseen each cell goes on from the row two before it as that one did from the row four before:
 *            counts, what two threads have in common, and which thread it is */
#ifndef SRC_RECORD_TABLE_H
#define SRC_RECORD_TABLE_H

#include "record_bytes.h"

enum { TABLE_COLUMNS_MAX = 12 };

/* Fills in the `columns` cells of a row. */
typedef void table_get(const void *context, uint32_t row, uint32_t *ret_cells);
typedef void table_set(void *context, uint32_t row, const uint32_t *cells);

/* `count` rows from `first` on. */
void table_write(struct record_writer *to, uint32_t columns, uint32_t first, uint32_t count,
                 table_get *get, const void *context);
/* Hands over the rows one by one, as far as they make sense. */
void table_read(struct record_reader *from, uint32_t columns, uint32_t first, uint32_t count,
                table_set *set, void *context);

#endif
