#include "roll.h"
#include "mp_services.h"
#include "processor.h"
#include "smbios_table.h"

/* PI 1.8 vol. 2, 13.4.3: PROCESSOR_HEALTH_STATUS_BIT is clear when the CPU failed its self-test. It
 * is called all the same: what it does is for the checks to see. */
static void note_unhealthy(const struct mps_claims *mps, struct notes *notes)
{
    for (uint32_t n = 0; n < mps->count; n++) {
        if (mps->cpus[n].enabled && !mps->cpus[n].healthy) {
            note_add(notes, "", "MP Services call the enabled CPU with APIC ID 0x%x not healthy",
                     mps->cpus[n].apic_id);
        }
    }
}

static bool there_is_room(const struct claims *claims, struct refusal *refusal)
{
    if (claims->mps.beyond > 0) {
        return refuse(refusal, EFI_UNSUPPORTED,
                      "muster: MP Services claim %lu CPUs; muster has room for %u",
                      (unsigned long)claims->mps.total, CPU_MAX);
    }
    if (claims->madt.beyond > 0) {
        return refuse(refusal, EFI_UNSUPPORTED,
                      "muster: the MADT claims %lu CPUs; muster has room for %u",
                      (unsigned long)claims->madt.count + claims->madt.beyond, CPU_MAX);
    }
    return true;
}

bool roll_take(struct firmware *firmware, const struct acpi_tables *tables, struct mps_lab *lab,
               struct handoff *handoff, struct refusal *ret_refusal)
{
    struct claims *claims = &handoff->claims;
    claims->bsp_apic_id = cpuid_apic_id(processor_cpuid);
    mp_services_read(lab, &claims->mps, &claims->notes);
    note_unhealthy(&claims->mps, &claims->notes);
    acpi_tables_read_madt(tables, &claims->madt, &claims->notes);
    acpi_tables_read_places(tables, claims);
    smbios_table_read(firmware, &handoff->memory, &claims->smbios, &claims->notes);
    if (!claims->mps.present && !claims->madt.present) {
        note_add(&claims->notes, "",
                 "neither MP Services nor a MADT: only the BSP, which runs, is examined");
    }
    if (!there_is_room(claims, ret_refusal)) {
        return false;
    }
    inventory_merge(claims, &handoff->inventory);
    return true;
}
