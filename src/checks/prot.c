/*
 * prot.*: what pages and addresses keep apart, tried by ring 0 and by ring 3 on every CPU.
 *
 * Each CPU tries on its own ground, the page whose entry it may change: nobody else uses it. Code
 * that is to be run there is one jump, back to where the trial says.
 */
#include "prot.h"
#include "registers.h"

/* JMP *RSI: what a jump to the ground runs if nothing stops it. */
enum { JUMP_ON_0 = 0xff, JUMP_ON_1 = 0xe6 };

void ground_set(struct cpu *cpu, uint64_t flags)
{
    uint64_t *entry = user_ground_entry(cpu);
    uint64_t nx = cpu->fleet->paging.nx ? 0 : PAGE_NX;

    *entry = (*entry & PAGE_ADDRESS) | PAGE_PRESENT | (flags & ~nx);
    tlb_forget(user_ground(cpu));
}

void ground_restore(struct cpu *cpu)
{
    ground_set(cpu, GROUND_AS_FOUND);
    *(volatile uint64_t *)(uintptr_t)user_ground(cpu) = 0;
}

void ground_code(struct cpu *cpu)
{
    volatile uint8_t *code = (uint8_t *)(uintptr_t)user_ground(cpu);

    code[0] = JUMP_ON_0;
    code[1] = JUMP_ON_1;
}

struct step pf_ring0(const char *what, trigger *fire, const char *rip, uint64_t address,
                     uint64_t error)
{
    return (struct step){.what = what,
                         .fire = fire,
                         .rip = rip,
                         .vector = VECTOR_PF,
                         .error = error,
                         .argument = address,
                         .cr2 = address};
}

struct step pf_ring3(const char *what, const char *code, uint64_t address, uint64_t error)
{
    return (struct step){.what = what,
                         .code = code,
                         .vector = VECTOR_PF,
                         .error = PF_USER | error,
                         .argument = address,
                         .cr2 = address};
}

struct step jump_ring0(const char *what, uint64_t target, uint64_t error)
{
    struct step step = pf_ring0(what, trigger_jump, NULL, target, PF_FETCH | error);

    step.at = target;
    return step;
}

struct step jump_ring3(const struct cpu *cpu, const char *what, uint64_t target, uint64_t error)
{
    struct step step = pf_ring3(what, user_jump, target, PF_FETCH | error);

    step.at = target;
    step.count = user_address(cpu, user_return);
    return step;
}

/* --- prot.nx -----------------------------------------------------------------------------------
 */

static void observe_nx(struct cpu *cpu, struct observation *ret)
{
    uint64_t ground = user_ground(cpu);
    uint64_t nx = cpu->planted ? 0 : PAGE_NX;
    const struct step kernel = jump_ring0("ring 0 runs an NX page", ground, PF_PRESENT);
    const struct step user = jump_ring3(cpu, "ring 3 runs an NX page", ground, PF_PRESENT);
    const struct step open = step_allowed(user);

    if (!steps_begin(cpu, ret, RING_EXECUTE, FEATURE_NX))
        return;
    ground_code(cpu);
    ground_set(cpu, nx);
    bool went = step_take(cpu, ret, &kernel);
    ground_set(cpu, PAGE_USER | PAGE_NX);
    went = went && step_take(cpu, ret, &user);
    /* The same page without NX: it was NX that stopped it. */
    ground_set(cpu, PAGE_USER);
    if (went)
        step_take(cpu, ret, &open);
    ground_restore(cpu);
}

/* --- prot.wp -----------------------------------------------------------------------------------
 */

static void wp_off(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() & ~CR0_WP);
}

static void wp_on(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() | CR0_WP);
}

static void observe_wp(struct cpu *cpu, struct observation *ret)
{
    struct step denied = pf_ring0("store to a read-only page", trigger_store, trigger_store_rip,
                                  user_ground(cpu), PF_PRESENT | PF_WRITE);
    struct step allowed = step_allowed(denied);

    allowed.what = "store to it with CR0.WP clear";
    allowed.arrange = wp_off;
    allowed.undo = wp_on;
    if (cpu->planted) {
        denied.arrange = wp_off;
        denied.undo = wp_on;
    }
    steps_begin(cpu, ret, RING_WRITE, FEATURE_NONE);
    ground_set(cpu, PAGE_NX);
    if (step_take(cpu, ret, &denied))
        step_take(cpu, ret, &allowed);
    ground_restore(cpu);
}

/* --- prot.user ---------------------------------------------------------------------------------
 */

/* The I bit of the error code is there only where NX or SMEP is (SDM vol. 3A, 4.7). */
static uint64_t fetch_bit(const struct cpu *cpu)
{
    return cpu->fleet->paging.nx ? PF_FETCH : 0;
}

static bool user_at_ground(struct cpu *cpu, struct observation *ret)
{
    uint64_t ground = user_ground(cpu);
    struct step steps[] = {
        pf_ring3("ring 3 loads from ring 0's page", user_load, ground, PF_PRESENT),
        pf_ring3("ring 3 stores to it", user_store, ground, PF_PRESENT | PF_WRITE),
        jump_ring3(cpu, "ring 3 runs it", ground, PF_PRESENT),
    };

    steps[2].error = PF_USER | PF_PRESENT | fetch_bit(cpu);
    ground_set(cpu, PAGE_WRITE | PAGE_NX | (cpu->planted ? PAGE_USER : 0));
    bool went = steps_take(cpu, ret, STEPS(steps));
    ground_restore(cpu);
    return went;
}

