/* prot.*: what bits of CR4 turn on, and what CR4 and addresses must refuse. */
#include "install.h"
#include "offer.h"
#include "prot.h"
#include "registers.h"

static void cr4_set(uint64_t bit)
{
    cr4_write(cr4_read() | bit);
}

static void cr4_clear(uint64_t bit)
{
    cr4_write(cr4_read() & ~bit);
}

/* --- prot.smep ---------------------------------------------------------------------------------
 */

static void smep_on(struct cpu *cpu)
{
    if (!cpu->planted)
        cr4_set(CR4_SMEP);
}

static void smep_off(struct cpu *cpu)
{
    (void)cpu;
    cr4_clear(CR4_SMEP);
}

static void observe_smep(struct cpu *cpu, struct observation *ret)
{
    struct step denied =
        jump_ring0("ring 0 runs ring 3's page", user_address(cpu, user_hop), PF_PRESENT);
    struct step allowed = step_allowed(denied);

    allowed.what = "the same with CR4.SMEP clear";
    denied.arrange = smep_on;
    denied.undo = smep_off;
    if (!steps_begin(cpu, ret, RING_USER_PAGES, FEATURE_SMEP))
        return;
    if (step_take(cpu, ret, &denied))
        step_take(cpu, ret, &allowed);
}

/* --- prot.smap ---------------------------------------------------------------------------------
 */

static void smap_on(struct cpu *cpu)
{
    if (!cpu->planted)
        cr4_set(CR4_SMAP);
}

static void smap_off(struct cpu *cpu)
{
    (void)cpu;
    cr4_clear(CR4_SMAP);
}

/* PROBE_RFLAGS has AC clear. */
static void observe_smap(struct cpu *cpu, struct observation *ret)
{
    uint64_t ground = user_ground(cpu);
    struct step steps[] = {
        pf_ring0("load from ring 3's page", trigger_load, trigger_load_rip, ground, PF_PRESENT),
        pf_ring0("store to it", trigger_store, trigger_store_rip, ground, PF_PRESENT | PF_WRITE),
        step_allowed(pf_ring0("load after STAC", trigger_open_load, NULL, ground, 0)),
        pf_ring0("load after CLAC", trigger_closed_load, trigger_closed_load_rip, ground,
                 PF_PRESENT),
        step_allowed(pf_ring0("load with CR4.SMAP clear", trigger_load, NULL, ground, 0)),
    };

    for (int n = 0; n < 4; n++) {
        steps[n].arrange = smap_on;
        steps[n].undo = smap_off;
    }
    if (steps_begin(cpu, ret, RING_USER_PAGES, FEATURE_SMAP))
        steps_take(cpu, ret, STEPS(steps));
}

/* --- prot.umip ---------------------------------------------------------------------------------
 */

static void umip_on(struct cpu *cpu)
{
    if (!cpu->planted)
        cr4_set(CR4_UMIP);
}

static void umip_off(struct cpu *cpu)
{
    (void)cpu;
    cr4_clear(CR4_UMIP);
}

static bool umip_step(struct cpu *cpu, struct observation *ret, const char *what, const char *code)
{
    struct step denied = {
        .what = what, .code = code, .vector = VECTOR_GP, .arrange = umip_on, .undo = umip_off};
    struct step allowed = step_allowed(denied);

    allowed.arrange = allowed.undo = NULL;
    return step_take(cpu, ret, &denied) && step_take(cpu, ret, &allowed);
}

/* Refused with CR4.UMIP set, allowed with it clear. */
static void observe_umip(struct cpu *cpu, struct observation *ret)
{
    if (!steps_begin(cpu, ret, RING_PRIVILEGE, FEATURE_UMIP))
        return;
    if (umip_step(cpu, ret, "SGDT", user_sgdt) && umip_step(cpu, ret, "SIDT", user_sidt) &&
        umip_step(cpu, ret, "SLDT", user_sldt) && umip_step(cpu, ret, "STR", user_str))
        umip_step(cpu, ret, "SMSW", user_smsw);
}

/* --- prot.pku ----------------------------------------------------------------------------------
 */

