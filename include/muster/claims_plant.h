/* The planted defects of checks that judge what firmware claims: lies put among the claims. */
#ifndef MUSTER_CLAIMS_PLANT_H
#define MUSTER_CLAIMS_PLANT_H

#include <stdint.h>

#include <muster/claims.h>

/* Falsifies `claims` so that the check `break_id` must fail; any other id changes nothing. Before
 * the inventory is merged.
 *
 * roll.agree: MP Services no longer knows the last enabled CPU that is not the BSP; where there is
 * none, it counts one CPU more than it lists.
 *
 * roll.unique: the MADT, or MP Services where there is none, claims its last CPU twice.
 *
 * roll.bsp-first: the MADT's first two enabled CPUs change places; where there are no two, MP
 * Services calls no CPU the BSP, or without it the MADT enables none. */
void claims_plant(const char *break_id, struct claims *claims);

/* What claims_plant() does for roll.types, roll.online-capable, roll.srat, roll.pptt, roll.smbios
 * and roll.count. Where the machine has no SRAT, PPTT or SMBIOS, one is made up. */
void claims_plant_places(const char *break_id, struct claims *claims);

/* Falsifies a copy of the MADT for roll.madt: its checksum no longer holds. */
void claims_plant_madt(void *table, uint32_t size);

#endif
