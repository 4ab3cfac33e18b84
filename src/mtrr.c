#include <muster/mtrr.h>

enum {
    PAGE_BITS = 12,
    TYPE_RESERVED_2 = 2,
    TYPE_RESERVED_3 = 3,
    TYPE_RESERVED_7 = 7,
    FIXED_IN_EACH = 8,
    DRAM_BITS = 0x18, /* RdMem, WrMem */
};

#define FIXED_END UINT64_C(0x100000)
#define FOUR_GIB  UINT64_C(0x100000000)

/* The fixed registers in order: eight ranges each (SDM vol. 3A, table 12-9). */
static const struct {
    uint32_t base, size;
} fixed_registers[MTRR_FIXED_COUNT] = {
    {0x00000, 0x10000}, {0x80000, 0x4000}, {0xa0000, 0x4000}, {0xc0000, 0x1000},
    {0xc8000, 0x1000},  {0xd0000, 0x1000}, {0xd8000, 0x1000}, {0xe0000, 0x1000},
    {0xe8000, 0x1000},  {0xf0000, 0x1000}, {0xf8000, 0x1000},
};

uint64_t mtrr_address_last(const struct mtrr_registers *mtrr)
{
    return (UINT64_C(1) << mtrr->address_bits) - 1;
}

static bool fixed_on(const struct mtrr_registers *mtrr)
{
    return mtrr->def_type & MTRR_FE && mtrr->cap & MTRR_CAP_FIXED;
}

static bool reserved_type(uint64_t type)
{
    return type == TYPE_RESERVED_2 || type == TYPE_RESERVED_3 || type >= TYPE_RESERVED_7;
}

/* The bits of a base or mask that take part in the comparison. */
static uint64_t frame(const struct mtrr_registers *mtrr, uint64_t value)
{
    return value & mtrr_address_last(mtrr) & ~((UINT64_C(1) << PAGE_BITS) - 1);
}

/* Mask `n` as if it went on to the highest address bit. */
static uint64_t widened_mask(const struct mtrr_registers *mtrr, uint32_t n)
{
    uint64_t mask = frame(mtrr, mtrr->variable[n].mask);
    for (uint32_t bit = mtrr->address_bits; mask != 0 && bit-- > 0 && !(mask >> bit & 1);) {
        mask |= UINT64_C(1) << bit;
    }
    return mask;
}

static bool mask_has_holes(const struct mtrr_registers *mtrr, uint32_t n)
{
    const uint64_t below = mtrr_address_last(mtrr) - widened_mask(mtrr, n);
    return (below & (below + 1)) != 0;
}

/* Variable range `n`, if it is in use and a range at all. */
static bool variable_range(const struct mtrr_registers *mtrr, uint32_t n, struct mtrr_range *ret)
{
    const uint64_t mask = widened_mask(mtrr, n);
    if (!(mtrr->variable[n].mask & MTRR_VALID) || mask_has_holes(mtrr, n)) {
        return false;
    }
    ret->base = frame(mtrr, mtrr->variable[n].base) & mask;
    ret->last = ret->base + (mtrr_address_last(mtrr) - mask);
    ret->type = mtrr->variable[n].base & 0xff;
    return true;
}

static void end_before(struct mtrr_range *range, uint64_t boundary)
{
    if (boundary > range->base && boundary <= range->last) {
        range->last = boundary - 1;
    }
}

static void fixed_range(const struct mtrr_registers *mtrr, struct mtrr_range *range)
{
    uint32_t n = MTRR_FIXED_COUNT - 1;
    while (fixed_registers[n].base > range->base) {
        n--;
    }
    const uint64_t slot = (range->base - fixed_registers[n].base) / fixed_registers[n].size;
    const uint64_t type = mtrr->fixed[n] >> (slot % FIXED_IN_EACH * 8);
    const bool routed = mtrr->syscfg & SYSCFG_FIX_DRAM_MODIFY;
    range->type = (uint32_t)type & (routed ? MEMORY_TYPE_MASK | DRAM_BITS : MEMORY_TYPE_MASK);
    range->last = fixed_registers[n].base + (slot + 1) * fixed_registers[n].size - 1;
}

