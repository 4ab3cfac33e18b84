#include "pages.h"

#include <muster/memory_map.h>

static EFI_PHYSICAL_ADDRESS allocate(const struct firmware *firmware, UINTN pages, uint64_t last)
{
    EFI_PHYSICAL_ADDRESS address = last;
    const EFI_STATUS status =
        firmware->boot->AllocatePages(AllocateMaxAddress, EfiLoaderData, pages, &address);
    if (EFI_ERROR(status)) {
        return 0;
    }
    /* Page 0 may be free memory, but nothing of ours could tell its address from NULL. */
    if (address == 0) {
        firmware->boot->FreePages(address, pages);
    }
    return address;
}

static bool keep(struct firmware *firmware, uint64_t address, UINTN pages)
{
    firmware->taken[firmware->taken_count++] =
        (struct range){.base = address, .size = pages * PAGE_SIZE};
    return true;
}

bool pages_take_at(struct firmware *firmware, uint64_t address, uint64_t size)
{
    EFI_PHYSICAL_ADDRESS at = address;
    const UINTN pages = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    return firmware->taken_count < PAGES_TAKEN_MAX &&
           !EFI_ERROR(firmware->boot->AllocatePages(AllocateAddress, EfiLoaderData, pages, &at)) &&
           keep(firmware, address, pages);
}

void *pages_take(struct firmware *firmware, uint64_t size, uint64_t last)
{
    const UINTN pages = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    if (firmware->taken_count == PAGES_TAKEN_MAX) {
        return NULL;
    }
    const EFI_PHYSICAL_ADDRESS address = allocate(firmware, pages, last);
    if (address == 0) {
        return NULL;
    }
    keep(firmware, address, pages);
    return (void *)(uintptr_t)address;
}

void pages_give_back_last(struct firmware *firmware)
{
    const struct range *range = &firmware->taken[--firmware->taken_count];
    firmware->boot->FreePages(range->base, range->size / PAGE_SIZE);
}

void pages_give_back(struct firmware *firmware)
{
    while (firmware->taken_count > 0) {
        pages_give_back_last(firmware);
    }
}

bool map_buffer_take(struct firmware *firmware, struct map_buffer *ret, struct refusal *ret_refusal)
{
    UINTN size = 0, key = 0, stride = 0;
    UINT32 version = 0;
    firmware->boot->GetMemoryMap(&size, NULL, &key, &stride, &version);
    /* Each allocation may split a range in three, and so may the events at ExitBootServices(). */
    size = 2 * size + 4 * PAGE_SIZE;
    void *at = pages_take(firmware, size, UINT32_MAX);
    if (at == NULL) {
        return refuse(
            ret_refusal, EFI_OUT_OF_RESOURCES,
            "muster: memory: no %lu KiB below 4 GiB for the memory map; free some and try again",
            (unsigned long)(size / 1024));
    }
    *ret = (struct map_buffer){.at = at, .capacity = size};
    return true;
}

EFI_STATUS map_buffer_read(const struct firmware *firmware, struct map_buffer *buffer,
                           struct memory_map *ret_map)
{
    UINTN size = buffer->capacity, stride = 0;
    UINT32 version = 0;
    const EFI_STATUS status =
        firmware->boot->GetMemoryMap(&size, buffer->at, &buffer->key, &stride, &version);
    if (!EFI_ERROR(status)) {
        memory_map_read(buffer->at, size, stride, ret_map);
    }
    return status;
}