static void user_at_tables(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        pf_ring3("ring 3 loads from the GDT", user_load, (uintptr_t)cpu->gdt, PF_PRESENT),
        pf_ring3("ring 3 stores to the IDT", user_store, (uintptr_t)cpu->idt,
                 PF_PRESENT | PF_WRITE),
        pf_ring3("ring 3 loads from the page tables", user_load, cpu->fleet->paging.root,
                 PF_PRESENT),
        pf_ring3("ring 3 loads from ring 0's stack", user_load,
                 stack_top(cpu->index, STACK_RSP0) - 8, PF_PRESENT),
        pf_ring3("ring 3 stores to its own code", user_store, user_address(cpu, user_code),
                 PF_PRESENT | PF_WRITE),
    };

    steps_take(cpu, ret, STEPS(steps));
}

static void observe_user(struct cpu *cpu, struct observation *ret)
{
    steps_begin(cpu, ret, RING_PAGES, FEATURE_NONE);
    if (user_at_ground(cpu, ret))
        user_at_tables(cpu, ret);
}

/* --- prot.guard --------------------------------------------------------------------------------
 */

static void guard_mapped(struct cpu *cpu)
{
    paging_map(&cpu->fleet->paging, user_stack_top(cpu), *user_ground_entry(cpu) & PAGE_ADDRESS,
               STACK_PAGE, PAGE_USER | PAGE_WRITE | PAGE_NX);
}

static void guard_unmapped(struct cpu *cpu)
{
    *paging_find(&cpu->fleet->paging, user_stack_top(cpu), NULL) = 0;
    tlb_forget(user_stack_top(cpu));
}

static bool guards_of_stack(struct cpu *cpu, struct observation *ret, enum stack_id id)
{
    const struct step steps[] = {
        pf_ring0("load below a stack", trigger_load, trigger_load_rip,
                 stack_base(cpu->index, id) - 8, 0),
        pf_ring0("load above a stack", trigger_load, trigger_load_rip, stack_top(cpu->index, id),
                 0),
        pf_ring0("store below a stack", trigger_store, trigger_store_rip,
                 stack_base(cpu->index, id) - 8, PF_WRITE),
    };

    return steps_take(cpu, ret, STEPS(steps));
}

static bool guards_of_user(struct cpu *cpu, struct observation *ret)
{
    struct step steps[] = {
        pf_ring3("ring 3 loads above its stack", user_load, user_stack_top(cpu), 0),
        pf_ring3("ring 3 stores below its stack", user_store, user_stack_base(cpu) - 8, PF_WRITE),
    };

    if (cpu->planted) {
        steps[0].arrange = guard_mapped;
        steps[0].undo = guard_unmapped;
    }
    return steps_take(cpu, ret, STEPS(steps));
}

static void observe_guard(struct cpu *cpu, struct observation *ret)
{
    steps_begin(cpu, ret, RING_GUARD, FEATURE_NONE);
    if (!guards_of_user(cpu, ret))
        return;
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        if (!guards_of_stack(cpu, ret, id))
            return;
    }
}

/* --- prot.code-write ---------------------------------------------------------------------------
 */

/* The write, should it go through, changes nothing. */
static void observe_code_write(struct cpu *cpu, struct observation *ret)
{
    const struct handoff *handoff = cpu->fleet->handoff;
    const struct {
        const char *what;
        uint64_t address;
    } places[] = {
        {"write to muster's code", handoff->image.text.base},
        {"write to its constants", handoff->image.rodata.base},
        {"write to the trampoline", handoff->low.base},
        {"write to ring 3's code", user_address(cpu, user_code)},
    };

    steps_begin(cpu, ret, RING_WRITE, FEATURE_NONE);
    for (uint32_t n = 0; n < sizeof places / sizeof places[0]; n++) {
        struct step step = pf_ring0(places[n].what, trigger_rewrite, trigger_rewrite_rip,
                                    places[n].address, PF_PRESENT | PF_WRITE);
        if (cpu->planted) {
            step.arrange = wp_off;
            step.undo = wp_on;
        }
        if (!step_take(cpu, ret, &step))
            return;
    }
}

static const struct check rows[] = {
    STEP_CHECK("prot.nx", "a page with NX cannot be run, neither by ring 0 nor by ring 3",
               "SDM vol. 3A, 4.6 and 4.7; APM vol. 2, 5.6.1", "a page without NX", ROUNDS_TOGETHER,
               observe_nx, STEP_NEEDS),
    STEP_CHECK("prot.wp", "with CR0.WP ring 0 cannot write a read-only page; without it, it can",
               "SDM vol. 3A, 4.6 and 2.5 (CR0.WP); APM vol. 2, 5.6", "CR0.WP clear",
               ROUNDS_TOGETHER, observe_wp, STEP_NEEDS),
    STEP_CHECK("prot.user", "ring 3 can neither read, write nor run ring 0's pages",
               "SDM vol. 3A, 4.6 and 4.7; APM vol. 2, 5.6", "a page with U set", ROUNDS_TOGETHER,
               observe_user, STEP_NEEDS),
    STEP_CHECK("prot.guard",
               "every guard page is #PF with that address in CR2, for ring 0 and ring 3",
               "SDM vol. 3A, 4.7; APM vol. 2, 8.2.15", "memory at a guard page", ROUNDS_TOGETHER,
               observe_guard, STEP_NEEDS),
    STEP_CHECK("prot.code-write", "code and constants cannot be written, not even by ring 0",
               "SDM vol. 3A, 4.6; APM vol. 2, 5.6", "CR0.WP clear", ROUNDS_TOGETHER,
               observe_code_write, STEP_NEEDS),
};

FAMILY(prot_family, rows);