/* SDM vol. 3A, 12.11.4.1: UC wins, WT wins over WB, all else is undefined. */
static uint32_t combine(uint32_t a, uint32_t b)
{
    if (a == b) {
        return a;
    }
    if (a == MEMORY_TYPE_UC || b == MEMORY_TYPE_UC) {
        return MEMORY_TYPE_UC;
    }
    if ((a == MEMORY_TYPE_WT && b == MEMORY_TYPE_WB) ||
        (a == MEMORY_TYPE_WB && b == MEMORY_TYPE_WT)) {
        return MEMORY_TYPE_WT;
    }
    return MEMORY_TYPE_UNDEFINED;
}

/* Between 4 GiB and TOM2 AMD may have another default, which variable ranges override (APM vol.
 * 2, 7.9.4). */
static void default_range(const struct mtrr_registers *mtrr, struct mtrr_range *range)
{
    const uint64_t wanted = SYSCFG_TOM2 | SYSCFG_TOM2_WB;
    range->type = mtrr->def_type & 0xff;
    if ((mtrr->syscfg & wanted) != wanted) {
        return;
    }
    end_before(range, FOUR_GIB);
    end_before(range, frame(mtrr, mtrr->tom2));
    if (range->base >= FOUR_GIB && range->base < frame(mtrr, mtrr->tom2)) {
        range->type = MEMORY_TYPE_WB;
    }
}

static void variable_ranges(const struct mtrr_registers *mtrr, struct mtrr_range *range)
{
    bool first = true;
    default_range(mtrr, range);
    for (uint32_t n = 0; n < mtrr->variable_read; n++) {
        struct mtrr_range one;
        if (!variable_range(mtrr, n, &one)) {
            continue;
        }
        end_before(range, one.base);
        end_before(range, one.last + 1);
        if (range->base >= one.base && range->base <= one.last) {
            range->type = first ? one.type : combine(range->type, one.type);
            first = false;
        }
    }
}

/* As far as one look tells: the next piece may have the same type. */
static struct mtrr_range piece_at(const struct mtrr_registers *mtrr, uint64_t address)
{
    struct mtrr_range range = {.base = address, .last = mtrr_address_last(mtrr)};
    if (!(mtrr->def_type & MTRR_E)) {
        range.type = MEMORY_TYPE_UC;
    } else if (address < FIXED_END && fixed_on(mtrr)) {
        fixed_range(mtrr, &range);
    } else {
        variable_ranges(mtrr, &range);
        if (fixed_on(mtrr)) {
            end_before(&range, FIXED_END);
        }
    }
    return range;
}

