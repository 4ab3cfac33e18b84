/* MP Services put to the test, group by group; the order is by what can go wrong. What is asked,
 * and what firmware answered, is plain data in handoff->mps, which checks judge after the door. */
#include "catalogue.h"
#include "mps_lab.h"
#include "pages.h"
#include "processor.h"

static bool is_chosen(const struct options *options)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        const char *id = catalogue_get(n)->id;
        if (string_starts(id, "mps.") && selection_has(options, id)) {
            return true;
        }
    }
    return false;
}

static void ask_all(struct mps_lab *lab, void *unused)
{
    (void)unused;
    mps_ask_list(lab);
    if (lab->record->count == 0 || lab->record->bsp == CPU_NONE) {
        return;
    }
    mps_start_all(lab);
    mps_ask_wrong(lab);
    mps_start_this(lab);
    mps_start_late(lab);
    mps_switch_prepare(lab);
    mps_disable(lab);
    mps_switch(lab);
}

struct mps_lab *mps_lab_take(struct firmware *firmware, struct handoff *handoff)
{
    EFI_MP_SERVICES_PROTOCOL *mps = mp_services_find(firmware);
    struct mps_lab *lab = NULL;
    handoff->mps.present = mps != NULL;
    if (mps != NULL) {
        lab = pages_take(firmware, sizeof(*lab), UINT32_MAX);
    }
    if (mps != NULL && lab == NULL) {
        note_add(&handoff->claims.notes, "", "mps: no memory to ask MP Services with");
    }
    if (lab != NULL) {
        memset(lab, 0, sizeof(*lab));
        lab->firmware = firmware;
        lab->mps = mps;
        lab->record = &handoff->mps;
        lab->map = &handoff->memory;
    }
    return lab;
}

bool mps_take(struct mps_lab *lab, struct handoff *handoff, struct refusal *refusal)
{
    struct mps_record *record = &handoff->mps;
    const uint32_t home = cpuid_apic_id(processor_cpuid);
    record->asked = is_chosen(&handoff->options);
    record->switch_wanted = handoff->options.switch_bsp;
    /* muster will refuse to run there; and its code on APs would need the hypervisor's help. */
    if (cpuid_confidential_guest(processor_cpuid, processor_rdmsr) != NULL) {
        record->asked = false;
    }
    if (!record->asked || !record->present) {
        return true;
    }
    if (lab == NULL) {
        record->asked = false;
        return true;
    }
    mps_watched(lab, "muster: asking MP Services:", ask_all, NULL);
    if (cpuid_apic_id(processor_cpuid) != home) {
        return refuse(
            refusal, EFI_DEVICE_ERROR,
            "muster: SwitchBSP made another CPU the BSP and did not switch back; reset the "
            "machine");
    }
    return true;
}
