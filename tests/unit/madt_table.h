/* A MADT to build up entry by entry, sound unless a test spoils it. */
#ifndef MADT_TABLE_H
#define MADT_TABLE_H

#include <stdint.h>
#include <string.h>

enum { MADT_TABLE_MAX = 128 * 1024, MADT_FIXED = 44 };

struct madt_table {
    uint32_t size;
    uint8_t bytes[MADT_TABLE_MAX];
};

static inline void table_put(struct madt_table *table, uint32_t offset, uint64_t value, int size)
{
    for (int i = 0; i < size; i++) {
        table->bytes[offset + (uint32_t)i] = (uint8_t)(value >> (8 * i));
    }
}

/* Sets length and checksum; to be called last. */
static inline void table_seal(struct madt_table *table)
{
    uint8_t sum = 0;
    table_put(table, 4, table->size, 4);
    table->bytes[9] = 0;
    for (uint32_t i = 0; i < table->size; i++) {
        sum = (uint8_t)(sum + table->bytes[i]);
    }
    table->bytes[9] = (uint8_t)-sum;
}

static inline void table_begin(struct madt_table *table)
{
    memset(table, 0, sizeof(*table));
    memcpy(table->bytes, "APIC\0\0\0\0\x05\0BOCHS BXPC    \x01\0\0\0BXPC\x01\0\0\0", 36);
    table_put(table, 36, 0xfee00000, 4);
    table_put(table, 40, 1, 4);
    table->size = MADT_FIXED;
}

/* Adds an entry of `length` bytes, zero but for type and length; returns its offset. */
static inline uint32_t table_entry(struct madt_table *table, uint8_t type, uint8_t length)
{
    const uint32_t at = table->size;
    table->bytes[at] = type;
    table->bytes[at + 1] = length;
    table->size += length;
    return at;
}

static inline uint32_t table_apic(struct madt_table *table, uint8_t uid, uint8_t id, uint32_t flags)
{
    const uint32_t at = table_entry(table, 0, 8);
    table_put(table, at + 2, uid, 1);
    table_put(table, at + 3, id, 1);
    table_put(table, at + 4, flags, 4);
    return at;
}

static inline uint32_t table_x2apic(struct madt_table *table, uint32_t uid, uint32_t id,
                                    uint32_t flags)
{
    const uint32_t at = table_entry(table, 9, 16);
    table_put(table, at + 4, id, 4);
    table_put(table, at + 8, flags, 4);
    table_put(table, at + 12, uid, 4);
    return at;
}

static inline uint32_t table_wakeup(struct madt_table *table, uint16_t version, uint8_t length,
                                    uint64_t mailbox)
{
    const uint32_t at = table_entry(table, 0x10, length);
    table_put(table, at + 2, version, 2);
    table_put(table, at + 8, mailbox, 8);
    return at;
}

#endif
