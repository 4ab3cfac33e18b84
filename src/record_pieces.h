/* A piece of a stream as it lies in one variable. */
#ifndef SRC_RECORD_PIECES_H
#define SRC_RECORD_PIECES_H

#include <muster/record.h>

struct record_piece {
    const uint8_t *part;
    uint32_t run_id;
    uint16_t length;
    uint16_t first;       /* where in `part` the first item begins */
    uint8_t index, count; /* count: pieces of the result in all; 1 for the mark */
};

enum piece_state { PIECE_SOUND, PIECE_DAMAGED, PIECE_OF_ANOTHER_VERSION };

/* Whether the variable holds a sound piece, which goes to `ret`; or the version of another. */
enum piece_state piece_read(const uint8_t *bytes, uint32_t size, struct record_piece *ret,
                            uint32_t *ret_version);

#endif
