#include "record_bytes.h"

#include <muster/bytes.h>
#include <muster/memory.h>

/* A set of more runs than this is written as its bits. */
enum { RUNS_MAX = 128, RUNS_ARE_BITS = CPU_MAX + 1, STRING_MAX = 255 };

void write_u8(struct record_writer *to, uint32_t value)
{
    if (to->length >= to->size) {
        to->cut = true;
        return;
    }
    to->at[to->length++] = (uint8_t)value;
}

void write_number(struct record_writer *to, uint64_t value)
{
    while (value > 0x7f) {
        write_u8(to, (uint32_t)(value & 0x7f) | 0x80);
        value >>= 7;
    }
    write_u8(to, (uint32_t)value);
}

void write_string(struct record_writer *to, const char *string)
{
    const size_t length = string_length(string);
    const uint32_t kept = length < STRING_MAX ? (uint32_t)length : STRING_MAX;
    write_u8(to, kept);
    for (uint32_t i = 0; i < kept; i++) {
        write_u8(to, (uint8_t)string[i]);
    }
}

/* The end of the run of members that begins at `first`: one past its last. */
static uint32_t run_end(const struct cpuset *set, uint32_t first)
{
    while (cpuset_has(set, first)) {
        first++;
    }
    return first;
}

static uint32_t runs_of(const struct cpuset *set)
{
    uint32_t runs = 0;
    for (uint32_t cpu = cpuset_next(set, 0); cpu != CPU_NONE;
         cpu = cpuset_next(set, run_end(set, cpu))) {
        runs++;
    }
    return runs;
}

static void write_bits(struct record_writer *to, const struct cpuset *set)
{
    write_number(to, RUNS_ARE_BITS);
    for (uint32_t n = 0; n < CPU_MAX / 64; n++) {
        for (uint32_t byte = 0; byte < 8; byte++) {
            write_u8(to, set->bits[n] >> byte * 8 & 0xff);
        }
    }
}

void write_cpus(struct record_writer *to, const struct cpuset *set)
{
    const uint32_t runs = runs_of(set);
    uint32_t before = 0;
    if (runs > RUNS_MAX) {
        write_bits(to, set);
        return;
    }
    write_number(to, runs);
    for (uint32_t cpu = cpuset_next(set, 0); cpu != CPU_NONE; cpu = cpuset_next(set, before)) {
        write_number(to, cpu - before);
        before = run_end(set, cpu);
        write_number(to, before - cpu);
    }
}

void item_begin(struct record_writer *to, enum record_tag tag)
{
    to->item = to->length;
    to->cut = false;
    write_u8(to, tag);
    write_u8(to, 0);
    write_u8(to, 0);
}

bool item_end(struct record_writer *to)
{
    const uint32_t length = to->length - to->item - ITEM_HEADER;
    if (to->cut || length > UINT16_MAX) {
        to->length = to->item;
        return false;
    }
    to->at[to->item + 1] = (uint8_t)length;
    to->at[to->item + 2] = (uint8_t)(length >> 8);
    return true;
}

/* --- reading --- */

static void spoil(struct record_reader *from)
{
    from->bad = true;
    from->left = 0;
}

uint32_t read_u8(struct record_reader *from)
{
    if (from->left == 0) {
        spoil(from);
        return 0;
    }
    from->left--;
    return *from->at++;
}

uint64_t read_number(struct record_reader *from)
{
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64; shift += 7) {
        const uint32_t byte = read_u8(from);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            return from->bad ? 0 : value;
        }
    }
    spoil(from);
    return 0;
}

uint32_t read_below(struct record_reader *from, uint32_t most)
{
    const uint64_t value = read_number(from);
    if (value > most) {
        spoil(from);
        return 0;
    }
    return (uint32_t)value;
}

void read_string(struct record_reader *from, char *ret, uint32_t size)
{
    struct text text;
    text_init(&text, ret, size);
    for (uint32_t left = read_u8(from); left > 0 && !from->bad; left--) {
        const uint32_t c = read_u8(from);
        if (!from->bad) {
            text_char(&text, c >= ' ' && c <= '~' ? (char)c : '?');
        }
    }
}

void read_bytes(struct record_reader *from, char *ret, uint32_t size)
{
    struct text text;
    text_init(&text, ret, size);
    for (uint32_t left = read_u8(from); left > 0 && !from->bad; left--) {
        text_char(&text, (char)read_u8(from));
    }
}

static void read_bits(struct record_reader *from, struct cpuset *ret)
{
    for (uint32_t n = 0; n < CPU_MAX / 8; n++) {
        ret->bits[n / 8] |= (uint64_t)read_u8(from) << n % 8 * 8;
    }
}

void read_cpus(struct record_reader *from, struct cpuset *ret)
{
    const uint32_t runs = read_below(from, RUNS_ARE_BITS);
    uint32_t cpu = 0;
    cpuset_clear(ret);
    if (runs == RUNS_ARE_BITS) {
        read_bits(from, ret);
        return;
    }
    for (uint32_t n = 0; n < runs && !from->bad; n++) {
        cpu += read_below(from, CPU_MAX - cpu);
        for (uint32_t more = read_below(from, CPU_MAX - cpu); more > 0; more--) {
            cpuset_add(ret, cpu++);
        }
    }
}

bool item_next(struct record_reader *from, enum record_tag *ret_tag, struct record_reader *ret_item)
{
    if (from->left < ITEM_HEADER) {
        return false;
    }
    const uint32_t length = bytes_u16(from->at + 1);
    if (length > from->left - ITEM_HEADER) {
        return false;
    }
    *ret_tag = from->at[0];
    *ret_item = (struct record_reader){.at = from->at + ITEM_HEADER, .left = length};
    from->at += ITEM_HEADER + length;
    from->left -= ITEM_HEADER + length;
    return true;
}
