#include <muster/judge_probe.h>
#include <muster/text.h>

enum {
    /* A handler that only records: what entry.S and the C code above the frame may use of a stack.
     */
    DEPTH_MAX = 2048,
};

static bool error_wanted(const struct fault *want, uint64_t error)
{
    uint64_t open = want->ext_open ? ERROR_EXT : 0;

    return (error | open) == (want->error | open) ||
           (want->error_or && (error | open) == (want->error_or | open));
}

uint32_t fault_compare(const struct fault *want, const struct fault *seen, uint32_t fields)
{
    uint32_t differs = 0;

    if (want->vector != seen->vector)
        differs |= FAULT_VECTOR;
    if (want->soft != seen->soft || !error_wanted(want, seen->error))
        differs |= FAULT_ERROR;
    if (seen->rip - want->rip > (want->rip_slack ? want->rip_slack - 1 : 0))
        differs |= FAULT_RIP;
    if (want->cs != seen->cs)
        differs |= FAULT_CS;
    if (want->rflags != seen->rflags)
        differs |= FAULT_RFLAGS;
    if (want->rsp != seen->rsp)
        differs |= FAULT_RSP;
    if (want->ss != seen->ss)
        differs |= FAULT_SS;
    if (want->cr2 - seen->cr2 > (want->cr2_slack ? want->cr2_slack - 1 : 0))
        differs |= FAULT_CR2;
    if (want->frame != seen->frame)
        differs |= FAULT_FRAME;
    if (want->cpu != seen->cpu)
        differs |= FAULT_CPU;
    if (want->dr6 != seen->dr6)
        differs |= FAULT_DR6;
    return differs & fields;
}

static void tell_place(struct text *out, uint64_t frame)
{
    enum stack_id id;
    uint32_t cpu;

    if (stack_locate(frame, &cpu, &id))
        text_format(out, "stack: %s of CPU %u, frame %lu below its top", stack_name(id), cpu,
                    (unsigned long)(stack_top(cpu, id) - frame));
    else
        text_format(out, "stack: none of ours, frame at 0x%lx", (unsigned long)frame);
}

static void tell_vector(struct text *out, const struct fault *fault)
{
    text_format(out, "vector %u %s", fault->vector, vector_name(fault->vector));
    if (fault->soft)
        text_add(out, " without error code");
    else
        text_format(out, " error 0x%lx", (unsigned long)fault->error);
}

static void tell_gs(struct text *out, uint32_t cpu)
{
    if (cpu == CPU_NONE)
        text_add(out, ", GS of no CPU");
    else
        text_format(out, ", GS of CPU %u", cpu);
}

/* The vector always, and those fields that differ; first the one that matters most, since the end
 * may be cut off. */
static void tell_fault(struct text *out, const struct fault *fault, uint32_t differs)
{
    const struct {
        uint32_t field;
        const char *name;
        uint64_t value;
    } numbers[] = {
        {FAULT_RIP, "RIP", fault->rip},
        {FAULT_CS, "CS", fault->cs},
        {FAULT_RFLAGS, "RFLAGS", fault->rflags},
        {FAULT_RSP, "RSP", fault->rsp},
        {FAULT_SS, "SS", fault->ss},
        {FAULT_CR2, "CR2", fault->cr2},
        {FAULT_DR6, "DR6", fault->dr6},
    };

    tell_vector(out, fault);
    if (differs & FAULT_FRAME) {
        text_add(out, ", ");
        tell_place(out, fault->frame);
    }
    if (differs & FAULT_CPU)
        tell_gs(out, fault->cpu);
    for (unsigned n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
        if (differs & numbers[n].field)
            text_format(out, ", %s 0x%lx", numbers[n].name, (unsigned long)numbers[n].value);
    }
}

/* INT 8 brings the vector without the error code. */
static bool is_double_fault(const struct fault *fault)
{
    return fault->vector == VECTOR_DF && !fault->soft;
}

/* Another exception comes on another stack, too, at another place: that only follows. */
static const char *vector_means(const struct obs_probe *probe)
{
    if (!(probe->differs & (FAULT_VECTOR | FAULT_ERROR)))
        return NULL;
    if (is_double_fault(&probe->seen) && !is_double_fault(&probe->want))
        return "#DF came where none is due: the exception itself could not be delivered, or the "
               "CPU joined two that it must deliver one by one; an OS would stop here for good";
    if (!(probe->differs & FAULT_VECTOR))
        return NULL;
    if (is_double_fault(&probe->want))
        return "no double fault was made of it: a second fault during delivery would reach the "
               "wrong handler and corrupt what it runs on";
    return "another exception than the manual's: an OS would take this for a different failure";
}

