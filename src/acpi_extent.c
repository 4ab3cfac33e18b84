#include "acpi_extent.h"

#include <muster/bytes.h>
#include <muster/memory.h>

enum { LENGTH_AT = 4, ENTRY_HEADER = 2 };

bool acpi_extent_open(const struct acpi_kind *kind, struct acpi_extent *table, struct notes *notes)
{
    if (table->size < kind->fixed) {
        note_add(notes, kind->check,
                 "%s: %u bytes can be read; its fixed part alone has %u; not used", kind->signature,
                 table->size, kind->fixed);
        return false;
    }
    if (memcmp(table->bytes, kind->signature, 4) != 0) {
        note_add(notes, kind->check, "%s: its signature is 0x%08x; not used", kind->signature,
                 bytes_u32(table->bytes));
        return false;
    }
    const uint32_t length = bytes_u32(table->bytes + LENGTH_AT);
    if (length < kind->fixed) {
        note_add(notes, kind->check, "%s length is %u; its fixed part alone has %u; not used",
                 kind->signature, length, kind->fixed);
        return false;
    }
    if (length > table->size) {
        note_add(notes, kind->check,
                 "%s length is %u, but only %u bytes can be read; it is cut off", kind->signature,
                 length, table->size);
        return true;
    }
    table->size = length;
    const uint8_t sum = bytes_sum(table->bytes, length);
    if (sum != 0) {
        note_add(notes, kind->check, "%s checksum: its %u bytes sum to 0x%02x, not to 0",
                 kind->signature, length, sum);
    }
    return true;
}

bool acpi_extent_entry(const struct acpi_kind *kind, const struct acpi_extent *table,
                       uint32_t offset, struct notes *notes, struct acpi_extent *ret)
{
    const uint32_t left = table->size - offset;
    const uint32_t length = left < ENTRY_HEADER ? 0 : table->bytes[offset + 1];
    if (length < ENTRY_HEADER || length > left) {
        note_add(notes, kind->check,
                 "%s entry at offset 0x%x (type 0x%x) has length %u, of %u bytes that are left; "
                 "entries from there on cannot be read",
                 kind->signature, offset, table->bytes[offset], length, left);
        return false;
    }
    *ret = (struct acpi_extent){.bytes = table->bytes + offset, .size = length};
    return true;
}
