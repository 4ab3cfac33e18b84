/* Page tables, 4 or 5 levels: built and read as plain memory (SDM vol. 3A, 4.5). */
#ifndef MUSTER_PAGING_H
#define MUSTER_PAGING_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_PRESENT UINT64_C(0x001)
#define PAGE_WRITE   UINT64_C(0x002)
#define PAGE_USER    UINT64_C(0x004)
#define PAGE_PWT     UINT64_C(0x008)
#define PAGE_PCD     UINT64_C(0x010)
#define PAGE_LARGE   UINT64_C(0x080) /* in a PDE: a 2 MiB page */
#define PAGE_GLOBAL  UINT64_C(0x100)
#define PAGE_NX      UINT64_C(0x8000000000000000)
#define PAGE_ADDRESS UINT64_C(0x000ffffffffff000)

/* Memory types by PAT entry: entries 0-3 keep their reset meaning; muster sets entry 1 to WC. */
#define PAGE_TYPE_WB UINT64_C(0)
#define PAGE_TYPE_WC PAGE_PWT
#define PAGE_TYPE_UC (PAGE_PCD | PAGE_PWT)

/* Tables are taken from `pool`, whose memory is identity-mapped wherever this code runs. */
struct paging {
    uint64_t root;   /* physical address of the top table; 0 until the first mapping */
    uint32_t levels; /* 4 or 5 */
    bool nx;         /* the CPUs offer NX; without it PAGE_NX is left out */
    uint64_t pool, pool_size, pool_used; /* bytes; 4 KiB aligned, zeroed */
};

/* Maps [virtual, virtual+size) to `physical`. All 4 KiB aligned; 2 MiB pages where both sides
 * allow. `flags` are PAGE_WRITE, PAGE_USER, PAGE_NX and a PAGE_TYPE. False: the pool is exhausted.
 */
bool paging_map(struct paging *paging, uint64_t virtual, uint64_t physical, uint64_t size,
                uint64_t flags);

/* The leaf entry that maps `virtual`, or NULL where nothing does. `ret_size` may be NULL. */
uint64_t *paging_find(const struct paging *paging, uint64_t virtual, uint64_t *ret_size);

/* What a walk over every mapping found. */
struct paging_survey {
    uint64_t leaves; /* mappings of any size */
    uint64_t writable_executable;
    uint64_t first_wx; /* virtual address of the first of those */
};

void paging_survey(const struct paging *paging, struct paging_survey *ret);

#endif
