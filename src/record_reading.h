/* A record that is being read, and the readers of the items that tell of checks. */
#ifndef SRC_RECORD_READING_H
#define SRC_RECORD_READING_H

#include <muster/record.h>

#include "record_bytes.h"

struct reading {
    const struct catalogue *catalogue;
    struct record_contents *ret;
    bool final; /* the verdicts are those that the run came to its end with */
    uint8_t nibbles[CHECK_MAX];
    /* Checks before `settled` have their set of examined CPUs, or it is not known. */
    uint32_t settled;
    const struct cpuset *examined; /* that which was told last; NULL: not known */
    bool gap;                      /* others may have been told since */
    bool ended;                    /* ITEM_END was read */
};

void read_plan(struct reading *reading, struct record_reader *from);
void read_finding(struct reading *reading, struct record_reader *from);
void read_detail(struct reading *reading, struct record_reader *from);

/* Before the first ITEM_DETAIL of a stream that there is. */
void details_begin(struct reading *reading);
/* Behind the last: at the ITEM_OPTIONS of the stream. */
void details_end(struct reading *reading, const struct record_reader *options);

#endif