#define PAGE_KEY_1  (UINT64_C(1) << 59)
#define PKRU_1_NONE UINT32_C(0x4) /* key 1: no access; SDM vol. 3A, 4.6.2 */
#define PKRU_1_READ UINT32_C(0x8) /* key 1: no write */

static bool key_steps(struct cpu *cpu, struct observation *ret, uint32_t pkru,
                      const struct step *steps, uint32_t count)
{
    pkru_write(pkru);
    bool went = steps_take(cpu, ret, steps, count);
    pkru_write(0);
    return went;
}

static bool no_access(struct cpu *cpu, struct observation *ret)
{
    uint64_t ground = user_ground(cpu);
    const struct step steps[] = {
        pf_ring3("ring 3 loads, key without access", user_load, ground, PF_KEY | PF_PRESENT),
        pf_ring0("ring 0 loads, key without access", trigger_load, trigger_load_rip, ground,
                 PF_KEY | PF_PRESENT),
    };

    return key_steps(cpu, ret, cpu->planted ? 0 : PKRU_1_NONE, STEPS(steps));
}

static bool no_write(struct cpu *cpu, struct observation *ret)
{
    uint64_t ground = user_ground(cpu);
    const struct step store = pf_ring3("ring 3 stores, key without write", user_store, ground,
                                       PF_KEY | PF_PRESENT | PF_WRITE);
    const struct step steps[] = {
        step_allowed(pf_ring3("ring 3 loads, key without write", user_load, ground, 0)),
        store,
        pf_ring0("ring 0 stores, key without write", trigger_store, trigger_store_rip, ground,
                 PF_KEY | PF_PRESENT | PF_WRITE),
    };

    return key_steps(cpu, ret, PKRU_1_READ, STEPS(steps));
}

static bool key_open(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        step_allowed(pf_ring3("ring 3 stores, key open", user_store, user_ground(cpu), 0)),
        {.what = "RDPKRU", .code = user_rdpkru, .vector = VECTOR_RING3},
    };

    return key_steps(cpu, ret, 0, STEPS(steps));
}

static void keys_off(struct cpu *cpu, struct observation *ret)
{
    const struct step step = {
        .what = "RDPKRU with CR4.PKE clear", .code = user_rdpkru, .vector = VECTOR_UD};

    step_take(cpu, ret, &step);
}

static void observe_pku(struct cpu *cpu, struct observation *ret)
{
    if (!steps_begin(cpu, ret, RING_USER_PAGES, FEATURE_PKU))
        return;
    cr4_set(CR4_PKE);
    uint32_t found = pkru_read();
    bool told = offers_ospke();
    ground_set(cpu, GROUND_AS_FOUND | PAGE_KEY_1);
    bool went = no_access(cpu, ret) && no_write(cpu, ret) && key_open(cpu, ret);
    ground_restore(cpu);
    pkru_write(found);
    cr4_clear(CR4_PKE);
    if (went)
        keys_off(cpu, ret);
    ret->ring.values[RING_OSPKE] = (struct pair){2, told * 2u + offers_ospke()};
}

/* --- prot.cr4-reserved -------------------------------------------------------------------------
 */

static void cr4_as_it_was(struct cpu *cpu)
{
    cr4_write(control_cr4(cpu->fleet));
}

static struct step cr4_step(const struct cpu *cpu, const char *what, uint64_t changed)
{
    return (struct step){.what = what,
                         .fire = trigger_write_cr4,
                         .rip = trigger_write_cr4_rip,
                         .vector = VECTOR_GP,
                         .argument = cr4_read() ^ (cpu->planted ? 0 : changed),
                         .undo = cr4_as_it_was};
}

/* Bits that neither manual gives a meaning to. */
static void reserved_bits(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        cr4_step(cpu, "MOV to CR4 with bit 15", UINT64_C(1) << 15),
        cr4_step(cpu, "MOV to CR4 with bit 31", UINT64_C(1) << 31),
        cr4_step(cpu, "MOV to CR4 with bit 40", UINT64_C(1) << 40),
        cr4_step(cpu, "MOV to CR4 with bit 63", UINT64_C(1) << 63),
    };

    steps_take(cpu, ret, STEPS(steps));
}

