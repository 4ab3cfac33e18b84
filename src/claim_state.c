#include <muster/claim_state.h>

enum claim_state mps_state(const struct mps_claims *mps, uint32_t apic_id)
{
    enum claim_state state = CLAIM_ABSENT;
    for (uint32_t i = 0; i < mps->count && state != CLAIM_ENABLED; i++) {
        if (mps->cpus[i].apic_id == apic_id) {
            state = mps->cpus[i].enabled ? CLAIM_ENABLED : CLAIM_DISABLED;
        }
    }
    return state;
}

enum claim_state madt_state(const struct madt_claims *madt, uint32_t apic_id)
{
    enum claim_state state = CLAIM_ABSENT;
    for (uint32_t i = 0; i < madt->count && state != CLAIM_ENABLED; i++) {
        if (madt->cpus[i].apic_id == apic_id) {
            state = madt->cpus[i].enabled ? CLAIM_ENABLED : CLAIM_DISABLED;
        }
    }
    return state;
}