struct mtrr_range mtrr_range_at(const struct mtrr_registers *mtrr, uint64_t address)
{
    struct mtrr_range range = piece_at(mtrr, address);
    while (range.last < mtrr_address_last(mtrr)) {
        const struct mtrr_range next = piece_at(mtrr, range.last + 1);
        if (next.type != range.type) {
            break;
        }
        range.last = next.last;
    }
    return range;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool mtrr_differ(const struct mtrr_registers *a, const struct mtrr_registers *b, uint64_t *address,
                 struct mtrr_range *ret_a, struct mtrr_range *ret_b)
{
    const uint64_t last = lower(mtrr_address_last(a), mtrr_address_last(b));
    uint64_t at = *address;
    bool more = at <= last;
    while (more) {
        *ret_a = mtrr_range_at(a, at);
        *ret_b = mtrr_range_at(b, at);
        ret_a->last = ret_b->last = lower(last, lower(ret_a->last, ret_b->last));
        at = ret_a->last + 1;
        if (ret_a->type != ret_b->type) {
            *address = at;
            return true;
        }
        more = at <= last;
    }
    return false;
}

static enum mtrr_flaw variable_flaw(const struct mtrr_registers *mtrr, uint32_t n)
{
    struct mtrr_range range;
    if (!(mtrr->variable[n].mask & MTRR_VALID)) {
        return MTRR_SOUND;
    }
    if (reserved_type(mtrr->variable[n].base & 0xff)) {
        return MTRR_FLAW_VARIABLE_TYPE;
    }
    if (!variable_range(mtrr, n, &range)) {
        return MTRR_FLAW_MASK;
    }
    if (range.base != frame(mtrr, mtrr->variable[n].base)) {
        return MTRR_FLAW_BASE;
    }
    return widened_mask(mtrr, n) == frame(mtrr, mtrr->variable[n].mask) ? MTRR_SOUND
                                                                        : MTRR_FLAW_NARROW;
}

static bool fixed_flaw(const struct mtrr_registers *mtrr, uint32_t n)
{
    for (uint32_t slot = 0; slot < FIXED_IN_EACH; slot++) {
        if (reserved_type(mtrr->fixed[n] >> (slot * 8) & MEMORY_TYPE_MASK)) {
            return true;
        }
    }
    return false;
}

static enum mtrr_flaw overlap_flaw(const struct mtrr_registers *mtrr, struct mtrr_range *ret)
{
    uint64_t at = 0;
    do {
        *ret = mtrr_range_at(mtrr, at);
        at = ret->last + 1;
        if (ret->type == MEMORY_TYPE_UNDEFINED) {
            return MTRR_FLAW_OVERLAP;
        }
    } while (at <= mtrr_address_last(mtrr));
    return MTRR_SOUND;
}

enum mtrr_flaw mtrr_flaw(const struct mtrr_registers *mtrr, uint32_t *ret_n,
                         struct mtrr_range *ret_range)
{
    if (!(mtrr->def_type & MTRR_E)) {
        return MTRR_SOUND;
    }
    if (reserved_type(mtrr->def_type & 0xff)) {
        return MTRR_FLAW_DEFAULT_TYPE;
    }
    for (uint32_t n = 0; n < MTRR_FIXED_COUNT && fixed_on(mtrr); n++) {
        *ret_n = n;
        if (fixed_flaw(mtrr, n)) {
            return MTRR_FLAW_FIXED_TYPE;
        }
    }
    enum mtrr_flaw worst = overlap_flaw(mtrr, ret_range);
    if (worst == MTRR_SOUND && mtrr->syscfg & SYSCFG_FIX_DRAM_MODIFY) {
        worst = MTRR_FLAW_OPEN;
    }
    for (uint32_t n = mtrr->variable_read; n-- > 0;) {
        const enum mtrr_flaw flaw = variable_flaw(mtrr, n);
        if (flaw != MTRR_SOUND &&
            (flaw != MTRR_FLAW_NARROW || worst == MTRR_SOUND || worst == flaw)) {
            worst = flaw;
            *ret_n = n;
        }
    }
    return worst;
}

void memory_type_print(struct text *out, uint32_t type)
{
    static const char *const names[] = {"UC", "WC", NULL, NULL, "WT", "WP", "WB", NULL};
    if (type == MEMORY_TYPE_UNDEFINED) {
        text_add(out, "undefined");
        return;
    }
    if (type > (MEMORY_TYPE_MASK | DRAM_BITS) || !names[type & MEMORY_TYPE_MASK]) {
        text_format(out, "reserved type 0x%x", type);
        return;
    }
    text_add(out, names[type & MEMORY_TYPE_MASK]);
    if (type & DRAM_BITS) {
        text_add(out, type & 0x10 ? "+RdMem" : "");
        text_add(out, type & 0x08 ? "+WrMem" : "");
    }
}

void mtrr_range_print(struct text *out, const struct mtrr_range *range)
{
    text_format(out, "0x%lx-0x%lx ", (unsigned long)range->base, (unsigned long)range->last);
    memory_type_print(out, range->type);
}
