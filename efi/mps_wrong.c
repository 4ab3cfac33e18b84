/* Calls that must be refused, from the BSP and from an AP. Which number is the BSP's, and which is
 * nobody's, firmware says itself, and that may be wrong: where it is not sure, what would change a
 * real AP is not asked. */
#include "mps_lab.h"

#define ASK(lab, call, expression)                                                                 \
    do {                                                                                           \
        mps_call_begin((lab), (call));                                                             \
        mps_call_end((lab), (call), (expression));                                                 \
    } while (0)

enum { FAR_NUMBER = 0xffffff };

static void ask_null_pointers(struct mps_lab *lab)
{
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    UINTN total, enabled;
    ASK(lab, MPS_COUNT_NULL_TOTAL, mps->GetNumberOfProcessors(mps, NULL, &enabled));
    ASK(lab, MPS_COUNT_NULL_ENABLED, mps->GetNumberOfProcessors(mps, &total, NULL));
    ASK(lab, MPS_COUNT_NULL_BOTH, mps->GetNumberOfProcessors(mps, NULL, NULL));
    ASK(lab, MPS_INFO_NULL, mps->GetProcessorInfo(mps, lab->record->bsp, NULL));
    ASK(lab, MPS_WHO_NULL, mps->WhoAmI(mps, NULL));
    ASK(lab, MPS_ALL_NULL, mps->StartupAllAPs(mps, NULL, FALSE, NULL, LATE_US, NULL, NULL));
}

static void ask_start(struct mps_lab *lab, enum mps_call call, UINTN number)
{
    if (mps_unsafe(lab->record, call) == NULL) {
        ASK(lab, call,
            lab->mps->StartupThisAP(lab->mps, mps_procedure_nothing, number, NULL, LATE_US, NULL,
                                    NULL));
    }
}

/* What was disabled all the same is enabled again. */
static void ask_disable(struct mps_lab *lab, enum mps_call call, UINTN number)
{
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    if (mps_unsafe(lab->record, call) != NULL) {
        return;
    }
    mps_call_begin(lab, call);
    if (!EFI_ERROR(mps_call_end(lab, call, mps->EnableDisableAP(mps, number, FALSE, NULL)))) {
        mps_aside_begin(lab, call);
        mps->EnableDisableAP(mps, number, TRUE, NULL);
        mps_aside_end(lab, call);
    }
}

static void ask_numbers(struct mps_lab *lab)
{
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    const UINTN beyond = mps_beyond(lab->record), bsp = lab->record->bsp;
    EFI_PROCESSOR_INFORMATION info;
    ASK(lab, MPS_INFO_BEYOND, mps->GetProcessorInfo(mps, beyond, &info));
    ASK(lab, MPS_INFO_FAR, mps->GetProcessorInfo(mps, FAR_NUMBER, &info));
    ask_start(lab, MPS_THIS_BEYOND, beyond);
    ask_start(lab, MPS_THIS_BSP, bsp);
    ask_disable(lab, MPS_DISABLE_BSP, bsp);
    ask_disable(lab, MPS_DISABLE_BEYOND, beyond);
}

static void ask_from_ap(struct mps_lab *lab, uint32_t number)
{
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    ASK(lab, MPS_THIS_NULL, mps->StartupThisAP(mps, NULL, number, NULL, LATE_US, NULL, NULL));
    ASK(lab, MPS_FROM_AP, mps->StartupThisAP(mps, mps_procedure_ask, number, NULL, 0, lab, NULL));
}

void mps_ask_wrong(struct mps_lab *lab)
{
    const uint32_t last = mps_last_ap(lab);
    ask_null_pointers(lab);
    ask_numbers(lab);
    if (last != CPU_NONE) {
        ask_from_ap(lab, last);
    }
}
