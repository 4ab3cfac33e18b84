/* roll.answered and roll.apic-id: one CPU against those who speak of it. */
#include <muster/claim_state.h>
#include <muster/judge_roll_cpu.h>
#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

static const char *state_words(uint8_t state)
{
    static const char *const words[] = {
        [CLAIM_ABSENT] = "does not list it",
        [CLAIM_DISABLED] = "calls it disabled",
        [CLAIM_ENABLED] = "enables it",
    };
    return words[state];
}

static void tell_states(const struct obs_claimed *claimed, struct text *seen)
{
    if (claimed->has_madt) {
        text_format(seen, "; the MADT %s", state_words(claimed->madt));
    }
    if (claimed->has_mps) {
        text_format(seen, "; MP Services %s", state_words(claimed->mps));
    }
}

/* A CPU that answered is one; a CPU that did not may be lost, which is up.answer's, or not there:
 * where the sources disagree it is taken for the latter. */
enum verdict judge_roll_answered(const struct observation *observation, struct words *ret)
{
    const struct obs_claimed *claimed = &observation->claimed;
    const bool madt = claimed->madt == CLAIM_ENABLED, mps = claimed->mps == CLAIM_ENABLED;
    const bool denied = (claimed->has_madt && !madt) || (claimed->has_mps && !mps);
    struct text seen;
    if (!claimed->asked) {
        return roll_skip(ret, "it was not called");
    }
    if (!denied) {
        return VERDICT_PASS;
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_add(&seen, claimed->answered ? "it answered" : "it did not answer");
    tell_states(claimed, &seen);
    if (!claimed->answered) {
        return roll_fail(
            ret, "every CPU that is claimed is there",
            "a phantom: no CPU has this APIC ID; an operating system that believes the "
            "claim calls it, waits in vain (Linux: 10 s each), and runs on with fewer "
            "CPUs than it counts");
    }
    return roll_fail(
        ret, "every CPU that answers is enabled by the MADT and by MP Services",
        claimed->has_madt && !madt
            ? "the CPU is there and works; an operating system that reads the MADT "
              "never uses it, and a broadcast INIT or NMI finds it in firmware's loop"
            : "the CPU is there and works; firmware that works through MP Services (MTRRs, "
              "microcode, SMM) leaves it out, and the operating system gets a CPU that "
              "is set up otherwise");
}

/* Leaf 1 has 8 bits of the ID; of longer ones vendors tell the low bits there, or none. */
enum { LEAF_1_MAX = 0xff };

static bool differ(struct words *ret, bool has, const char *name, struct pair pair)
{
    return has &&
           words_differ(ret, name, pair,
                        "this CPU is found by one ID and interrupted by another: IPIs, MSIs and "
                        "NUMA placement reach another CPU, or none");
}

enum verdict judge_roll_apic_id(const struct observation *observation, struct words *ret)
{
    const struct obs_ids *ids = &observation->ids;
    const struct pair same_b = {1, ids->leaf_b_same}, same_1f = {1, ids->leaf_1f_same};
    if (differ(ret, ids->apic.want <= LEAF_1_MAX, "APIC ID by leaf 1", ids->leaf1) ||
        differ(ret, ids->has_leaf_b, "APIC ID by leaf 0xb", ids->leaf_b) ||
        differ(ret, ids->has_leaf_b, "leaf 0xb: one APIC ID in all sub-leaves", same_b) ||
        differ(ret, ids->has_leaf_1f, "APIC ID by leaf 0x1f", ids->leaf_1f) ||
        differ(ret, ids->has_leaf_1f, "leaf 0x1f: one APIC ID in all sub-leaves", same_1f) ||
        differ(ret, ids->has_amd, "APIC ID by leaf 0x8000001e", ids->amd) ||
        differ(ret, ids->has_leaf_80000026, "APIC ID by leaf 0x80000026", ids->leaf_80000026) ||
        differ(ret, true, ids->x2apic ? "APIC ID by MSR 0x802" : "APIC ID by the APIC's register",
               ids->apic) ||
        words_differ(ret, "IA32_APIC_BASE.BSP", ids->bsp,
                     "the bit marks the one CPU that booted the machine: an operating system that "
                     "asks it (Linux: kexec, SMP without ACPI) takes another CPU for the BSP, or "
                     "sees two")) {
        return VERDICT_FAIL;
    }
    return VERDICT_PASS;
}
