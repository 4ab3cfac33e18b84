/* What APs run for MP Services. Firmware's environment there: no boot services, a small stack, and
 * of the protocol only what this is to find out. */
#include "mps_lab.h"
#include "processor.h"

static uint32_t add(volatile uint32_t *to)
{
    return __atomic_fetch_add(to, 1, __ATOMIC_SEQ_CST);
}

static void pause(void)
{
    __asm__ volatile("pause" : : : "memory");
}

void EFIAPI mps_procedure_nothing(void *argument)
{
    (void)argument;
}

void EFIAPI mps_procedure_ticket(void *argument)
{
    struct mps_lab *lab = argument;
    UINTN who = CPU_NONE;
    const uint32_t taken = add(&lab->tickets_taken);
    if (taken >= CPU_MAX) {
        return;
    }
    struct mps_ticket *ticket = &lab->tickets[taken];
    ticket->who_null_status = mps_status_of(lab->mps->WhoAmI(lab->mps, NULL));
    ticket->who_status = mps_status_of(lab->mps->WhoAmI(lab->mps, &who));
    ticket->who = who;
    ticket->cpu_id = cpuid_apic_id(processor_cpuid);
}

/* The number of the processor that runs here, as the census found it; CPU_NONE: none has its APIC
 * ID. */
static uint32_t number_here(const struct mps_lab *lab)
{
    const struct mps_record *record = lab->record;
    const uint32_t cpu_id = cpuid_apic_id(processor_cpuid);
    for (uint32_t number = 0; number < record->count; number++) {
        if (record->processors[number].runs > 0 && record->processors[number].cpu_id == cpu_id) {
            return number;
        }
    }
    return CPU_NONE;
}

static void count_inside(struct mps_lab *lab)
{
    const uint32_t now = add(&lab->inside) + 1;
    uint32_t most = lab->most_inside;
    while (now > most && !__atomic_compare_exchange_n(&lab->most_inside, &most, now, false,
                                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        continue;
    }
}

/* Until the BSP lets it go, or for as long as anybody is held: firmware whose call lets no timer
 * event in, by a TPL above TPL_CALLBACK or with interrupts off, keeps the specification, and the
 * BSP cannot let anybody go then. */
static bool stays(struct mps_lab *lab, uint64_t since)
{
    if (!lab->release && processor_rdtsc() - since >= lab->patience_ticks) {
        lab->let_go = 1;
        return false;
    }
    pause();
    return !lab->release;
}

void EFIAPI mps_procedure_work(void *argument)
{
    struct mps_lab *lab = argument;
    const uint32_t number = number_here(lab);
    if (number == CPU_NONE) {
        add(cpuid_apic_id(processor_cpuid) == lab->record->bsp_id ? &lab->on_bsp : &lab->strangers);
        return;
    }
    struct mps_desk *desk = &lab->desks[number];
    count_inside(lab);
    desk->turn = add(&lab->turns);
    desk->runs++;
    const uint64_t since = processor_rdtsc();
    while (lab->meet && lab->turns < 2 && stays(lab, since)) {
        continue;
    }
    while (cpuset_has(&lab->held, number) && stays(lab, since)) {
        continue;
    }
    __atomic_fetch_sub(&lab->inside, 1, __ATOMIC_SEQ_CST);
    desk->ends++;
}

/* Another AP than this one where there is one; it is enabled already, so that firmware which obeys
 * changes nothing. */
static uint32_t neighbour(const struct mps_lab *lab)
{
    return cpuset_next(&lab->aps, 0);
}

static void answer(struct mps_lab *lab, enum mps_call call, EFI_STATUS status)
{
    lab->record->answers[call] =
        (struct mps_answer){.ending = MPS_RETURNED, .status = mps_status_of(status)};
}

/* SwitchBSP is not among them: EDK II calls boot services before it looks who calls
 * (DxeMpLib.c, MpInitLibSwitchBSP()). */
void EFIAPI mps_procedure_ask(void *argument)
{
    struct mps_lab *lab = argument;
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    EFI_PROCESSOR_INFORMATION info;
    UINTN total, enabled;
    answer(lab, MPS_AP_COUNT, mps->GetNumberOfProcessors(mps, &total, &enabled));
    answer(lab, MPS_AP_INFO, mps->GetProcessorInfo(mps, lab->record->bsp, &info));
    answer(lab, MPS_AP_ALL,
           mps->StartupAllAPs(mps, mps_procedure_nothing, FALSE, NULL, LATE_US, NULL, NULL));
    answer(
        lab, MPS_AP_THIS,
        mps->StartupThisAP(mps, mps_procedure_nothing, neighbour(lab), NULL, LATE_US, NULL, NULL));
    answer(lab, MPS_AP_ENABLE, mps->EnableDisableAP(mps, neighbour(lab), TRUE, NULL));
}

void mps_desks_clear(struct mps_lab *lab, const struct cpuset *held)
{
    memset(lab->desks, 0, sizeof(lab->desks));
    lab->release = 0;
    lab->turns = 0;
    lab->inside = 0;
    lab->most_inside = 0;
    lab->strangers = 0;
    lab->on_bsp = 0;
    lab->meet = false;
    lab->patience_ticks = lab->second_ticks * MPS_PATIENCE_S;
    cpuset_clear(&lab->held);
    if (held != NULL) {
        lab->held = *held;
    }
}

static bool is_disordered(const struct mps_lab *lab, const struct cpuset *ran)
{
    uint32_t turn = 0;
    cpuset_for_each(number, ran)
    {
        if (lab->desks[number].turn < turn) {
            return true;
        }
        turn = lab->desks[number].turn;
    }
    return false;
}

void mps_desks_read(struct mps_lab *lab, enum mps_call call, const struct cpuset *asked)
{
    struct mps_trial *trial = mps_trial(lab->record, call);
    trial->asked = *asked;
    trial->late = lab->held;
    for (uint32_t number = 0; number < lab->record->count; number++) {
        const struct mps_desk *desk = &lab->desks[number];
        if (desk->runs > 0) {
            cpuset_add(&trial->ran, number);
        }
        if (desk->runs > 1) {
            cpuset_add(&trial->again, number);
        }
        if (cpuset_has(asked, number) && (desk->ends == 0 || desk->ends < desk->runs)) {
            cpuset_add(&trial->unfinished, number);
        }
    }
    trial->strangers = lab->strangers;
    trial->on_bsp = lab->on_bsp;
    trial->most_inside = lab->most_inside;
    trial->disorder = is_disordered(lab, &trial->ran);
}
