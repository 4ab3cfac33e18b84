/* Page tables read the way a CPU reads them, written from the manual alone: it shares nothing with
 * src/paging.c, not even the names of bits. */
#ifndef PAGE_WALK_H
#define PAGE_WALK_H

#include "unit.h"

/* SDM vol. 3A, 4.5.4 and 4.6; the names are the manual's. */
struct translation {
    enum { MAPPED, NOT_PRESENT, RESERVED_BIT, NOT_CANONICAL } outcome;
    uint64_t physical, page_size;
    bool writable, user, executable;
    unsigned memory_type; /* PAT << 2 | PCD << 1 | PWT */
};

struct control {
    uint64_t cr3;
    bool la57, nxe;
};

static inline uint64_t bits_of(uint64_t value, unsigned high, unsigned low)
{
    return value >> low & (((uint64_t)2 << (high - low)) - 1);
}

static inline bool is_canonical(uint64_t linear, bool la57)
{
    const unsigned sign = la57 ? 56 : 47;
    const uint64_t upper = bits_of(linear, 63, sign);
    return upper == 0 || upper == bits_of(UINT64_MAX, 63, sign);
}

/* Bits that fault when set: XD without NXE, PS where no page can be, the low address bits of a
 * large page. (63:52 but XD are ignored.) */
static inline bool has_reserved_bit(uint64_t entry, unsigned level, bool nxe)
{
    const bool page_size = bits_of(entry, 7, 7);
    if (bits_of(entry, 63, 63) && !nxe) {
        return true;
    }
    if (page_size && level >= 4) {
        return true;
    }
    return page_size &&
           ((level == 3 && bits_of(entry, 29, 13)) || (level == 2 && bits_of(entry, 20, 13)));
}

static inline struct translation leaf_of(uint64_t entry, unsigned low_bits, uint64_t linear)
{
    const bool large = low_bits > 12;
    const uint64_t offset = bits_of(linear, low_bits - 1, 0);
    return (struct translation){
        .outcome = MAPPED,
        .physical = (bits_of(entry, 51, low_bits) << low_bits) + offset,
        .page_size = (uint64_t)1 << low_bits,
        .memory_type = bits_of(entry, large ? 12 : 7, large ? 12 : 7) << 2 | bits_of(entry, 4, 3),
    };
}

static inline struct translation walk(const struct control *cpu, uint64_t linear)
{
    bool writable = true, user = true, executable = true;
    uint64_t table = bits_of(cpu->cr3, 51, 12) << 12;
    if (!is_canonical(linear, cpu->la57)) {
        return (struct translation){.outcome = NOT_CANONICAL};
    }
    for (unsigned level = cpu->la57 ? 5 : 4;; level--) {
        static const unsigned low_bits[] = {0, 12, 21, 30, 39, 48};
        uint64_t entry;
        memcpy(
            &entry,
            (const void *)(uintptr_t)(table | bits_of(linear, low_bits[level] + 8, low_bits[level])
                                                  << 3),
            sizeof(entry));
        if (!bits_of(entry, 0, 0)) {
            return (struct translation){.outcome = NOT_PRESENT};
        }
        if (has_reserved_bit(entry, level, cpu->nxe)) {
            return (struct translation){.outcome = RESERVED_BIT};
        }
        writable &= bits_of(entry, 1, 1);
        user &= bits_of(entry, 2, 2);
        executable &= !bits_of(entry, 63, 63);
        if (level == 1 || bits_of(entry, 7, 7)) {
            struct translation found = leaf_of(entry, low_bits[level], linear);
            found.writable = writable;
            found.user = user;
            found.executable = executable;
            return found;
        }
        table = bits_of(entry, 51, 12) << 12;
    }
}

#endif