/* An error code too many or too few also moves the frame, by its own eight bytes. */
static const char *error_code_means(const struct obs_probe *probe)
{
    const struct fault *want = &probe->want, *seen = &probe->seen;

    if (!(probe->differs & FAULT_ERROR) || want->soft == seen->soft)
        return NULL;
    if (probe->differs & FAULT_FRAME && seen->frame != want->frame + (seen->soft ? 8 : -8))
        return NULL;
    return seen->soft ? "no error code came where one is due: a handler would take RIP for it, and "
                        "return to what CS holds"
                      : "an error code came where none is due: a handler would take it for RIP and "
                        "return to it";
}

const char *undefined_place_means(uint32_t differs)
{
    if (!differs || differs & ~(uint32_t)(FAULT_RIP | FAULT_CS))
        return NULL;
    return "the SDM (6.15, #DF) leaves the saved CS:RIP of a #DF undefined: no manual is violated, "
           "but every CPU known so far saves the faulting instruction's, and an OS would report "
           "another place";
}

static const char *frame_means(const struct obs_probe *probe)
{
    const uint32_t saved = FAULT_RIP | FAULT_CS | FAULT_RFLAGS | FAULT_RSP | FAULT_SS;
    const char *undefined = undefined_place_means(probe->differs);

    if (undefined && is_double_fault(&probe->want))
        return undefined;
    if (probe->differs & saved)
        return "the saved frame is not that of the faulting instruction: an OS would report, or "
               "resume, the wrong place";
    if (probe->differs & FAULT_ERROR)
        return "the error code is not the manual's: an OS would look for the cause elsewhere";
    return "DR6 does not name what came: a debugger would take it for something else";
}

/* What the other differences follow from comes first. */
static const char *meaning(const struct obs_probe *probe)
{
    const char *means = vector_means(probe);

    if (!means)
        means = error_code_means(probe);
    if (means)
        return means;
    if (probe->differs & FAULT_FRAME)
        return "the exception was not delivered on this CPU's own stack for it: its TSS or gate is "
               "not the one muster installed, or the CPU read another";
    if (probe->differs & FAULT_CPU)
        return "the handler ran with another CPU's GS base: per-CPU data of two CPUs mix";
    if (probe->differs & FAULT_CR2)
        return "CR2 is not the address that faulted: an OS would look for a stack overflow "
               "elsewhere";
    return frame_means(probe);
}

static bool error_deviates(const struct obs_probe *probe)
{
    for (uint32_t n = 0; n < probe->tcg.error_count; n++) {
        if (probe->seen.error == probe->tcg.errors[n])
            return !probe->seen.soft;
    }
    return false;
}

/* Another exception, whole: at its own RIP, on the running stack. */
static bool vector_deviates(const struct obs_probe *probe)
{
    const struct fault *seen = &probe->seen;
    uint32_t may_differ = FAULT_VECTOR | FAULT_ERROR; /* which is 0: see below */

    if (!probe->tcg.vector || seen->vector != probe->tcg.vector || seen->error)
        return false;
    if (probe->tcg.rip) {
        uint64_t running = (seen->rsp & ~UINT64_C(15)) - (seen->soft ? 5 : 6) * 8;
        uint64_t frame = probe->tcg.frame ? probe->tcg.frame : running;
        if (seen->rip != probe->tcg.rip || seen->frame != frame)
            return false;
        may_differ |= FAULT_RIP | FAULT_FRAME | FAULT_DR6;
    }
    return !(probe->differs & ~may_differ);
}

bool probe_deviates(const struct obs_probe *probe)
{
    if (!probe->came)
        return probe->tcg.silent;
    return probe->differs == FAULT_ERROR ? error_deviates(probe) : vector_deviates(probe);
}

static enum verdict judge_frame(const struct obs_probe *probe, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    tell_fault(&expected, &probe->want, probe->differs);
    tell_fault(&seen, &probe->seen, probe->differs);
    string_copy(ret->means, sizeof ret->means, meaning(probe));
    return VERDICT_FAIL;
}

