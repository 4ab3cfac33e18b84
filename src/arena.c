#include <muster/handoff.h>
#include <muster/memory.h>

void *arena_take(struct arena *arena, uint64_t size, uint64_t align)
{
    uint64_t at = (arena->base + arena->used + align - 1) & ~(align - 1);
    uint64_t end = arena->base + arena->size;

    if (at > end || size > end - at)
        return NULL;
    arena->used = at + size - arena->base;
    memset((void *)(uintptr_t)at, 0, size);
    return (void *)(uintptr_t)at;
}
