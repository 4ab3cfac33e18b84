/* SRAT, PPTT and SMBIOS to build up piece by piece, sound unless a test spoils them. */
#ifndef PLACES_H
#define PLACES_H

#include "madt_table.h"

#include <muster/claims.h>

static inline void places_begin(struct madt_table *table, const char *signature, uint8_t revision,
                                uint32_t fixed)
{
    memset(table, 0, sizeof(*table));
    memcpy(table->bytes, signature, 4);
    table->bytes[8] = revision;
    table->size = fixed;
}

static inline uint32_t srat_apic(struct madt_table *table, uint32_t domain, uint8_t id,
                                 uint32_t flags)
{
    const uint32_t at = table_entry(table, 0, 16);
    table_put(table, at + 2, domain & 0xff, 1);
    table_put(table, at + 3, id, 1);
    table_put(table, at + 4, flags, 4);
    table_put(table, at + 9, domain >> 8, 3);
    return at;
}

static inline uint32_t srat_x2apic(struct madt_table *table, uint32_t domain, uint32_t id,
                                   uint32_t flags)
{
    const uint32_t at = table_entry(table, 2, 24);
    table_put(table, at + 4, domain, 4);
    table_put(table, at + 8, id, 4);
    table_put(table, at + 12, flags, 4);
    return at;
}

static inline uint32_t pptt_node(struct madt_table *table, uint32_t flags, uint32_t parent,
                                 uint32_t uid)
{
    const uint32_t at = table_entry(table, 0, 20);
    table_put(table, at + 4, flags, 4);
    table_put(table, at + 8, parent, 4);
    table_put(table, at + 12, uid, 4);
    return at;
}

/* An SMBIOS structure of `length` bytes with one string behind it; its length is not sealed. */
static inline uint32_t smbios_add(struct madt_table *table, uint8_t type, uint8_t length,
                                  uint16_t handle, const char *string)
{
    const uint32_t at = table_entry(table, type, length);
    table_put(table, at + 2, handle, 2);
    memcpy(table->bytes + table->size, string, strlen(string) + 1);
    table->size += (uint32_t)strlen(string) + 1;
    table->bytes[table->size++] = 0;
    return at;
}

static inline uint32_t smbios_cpu(struct madt_table *table, uint16_t handle, uint16_t cores,
                                  uint16_t threads)
{
    const uint32_t at = smbios_add(table, 4, 0x30, handle, "QEMU");
    const uint16_t counts[3] = {cores, cores, threads};
    table_put(table, at + 5, 3, 1);
    table_put(table, at + 7, 1, 1);
    table_put(table, at + 0x18, 0x41, 1);
    for (uint32_t n = 0; n < 3; n++) {
        table_put(table, at + 0x23 + n, counts[n] > 255 ? 255 : counts[n], 1);
        table_put(table, at + 0x2a + 2 * n, counts[n], 2);
    }
    return at;
}

#endif
