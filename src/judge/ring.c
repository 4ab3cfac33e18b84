/* ring3.*, iobm.*, prot.*: everything a probe is judged by, the numbers beside the frame, and
 * whether all CPUs offer the same. */
#include <muster/judge_probe.h>
#include <muster/judge_ring.h>
#include <muster/text.h>

static const char *const breach[RING_SUBJECT_COUNT] = {
    [RING_WAY] = "ring 3 was left by another way than the manual's: an OS would take it for a "
                 "different event",
    [RING_PRIVILEGE] = "ring 3 did what only ring 0 may, or was refused it in another way: "
                       "privilege does not hold on this CPU",
    [RING_PORTS] = "the I/O permission bitmap is not applied as it stands in this CPU's TSS: ring "
                   "3 reaches ports that are closed to it, or cannot use its own",
    [RING_EXECUTE] = "what is data can be run on this CPU: no-execute does not hold",
    [RING_WRITE] = "a read-only page can be written on this CPU, code included",
    [RING_PAGES] = "the page tables do not keep ring 3 out of ring 0's memory on this CPU",
    [RING_GUARD] = "there is memory, or no #PF, where nothing is mapped: an overflowing stack "
                   "runs on into it unseen",
    [RING_USER_PAGES] = "ring 3's pages are open to an access that this protection must stop, or "
                        "closed to one it allows",
    [RING_RESERVED] = "this CPU takes what every CPU must refuse with #GP, or refuses it otherwise",
};

static const struct {
    const char *name, *means;
} values[RING_VALUE_COUNT] = {
    [RING_CALL_RCX] = {"RCX at the SYSCALL entry",
                       "SYSCALL did not keep the address to return to in RCX"},
    [RING_CALL_R11] = {"R11 at the SYSCALL entry", "SYSCALL did not keep RFLAGS in R11"},
    [RING_CALL_RSP] = {"RSP at the SYSCALL entry", "SYSCALL changed RSP, which it must not"},
    [RING_CALL_RFLAGS] = {"RFLAGS at the SYSCALL entry",
                          "SYSCALL did not clear the flags that IA32_FMASK names"},
    [RING_CALL_CS] = {"CS at the SYSCALL entry", "SYSCALL did not take CS from IA32_STAR"},
    [RING_CALL_SS] = {"SS at the SYSCALL entry", "SYSCALL did not take SS from IA32_STAR"},
    [RING_CALLS] = {"SYSCALL entries",
                    "SYSCALL did not enter where IA32_LSTAR says, or not once each time"},
    [RING_MODE] = {"EAX by 32-bit decoding",
                   "the code ran, but was not decoded as 32-bit code: not compatibility mode"},
    [RING_GS_BASE] = {"GS base of ring 3",
                      "ring 3's GS base did not outlive its way into ring 0: threads of an OS "
                      "would lose their local storage"},
    [RING_GS_WORD] = {"word read through GS in ring 3",
                      "GS in ring 3 does not lead where SWAPGS should have pointed it"},
    [RING_FS_BASE] = {"FS base of ring 3",
                      "ring 3 does not read or set its own FS base: threads of an OS would lose "
                      "their local storage"},
    [RING_DS] = {"DS in ring 3",
                 "a data segment of ring 0 was left to ring 3, or ring 3's own was taken away"},
    [RING_ES] = {"ES in ring 3",
                 "a data segment of ring 0 was left to ring 3, or ring 3's own was taken away"},
    [RING_FS] = {"FS in ring 3",
                 "a data segment of ring 0 was left to ring 3, or ring 3's own was taken away"},
    [RING_GS] = {"GS in ring 3",
                 "a data segment of ring 0 was left to ring 3, or ring 3's own was taken away"},
    [RING_INTERRUPTS] = {"interrupts in ring 3",
                         "an interrupt did not come while a program ran, or not once: an OS could "
                         "not take the CPU from it"},
    [RING_TURNS] = {"turns left of ring 3's loop",
                    "a program does not go on where an interrupt came, or with other registers"},
    [RING_OSPKE] = {"CPUID 7 OSPKE", "CPUID does not follow CR4.PKE: programs take protection keys "
                                     "for on, or off, when they are not"},
};

static enum verdict judge_offer(const struct obs_ring *ring, struct words *ret)
{
    const char *name = feature_name(ring->feature);
    struct text expected, seen;

    if (!ring->feature || (ring->offered && ring->bsp_offers))
        return VERDICT_PASS;
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    if (!ring->offered && !ring->bsp_offers) {
        text_format(&seen, "the CPU offers no %s", name);
        return VERDICT_SKIP;
    }
    text_format(&expected, "%s%s offered, as by the BSP", name, ring->bsp_offers ? "" : " not");
    text_format(&seen, "%s%s offered", name, ring->offered ? "" : " not");
    string_copy(ret->means, sizeof ret->means,
                "the CPUs of this machine differ in what they offer: an OS asks the BSP and relies "
                "on the answer everywhere");
    return VERDICT_FAIL;
}

