/* ring3.syscall, ring3.sysret-compat: in by SYSCALL, back by SYSRET, as an OS uses them. */
#include "offer.h"
#include "registers.h"
#include "step.h"

#define FMASK_ALL      UINT64_C(0x4cd5) /* CF PF AF ZF SF DF OF, and NT */
#define FMASK_SOME     UINT64_C(0x4d5)  /* CF PF AF ZF SF DF; OF is to stay */
#define FLAGS_RETURNED UINT64_C(0x57)   /* by SYSRET: CF PF AF ZF, not SF and OF; bit 1 */
#define RFLAGS_NONE    UINT64_C(0x2)
#define STAR_SELECTORS                                                                             \
    ((uint64_t)SELECTOR_KERNEL_CODE << 32 | (uint64_t)(SELECTOR_USER_CODE32 | SELECTOR_RPL) << 48)

struct syscall_msrs {
    uint64_t efer, star, lstar, fmask;
};

static void msrs_read(struct syscall_msrs *ret)
{
    *ret = (struct syscall_msrs){.efer = msr_read(MSR_EFER),
                                 .star = msr_read(MSR_STAR),
                                 .lstar = msr_read(MSR_LSTAR),
                                 .fmask = msr_read(MSR_FMASK)};
}

static void msrs_write(const struct syscall_msrs *msrs)
{
    msr_write(MSR_STAR, msrs->star);
    msr_write(MSR_LSTAR, msrs->lstar);
    msr_write(MSR_FMASK, msrs->fmask);
    msr_write(MSR_EFER, msrs->efer);
}

/* The planted CPU lacks EFER.SCE, as one that an OS forgot. */
static void arm(struct cpu *cpu, uint64_t fmask, const char *next, bool compat)
{
    const struct syscall_msrs armed = {.efer = msr_read(MSR_EFER) | (cpu->planted ? 0 : EFER_SCE),
                                       .star = STAR_SELECTORS,
                                       .lstar = (uintptr_t)ring3_syscall,
                                       .fmask = fmask};

    cpu->call = (struct ring3_call){.return_rip = user_address(cpu, next),
                                    .return_rflags = FLAGS_RETURNED,
                                    .return_compat = compat};
    msrs_write(&armed);
}

/* What SYSCALL should have left where it entered (SDM vol. 2B, SYSCALL). */
static void note_call(const struct cpu *cpu, uint64_t fmask, struct obs_ring *ring)
{
    const struct ring3_call *call = &cpu->call;

    ring->values[RING_CALLS] = (struct pair){1, call->count};
    ring->values[RING_CALL_RCX] = (struct pair){user_address(cpu, user_syscall_next), call->rcx};
    ring->values[RING_CALL_R11] = (struct pair){PROBE_RFLAGS, call->r11 & ~RFLAGS_RF};
    ring->values[RING_CALL_RSP] = (struct pair){user_stack_top(cpu), call->rsp};
    ring->values[RING_CALL_RFLAGS] = (struct pair){PROBE_RFLAGS & ~fmask, call->rflags};
    ring->values[RING_CALL_CS] = (struct pair){SELECTOR_KERNEL_CODE, call->cs};
    ring->values[RING_CALL_SS] = (struct pair){SELECTOR_KERNEL_DATA, call->ss};
}

/* SYSCALL, SYSRET, and the frame of an INT behind it tells what SYSRET left: CS and SS by
 * IA32_STAR, RFLAGS from R11, RSP untouched. */
static bool call_and_return(struct cpu *cpu, struct observation *ret, const struct ring3 *way,
                            const struct step *step)
{
    struct obs_probe *probe = &ret->ring.probe;
    const struct shot shot = {.ring3 = way};

    ret->ring.step = step->what;
    ring3_want(cpu, way, VECTOR_RING3, user_address(cpu, step->rip), probe);
    probe->want.rflags = FLAGS_RETURNED;
    if (step->compat)
        probe->want.cs = SELECTOR_USER_CODE32 | SELECTOR_RPL;
    shot_take(cpu, probe, &shot);
    return !probe->differs && !probe->changed && probe->came == probe->wanted;
}

static void syscall_off(struct cpu *cpu)
{
    (void)cpu;
    msr_write(MSR_EFER, msr_read(MSR_EFER) & ~EFER_SCE);
}

