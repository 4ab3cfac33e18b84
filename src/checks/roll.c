/* roll.*: who is there, by the word of firmware alone. */
#include "check.h"
#include <muster/falsify.h>

#define ROLL(name, text, where, what, which)                                                       \
    {                                                                                              \
        CHECK_INFO("roll." name, text, where, what, SCOPE_MACHINE, HAZARD_READS),                  \
            .judge_claims = judge_roll_##which, .falsify_claims = falsify_roll_##which             \
    }

static const struct check rows[] = {
    ROLL("madt", "the MADT is well formed: signature, length, checksum, every entry within bounds",
         "ACPI 6.5, 5.2.6 and 5.2.12", "a wrong checksum", madt),
    ROLL("agree", "MP Services and the MADT list the same CPUs with the same state",
         "PI 1.8 vol. 2, 13.4; ACPI 6.5, 5.2.12", "a CPU missing from MP Services", agree),
    ROLL("unique", "no APIC ID and no ACPI processor UID is claimed twice",
         "ACPI 6.5, 5.2.12.2 and 5.2.12.12", "a second MADT entry for one CPU", unique),
    ROLL("bsp-first",
         "the MADT's first enabled processor is the BSP, and MP Services marks it alone",
         "ACPI 6.5, 5.2.12.1; PI 1.8 vol. 2, 13.4", "two MADT entries exchanged", bsp_first),
    ROLL("types", "x2APIC entries of the MADT do not mix with local APIC entries below ID 255",
         "ACPI 6.5, 5.2.12.12", "one CPU's entry made the other type", types),
    ROLL("online-capable",
         "the flags of MADT entries tell CPUs that can come later from those there",
         "ACPI 6.5, 5.2.12.2", "an enabled CPU flagged online capable", online_capable),
    ROLL("srat", "the SRAT gives each enabled CPU of the MADT one domain, and nobody else",
         "ACPI 6.5, 5.2.16.1 and 5.2.16.3", "an affinity entry for a CPU that is not there", srat),
    ROLL("pptt", "the PPTT's nodes are trees, and their leaves the CPUs of the MADT",
         "ACPI 6.5, 5.2.30.1", "a package node whose parent is its own leaf", pptt),
    ROLL("smbios", "SMBIOS can be read, and its types 4 and 44 hold together",
         "SMBIOS 3.7, 5.2, 6.1, 7.5 and 7.45", "a type 44 that refers to nobody", smbios),
};

FAMILY(roll_family, rows);
