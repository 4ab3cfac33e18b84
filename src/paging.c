#include <stddef.h>

#include <muster/paging.h>

enum { ENTRIES = 512, PAGE = 4096, LARGE_LEVEL = 2 };

static uint64_t *table_at(uint64_t physical)
{
    return (uint64_t *)(uintptr_t)physical;
}

static uint32_t shift_of(uint32_t level)
{
    return 12 + 9 * (level - 1);
}

static uint32_t index_at(uint64_t virtual, uint32_t level)
{
    return virtual >> shift_of(level) & (ENTRIES - 1);
}

static uint64_t table_new(struct paging *paging)
{
    if (paging->pool_used + PAGE > paging->pool_size)
        return 0;
    uint64_t table = paging->pool + paging->pool_used;
    paging->pool_used += PAGE;
    return table;
}

/* Upper entries allow everything; the leaf decides. */
static uint64_t *table_below(struct paging *paging, uint64_t *entry)
{
    if (!(*entry & PAGE_PRESENT)) {
        uint64_t table = table_new(paging);
        if (!table)
            return NULL;
        *entry = table | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
    }
    return table_at(*entry & PAGE_ADDRESS);
}

/* Turns a 2 MiB mapping into 512 small ones, so that a part of it can be mapped otherwise. */
static bool leaf_split(struct paging *paging, uint64_t *entry)
{
    uint64_t table = table_new(paging);
    if (!table)
        return false;
    uint64_t leaf = *entry & ~PAGE_LARGE;
    for (uint64_t n = 0; n < ENTRIES; n++)
        table_at(table)[n] = leaf + n * PAGE;
    *entry = table | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
    return true;
}

static bool map_one(struct paging *paging, uint64_t virtual, uint64_t leaf, uint32_t leaf_level)
{
    uint64_t *table = table_at(paging->root);

    for (uint32_t level = paging->levels; level > leaf_level; level--) {
        uint64_t *entry = &table[index_at(virtual, level)];
        if (level == LARGE_LEVEL && (*entry & PAGE_LARGE) && !leaf_split(paging, entry))
            return false;
        table = table_below(paging, entry);
        if (!table)
            return false;
    }
    table[index_at(virtual, leaf_level)] = leaf;
    return true;
}

static bool fits_large(const struct paging *paging, uint64_t virtual, uint64_t physical,
                       uint64_t size)
{
    uint64_t large = UINT64_C(1) << shift_of(LARGE_LEVEL);

    if ((virtual | physical) & (large - 1) || size < large)
        return false;
    /* A table of small pages that is already there stays: it may hold other mappings. */
    uint64_t *table = table_at(paging->root);
    for (uint32_t level = paging->levels; level > LARGE_LEVEL; level--) {
        uint64_t entry = table[index_at(virtual, level)];
        if (!(entry & PAGE_PRESENT))
            return true;
        table = table_at(entry & PAGE_ADDRESS);
    }
    uint64_t entry = table[index_at(virtual, LARGE_LEVEL)];
    return !(entry & PAGE_PRESENT) || entry & PAGE_LARGE;
}

bool paging_map(struct paging *paging, uint64_t virtual, uint64_t physical, uint64_t size,
                uint64_t flags)
{
    if (!paging->root && !(paging->root = table_new(paging)))
        return false;
    flags |= PAGE_PRESENT;
    if (!paging->nx)
        flags &= ~PAGE_NX;
    while (size) {
        bool large = fits_large(paging, virtual, physical, size);
        uint32_t level = large ? LARGE_LEVEL : 1;
        uint64_t step = UINT64_C(1) << shift_of(level);
        if (!map_one(paging, virtual, physical | flags | (large ? PAGE_LARGE : 0), level))
            return false;
        virtual += step;
        physical += step;
        size -= step < size ? step : size;
    }
    return true;
}

uint64_t *paging_find(const struct paging *paging, uint64_t virtual, uint64_t *ret_size)
{
    uint64_t *table = table_at(paging->root);

    for (uint32_t level = paging->levels; table; level--) {
        uint64_t *entry = &table[index_at(virtual, level)];
        if (!(*entry & PAGE_PRESENT))
            return NULL;
        if (level == 1 || *entry & PAGE_LARGE) {
            if (ret_size)
                *ret_size = UINT64_C(1) << shift_of(level);
            return entry;
        }
        table = table_at(*entry & PAGE_ADDRESS);
    }
    return NULL;
}

static uint64_t canonical(const struct paging *paging, uint64_t virtual)
{
    uint32_t unused = 64 - shift_of(paging->levels + 1);

    return (uint64_t)((int64_t)(virtual << unused) >> unused);
}

static void survey_leaf(const struct paging *paging, uint64_t entry, uint64_t virtual,
                        struct paging_survey *survey)
{
    survey->leaves++;
    if (!(entry & PAGE_WRITE) || entry & PAGE_NX)
        return;
    if (!survey->writable_executable++)
        survey->first_wx = canonical(paging, virtual);
}

static void survey_table(const struct paging *paging, const uint64_t *table, uint32_t level,
                         uint64_t virtual, struct paging_survey *survey)
{
    for (uint32_t n = 0; n < ENTRIES; n++) {
        uint64_t at = virtual + ((uint64_t)n << shift_of(level));
        if (!(table[n] & PAGE_PRESENT))
            continue;
        if (level == 1 || table[n] & PAGE_LARGE)
            survey_leaf(paging, table[n], at, survey);
        else
            survey_table(paging, table_at(table[n] & PAGE_ADDRESS), level - 1, at, survey);
    }
}

void paging_survey(const struct paging *paging, struct paging_survey *ret)
{
    *ret = (struct paging_survey){0};
    if (paging->root)
        survey_table(paging, table_at(paging->root), paging->levels, 0, ret);
}
