/* What firmware adds to a topology, and what it says where no CPU has been asked. */
#include <muster/claims.h>
#include <muster/inventory.h>
#include <muster/topology.h>

uint64_t topology_size(uint32_t cpus)
{
    return cpus * (sizeof(struct topology_row) + 2 * sizeof(uint32_t)) + 64;
}

void topology_add_domains(struct topology *topology, const struct srat_claims *srat)
{
    for (uint32_t index = 0; index < topology->count; index++) {
        struct topology_row *row = &topology->rows[index];
        row->domain = CPU_NONE;
        for (uint32_t n = 0; row->source != TOPOLOGY_UNKNOWN && n < srat->count; n++) {
            if (srat->cpus[n].enabled && srat->cpus[n].apic_id == row->apic_id) {
                row->domain = srat->cpus[n].domain;
                break;
            }
        }
    }
}

/* PI 1.8 vol. 2, 13.4.3: without the extended location, Core counts through the whole package. */
static void take_place(const struct mps_claim *claim, struct topology_row *ret)
{
    *ret = (struct topology_row){
        .apic_id = claim->apic_id,
        .domain = CPU_NONE,
        .levels = 1 << TOPOLOGY_THREAD | 1 << TOPOLOGY_CORE | 1 << TOPOLOGY_PACKAGE,
        .source = TOPOLOGY_BY_FIRMWARE,
    };
    ret->id[TOPOLOGY_PACKAGE] = claim->package;
    ret->id[TOPOLOGY_CORE] = claim->core;
    ret->id[TOPOLOGY_THREAD] = claim->thread;
}

void topology_from_claims(const struct claims *claims, const struct inventory *inventory,
                          struct topology *ret)
{
    for (uint32_t n = 0; n < claims->mps.count; n++) {
        const uint32_t index = inventory_find(inventory, claims->mps.cpus[n].apic_id);
        if (index < ret->count) {
            take_place(&claims->mps.cpus[n], &ret->rows[index]);
        }
    }
    topology_add_domains(ret, &claims->srat);
    topology_sort(ret);
}
