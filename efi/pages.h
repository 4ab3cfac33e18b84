/* Pages of firmware's memory, given back unless boot services are left; and its memory map. */
#ifndef EFI_PAGES_H
#define EFI_PAGES_H

#include "firmware.h"
#include "refusal.h"

/* Takes `size` bytes, rounded up to pages, that end at or below address `last`. NULL when there are
 * none. The bytes are as firmware left them. */
void *pages_take(struct firmware *firmware, uint64_t size, uint64_t last);

/* Takes `size` bytes at `address`, which begins a page. False where they are not free. */
bool pages_take_at(struct firmware *firmware, uint64_t address, uint64_t size);

/* Gives back what the last successful call took. */
void pages_give_back_last(struct firmware *firmware);

/* Gives back everything pages_take() took. */
void pages_give_back(struct firmware *firmware);

/* A buffer for GetMemoryMap(), large enough for what the map may grow to before the door. */
struct map_buffer {
    void *at;
    UINTN capacity; /* bytes */
    UINTN key;      /* of the map last read; what ExitBootServices() asks for */
};

bool map_buffer_take(struct firmware *firmware, struct map_buffer *ret,
                     struct refusal *ret_refusal);

/* Reads the current memory map (UEFI 2.10, 7.2.3) into `ret_map`, which only changes on success. */
EFI_STATUS map_buffer_read(const struct firmware *firmware, struct map_buffer *buffer,
                           struct memory_map *ret_map);

#endif
