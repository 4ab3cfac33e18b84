#include "record_pieces.h"

#include <muster/bytes.h>
#include <muster/crc32.h>
#include <muster/memory.h>

#include "record_bytes.h"

/* A piece's header. The CRC is of all before it, and of the part behind it. Magic and version stay
 * where they are in every version to come. */
enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_INDEX = 5,
    AT_COUNT = 6,
    AT_RUN_ID = 8,
    AT_LENGTH = 12,
    AT_FIRST = 14,
    AT_CRC = 16,
};
#define MAGIC UINT32_C(0x4352534d) /* "MSRC" */

_Static_assert(AT_CRC + 4 == RECORD_HEADER, "the part of the stream begins behind the CRC");
_Static_assert(RECORD_PIECES - 1 <= UINT8_MAX, "index and count have a byte each");

static void put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, value);
    put_u16(at + 2, value >> 16);
}

static uint32_t piece_crc(const uint8_t *bytes, uint32_t length)
{
    return crc32_add(crc32_add(0, bytes, AT_CRC), bytes + RECORD_HEADER, length);
}

uint32_t record_pieces(uint32_t length, uint32_t piece)
{
    const uint32_t part = piece - RECORD_HEADER;
    return (length + part - 1) / part;
}

/* The first item that begins at or after `from`, counted from there. */
static uint32_t first_item(const uint8_t *stream, uint32_t length, uint32_t from)
{
    struct record_reader reader = {.at = stream, .left = length};
    enum record_tag tag;
    struct record_reader item;
    while (reader.at < stream + from && item_next(&reader, &tag, &item)) {
    }
    return (uint32_t)(reader.at - stream) - from;
}

uint32_t record_piece_make(uint8_t *ret, uint32_t piece, uint32_t index, uint32_t run_id,
                           const uint8_t *stream, uint32_t length)
{
    const uint32_t part = piece - RECORD_HEADER;
    const uint32_t from = index == 0 ? 0 : (index - 1) * part;
    const uint32_t size = length - from < part ? length - from : part;
    const uint32_t first = first_item(stream, length, from);
    memset(ret, 0, RECORD_HEADER);
    put_u32(ret + AT_MAGIC, MAGIC);
    ret[AT_VERSION] = RECORD_VERSION;
    ret[AT_INDEX] = (uint8_t)index;
    ret[AT_COUNT] = (uint8_t)record_pieces(length, piece);
    put_u32(ret + AT_RUN_ID, run_id);
    put_u16(ret + AT_LENGTH, size);
    put_u16(ret + AT_FIRST, first < size ? first : size);
    memcpy(ret + RECORD_HEADER, stream + from, size);
    put_u32(ret + AT_CRC, piece_crc(ret, size));
    return RECORD_HEADER + size;
}

enum piece_state piece_read(const uint8_t *bytes, uint32_t size, struct record_piece *ret,
                            uint32_t *ret_version)
{
    /* Versions count from 1: 0 stands for "no other version". */
    if (size <= AT_VERSION || bytes_u32(bytes + AT_MAGIC) != MAGIC || bytes[AT_VERSION] == 0) {
        return PIECE_DAMAGED;
    }
    if (bytes[AT_VERSION] != RECORD_VERSION) {
        *ret_version = bytes[AT_VERSION];
        return PIECE_OF_ANOTHER_VERSION;
    }
    if (size < RECORD_HEADER) {
        return PIECE_DAMAGED;
    }
    *ret = (struct record_piece){
        .index = bytes[AT_INDEX],
        .count = bytes[AT_COUNT],
        .run_id = bytes_u32(bytes + AT_RUN_ID),
        .first = bytes_u16(bytes + AT_FIRST),
        .part = bytes + RECORD_HEADER,
        .length = bytes_u16(bytes + AT_LENGTH),
    };
    const bool sound = ret->length == size - RECORD_HEADER && ret->first <= ret->length &&
                       piece_crc(bytes, ret->length) == bytes_u32(bytes + AT_CRC);
    return sound ? PIECE_SOUND : PIECE_DAMAGED;
}
