/* state.feature-control: alike everywhere, and locked where there is something to lock. */
#include <muster/judge_state.h>

#include <muster/text.h>

enum {
    FEATURE_CONTROL_LOCK = 1 << 0,
    LEAF_FEATURES = 1,
    ECX_VMX = 1 << 5,
    ECX_SMX = 1 << 6,
};

#define ECX_HYPERVISOR (1u << 31)

/* A hypervisor may leave the lock to its guest's firmware, or to nobody. */
static bool must_lock(const struct obs_state *state)
{
    uint32_t ecx = cpuid_record_find(state->cpuid, LEAF_FEATURES, 0).value[CPUID_ECX];

    return ecx & (ECX_VMX | ECX_SMX) && !(ecx & ECX_HYPERVISOR);
}

static bool unlocked(const struct obs_state *state)
{
    return must_lock(state) && obs_state_has(state, STATE_FEATURE_CONTROL) &&
           !(obs_state_value(state, STATE_FEATURE_CONTROL) & FEATURE_CONTROL_LOCK);
}

static void tell_unlocked(const struct cpuset *cpus, struct teller *teller)
{
    struct words words = {0};

    string_copy(words.expected, sizeof words.expected, "feature-control with its lock bit set");
    string_copy(words.seen, sizeof words.seen, "feature-control with bit 0 clear");
    string_copy(words.means, sizeof words.means,
                "whoever comes first decides whether VMX, SMX and SGX can be used until the next "
                "reset, and VMXON faults until then: firmware is to set and lock it on every CPU");
    teller->tell(teller, cpus, VERDICT_FAIL, &words);
}

void judge_state_feature_control(const struct crowd *crowd, struct teller *teller)
{
    struct cpuset open = {{0}};

    judge_state_same(crowd, teller);
    cpuset_for_each(index, &crowd->cpus)
    {
        if (unlocked(&crowd_seen(crowd, index)->state))
            cpuset_add(&open, index);
    }
    if (!cpuset_empty(&open))
        tell_unlocked(&open, teller);
}
