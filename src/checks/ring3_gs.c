/* ring3.gs, ring3.fsgsbase, ring3.segments: what of GS and the segment registers crosses the rings.
 */
#include "registers.h"
#include "step.h"

#define WORD_THROUGH_GS UINT64_C(0x67733a300a11ce00)

/* GS bases are exchanged by SWAPGS on the way into ring 3: what stands in IA32_KERNEL_GS_BASE
 * before is ring 3's, and stands there again when it is back. */
static void give_gs(struct cpu *cpu, uint64_t base)
{
    (void)cpu;
    msr_write(MSR_KERNEL_GS_BASE, base);
}

/* --- ring3.gs ----------------------------------------------------------------------------------
 */

static void swapped_once_more(struct cpu *cpu)
{
    (void)cpu;
    __asm__ volatile("swapgs" : : : "memory");
}

static void observe_gs(struct cpu *cpu, struct observation *ret)
{
    volatile uint64_t *word = (uint64_t *)(uintptr_t)user_ground(cpu);
    struct step load = {.what = "load through GS", .code = user_gs_load, .vector = VECTOR_RING3};
    const struct step fault = {.what = "UD2", .code = user_undefined, .vector = VECTOR_UD};

    if (cpu->planted)
        load.arrange = swapped_once_more;
    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    *word = WORD_THROUGH_GS + cpu->index;
    give_gs(cpu, user_ground(cpu));
    if (step_take(cpu, ret, &load)) {
        ret->ring.values[RING_GS_WORD] = (struct pair){*word, cpu->probe.user.rax};
        give_gs(cpu, user_ground(cpu));
        step_take(cpu, ret, &fault);
        ret->ring.values[RING_GS_BASE] = (struct pair){user_ground(cpu), cpu->probe.user_gs};
    }
    *word = 0;
    ring3_heal(cpu);
}

/* --- ring3.fsgsbase ----------------------------------------------------------------------------
 */

static void fsgsbase_on(struct cpu *cpu)
{
    (void)cpu;
    cr4_write(cr4_read() | CR4_FSGSBASE);
}

/* What ring 3 wrote goes with it: the CPU is to be as before. */
static void fsgsbase_off(struct cpu *cpu)
{
    cr4_write(cr4_read() & ~CR4_FSGSBASE);
    give_gs(cpu, user_ground(cpu));
}

static bool all_refused(struct cpu *cpu, struct observation *ret)
{
    struct step steps[] = {
        {.what = "RDFSBASE with CR4.FSGSBASE clear", .code = user_rdfsbase, .vector = VECTOR_UD},
        {.what = "RDGSBASE with CR4.FSGSBASE clear", .code = user_rdgsbase, .vector = VECTOR_UD},
        {.what = "WRFSBASE with CR4.FSGSBASE clear", .code = user_wrfsbase, .vector = VECTOR_UD},
        {.what = "WRGSBASE with CR4.FSGSBASE clear", .code = user_wrgsbase, .vector = VECTOR_UD},
    };

    if (cpu->planted) {
        steps[0].arrange = fsgsbase_on;
        steps[0].undo = fsgsbase_off;
    }
    return steps_take(cpu, ret, STEPS(steps));
}

static const struct {
    const char *what, *code;
    enum ring_value value;
    bool writes;
} bases[] = {
    {"RDFSBASE", user_rdfsbase, RING_FS_BASE, false},
    {"WRFSBASE", user_wrfsbase, RING_FS_BASE, true},
    {"RDGSBASE", user_rdgsbase, RING_GS_BASE, false},
    {"WRGSBASE", user_wrgsbase, RING_GS_BASE, true},
};

/* FS has one base for both rings, ring 3's GS base is put aside by SWAPGS on the way out. */
static bool read_or_written(struct cpu *cpu, struct observation *ret, uint32_t n)
{
    const struct step step = {.what = bases[n].what,
                              .code = bases[n].code,
                              .vector = VECTOR_RING3,
                              .argument = user_stack_base(cpu),
                              .arrange = fsgsbase_on,
                              .undo = fsgsbase_off};
    struct pair *value = &ret->ring.values[bases[n].value];

    give_gs(cpu, user_ground(cpu));
    msr_write(MSR_FS_BASE, user_ground(cpu));
    if (!step_take(cpu, ret, &step))
        return false;
    if (!bases[n].writes)
        *value = (struct pair){user_ground(cpu), cpu->probe.user.rax};
    else if (bases[n].value == RING_FS_BASE)
        *value = (struct pair){step.argument, msr_read(MSR_FS_BASE)};
    else
        *value = (struct pair){step.argument, cpu->probe.user_gs};
    return value->want == value->seen;
}

static void observe_fsgsbase(struct cpu *cpu, struct observation *ret)
{
    uint64_t fs_base = msr_read(MSR_FS_BASE);
    uint32_t n = 0;

    if (!steps_begin(cpu, ret, RING_WAY, FEATURE_FSGSBASE))
        return;
    if (all_refused(cpu, ret)) {
        while (n < sizeof bases / sizeof bases[0] && read_or_written(cpu, ret, n))
            n++;
    }
    msr_write(MSR_FS_BASE, fs_base);
    ring3_heal(cpu);
}

/* --- ring3.segments ----------------------------------------------------------------------------
 */