/* QEMU makes of a reserved bit the exit from a guest that does not run, and then starts the
 * instruction over for ever (helper_write_crN() in target/i386/tcg/sysemu/misc_helper.c, 7.2
 * and 10.0): not tried there. LA57 may not change in 64-bit mode, which it does as the manual says.
 */
static void observe_cr4_refused(struct cpu *cpu, struct observation *ret)
{
    const struct step la57 = cr4_step(cpu, "MOV to CR4 that changes LA57", CR4_LA57);
    bool offered = features_offered() >> FEATURE_LA57 & 1;

    steps_begin(cpu, ret, RING_RESERVED, FEATURE_NONE);
    if (under_tcg() && !offered)
        ret->ring.unasked = "a reserved bit of CR4 stops QEMU's software emulation";
    else if (!offered || step_take(cpu, ret, &la57)) {
        if (!under_tcg())
            reserved_bits(cpu, ret);
    }
}

/* --- prot.noncanonical -------------------------------------------------------------------------
 */

static void observe_noncanonical(struct cpu *cpu, struct observation *ret)
{
    uint64_t address = cpu->planted ? user_ground(cpu) : NONCANONICAL;
    const struct step steps[] = {
        {.what = "load",
         .fire = trigger_load,
         .rip = trigger_load_rip,
         .vector = VECTOR_GP,
         .argument = address},
        {.what = "store",
         .fire = trigger_store,
         .rip = trigger_store_rip,
         .vector = VECTOR_GP,
         .argument = address},
        {.what = "ring 3 loads", .code = user_load, .vector = VECTOR_GP, .argument = address},
        {.what = "ring 3 stores", .code = user_store, .vector = VECTOR_GP, .argument = address},
    };

    steps_begin(cpu, ret, RING_RESERVED, FEATURE_NONE);
    steps_take(cpu, ret, STEPS(steps));
}

static const struct check rows[] = {
    STEP_CHECK("prot.noncanonical", "an address that is not canonical is #GP(0), not #PF",
               "SDM vol. 1, 3.3.7.1; vol. 3A, 6.15 (#GP); APM vol. 2, 5.3.1", "a good address",
               ROUNDS_TOGETHER, observe_noncanonical, STEP_NEEDS),
    STEP_CHECK("prot.cr4-reserved",
               "a reserved bit of CR4 cannot be set, nor LA57 be changed in 64-bit mode: #GP(0)",
               "SDM vol. 3A, 2.5; vol. 2B, MOV (control registers); APM vol. 2, 3.1.3",
               "no bit changed", ROUNDS_TOGETHER, observe_cr4_refused, STEP_NEEDS),
    STEP_CHECK("prot.smep", "with CR4.SMEP ring 0 cannot run ring 3's code; without it, it can",
               "SDM vol. 3A, 4.6 and 4.7; APM vol. 2, 5.6.3", "CR4.SMEP clear", ROUNDS_TOGETHER,
               observe_smep, STEP_NEEDS),
    STEP_CHECK("prot.smap",
               "with CR4.SMAP ring 0 reaches ring 3's pages only between STAC and CLAC",
               "SDM vol. 3A, 4.6; vol. 2B, STAC; APM vol. 2, 5.6.4", "CR4.SMAP clear",
               ROUNDS_TOGETHER, observe_smap, STEP_NEEDS),
    STEP_CHECK("prot.umip",
               "with CR4.UMIP ring 3 cannot ask where the tables lie: SGDT, SIDT, SLDT, STR and "
               "SMSW are #GP(0)",
               "SDM vol. 3A, 2.5 (CR4.UMIP); APM vol. 2, 3.1.3", "CR4.UMIP clear", ROUNDS_TOGETHER,
               observe_umip, STEP_NEEDS),
    STEP_CHECK("prot.pku",
               "protection keys stop reads and writes of ring 3's pages as PKRU says, and CPUID "
               "follows CR4.PKE",
               "SDM vol. 3A, 4.6.2 and 4.7; APM vol. 2, 5.6.6", "a PKRU that denies nothing",
               ROUNDS_TOGETHER, observe_pku, STEP_NEEDS),
};

FAMILY(prot_control_family, rows);
