/* The MADT (ACPI 6.5, 5.2.12): each fault publishes a changed copy of firmware's own. */
#include "spoil.h"
#include "tables.h"

#include <muster/memory.h>

enum {
    SECOND = 1,   /* the APIC ID that is listed twice, not at all, or as disabled */
    PHANTOM = 99, /* an APIC ID below 255 that no machine of the tests has */
    MANY = 4097,
    FIRST_OF_MANY = 1000,
};

static const struct madt_apic phantom = {.type = MADT_APIC,
                                         .length = sizeof(phantom),
                                         .uid = PHANTOM,
                                         .apic_id = PHANTOM,
                                         .flags = MADT_ENABLED};

static EFI_STATUS publish(EFI_SYSTEM_TABLE *system, struct madt *madt)
{
    madt_seal(madt);
    return madt_publish(system, madt);
}

/* The entry of APIC ID SECOND, or NULL. */
static struct madt_apic *second_cpu(struct madt *madt)
{
    struct madt_apic *entry = madt_find(madt, MADT_APIC, NULL);
    while (entry != NULL && entry->apic_id != SECOND) {
        entry = madt_find(madt, MADT_APIC, entry + 1);
    }
    return entry;
}

/* A copy with one more entry, as it is. */
static EFI_STATUS publish_with(EFI_SYSTEM_TABLE *system, const void *entry, uint32_t size)
{
    struct madt *madt = madt_copy(system, size);
    if (madt == NULL) {
        return EFI_NOT_FOUND;
    }
    madt_append(madt, entry, size);
    return publish(system, madt);
}

/* By its own length the table ends in the middle of an entry; its checksum is right. */
EFI_STATUS spoil_madt_cut(EFI_SYSTEM_TABLE *system)
{
    return publish_with(system, &phantom, sizeof(phantom) / 2);
}

/* A reader that steps on by an entry's length never gets past this one. */
EFI_STATUS spoil_madt_zero(EFI_SYSTEM_TABLE *system)
{
    struct madt_apic endless = phantom;
    endless.length = 0;
    return publish_with(system, &endless, sizeof(endless));
}

EFI_STATUS spoil_madt_sum(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    if (madt == NULL) {
        return EFI_NOT_FOUND;
    }
    madt->header.checksum++;
    return madt_publish(system, madt);
}

/* 5.2.12.2: UIDs differ, as with firmware that counts a CPU twice. */
EFI_STATUS spoil_madt_duplicate(EFI_SYSTEM_TABLE *system)
{
    struct madt_apic again = phantom;
    again.apic_id = SECOND;
    return publish_with(system, &again, sizeof(again));
}

EFI_STATUS spoil_madt_4097(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, MANY * sizeof(struct madt_x2apic));
    if (madt == NULL) {
        return EFI_NOT_FOUND;
    }
    for (uint32_t id = FIRST_OF_MANY; id < FIRST_OF_MANY + MANY; id++) {
        const struct madt_x2apic entry = {.type = MADT_X2APIC,
                                          .length = sizeof(entry),
                                          .apic_id = id,
                                          .flags = MADT_ENABLED,
                                          .uid = id};
        madt_append(madt, &entry, sizeof(entry));
    }
    return publish(system, madt);
}

EFI_STATUS spoil_madt_phantom(EFI_SYSTEM_TABLE *system)
{
    return publish_with(system, &phantom, sizeof(phantom));
}

/* Cut to 8 bits, these IDs are the BSP's, and everybody's. */
EFI_STATUS spoil_madt_wide(EFI_SYSTEM_TABLE *system)
{
    struct madt_x2apic entries[2];
    const uint32_t ids[2] = {0x100, 0xff};
    for (int n = 0; n < 2; n++) {
        entries[n] = (struct madt_x2apic){.type = MADT_X2APIC,
                                          .length = sizeof(entries[n]),
                                          .apic_id = ids[n],
                                          .flags = MADT_ENABLED,
                                          .uid = ids[n]};
    }
    return publish_with(system, entries, sizeof(entries));
}

EFI_STATUS spoil_madt_missing(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct madt_apic *entry = madt != NULL ? second_cpu(madt) : NULL;
    if (entry == NULL) {
        return EFI_NOT_FOUND;
    }
    const uint8_t *end = (uint8_t *)madt + madt->header.length;
    memmove(entry, entry + 1, (size_t)(end - (uint8_t *)(entry + 1)));
    madt->header.length -= sizeof(*entry);
    return publish(system, madt);
}

/* 5.2.12.2: neither enabled nor online capable, "OSPM shall ignore this processor". */
EFI_STATUS spoil_madt_disabled(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct madt_apic *entry = madt != NULL ? second_cpu(madt) : NULL;
    if (entry == NULL) {
        return EFI_NOT_FOUND;
    }
    entry->flags = 0;
    return publish(system, madt);
}
