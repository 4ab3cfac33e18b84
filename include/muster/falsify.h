/* The planted defects of checks that judge what firmware said: each function alters what was
 * recorded as a wrong firmware would have made it, so that the check of its name must fail, and no
 * other of its family. Pure; any phase; meant for a copy, which that check alone is judged on. */
#ifndef MUSTER_FALSIFY_H
#define MUSTER_FALSIFY_H

#include <muster/claims.h>
#include <muster/handoff.h>
#include <muster/judge_mps.h>

/* As if the MADT had been read with a wrong checksum. */
void falsify_roll_madt(struct claims *claims);

/* MP Services no longer knows the last enabled CPU that is not the BSP; where there is none, it
 * counts one CPU more than it lists. */
void falsify_roll_agree(struct claims *claims);

/* The MADT, or MP Services where there is none, claims its last CPU twice. */
void falsify_roll_unique(struct claims *claims);

/* The MADT's first two enabled CPUs change places; where there are no two, MP Services calls no CPU
 * the BSP, or without it the MADT enables none. */
void falsify_roll_bsp_first(struct claims *claims);

/* The MADT's entry of one CPU is of the other type. */
void falsify_roll_types(struct claims *claims);

/* The MADT's last enabled CPU is online capable, too. */
void falsify_roll_online_capable(struct claims *claims);

/* An affinity entry for a CPU that is not there. Like the two below, it makes the table up where
 * the machine has none. */
void falsify_roll_srat(struct claims *claims);

/* A node of the PPTT has one of its own children for its parent. */
void falsify_roll_pptt(struct claims *claims);

/* A type 44 that refers to nobody. */
void falsify_roll_smbios(struct claims *claims);

/* One core more in the first socket. */
void falsify_roll_count(struct claims *claims);

/* All memory below 1 MiB is reserved. */
void falsify_mem_low(struct handoff *handoff);

/* The last range is described twice. */
void falsify_mem_map(struct handoff *handoff);

/* The first place that must be kept, the local APIC, lies in muster's own memory. */
void falsify_mem_kept(struct handoff *handoff);

/* The range that holds the handoff is boot-services memory. */
void falsify_mem_own(struct handoff *handoff);

/* The first free range is marked for runtime. */
void falsify_mem_runtime(struct handoff *handoff);

/* The last entry of the Memory Attributes Table lies where no runtime memory is; nothing where
 * there is none. */
void falsify_mem_attributes(struct handoff *handoff);

/* Its first entry is neither read-only nor no-execute; nothing where there is none. */
void falsify_mem_wx(struct handoff *handoff);

/* What MP Services answered, for `check` of mps.*. Where it was not asked, it still is not. */
void falsify_mps(struct mps_record *record, enum mps_check check);

#endif
