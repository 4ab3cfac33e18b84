/* What a record keeps for the document alone: the options, what firmware said of the machine and
 * its CPUs, what the checks took, how each CPU came, and what it was handed over with. */
#ifndef SRC_RECORD_DETAILS_H
#define SRC_RECORD_DETAILS_H

#include <muster/record.h>

#include "record_bytes.h"

/* The columns of the tables; new ones would need another tag. */
enum { INVENTORY_COLUMNS = 6, ASLEEP_COLUMNS = 4, TOPOLOGY_COLUMNS = TOPOLOGY_LEVELS + 4 };

/* A checksum of the names that slots of struct state_record have in this program. */
uint32_t details_state_names(void);

/* The item of the options, which ends those of checks; false where it did not fit. */
bool details_write_options(struct record_writer *to, const struct options *options, bool gap);

/* The rest of them, what can be spared last. Returns how many items did not fit. */
uint32_t details_write(struct record_writer *to, const struct handoff *handoff,
                       const struct report *report);

/* Reads an item into `ret`, and passes over those that are none of these. */
void details_read(struct record_contents *ret, enum record_tag tag, struct record_reader *from);

#endif
