/* How numbers, strings and CPU sets stand in a record's stream: written and read with bounds. */
#ifndef SRC_RECORD_BYTES_H
#define SRC_RECORD_BYTES_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>

enum { ITEM_HEADER = 3 }; /* tag, and 16 bits of length */

/* The items of a stream. Their numbers stand in variables of machines far away: never reused. So
 * do those of stages, verdicts, SMBIOS names, levels of topology and uses of time: new ones come
 * behind. */
enum record_tag {
    ITEM_RUN = 1,
    ITEM_PROGRESS,
    ITEM_PLAN,
    ITEM_DETAIL,
    ITEM_FINDING,
    ITEM_LOST,
    ITEM_DF,
    ITEM_IDS,
    ITEM_ARRIVALS,
    ITEM_END,
    ITEM_OPTIONS,
    ITEM_IDENTITY,
    ITEM_INVENTORY,
    ITEM_INVENTORY_ROWS,
    ITEM_ASLEEP_ROWS,
    ITEM_TOPOLOGY_ROWS,
    ITEM_STAGES,
    ITEM_STATES,
    ITEM_TIMES,
    ITEM_SPENT,
    ITEM_SELF_TEST,
    ITEM_MISS,
};

/* The first byte of ITEM_PROGRESS. */
enum { PROGRESS_ENDED = 1, PROGRESS_LAST_MARK = 2 };

struct record_writer {
    uint8_t *at;
    uint32_t size, length;
    uint32_t item; /* where the open item begins */
    bool cut;      /* the open item does not fit */
};

void write_u8(struct record_writer *to, uint32_t value);
/* 7 bits a byte, the lowest first; 0x80: more follow. */
void write_number(struct record_writer *to, uint64_t value);
/* At most 255 bytes; longer ones are cut. */
void write_string(struct record_writer *to, const char *string);
void write_cpus(struct record_writer *to, const struct cpuset *set);
void item_begin(struct record_writer *to, enum record_tag tag);
/* False when the item did not fit: then the stream is as it was before item_begin(). */
bool item_end(struct record_writer *to);

struct record_reader {
    const uint8_t *at;
    uint32_t left;
    bool bad; /* something was read beyond the end, or makes no sense: what follows is 0 */
};

uint32_t read_u8(struct record_reader *from);
uint64_t read_number(struct record_reader *from);
/* A number of at most `most`; a larger one is bad, and 0. */
uint32_t read_below(struct record_reader *from, uint32_t most);
/* What is not printable ASCII becomes '?'; what does not fit into `size` is cut. */
void read_string(struct record_reader *from, char *ret, uint32_t size);
/* The bytes as they are, for those that are told escaped. */
void read_bytes(struct record_reader *from, char *ret, uint32_t size);
void read_cpus(struct record_reader *from, struct cpuset *ret);
/* The next whole item; false at the end or where an item runs past it. */
bool item_next(struct record_reader *from, enum record_tag *ret_tag,
               struct record_reader *ret_item);

#endif