static void syscall_on(struct cpu *cpu)
{
    (void)cpu;
    msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_SCE);
}

static void observe_syscall(struct cpu *cpu, struct observation *ret)
{
    const struct ring3 way = {.code = user_syscall};
    const struct step call = {.what = "SYSCALL and SYSRET", .rip = user_return_rip};
    const struct step refused = {.what = "SYSCALL with EFER.SCE clear",
                                 .code = user_syscall,
                                 .vector = VECTOR_UD,
                                 .arrange = syscall_off,
                                 .undo = syscall_on};
    struct syscall_msrs found;

    if (!steps_begin(cpu, ret, RING_WAY, FEATURE_SYSCALL))
        return;
    msrs_read(&found);
    arm(cpu, FMASK_ALL, user_syscall_next, false);
    if (call_and_return(cpu, ret, &way, &call) && step_take(cpu, ret, &refused))
        note_call(cpu, FMASK_ALL, &ret->ring);
    msrs_write(&found);
}

/* --- ring3.syscall-flags -----------------------------------------------------------------------
 */

/* helper_syscall() in QEMU's target/i386/tcg loads RFLAGS from a field that does not hold the
 * arithmetic flags and DF: they are lost whatever IA32_FMASK names (7.2, 10.0). */
static void observe_syscall_flags(struct cpu *cpu, struct observation *ret)
{
    const struct ring3 way = {.code = user_syscall};
    const struct step call = {.what = "SYSCALL and SYSRET", .rip = user_return_rip};
    struct syscall_msrs found;

    if (!steps_begin(cpu, ret, RING_WAY, FEATURE_SYSCALL))
        return;
    msrs_read(&found);
    arm(cpu, FMASK_SOME, user_syscall_next, false);
    if (call_and_return(cpu, ret, &way, &call))
        note_call(cpu, FMASK_SOME, &ret->ring);
    if (under_tcg())
        ret->ring.tcg_call_rflags = RFLAGS_NONE;
    msrs_write(&found);
}

/* --- ring3.sysret-compat -----------------------------------------------------------------------
 */

/* SYSRET without REX.W goes to 32-bit code, on every vendor's 64-bit CPU; how 32-bit code calls in
 * is where they differ. */
static void observe_sysret_compat(struct cpu *cpu, struct observation *ret)
{
    const struct ring3 way = {.code = user_syscall};
    const struct step call = {
        .what = "SYSRET to 32-bit code", .rip = user_compat_rip, .compat = true};
    struct syscall_msrs found;

    if (!steps_begin(cpu, ret, RING_WAY, FEATURE_SYSCALL))
        return;
    msrs_read(&found);
    arm(cpu, FMASK_ALL, user_compat, true);
    if (call_and_return(cpu, ret, &way, &call)) {
        note_call(cpu, FMASK_ALL, &ret->ring);
        ret->ring.values[RING_MODE] = (struct pair){COMPAT_MARK, (uint32_t)cpu->probe.user.rax};
    }
    msrs_write(&found);
}

#define SYSCALL_SOURCE "SDM vol. 3A, 5.8.8; vol. 2B, SYSCALL and SYSRET; APM vol. 2, 6.1.1"

static const struct check rows[] = {
    STEP_CHECK(
        "ring3.syscall",
        "SYSCALL enters where IA32_LSTAR says, with RCX, R11, RSP and selectors as the manual "
        "has them, and SYSRET leads back; without EFER.SCE it is #UD",
        SYSCALL_SOURCE, "EFER.SCE clear", ROUNDS_ALSO_ALONE, observe_syscall, STEP_NEEDS),
    STEP_CHECK("ring3.syscall-flags",
               "SYSCALL clears the flags that IA32_FMASK names, and no other", SYSCALL_SOURCE,
               "EFER.SCE clear", ROUNDS_TOGETHER, observe_syscall_flags,
               STEP_NEEDS ",ring3.syscall"),
    STEP_CHECK("ring3.sysret-compat", "SYSRET with a 32-bit operand returns to 32-bit code",
               SYSCALL_SOURCE, "EFER.SCE clear", ROUNDS_TOGETHER, observe_sysret_compat,
               STEP_NEEDS ",ring3.compat,ring3.syscall"),
};

FAMILY(ring3_syscall_family, rows);
