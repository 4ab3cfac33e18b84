/* mca.*: machine-check banks as firmware left them. muster changes nothing of them. */
#include "check.h"
#include "offer.h"
#include "registers.h"
#include "state.h"
#include <muster/judge_msr.h>
#include <muster/mca.h>

/* The registers of a bank, from its first MSR on; SMCA's are laid out alike, further apart (APM
 * vol. 2, 9.3.2). */
enum { BANK_CTL, BANK_STATUS, BANK_ADDR, BANK_MISC, BANK_STRIDE = 4, SMCA_STRIDE = 16 };
enum { MASK_BANKS = 64 };

static uint32_t bank_msr(uint32_t bank)
{
    return offers_smca() ? (uint32_t)MSR_SMCA_MC0_CTL + bank * SMCA_STRIDE
                         : MSR_MC0_CTL + bank * BANK_STRIDE;
}

/* ADDR and MISC exist where the status says so (SDM vol. 3B, 16.3.2.3 and 16.3.2.4). */
static void read_leftover(struct cpu *cpu, uint32_t bank, uint64_t status, struct obs_mca *ret)
{
    struct mca_leftover left = {.bank = bank, .status = status};
    uint32_t msr = bank_msr(bank);

    left.has_address =
        status & MCI_STATUS_ADDRV && state_try_msr(cpu, msr + BANK_ADDR, &left.address);
    left.has_misc = status & MCI_STATUS_MISCV && state_try_msr(cpu, msr + BANK_MISC, &left.misc);
    mca_keep(ret, &left);
}

static void read_bank(struct cpu *cpu, uint32_t bank, struct obs_mca *ret)
{
    uint64_t control = 0, status = 0;

    if (bank < MASK_BANKS && state_try_msr(cpu, bank_msr(bank) + BANK_CTL, &control) && control)
        ret->enabled |= UINT64_C(1) << bank;
    if (!state_try_msr(cpu, bank_msr(bank) + BANK_STATUS, &status))
        ret->blind++;
    else if (status & MCI_STATUS_VAL)
        read_leftover(cpu, bank, status, ret);
}

static void observe_registers(struct cpu *cpu, struct observation *ret)
{
    const struct state_record *state = cpu->state;

    ret->mca = (struct obs_mca){
        .offered = offers_machine_check(),
        .amd = made_by_amd(),
        .unread =
            !state_has(state, STATE_MCG_CAP) ||
            (state->value[STATE_MCG_CAP] & MCG_CAP_COUNT && !state_has(state, STATE_MCG_STATUS)),
        .kind = state->value[STATE_CORE_TYPE],
        .cap = state->value[STATE_MCG_CAP],
        .status = state->value[STATE_MCG_STATUS],
    };
}

/* What a defect can be made of where the CPU has no banks. */
static void pretend(struct obs_mca *mca)
{
    mca->offered = true;
    mca->unread = false;
    mca->cap += !(mca->cap & MCG_CAP_COUNT);
}

/* --break: MCG_CTL is there on one CPU alone, or nowhere else. */
static void observe_banks(struct cpu *cpu, struct observation *ret)
{
    observe_registers(cpu, ret);
    if (cpu->planted) {
        pretend(&ret->mca);
        ret->mca.cap ^= MCG_CAP_CTL;
    }
}

/* --break: firmware's handler never came to its end. */
static void observe_status(struct cpu *cpu, struct observation *ret)
{
    observe_registers(cpu, ret);
    if (cpu->planted) {
        pretend(&ret->mca);
        ret->mca.status |= MCG_STATUS_MCIP;
    }
}

/* --break: what a failed memory module leaves. */
static void plant_leftover(struct obs_mca *ret)
{
    const struct mca_leftover left = {
        .status = MCI_STATUS_VAL | MCI_STATUS_UC | MCI_STATUS_EN | MCI_STATUS_ADDRV |
                  MCI_STATUS_PCC | 0x9f,
        .has_address = true,
        .address = 0x12345000,
    };

    pretend(ret);
    mca_keep(ret, &left);
}

static void observe_leftover(struct cpu *cpu, struct observation *ret)
{
    observe_registers(cpu, ret);
    for (uint32_t bank = 0;
         ret->mca.offered && !ret->mca.unread && bank < (uint32_t)(ret->mca.cap & MCG_CAP_COUNT);
         bank++)
        read_bank(cpu, bank, &ret->mca);
    if (cpu->planted)
        plant_leftover(&ret->mca);
}

static void remark_banks(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    const struct cpu *cpu = fleet_cpu(fleet, cpuset_next(examined, 0));

    text_format(out, "%u banks", (uint32_t)(cpu->state->value[STATE_MCG_CAP] & MCG_CAP_COUNT));
}

static const struct obs_mca *seen_by(const struct fleet *fleet, uint32_t index)
{
    return &fleet_cpu(fleet, index)->observations[ROUND_TOGETHER].mca;
}

/* Banks that report on one CPU and not on another: an operating system sets them all anyhow. */
static void remark_enabled(const struct fleet *fleet, const struct cpuset *examined,
                           struct text *out)
{
    uint32_t first = cpuset_next(examined, 0);
    uint64_t usual = seen_by(fleet, first)->enabled;

    cpuset_for_each(index, examined)
    {
        if (seen_by(fleet, index)->enabled == usual)
            continue;
        text_format(out, "%sbanks 0x%lx enabled on CPU %u, 0x%lx on CPU %u",
                    out->length ? "; " : "", (unsigned long)usual, first,
                    (unsigned long)seen_by(fleet, index)->enabled, index);
        return;
    }
}

/* Errors that were corrected are no fault of the hand-over, but whoever looks for one wants to
 * know. */
static void remark_leftover(const struct fleet *fleet, const struct cpuset *examined,
                            struct text *out)
{
    cpuset_for_each(index, examined)
    {
        const struct obs_mca *mca = seen_by(fleet, index);
        if (!mca->leftovers || !mca_corrected(mca->kept[0].status, mca->amd))
            continue;
        text_format(out, "%sCPU %u bank %u ", out->length ? "; " : "", index, mca->kept[0].bank);
        mca_print_status(out, mca->kept[0].status, mca->amd);
    }
    remark_enabled(fleet, examined, out);
}

static const struct check rows[] = {
    {.info = {.id = "mca.banks",
              .claim = "all CPUs of one core type have the same machine-check abilities and, on "
                       "Intel, banks",
              .source = "SDM vol. 3B, 16.3.1.1",
              .needs = "",
              .defect = "MCG_CAP.MCG_CTL_P the other way round on one CPU",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_banks,
     .judge_crowd = judge_mca_banks,
     .remark = remark_banks},
    {.info = {.id = "mca.status",
              .claim = "no CPU is handed over in the middle of a machine check",
              .source = "SDM vol. 3B, 16.3.1.2",
              .needs = "",
              .defect = "MCIP left set",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_status,
     .judge = judge_mca_status},
    {.info = {.id = "mca.leftover",
              .claim = "no machine-check bank holds an error that was not corrected",
              .source = "SDM vol. 3B, 16.3.2.2 and 16.9; APM vol. 2, 9.3.2",
              .needs = "",
              .defect = "an uncorrected memory error in bank 0",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_leftover,
     .judge = judge_mca_leftover,
     .remark = remark_leftover},
};

FAMILY(mca_family, rows);
