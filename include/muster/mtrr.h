/* Memory types by MTRR: what registers hold, and the type they give to each address (SDM vol.
 * 3A, 12.11; APM vol. 2, 7.7 to 7.9). Pure. */
#ifndef MUSTER_MTRR_H
#define MUSTER_MTRR_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

enum { MTRR_FIXED_COUNT = 11, MTRR_VARIABLE_MAX = 10 /* 0x200 to 0x213 */ };

#define MTRR_CAP_VCNT  UINT64_C(0xff)
#define MTRR_CAP_FIXED UINT64_C(0x100)
#define MTRR_CAP_SMRR  UINT64_C(0x800)
#define MTRR_FE        UINT64_C(0x400)
#define MTRR_E         UINT64_C(0x800)
#define MTRR_VALID     UINT64_C(0x800) /* of a PhysMask */

/* AMD SYSCFG (APM vol. 2, 3.2.1). */
#define SYSCFG_FIX_DRAM_MODIFY   UINT64_C(0x80000)
#define SYSCFG_TOM2              UINT64_C(0x200000)
#define SYSCFG_TOM2_WB           UINT64_C(0x400000)
#define SYSCFG_MEMORY_ENCRYPTION UINT64_C(0x800000)

/* The registers of one CPU. */
struct mtrr_registers {
    uint64_t cap, def_type;
    uint64_t fixed[MTRR_FIXED_COUNT]; /* 64K, 16K_80000, 16K_A0000, 4K_C0000 to 4K_F8000 */
    struct {
        uint64_t base, mask;
    } variable[MTRR_VARIABLE_MAX];
    uint64_t syscfg, tom2;  /* AMD; 0 elsewhere */
    uint32_t address_bits;  /* that MTRRs compare: MAXPHYADDR less what encryption takes away */
    uint32_t variable_read; /* entries of `variable`: VCNT, or what muster holds of them */
};

enum memory_type {
    MEMORY_TYPE_UC = 0,
    MEMORY_TYPE_WC = 1,
    MEMORY_TYPE_WT = 4,
    MEMORY_TYPE_WP = 5,
    MEMORY_TYPE_WB = 6,
    MEMORY_TYPE_MASK = 7,
    MEMORY_TYPE_UNDEFINED = 0x100, /* ranges overlap with types that do not go together */
};

/* Addresses of one type. */
struct mtrr_range {
    uint64_t base, last;
    uint32_t type; /* enum memory_type; of fixed ranges that AMD may send elsewhere than to memory,
                      with RdMem and WrMem in bits 4 and 3 */
};

/* The range that begins at `address`, which is below 2^address_bits, up to where the type changes
 * next. */
struct mtrr_range mtrr_range_at(const struct mtrr_registers *mtrr, uint64_t address);

/* The highest address that MTRRs compare. */
uint64_t mtrr_address_last(const struct mtrr_registers *mtrr);

/* The first addresses at or above `*address` that have another type by `b` than by `a`; moves
 * `*address` behind them, to 0 at the end. False when there are none. `ret_a` and `ret_b` cover the
 * same addresses. */
bool mtrr_differ(const struct mtrr_registers *a, const struct mtrr_registers *b, uint64_t *address,
                 struct mtrr_range *ret_a, struct mtrr_range *ret_b);

/* What is wrong with a register by itself. */
enum mtrr_flaw {
    MTRR_SOUND,
    MTRR_FLAW_DEFAULT_TYPE,  /* MTRRdefType has a reserved type */
    MTRR_FLAW_FIXED_TYPE,    /* a fixed register has one */
    MTRR_FLAW_VARIABLE_TYPE, /* so has PhysBase `n` */
    MTRR_FLAW_MASK,          /* PhysMask `n` has holes: no range of a power of two */
    MTRR_FLAW_NARROW,        /* PhysMask `n` ends below the CPU's highest address bit: its range
                                repeats. Here it is taken for the lowest one alone */
    MTRR_FLAW_BASE,          /* PhysBase `n` is not aligned on its range's size */
    MTRR_FLAW_OPEN,          /* AMD: MtrrFixDramModEn is set, after all others but a narrow mask */
    MTRR_FLAW_OVERLAP,       /* two ranges overlap, with types that do not go together: `range` */
};

/* The first flaw, a narrow mask after all others, with the register's number in `ret_n`, or the
 * range for an overlap. Registers that are not in use have none. */
enum mtrr_flaw mtrr_flaw(const struct mtrr_registers *mtrr, uint32_t *ret_n,
                         struct mtrr_range *ret_range);

/* "WB" */
void memory_type_print(struct text *out, uint32_t type);
/* "0xc0000000-0xffffffff" */
void mtrr_range_print(struct text *out, const struct mtrr_range *range);

#endif
