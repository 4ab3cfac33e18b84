/* What --self-test found, in a record: one item for all plantings, and one for the words of each
 * that was missed. */
#ifndef SRC_RECORD_SELF_TEST_H
#define SRC_RECORD_SELF_TEST_H

#include "record_reading.h"

/* How many items found no room. */
uint32_t self_test_write(struct record_writer *to, const struct report *report);

void read_self_test(struct reading *reading, struct record_reader *from);
void read_miss(struct reading *reading, struct record_reader *from);

#endif
