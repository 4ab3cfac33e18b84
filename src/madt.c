/* The MADT, byte by byte: entries are not aligned, and nothing in the table is believed before it
 * is known to lie inside it. Sections are those of ACPI 6.5. */
#include <muster/bytes.h>
#include <muster/claims.h>
#include <muster/memory.h>

#include "madt_entries.h"

enum {
    TABLE_LENGTH = 4, /* offset of the header's length */
    TABLE_REVISION = 8,
    TABLE_APIC_BASE = 36, /* 5.2.12, table 5.19 */
    TABLE_FLAGS = 40,
    TABLE_ENTRIES = 44,
    ENTRY_HEADER = 2, /* type, length */
};

#define FLAG_PCAT_COMPAT 1u

/* The one check of bounds: [offset, offset + size) lies inside. */
static bool holds(const struct extent *extent, uint32_t offset, uint32_t size)
{
    return offset <= extent->size && size <= extent->size - offset;
}

/* Marks out the entry at `offset`; false, with a note, where none can stand. */
static bool find_entry(const struct extent *table, uint32_t offset, struct notes *notes,
                       struct extent *ret)
{
    if (!holds(table, offset, ENTRY_HEADER)) {
        note_add(notes, MADT_CHECK, "MADT ends at 0x%x with a stray byte behind its last entry",
                 table->size);
        return false;
    }
    const uint32_t length = table->bytes[offset + 1];
    const bool ends = length < ENTRY_HEADER;
    if (ends || !holds(table, offset, length)) {
        note_add(notes, MADT_CHECK,
                 "MADT entry at offset 0x%x (type 0x%x) has length %u%s; entries from there on "
                 "cannot be read",
                 offset, table->bytes[offset], length,
                 ends ? ", and an entry has at least 2 bytes" : ", beyond the end of the table");
        return false;
    }
    *ret = (struct extent){.bytes = table->bytes + offset, .size = length};
    return true;
}

static void walk_entries(struct madt_walk *walk, const struct extent *table)
{
    struct extent entry;
    for (walk->offset = TABLE_ENTRIES; walk->offset < table->size; walk->offset += entry.size) {
        if (!find_entry(table, walk->offset, walk->notes, &entry)) {
            return;
        }
        madt_read_entry(walk, &entry);
    }
}

/* Whether the fixed part is there and says that this is a MADT. */
static bool is_madt(const struct extent *table, struct notes *notes)
{
    static const uint8_t signature[4] = {'A', 'P', 'I', 'C'};
    if (!holds(table, 0, TABLE_ENTRIES)) {
        note_add(notes, MADT_CHECK,
                 "MADT: %u bytes can be read; its fixed part alone has %u; not used", table->size,
                 TABLE_ENTRIES);
        return false;
    }
    if (memcmp(table->bytes, signature, sizeof(signature)) != 0) {
        note_add(notes, MADT_CHECK, "MADT signature is 0x%08x, not 0x43495041 (\"APIC\"); not used",
                 bytes_u32(table->bytes));
        return false;
    }
    return true;
}

/* Cuts the table to the length it states; false when that leaves not even the fixed part. */
static bool fit_length(struct extent *table, struct notes *notes)
{
    const uint32_t length = bytes_u32(table->bytes + TABLE_LENGTH);
    if (length < TABLE_ENTRIES) {
        note_add(notes, MADT_CHECK, "MADT length is %u; its fixed part alone has %u; not used",
                 length, TABLE_ENTRIES);
        return false;
    }
    if (length > table->size) {
        note_add(notes, MADT_CHECK,
                 "MADT length is %u, but only %u bytes can be read; it is cut off", length,
                 table->size);
        return true;
    }
    table->size = length;
    const uint8_t sum = bytes_sum(table->bytes, length); /* 5.2.6 */
    if (sum != 0) {
        note_add(notes, MADT_CHECK, "MADT checksum: its %u bytes sum to 0x%02x, not to 0", length,
                 sum);
    }
    return true;
}

void madt_read(const void *table, uint32_t size, struct madt_claims *ret, struct notes *notes)
{
    struct extent whole = {.bytes = table, .size = table ? size : 0};
    struct madt_walk walk = {.ret = ret, .notes = notes};
    memset(ret, 0, sizeof(*ret));
    if (!is_madt(&whole, notes) || !fit_length(&whole, notes)) {
        return;
    }
    ret->present = true;
    ret->revision = whole.bytes[TABLE_REVISION];
    ret->apic_base = bytes_u32(whole.bytes + TABLE_APIC_BASE);
    ret->pcat_compat = (bytes_u32(whole.bytes + TABLE_FLAGS) & FLAG_PCAT_COMPAT) != 0;
    walk_entries(&walk, &whole);
    if (walk.nmis_beyond > 0) {
        note_add(notes, "", "MADT lists %u NMI connections; the first %u are kept",
                 ret->nmi_count + walk.nmis_beyond, ret->nmi_count);
    }
    if (walk.ioapics_beyond > 0) {
        note_add(notes, "", "MADT lists %u I/O APICs; the first %u are kept",
                 ret->ioapic_count + walk.ioapics_beyond, ret->ioapic_count);
    }
    if (ret->beyond > 0) {
        note_add(notes, "", "MADT lists %u processors; muster has room for the first %u",
                 ret->count + ret->beyond, ret->count);
    }
}
