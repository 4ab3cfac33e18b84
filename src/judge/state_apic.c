/* state.apic-mode: the local APICs as handed over. */
#include <muster/judge_state.h>

#include <muster/text.h>

enum { BASE_BSP = 1 << 8, BASE_X2APIC = 1 << 10, BASE_ENABLE = 1 << 11 };

/* Where the modes may not be changed any more (IA32_XAPIC_DISABLE_STATUS; SDM vol. 4, table 2-2).
 */
static uint64_t lock_of(const struct observation *seen)
{
    return obs_state_has(&seen->state, STATE_XAPIC_DISABLE)
               ? obs_state_value(&seen->state, STATE_XAPIC_DISABLE)
               : 0;
}

static uint64_t base_of(const struct observation *seen)
{
    return obs_state_value(&seen->state, STATE_APIC_BASE);
}

static bool same(const struct observation *a, const struct observation *b)
{
    return !((base_of(a) ^ base_of(b)) & ~(uint64_t)BASE_BSP) && lock_of(a) == lock_of(b);
}

static const char *mode_name(uint64_t base)
{
    if (!(base & BASE_ENABLE))
        return base & BASE_X2APIC ? "invalid mode" : "disabled";
    return base & BASE_X2APIC ? "x2APIC mode" : "xAPIC mode";
}

static void base_print(struct text *out, const struct observation *seen)
{
    text_format(out, "%s, apic-base 0x%lx%s", mode_name(base_of(seen)),
                (unsigned long)base_of(seen), lock_of(seen) ? ", mode locked" : "");
}

static void tell(const struct observation *usual, const struct observation *odd, uint32_t like,
                 uint32_t of, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    base_print(&expected, usual);
    text_format(&expected, ", as on %u of %u CPUs", like, of);
    base_print(&seen, odd);
    string_copy(ret->means, sizeof ret->means,
                "an operating system takes the boot CPU's mode for everybody's: IPIs to and from "
                "this CPU are lost, or it dies of a #GP at its first APIC access");
}

static void tell_bsp_bit(const struct cpuset *cpus, const char *wanted, const char *seen,
                         struct teller *teller)
{
    struct words words = {0};

    string_copy(words.expected, sizeof words.expected, wanted);
    string_copy(words.seen, sizeof words.seen, seen);
    string_copy(words.means, sizeof words.means,
                "Linux and others learn from this bit, or from the first MADT entry, who booted; "
                "with several, kexec and INIT handling take the wrong CPU for the boot CPU");
    teller->tell(teller, cpus, VERDICT_FAIL, &words);
}

void judge_state_apic_mode(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {NULL, same, tell};
    struct cpuset marked = {{0}}, unmarked = {{0}};

    crowd_compare(crowd, &comparison, teller);
    cpuset_for_each(index, &crowd->cpus)
    {
        const struct observation *seen = crowd_seen(crowd, index);
        bool bit = base_of(seen) & BASE_BSP;
        if (bit && !seen->state.bsp)
            cpuset_add(&marked, index);
        if (!bit && seen->state.bsp)
            cpuset_add(&unmarked, index);
    }
    if (!cpuset_empty(&marked))
        tell_bsp_bit(&marked, "apic-base bit 8 (BSP) on the CPU that boots alone",
                     "bit 8 set on an AP, too", teller);
    if (!cpuset_empty(&unmarked))
        tell_bsp_bit(&unmarked, "apic-base bit 8 (BSP) on the CPU that boots", "bit 8 clear there",
                     teller);
}
