/* What a source says of one APIC ID. */
#ifndef MUSTER_CLAIM_STATE_H
#define MUSTER_CLAIM_STATE_H

#include <muster/claims.h>

enum claim_state { CLAIM_ABSENT, CLAIM_DISABLED, CLAIM_ENABLED };

/* Where a source lists an APIC ID more than once, one enabled entry enables it. Any phase. */
enum claim_state mps_state(const struct mps_claims *mps, uint32_t apic_id);
enum claim_state madt_state(const struct madt_claims *madt, uint32_t apic_id);

#endif
