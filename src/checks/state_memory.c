/* state.mtrr…, state.pat, state.smrr, state.top-of-memory: memory types and what belongs to them.
 * muster changes none of these but the PAT; all are as recorded at hand-off. */
#include "check.h"
#include "offer.h"
#include <muster/judge_msr.h>
#include <muster/judge_state.h>

enum {
    ADDRESS_BITS_LEAST = 32,
    ADDRESS_BITS_MOST = 52,
    APIC_BASE_PAGE_BITS = 12,
    TME_KEY_ID_BITS = 32,
    FIXED_64K = 0,
    FIXED_16K = 1,
    FIXED_4K = 3
};

#define APIC_BASE_LAST UINT64_C(0x000fffffffffffff)
#define TME_ENABLED    UINT64_C(0x2)
#define SECOND_MIB     UINT64_C(0x100000)

static uint64_t value(const struct cpu *cpu, uint32_t slot)
{
    return state_has(cpu->state, slot) ? cpu->state->value[slot] : 0;
}

static void copy(const struct cpu *cpu, uint32_t slot, uint32_t count, uint64_t *to)
{
    for (uint32_t n = 0; n < count; n++)
        to[n] = value(cpu, slot + n);
}

/* Those that MTRRs compare: without what memory encryption takes away while it is on (SDM vol. 4,
 * IA32_TME_ACTIVATE; APM vol. 2, 7.10.1). */
static uint32_t address_bits(const struct cpu *cpu)
{
    uint64_t tme = value(cpu, STATE_TME_ACTIVATE);
    uint32_t less = 0;

    if (tme & TME_ENABLED)
        less = tme >> TME_KEY_ID_BITS & 0xf;
    else if (value(cpu, STATE_SYSCFG) & SYSCFG_MEMORY_ENCRYPTION)
        less = encryption_address_bits();
    uint32_t bits = physical_address_bits() - less;
    return bits < ADDRESS_BITS_LEAST  ? ADDRESS_BITS_LEAST
           : bits > ADDRESS_BITS_MOST ? ADDRESS_BITS_MOST
                                      : bits;
}

static void read_mtrrs(const struct cpu *cpu, struct mtrr_registers *ret)
{
    uint64_t count = value(cpu, STATE_MTRR_CAP) & MTRR_CAP_VCNT;

    ret->cap = value(cpu, STATE_MTRR_CAP);
    ret->def_type = value(cpu, STATE_MTRR_DEF_TYPE);
    copy(cpu, STATE_MTRR_FIX_64K, 1, &ret->fixed[FIXED_64K]);
    copy(cpu, STATE_MTRR_FIX_16K, 2, &ret->fixed[FIXED_16K]);
    copy(cpu, STATE_MTRR_FIX_4K, 8, &ret->fixed[FIXED_4K]);
    ret->variable_read = count < MTRR_VARIABLE_MAX ? (uint32_t)count : MTRR_VARIABLE_MAX;
    for (uint32_t n = 0; n < ret->variable_read; n++) {
        ret->variable[n].base = value(cpu, STATE_MTRR_VARIABLE + 2 * n);
        ret->variable[n].mask = value(cpu, STATE_MTRR_VARIABLE + 2 * n + 1);
    }
    ret->syscfg = value(cpu, STATE_SYSCFG);
    ret->tom2 = value(cpu, STATE_TOM2);
    ret->address_bits = address_bits(cpu);
}

static void observe_mtrr(struct cpu *cpu, struct observation *ret)
{
    struct obs_mtrr *mtrr = &ret->mtrr;

    mtrr->offered = state_has(cpu->state, STATE_MTRR_CAP);
    mtrr->virtual = under_hypervisor();
    mtrr->emulated_ap = cpu->index && under_tcg();
    mtrr->apic_base = value(cpu, STATE_APIC_BASE) & APIC_BASE_LAST;
    mtrr->apic_base = mtrr->apic_base >> APIC_BASE_PAGE_BITS << APIC_BASE_PAGE_BITS;
    read_mtrrs(cpu, &mtrr->mtrr);
}

/* --break: an AP that nobody gave the MTRRs of the others, or one that alone has some. */
static void observe_mtrr_same(struct cpu *cpu, struct observation *ret)
{
    observe_mtrr(cpu, ret);
    if (cpu->planted)
        ret->mtrr.mtrr.def_type = ret->mtrr.mtrr.def_type & MTRR_E ? 0 : MTRR_E | MEMORY_TYPE_WB;
}

/* --break: a mask with a hole. */
static void observe_mtrr_sound(struct cpu *cpu, struct observation *ret)
{
    struct mtrr_registers *mtrr = &ret->mtrr.mtrr;

    observe_mtrr(cpu, ret);
    if (!cpu->planted)
        return;
    mtrr->def_type |= MTRR_E;
    mtrr->variable_read += mtrr->variable_read == 0;
    mtrr->variable[0].mask = MTRR_VALID | 0xf0f000;
}

/* --break: a piece of memory that is uncached. */
static void observe_mtrr_memory(struct cpu *cpu, struct observation *ret)
{
    struct mtrr_registers *mtrr = &ret->mtrr.mtrr;

    observe_mtrr(cpu, ret);
    if (!cpu->planted)
        return;
    mtrr->variable_read += mtrr->variable_read == 0;
    mtrr->def_type |= mtrr->def_type & MTRR_E ? 0 : MTRR_E | MEMORY_TYPE_WB;
    mtrr->variable[0].base = SECOND_MIB | MEMORY_TYPE_UC;
    mtrr->variable[0].mask = ~(SECOND_MIB - 1) | MTRR_VALID;
}