static enum verdict judge_number(const struct obs_probe *probe, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "%lu exceptions, vector %u %s", (unsigned long)probe->wanted,
                probe->want.vector, vector_name(probe->want.vector));
    text_format(&seen, "%lu", (unsigned long)probe->came);
    string_copy(ret->means, sizeof ret->means,
                probe->came ? "an instruction that must fault went through in between"
                            : "the instruction that must fault went through");
    return VERDICT_FAIL;
}

static enum verdict judge_deviation(const struct obs_probe *probe, struct words *ret)
{
    struct text means;

    /* The same words on every CPU: stacks and addresses are left out. */
    if (probe->came) {
        struct text expected, seen;
        text_init(&expected, ret->expected, sizeof ret->expected);
        text_init(&seen, ret->seen, sizeof ret->seen);
        tell_vector(&expected, &probe->want);
        tell_vector(&seen, &probe->seen);
    } else {
        judge_number(probe, ret);
    }
    text_init(&means, ret->means, sizeof ret->means);
    text_format(&means, "known deviation of QEMU TCG: %s", probe->tcg.what);
    return VERDICT_DEVIATION;
}

static enum verdict judge_whole(const struct obs_probe *probe, struct words *ret)
{
    static const char *const names[WHOLE_PART_COUNT] = {
        "CR0", "CR3",         "CR4",     "EFER",           "GDTR",   "IDTR",
        "TR",  "CS/SS/DS/ES", "GS base", "kernel GS base", "RFLAGS", "general registers"};
    struct text seen;

    text_init(&seen, ret->seen, sizeof ret->seen);
    text_add(&seen, "changed:");
    for (uint32_t part = 0; part < WHOLE_PART_COUNT; part++) {
        if (probe->changed >> part & 1)
            text_format(&seen, " %s", names[part]);
    }
    string_copy(ret->expected, sizeof ret->expected, "the CPU as it was before the fault");
    string_copy(ret->means, sizeof ret->means,
                "taking the exception left the CPU changed: code that continues after it runs on "
                "other ground");
    return VERDICT_FAIL;
}

static enum verdict judge_stacks(const struct obs_probe *probe, struct words *ret)
{
    struct text seen;

    text_init(&seen, ret->seen, sizeof ret->seen);
    text_add(&seen, "written:");
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        if (probe->dirty >> id & 1)
            text_format(&seen, " %s", stack_name(id));
    }
    text_format(&seen, ", %u bytes deep", probe->dirty_depth);
    string_copy(ret->expected, sizeof ret->expected,
                "only the stack of this exception written, at most 2048 bytes deep");
    string_copy(ret->means, sizeof ret->means,
                probe->dirty & ~probe->dirty_wanted
                    ? "a stack that has nothing to do with this exception was written: some CPU's "
                      "TSS points here"
                    : "more of its stack was written than its handler uses: something else ran on "
                      "it, too");
    return VERDICT_FAIL;
}

static enum verdict judge_reentered(const struct obs_probe *probe, struct words *ret)
{
    struct text seen;

    text_init(&seen, ret->seen, sizeof ret->seen);
    text_add(&seen, "entered while in use:");
    for (enum stack_id id = STACK_DF; id <= STACK_PROBE; id++) {
        if (probe->reentered >> id & 1)
            text_format(&seen, " %s", stack_name(id));
    }
    string_copy(ret->expected, sizeof ret->expected,
                "each IST stack entered only when nothing is on it");
    string_copy(ret->means, sizeof ret->means,
                "two exceptions use one IST stack at a time: the second would have overwritten the "
                "first one's frame");
    return VERDICT_FAIL;
}

enum verdict judge_probe(const struct observation *observation, struct words *ret)
{
    const struct obs_probe *probe = &observation->probe;

    if (probe->skip) {
        string_copy(ret->seen, sizeof ret->seen, probe->skip);
        return VERDICT_SKIP;
    }
    if (probe->reentered)
        return judge_reentered(probe, ret);
    if (probe->differs && !probe_deviates(probe))
        return judge_frame(probe, ret);
    if (probe->came != probe->wanted && (probe->came || !probe->tcg.silent))
        return judge_number(probe, ret);
    if (probe->changed)
        return judge_whole(probe, ret);
    if (probe->dirty & ~probe->dirty_wanted || probe->dirty_depth > DEPTH_MAX)
        return judge_stacks(probe, ret);
    /* Last: a known deviation must not hide that something else is wrong. */
    if (probe->differs || probe->came != probe->wanted)
        return judge_deviation(probe, ret);
    return VERDICT_PASS;
}
