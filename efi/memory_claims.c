#include "memory_claims.h"

#include <muster/memory_claims.h>
#include <muster/memory_map.h>
#include <muster/text.h>

enum { PAGE = 4096, RSDP_SIZE = 36 };

static void keep_page(struct handoff *handoff, const char *what, uint64_t base)
{
    const struct kept_place place = {.what = what, .base = base, .size = PAGE};
    kept_add(&handoff->kept, &place);
}

/* UEFI 2.10, 2.3.4 wants ACPI tables in ACPI memory. Boot-services memory is told of, but no
 * failure: operating systems reserve the tables before they take it, and U-Boot keeps them there.
 */
static void keep_table(struct handoff *handoff, const char *what, uint64_t base, uint64_t size)
{
    const struct kept_place place = {.what = what, .base = base, .size = size, .table = true};
    const struct memory_region *region = memory_map_find(&handoff->memory, base);
    char buffer[64];
    struct text text;
    kept_add(&handoff->kept, &place);
    if (base == 0 || region == NULL ||
        (region->type != MEMORY_BOOT_CODE && region->type != MEMORY_BOOT_DATA)) {
        return;
    }
    text_init(&text, buffer, sizeof(buffer));
    memory_region_print(&text, region);
    note_add(&handoff->claims.notes, "",
             "%s at 0x%lx is in %s; UEFI 2.10, 2.3.4 wants it in ACPI memory", what,
             (unsigned long)base, buffer);
}

static void keep_found(struct handoff *handoff, const char *what, const struct acpi_table *table)
{
    if (table->at != NULL) {
        keep_table(handoff, what, table->address, table->size);
    }
}

void memory_claims_take(const struct firmware *firmware, const struct acpi_tables *tables,
                        struct handoff *handoff)
{
    static const EFI_GUID acpi_20 = ACPI_20_TABLE_GUID;
    keep_page(handoff, "the local APIC", handoff->claims.madt.apic_base);
    keep_page(handoff, "the wake-up mailbox", handoff->claims.madt.mailbox);
    keep_table(handoff, "the RSDP", (uintptr_t)firmware_table(firmware, &acpi_20), RSDP_SIZE);
    keep_found(handoff, "the MADT", &tables->madt);
    keep_found(handoff, "the FADT", &tables->fadt);
    keep_found(handoff, "the SPCR table", &tables->spcr);
    if (tables->madt.at != NULL) {
        kept_add_io_apics(&handoff->kept, tables->madt.at, tables->madt.size);
    }
}