static void observe_set(struct cpu *cpu, struct observation *ret)
{
    const struct msr_set *set = cpu->subject;
    bool none = set->cap && !(value(cpu, STATE_MTRR_CAP) & set->cap);

    ret->msr_set = (struct obs_msr_set){.set = set, .kind = value(cpu, STATE_CORE_TYPE)};
    for (uint32_t n = 0; n < set->count && !none; n++) {
        enum state_slot slot = set->rows[n].slot;
        ret->msr_set.present |= (uint32_t)state_has(cpu->state, slot) << n;
        ret->msr_set.value[n] = value(cpu, slot);
    }
    if (!cpu->planted)
        return;
    ret->msr_set.present = (1u << set->count) - 1;
    for (uint32_t n = 0; n < set->count; n++)
        ret->msr_set.value[n] ^= set->rows[n].flip;
}

static void observe_pat(struct cpu *cpu, struct observation *ret)
{
    const struct state_question *question = cpu->subject;

    ret->state = (struct obs_state){
        .record = cpu->state,
        .question = question,
        .planted = question->slot,
        .flip = cpu->planted ? question->flip : 0,
    };
}

/* How MTRRs stand on the first CPU: on a sound machine on all. */
static void remark_mtrr(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    const struct cpu *cpu = fleet_cpu(fleet, cpuset_next(examined, 0));
    uint64_t def_type = value(cpu, STATE_MTRR_DEF_TYPE);

    if (!(def_type & MTRR_E)) {
        text_add(out, "MTRRs are off: all memory is UC");
        return;
    }
    text_add(out, "default ");
    memory_type_print(out, def_type & 0xff);
    text_format(out, ", fixed ranges %s, %u variable", def_type & MTRR_FE ? "on" : "off",
                (uint32_t)(value(cpu, STATE_MTRR_CAP) & MTRR_CAP_VCNT));
}

#define ROW(name, text, where, what, ...)                                                          \
    {                                                                                              \
        CHECK_INFO("state." name, text, where, what, SCOPE_EACH_CPU, HAZARD_READS), __VA_ARGS__    \
    }

static const struct msr_set smrr = {
    .count = 2,
    .rows = {{STATE_SMRR, 0x1000}, {STATE_SMRR_LAST, 0}},
    .cap = MTRR_CAP_SMRR,
    .none = "no CPU has SMRRs that can be read outside SMM",
    .means = "SMRAM is protected on some CPUs and open on others: whoever runs on these can change "
             "SMM's code by way of the cache",
};

static const struct msr_set top_of_memory = {
    .count = 2,
    .rows = {{STATE_TOM, 0}, {STATE_TOM2, 0x10000000}},
    .none = "only AMD's CPUs have top-of-memory registers",
    .means = "CPUs disagree where memory ends, or of what type it is above 4 GiB: one reads "
             "memory where another reaches a device",
};

static const struct state_question pat = {
    .slot = STATE_PAT,
    .flip = 0x0100,
    .none = "no CPU offers the PAT",
    .means = "the same page table entry means another memory type on these CPUs, until an "
             "operating system sets all PATs: SMM and runtime services may never",
};

static const struct check rows[] = {
    ROW("mtrr", "every address has the same memory type on all CPUs, by whichever MTRRs",
        "SDM vol. 3A, 12.11.4.1 and 12.11.8; APM vol. 2, 7.7", "a CPU whose MTRRs are off",
        .planting = PLANTED_INSIDE, .observe = observe_mtrr_same, .judge_crowd = judge_mtrr_same,
        .remark = remark_mtrr),
    ROW("mtrr-sound", "no MTRR has a reserved type, a broken mask or an overlap that is undefined",
        "SDM vol. 3A, 12.11.2 to 12.11.4", "a mask with a hole", .planting = PLANTED_INSIDE,
        .observe = observe_mtrr_sound, .judge = judge_mtrr_sound),
    ROW("mtrr-memory", "what the memory map offers as memory is WB, devices are not cached",
        "SDM vol. 3A, 12.11.5; UEFI 2.10, 2.3.4", "memory above 1 MiB that is uncached",
        .bsp_only = true, .planting = PLANTED_INSIDE, .observe = observe_mtrr_memory,
        .judge_crowd = judge_mtrr_memory),
    ROW("pat", "all CPUs of one core type came with the same PAT", "SDM vol. 3A, 12.12.4",
        "another PAT on one CPU", .subject = &pat, .planting = PLANTED_INSIDE,
        .observe = observe_pat, .judge_crowd = judge_state_same),
    ROW("smrr", "all CPUs protect the same SMRAM", "SDM vol. 3C, 32.4.2.1",
        "another base on one CPU", .subject = &smrr, .planting = PLANTED_INSIDE,
        .observe = observe_set, .judge_crowd = judge_msr_same),
    ROW("top-of-memory", "the top-of-memory registers are the same on all CPUs",
        "APM vol. 2, 7.9.4", "another TOM2 on one CPU", .subject = &top_of_memory,
        .planting = PLANTED_INSIDE, .observe = observe_set, .judge_crowd = judge_msr_same),
};

FAMILY(state_memory_family, rows);