/* Nothing should have stopped it, and something did. */
static enum verdict judge_stopped(const struct obs_probe *probe, struct words *ret)
{
    struct text seen;

    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "vector %u %s error 0x%lx, CR2 0x%lx", probe->seen.vector,
                vector_name(probe->seen.vector), (unsigned long)probe->seen.error,
                (unsigned long)probe->seen.cr2);
    string_copy(ret->expected, sizeof ret->expected, "no exception");
    string_copy(ret->means, sizeof ret->means, "");
    return VERDICT_FAIL;
}

/* "SIDT: vector 13 …" */
static void put_step(const char *step, char *words, size_t size)
{
    struct words was;
    struct text text;

    string_copy(was.expected, sizeof was.expected, words);
    text_init(&text, words, size);
    text_format(&text, "%s: %s", step, was.expected);
}

static void tell_step(const struct obs_ring *ring, struct words *ret)
{
    const struct obs_probe *probe = &ring->probe;

    if (ring->step)
        put_step(ring->step, ret->expected, sizeof ret->expected);
    if (probe->differs & FAULT_VECTOR || probe->came != probe->wanted)
        string_copy(ret->means, sizeof ret->means, breach[ring->subject]);
}

/* Let through, and nothing else wrong: the frame is one word shorter, without an error code. */
static bool known_to_pass(const struct obs_ring *ring)
{
    const struct obs_probe *probe = &ring->probe;
    uint32_t follows = FAULT_VECTOR | FAULT_ERROR | FAULT_RIP | FAULT_FRAME;

    return ring->tcg_vector && probe->seen.vector == ring->tcg_vector && probe->seen.soft &&
           probe->seen.rip == ring->tcg_rip && probe->seen.frame == probe->want.frame + 8 &&
           !(probe->differs & ~follows) && probe->came == probe->wanted && !probe->changed;
}

/* The same words for every CPU. */
static enum verdict tell_passed(const struct obs_ring *ring, struct words *ret)
{
    struct text expected;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_format(&expected, "%s: vector %u %s", ring->step, ring->probe.want.vector,
                vector_name(ring->probe.want.vector));
    string_copy(ret->seen, sizeof ret->seen, "no exception");
    string_copy(ret->means, sizeof ret->means,
                "known deviation of QEMU TCG: WBINVD is not refused to ring 3 (10.0); the "
                "manual's is #GP(0)");
    return VERDICT_DEVIATION;
}

static enum verdict judge_tried(const struct observation *observation, struct words *ret)
{
    const struct obs_ring *ring = &observation->ring;
    bool stopped = !ring->probe.wanted && ring->probe.came;
    enum verdict verdict =
        stopped ? judge_stopped(&ring->probe, ret) : judge_probe(observation, ret);

    if (verdict == VERDICT_PASS)
        return verdict;
    if (known_to_pass(ring))
        return tell_passed(ring, ret);
    tell_step(ring, ret);
    return verdict;
}

static bool call_rflags_deviate(const struct obs_ring *ring)
{
    return ring->tcg_call_rflags && ring->values[RING_CALL_RFLAGS].seen == ring->tcg_call_rflags;
}

/* The known deviation last: it must not hide another value. */
static enum verdict judge_values(const struct obs_ring *ring, struct words *ret)
{
    bool known = call_rflags_deviate(ring);

    for (enum ring_value value = 0; value < RING_VALUE_COUNT; value++) {
        if (value == RING_CALL_RFLAGS && known)
            continue;
        if (words_differ(ret, values[value].name, ring->values[value], values[value].means))
            return VERDICT_FAIL;
    }
    if (known && words_differ(ret, values[RING_CALL_RFLAGS].name, ring->values[RING_CALL_RFLAGS],
                              "known deviation of QEMU TCG: SYSCALL clears all arithmetic flags "
                              "and DF, whatever IA32_FMASK names; the manual clears those named"))
        return VERDICT_DEVIATION;
    return VERDICT_PASS;
}

enum verdict judge_ring(const struct observation *observation, struct words *ret)
{
    const struct obs_ring *ring = &observation->ring;
    enum verdict verdict = judge_offer(ring, ret);

    if (verdict != VERDICT_PASS)
        return verdict;
    if (ring->unasked) {
        string_copy(ret->seen, sizeof ret->seen, ring->unasked);
        return VERDICT_SKIP;
    }
    verdict = judge_tried(observation, ret);
    if (verdict == VERDICT_FAIL)
        return verdict;
    enum verdict beside = judge_values(ring, ret);
    return beside == VERDICT_PASS ? verdict : beside;
}
