/* Judges of what SRAT, PPTT, SMBIOS and the flags of the MADT claim, each against the other
 * sources. Like those of judge_roll.h: pure, any phase; `ret` is cleared; SKIP leaves its reason in
 * ret->seen. */
#ifndef MUSTER_JUDGE_PLACES_H
#define MUSTER_JUDGE_PLACES_H

#include <muster/claims.h>
#include <muster/verdict.h>

/* Whether OSPM may use this CPU now or later: enabled, or online capable in a MADT that has that
 * flag (revision 5 on). */
static inline bool madt_usable(const struct madt_claims *madt, const struct madt_claim *cpu)
{
    return cpu->enabled || (cpu->online_capable && madt->revision >= 5);
}

/* roll.types: an x2APIC entry (type 9) for an APIC ID below 255 does not stand beside usable
 * entries of type 0 (ACPI 6.5, 5.2.12.12). A table of x2APIC entries alone passes. */
enum verdict judge_roll_types(const struct claims *claims, struct words *ret);

/* roll.online-capable: the flags of processor entries are as ACPI 6.5, 5.2.12.2 says; a CPU that
 * can come later has a UID of its own. */
enum verdict judge_roll_online_capable(const struct claims *claims, struct words *ret);

/* roll.srat: each enabled CPU of the MADT has one enabled affinity entry, and nobody else has. */
enum verdict judge_roll_srat(const struct claims *claims, struct words *ret);

/* roll.pptt: the nodes are trees, and their leaves are the CPUs of the MADT. */
enum verdict judge_roll_pptt(const struct claims *claims, struct words *ret);

/* roll.smbios: the table can be read, and types 4 and 44 hold together. */
enum verdict judge_roll_smbios(const struct claims *claims, struct words *ret);

/* Whether a socket holds a central processor that is not put out of use (SMBIOS 3.7, 7.5). */
bool smbios_in_use(const struct smbios_socket *socket);

#endif
