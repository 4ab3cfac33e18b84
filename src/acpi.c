#include <muster/acpi.h>
#include <muster/bytes.h>
#include <muster/memory.h>

enum {
    RSDP_V1_SIZE = 20,
    RSDP_V2_SIZE = 36,
    HEADER_SIZE = 36,
    ROOT_ENTRIES_MAX = 1024, /* a length that says more is nonsense, not a big machine */
};

/* One walk: where it reads, where it complains, what it has found. */
struct walk {
    const struct acpi_memory *memory;
    struct notes *notes;
    struct acpi_tables *tables;
};

/* Layout of the table header: Signature at 0, Length at 4, Checksum at 9. */
static bool table_open(const struct walk *walk, uint64_t address, struct acpi_table *ret)
{
    const uint8_t *at = NULL;
    if (address == 0 ||
        walk->memory->readable(walk->memory->context, address, HEADER_SIZE, &at) < HEADER_SIZE) {
        return false;
    }
    const uint32_t length = bytes_u32(at + 4);
    if (length < HEADER_SIZE) {
        return false;
    }
    const uint64_t size = walk->memory->readable(walk->memory->context, address, length, &at);
    *ret = (struct acpi_table){.at = at, .size = (uint32_t)size, .address = address};
    return true;
}

static bool has_signature(const struct acpi_table *table, const char *signature)
{
    return memcmp(table->at, signature, 4) == 0;
}

static bool is_whole(const struct acpi_table *table)
{
    return table->size == bytes_u32(table->at + 4) && bytes_sum(table->at, table->size) == 0;
}

/* Keeps a table that muster only uses when it is sound. */
static void keep_sound(const struct walk *walk, const struct acpi_table *table,
                       struct acpi_table *slot)
{
    if (slot->at != NULL) {
        return;
    }
    if (is_whole(table)) {
        *slot = *table;
        return;
    }
    note_add(walk->notes, "", "%.4s at 0x%lx: bad length or checksum; not used",
             (const char *)table->at, (unsigned long)table->address);
}

/* The first one; its reader judges it. */
static void keep_first(const struct acpi_table *table, struct acpi_table *slot)
{
    if (slot->at == NULL) {
        *slot = *table;
    }
}

static void keep_madt(const struct walk *walk, const struct acpi_table *table)
{
    struct acpi_table *madt = &walk->tables->madt;
    if (madt->at == NULL) {
        *madt = *table;
    } else if (madt->address != table->address) {
        note_add(walk->notes, "roll.madt",
                 "another MADT at 0x%lx; only the first, at 0x%lx, is read",
                 (unsigned long)table->address, (unsigned long)madt->address);
    }
}

static void visit(const struct walk *walk, const char *root, uint64_t address)
{
    struct acpi_table table;
    if (address == 0) {
        return;
    }
    if (!table_open(walk, address, &table)) {
        note_add(walk->notes, "roll.madt", "%s points at 0x%lx, where no ACPI table can be read",
                 root, (unsigned long)address);
        return;
    }
    if (has_signature(&table, "APIC")) {
        keep_madt(walk, &table);
    } else if (has_signature(&table, "FACP")) {
        keep_sound(walk, &table, &walk->tables->fadt);
    } else if (has_signature(&table, "SPCR")) {
        keep_sound(walk, &table, &walk->tables->spcr);
    } else if (has_signature(&table, "SRAT")) {
        keep_first(&table, &walk->tables->srat);
    } else if (has_signature(&table, "PPTT")) {
        keep_first(&table, &walk->tables->pptt);
    } else if (has_signature(&table, "HPET")) {
        keep_sound(walk, &table, &walk->tables->hpet);
    }
}

/* Opens the XSDT or RSDT; false when there is nothing to walk. */
static bool root_open(const struct walk *walk, const char *root, uint64_t address,
                      struct acpi_table *ret)
{
    struct acpi_table table;
    if (!table_open(walk, address, &table) || !has_signature(&table, root)) {
        note_add(walk->notes, "roll.madt", "no %s can be read at 0x%lx, where the RSDP points",
                 root, (unsigned long)address);
        return false;
    }
    if (!is_whole(&table)) {
        note_add(walk->notes, "roll.madt",
                 "%s at 0x%lx: length %u, of which %u can be read; byte sum 0x%x, wanted 0", root,
                 (unsigned long)address, bytes_u32(table.at + 4), table.size,
                 bytes_sum(table.at, table.size));
    }
    *ret = table;
    return true;
}

static bool root_walk(const struct walk *walk, const char *root, uint64_t address,
                      uint32_t entry_size)
{
    struct acpi_table table;
    if (!root_open(walk, root, address, &table)) {
        return false;
    }
    uint32_t entries = (table.size - HEADER_SIZE) / entry_size;
    if (entries > ROOT_ENTRIES_MAX) {
        note_add(walk->notes, "roll.madt", "%s at 0x%lx: %u entries; only %u are read", root,
                 (unsigned long)address, entries, ROOT_ENTRIES_MAX);
        entries = ROOT_ENTRIES_MAX;
    }
    for (uint32_t i = 0; i < entries; i++) {
        const uint8_t *entry = table.at + HEADER_SIZE + i * entry_size;
        visit(walk, root, entry_size == 8 ? bytes_u64(entry) : bytes_u32(entry));
    }
    return true;
}

/* Layout of the RSDP: Signature at 0, Revision at 15, RsdtAddress at 16, Length at 20, XsdtAddress
 * at 24. */
static const uint8_t *rsdp_open(const struct walk *walk, uint64_t address, uint32_t *ret_size)
{
    const uint8_t *at = NULL;
    const uint64_t size = walk->memory->readable(walk->memory->context, address, RSDP_V2_SIZE, &at);
    if (size < RSDP_V1_SIZE || memcmp(at, "RSD PTR ", 8) != 0) {
        note_add(walk->notes, "roll.madt", "no RSDP can be read at 0x%lx", (unsigned long)address);
        return NULL;
    }
    if (bytes_sum(at, RSDP_V1_SIZE) != 0) {
        note_add(walk->notes, "roll.madt", "RSDP at 0x%lx: byte sum 0x%x, wanted 0",
                 (unsigned long)address, bytes_sum(at, RSDP_V1_SIZE));
    }
    *ret_size = (uint32_t)size;
    return at;
}

static uint64_t rsdp_xsdt(const struct walk *walk, const uint8_t *rsdp, uint32_t size)
{
    if (walk->tables->revision < 2 || size < RSDP_V2_SIZE) {
        return 0;
    }
    if (bytes_sum(rsdp, RSDP_V2_SIZE) != 0) {
        note_add(walk->notes, "roll.madt", "RSDP: extended byte sum 0x%x, wanted 0",
                 bytes_sum(rsdp, RSDP_V2_SIZE));
    }
    return bytes_u64(rsdp + 24);
}

void acpi_find(const struct acpi_memory *memory, uint64_t rsdp, struct acpi_tables *ret,
               struct notes *notes)
{
    const struct walk walk = {.memory = memory, .notes = notes, .tables = ret};
    uint32_t size = 0;
    *ret = (struct acpi_tables){0};
    const uint8_t *at = rsdp_open(&walk, rsdp, &size);
    if (at == NULL) {
        return;
    }
    ret->revision = at[15];
    const uint64_t xsdt = rsdp_xsdt(&walk, at, size);
    if (xsdt == 0 || !root_walk(&walk, "XSDT", xsdt, 8)) {
        root_walk(&walk, "RSDT", bytes_u32(at + 16), 4);
    }
}
