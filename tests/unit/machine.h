/* Invented machines: claims as sound firmware makes them, for a test to spoil. */
#ifndef MACHINE_H
#define MACHINE_H

#include <string.h>

#include <muster/claims.h>

static inline void machine_add_mps(struct claims *claims, uint32_t apic_id, bool enabled)
{
    struct mps_claims *mps = &claims->mps;
    mps->cpus[mps->count] = (struct mps_claim){
        .apic_id = apic_id,
        .bsp = apic_id == claims->bsp_apic_id,
        .enabled = enabled,
        .healthy = true,
        .package = apic_id / 8,
        .core = apic_id % 8 / 2,
        .thread = apic_id % 2,
    };
    if (mps->cpus[mps->count].bsp) {
        mps->who_am_i = mps->count;
    }
    mps->count++;
    mps->total++;
    mps->enabled += enabled;
}

static inline void machine_add_madt(struct claims *claims, uint32_t apic_id, bool enabled)
{
    struct madt_claims *madt = &claims->madt;
    madt->cpus[madt->count] = (struct madt_claim){
        .apic_id = apic_id, .uid = 0x100 + madt->count, .type = 9, .enabled = enabled};
    madt->count++;
}

/* `cpus` CPUs with APIC IDs 0, 2, 4, …; the first is the BSP. */
static inline void machine_make(struct claims *ret, uint32_t cpus)
{
    memset(ret, 0, sizeof(*ret));
    ret->mps.present = true;
    ret->madt.present = true;
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        machine_add_mps(ret, 2 * cpu, true);
        machine_add_madt(ret, 2 * cpu, true);
    }
}

#endif
