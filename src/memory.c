#include <muster/memory.h>

#if !__STDC_HOSTED__

#    include <stdint.h>

/* Without this, gcc knows the loops below for what they are and calls memset from within memset. */
#    pragma GCC optimize("no-tree-loop-distribute-patterns")

/* Eight bytes wherever they lie; may_alias, since the caller's objects have types of their own. */
struct unaligned_word {
    uint64_t value;
} __attribute__((packed, may_alias));

enum { WORD = sizeof(struct unaligned_word) };

static void copy_upwards(uint8_t *to, const uint8_t *from, size_t size)
{
    for (; size >= WORD; to += WORD, from += WORD, size -= WORD) {
        *(struct unaligned_word *)to = *(const struct unaligned_word *)from;
    }
    while (size-- > 0) {
        *to++ = *from++;
    }
}

static void copy_downwards(uint8_t *to, const uint8_t *from, size_t size)
{
    for (; size >= WORD; size -= WORD) {
        *(struct unaligned_word *)(to + size - WORD) =
            *(const struct unaligned_word *)(from + size - WORD);
    }
    while (size-- > 0) {
        to[size] = from[size];
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    copy_upwards(to, from, size);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    /* Each word is read whole before it is written, so an overlap in the direction of travel is
     * safe at any distance. */
    if ((uintptr_t)to <= (uintptr_t)from) {
        copy_upwards(to, from, size);
    } else {
        copy_downwards(to, from, size);
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *at = to;
    const uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
    for (; size >= WORD; at += WORD, size -= WORD) {
        ((struct unaligned_word *)at)->value = word;
    }
    while (size-- > 0) {
        *at++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a;
    const uint8_t *right = b;
    for (; size > 0; left++, right++, size--) {
        if (*left != *right) {
            return *left - *right;
        }
    }
    return 0;
}

#endif
