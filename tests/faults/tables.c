#include "tables.h"

#include <stdbool.h>

#include <muster/bytes.h>
#include <muster/memory.h>

/* 5.2.5.3 */
struct rsdp {
    char signature[8];
    uint8_t checksum;
    char oem_id[6];
    uint8_t revision;
    uint32_t rsdt, length;
    uint64_t xsdt;
    uint8_t extended_checksum, reserved[3];
} __attribute__((packed));

_Static_assert(offsetof(struct rsdp, xsdt) == 24 && sizeof(struct rsdp) == 36, "ACPI 6.5, 5.2.5.3");

/* The XSDT or RSDT: a header, and addresses of `width` bytes behind it (5.2.7, 5.2.8). */
struct root {
    struct acpi_header *header;
    uint32_t width, count;
};

enum { PAGE = 4096, BELOW_4G = UINT32_MAX };

static struct root root_at(uint64_t address, uint32_t width)
{
    struct acpi_header *header = (void *)(uintptr_t)address;
    const uint32_t count =
        header != NULL ? (header->length - (uint32_t)sizeof(*header)) / width : 0;
    return (struct root){.header = header, .width = width, .count = count};
}

static uint8_t *root_entry(const struct root *root, uint32_t n)
{
    return (uint8_t *)(root->header + 1) + (uintptr_t)n * root->width;
}

static uint64_t root_get(const struct root *root, uint32_t n)
{
    const uint8_t *at = root_entry(root, n);
    return root->width == 8 ? bytes_u64(at) : bytes_u32(at);
}

static struct rsdp *rsdp_find(const EFI_SYSTEM_TABLE *system)
{
    static const EFI_GUID acpi_20 = ACPI_20_TABLE_GUID;
    for (UINTN n = 0; n < system->NumberOfTableEntries; n++) {
        const EFI_CONFIGURATION_TABLE *table = &system->ConfigurationTable[n];
        if (memcmp(&table->VendorGuid, &acpi_20, sizeof(acpi_20)) == 0) {
            return table->VendorTable;
        }
    }
    return NULL;
}

static void checksum_set(struct acpi_header *header)
{
    header->checksum = 0;
    header->checksum = (uint8_t)-bytes_sum((const uint8_t *)header, header->length);
}

static struct acpi_header *table_in(const struct root *root, const char *signature)
{
    for (uint32_t n = 0; n < root->count; n++) {
        struct acpi_header *table = (void *)(uintptr_t)root_get(root, n);
        if (memcmp(table->signature, signature, 4) == 0) {
            return table;
        }
    }
    return NULL;
}

static struct acpi_header *table_of(const struct rsdp *rsdp, const char *signature)
{
    const struct root xsdt = root_at(rsdp->xsdt, 8);
    const struct root rsdt = root_at(rsdp->rsdt, 4);
    struct acpi_header *table = table_in(&xsdt, signature);
    return table != NULL ? table : table_in(&rsdt, signature);
}

void *acpi_pages(EFI_SYSTEM_TABLE *system, uint32_t size)
{
    EFI_PHYSICAL_ADDRESS at = BELOW_4G; /* the RSDT's entries have 32 bits */
    return EFI_ERROR(system->BootServices->AllocatePages(AllocateMaxAddress, EfiACPIReclaimMemory,
                                                         size / PAGE + 1, &at))
               ? NULL
               : (void *)(uintptr_t)at;
}

void *acpi_copy(EFI_SYSTEM_TABLE *system, const char *signature, uint32_t room)
{
    const struct rsdp *rsdp = rsdp_find(system);
    const struct acpi_header *old = rsdp != NULL ? table_of(rsdp, signature) : NULL;
    void *copy = old != NULL ? acpi_pages(system, old->length + room) : NULL;
    if (copy != NULL) {
        memcpy(copy, old, old->length);
    }
    return copy;
}

struct madt *madt_copy(EFI_SYSTEM_TABLE *system, uint32_t room)
{
    return acpi_copy(system, "APIC", room);
}

void madt_append(struct madt *madt, const void *entry, uint32_t size)
{
    memcpy((uint8_t *)madt + madt->header.length, entry, size);
    madt->header.length += size;
}

void acpi_seal(struct acpi_header *header)
{
    checksum_set(header);
}

void madt_seal(struct madt *madt)
{
    acpi_seal(&madt->header);
}

/* Whether `root` pointed at a table of this signature; now it points at `table`. */
static bool root_replace(const struct root *root, const struct acpi_header *table)
{
    const uint64_t address = (uintptr_t)table;
    bool replaced = false;
    for (uint32_t n = 0; n < root->count; n++) {
        const struct acpi_header *old = (void *)(uintptr_t)root_get(root, n);
        if (memcmp(old->signature, table->signature, 4) == 0) {
            memcpy(root_entry(root, n), &address, root->width);
            replaced = true;
        }
    }
    if (replaced) {
        checksum_set(root->header);
    }
    return replaced;
}

/* A copy of the XSDT with one more entry takes its place. */
static EFI_STATUS xsdt_add(EFI_SYSTEM_TABLE *system, struct rsdp *rsdp,
                           const struct acpi_header *table)
{
    const struct root old = root_at(rsdp->xsdt, 8);
    const uint64_t address = (uintptr_t)table;
    struct acpi_header *xsdt =
        old.header != NULL ? acpi_pages(system, old.header->length + 8) : NULL;
    if (xsdt == NULL) {
        return EFI_NOT_FOUND;
    }
    memcpy(xsdt, old.header, old.header->length);
    memcpy((uint8_t *)xsdt + xsdt->length, &address, sizeof(address));
    xsdt->length += 8;
    checksum_set(xsdt);
    rsdp->xsdt = (uintptr_t)xsdt;
    rsdp->extended_checksum = 0;
    rsdp->extended_checksum = (uint8_t)-bytes_sum((const uint8_t *)rsdp, sizeof(*rsdp));
    return EFI_SUCCESS;
}

EFI_STATUS acpi_publish(EFI_SYSTEM_TABLE *system, const struct acpi_header *table)
{
    struct rsdp *rsdp = rsdp_find(system);
    if (rsdp == NULL) {
        return EFI_NOT_FOUND;
    }
    const struct root xsdt = root_at(rsdp->xsdt, 8);
    const struct root rsdt = root_at(rsdp->rsdt, 4);
    const bool by_xsdt = root_replace(&xsdt, table);
    const bool by_rsdt = root_replace(&rsdt, table);
    return by_xsdt || by_rsdt ? EFI_SUCCESS : xsdt_add(system, rsdp, table);
}

EFI_STATUS madt_publish(EFI_SYSTEM_TABLE *system, const struct madt *madt)
{
    return acpi_publish(system, &madt->header);
}

void *madt_find(struct madt *madt, uint8_t type, const void *after)
{
    uint8_t *const end = (uint8_t *)madt + madt->header.length;
    for (uint8_t *at = madt->entries; at + 2 <= end && at[1] >= 2; at += at[1]) {
        if (*at == type && (after == NULL || at >= (const uint8_t *)after)) {
            return at;
        }
    }
    return NULL;
}
