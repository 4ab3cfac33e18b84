#include "memory.h"
#include "pages.h"

#include <muster/memory.h>
#include <muster/memory_map.h>

enum { LOW_LAST = 0xfffff, ARRIVAL_BYTES = 16 };

/* The sections' bounds, from muster.lds. */
extern const char ImageBase[], image_text[], image_text_end[], image_rodata[], image_rodata_end[],
    image_data[], image_data_end[] __attribute__((visibility("hidden")));

static struct range between(const char *start, const char *end)
{
    return (struct range){.base = (uintptr_t)start, .size = (uintptr_t)end - (uintptr_t)start};
}

static struct image_layout image_layout(void)
{
    return (struct image_layout){
        .base = (uintptr_t)ImageBase,
        .text = between(image_text, image_text_end),
        .rodata = between(image_rodata, image_rodata_end),
        .data = between(image_data, image_data_end),
    };
}

struct handoff *memory_take_handoff(struct firmware *firmware, struct refusal *ret_refusal)
{
    struct handoff *handoff = pages_take(firmware, sizeof(*handoff), UINT32_MAX);
    if (handoff == NULL) {
        refuse(ret_refusal, EFI_OUT_OF_RESOURCES,
               "muster: memory: no %lu KiB below 4 GiB for the hand-off; free some and try again",
               (unsigned long)(sizeof(*handoff) / 1024));
        return NULL;
    }
    memset(handoff, 0, sizeof(*handoff));
    handoff->self = firmware->taken[firmware->taken_count - 1];
    handoff->image = image_layout();
    return handoff;
}

uint64_t memory_arena_size(const struct handoff *handoff)
{
    const uint64_t size = muster_arena_size(handoff) + DOOR_STACK_SIZE;
    return (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

bool memory_take_arena(struct firmware *firmware, struct handoff *handoff,
                       struct refusal *ret_refusal)
{
    const uint64_t size = memory_arena_size(handoff);
    void *at = pages_take(firmware, size, UINT32_MAX);
    if (at == NULL) {
        return refuse(
            ret_refusal, EFI_OUT_OF_RESOURCES,
            "muster: memory: the report and stacks of %u CPU(s) need %lu KiB in one piece below 4 "
            "GiB; the "
            "largest free range there has %lu KiB",
            handoff->inventory.count, (unsigned long)(size / 1024),
            (unsigned long)(memory_map_largest_free(&handoff->memory, UINT64_C(1) << 32) / 1024));
    }
    handoff->arena = (struct arena){.base = (uintptr_t)at, .size = size};
    return true;
}

/* One page of code, and a few bytes of log for each CPU. */
/* Real mode reaches 64 KiB from the trampoline on. */
enum { LOW_PAGES_MAX = 16 };

static uint32_t low_pages_wanted(const struct handoff *handoff)
{
    const uint32_t pages =
        1 + (handoff->inventory.count * ARRIVAL_BYTES + PAGE_SIZE - 1) / PAGE_SIZE;
    return pages < LOW_PAGES_MAX ? pages : LOW_PAGES_MAX;
}

void memory_take_low(struct firmware *firmware, struct handoff *handoff)
{
    for (uint32_t pages = low_pages_wanted(handoff); pages > 0; pages--) {
        const void *at = pages_take(firmware, (uint64_t)pages * PAGE_SIZE, LOW_LAST);
        if (at != NULL) {
            handoff->low = (struct low_memory){.base = (uintptr_t)at, .pages = pages};
            return;
        }
    }
    handoff->low = (struct low_memory){0};
}

bool memory_settle_low(struct handoff *handoff, struct refusal *ret_refusal)
{
    char buffer[512];
    struct text below;
    if (handoff->low.pages > 0 && !handoff->low.from_final_map) {
        return true;
    }
    if (memory_map_choose_low(&handoff->memory, low_pages_wanted(handoff), &handoff->low)) {
        return true;
    }
    text_init(&below, buffer, sizeof(buffer));
    memory_map_print_low(&below, &handoff->memory);
    return refuse(
        ret_refusal, EFI_OUT_OF_RESOURCES,
        "muster: memory: no page below 1 MiB for the code that other CPUs start in; there: "
        "%s",
        buffer);
}