/* The selectors alone: the bases, of which this CPU needs GS's, are given back. */
static void fs_gs_load(struct cpu *cpu, uint16_t selector)
{
    fs_gs_write(selector);
    ring3_heal(cpu);
}

static void fs_gs_kernel(struct cpu *cpu)
{
    fs_gs_load(cpu, SELECTOR_KERNEL_DATA);
}

static void fs_gs_user(struct cpu *cpu)
{
    fs_gs_load(cpu, SELECTOR_USER_DATA | SELECTOR_RPL);
}

static void fs_gs_null(struct cpu *cpu)
{
    fs_gs_load(cpu, 0);
}

static bool found_in_ring3(const struct cpu *cpu, struct observation *ret, uint64_t want)
{
    const struct exception_frame *user = &cpu->probe.user;
    const uint64_t seen[] = {user->rax, user->rcx, user->rdx, user->rsi};
    bool right = true;

    for (uint32_t n = 0; n < sizeof seen / sizeof seen[0]; n++) {
        ret->ring.values[RING_DS + n] = (struct pair){want, seen[n]};
        right = right && seen[n] == want;
    }
    return right;
}

/* Data segments that ring 3 may not use are made null by IRETQ; its own are left (SDM vol. 2A,
 * IRET). */
static bool data_segments(struct cpu *cpu, struct observation *ret)
{
    const struct step taken = {.what = "ring 0's data segments",
                               .code = user_segments,
                               .vector = VECTOR_RING3,
                               .data = cpu->planted ? 0 : SELECTOR_KERNEL_DATA,
                               .arrange = fs_gs_kernel,
                               .undo = fs_gs_null};
    struct step kept = taken;

    if (!step_take(cpu, ret, &taken) || !found_in_ring3(cpu, ret, 0))
        return false;
    kept.what = "ring 3's data segments";
    kept.data = SELECTOR_USER_DATA | SELECTOR_RPL;
    kept.arrange = fs_gs_user;
    return step_take(cpu, ret, &kept) && found_in_ring3(cpu, ret, kept.data);
}

/* The error code is the selector without its RPL (SDM vol. 3A, 6.13). */
static struct step refused(const char *what, const char *code, uint16_t selector)
{
    return (struct step){.what = what,
                         .code = code,
                         .vector = VECTOR_GP,
                         .argument = selector,
                         .error = selector & ~SELECTOR_RPL};
}

static bool selectors_refused(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        refused("MOV to DS of ring 0's data", user_load_ds, SELECTOR_KERNEL_DATA),
        refused("the same with RPL 3", user_load_ds, SELECTOR_KERNEL_DATA | SELECTOR_RPL),
        refused("MOV to DS of the TSS", user_load_ds, SELECTOR_TSS),
        refused("MOV to DS beyond the GDT", user_load_ds, GDT_SLOTS * 8),
        refused("MOV to SS of ring 0's data", user_load_ss, SELECTOR_KERNEL_DATA),
        refused("MOV to SS of null in 64-bit mode with RPL below CPL", user_load_ss, 0),
    };

    return steps_take(cpu, ret, STEPS(steps));
}

/* A far return may not go inwards: RPL of the new CS below CPL is #GP(selector). */
static void far_return_refused(struct cpu *cpu, struct observation *ret)
{
    const struct step step = {.what = "far return to ring 0's code",
                              .code = user_far,
                              .rip = user_far_rip,
                              .vector = VECTOR_GP,
                              .argument = SELECTOR_KERNEL_CODE,
                              .error = SELECTOR_KERNEL_CODE,
                              .rsp_below = 2 * 8};

    step_take(cpu, ret, &step);
}

static void observe_segments(struct cpu *cpu, struct observation *ret)
{
    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    if (data_segments(cpu, ret) && selectors_refused(cpu, ret))
        far_return_refused(cpu, ret);
}

static const struct check rows[] = {
    STEP_CHECK(
        "ring3.gs",
        "SWAPGS pairs across gates and faults: ring 3 has its own GS base, ring 0 this CPU's, "
        "and both are kept",
        "SDM vol. 3A, 5.8.8; vol. 2B, SWAPGS; APM vol. 2, 6.4", "one SWAPGS too many",
        ROUNDS_ALSO_ALONE, observe_gs, STEP_NEEDS),
    STEP_CHECK(
        "ring3.fsgsbase",
        "RDGSBASE and its like are #UD without CR4.FSGSBASE; with it ring 3 reads and writes "
        "its own bases, and ring 0's is not touched",
        "SDM vol. 2B, RDFSBASE/RDGSBASE and WRFSBASE/WRGSBASE; APM vol. 2, 3.1.3",
        "CR4.FSGSBASE left on", ROUNDS_TOGETHER, observe_fsgsbase, STEP_NEEDS),
    STEP_CHECK(
        "ring3.segments",
        "IRETQ takes ring 0's DS, ES, FS and GS from ring 3, which cannot load them, nor ring "
        "0's code, by itself",
        "SDM vol. 3A, 5.5 to 5.8; vol. 2A, IRET; vol. 2B, MOV; APM vol. 2, 4.8",
        "data segments of ring 3 in the place of ring 0's", ROUNDS_TOGETHER, observe_segments,
        STEP_NEEDS),
};

FAMILY(ring3_gs_family, rows);
