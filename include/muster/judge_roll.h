/* Judges of the roll: does what firmware says of the CPUs hold together, before any is called?
 * Each is pure, runs in any phase, and clears `ret`; SKIP leaves its reason in ret->seen. */
#ifndef MUSTER_JUDGE_ROLL_H
#define MUSTER_JUDGE_ROLL_H

#include <muster/claims.h>
#include <muster/verdict.h>

/* roll.madt: the MADT could be read to its end (ACPI 6.5, 5.2.12). FAIL when a note for it was
 * taken; ERROR when there are more CPUs than muster holds. */
enum verdict judge_roll_madt(const struct claims *claims, struct words *ret);

/* roll.agree: MP Services and the MADT enable the same APIC IDs, and MP Services' two counts are
 * those of its list. CPUs that both call disabled, or that one calls disabled and the other does
 * not list (sockets and slots that are free), agree. */
enum verdict judge_roll_agree(const struct claims *claims, struct words *ret);

/* roll.unique: no source lists an APIC ID twice, and no two enabled CPUs have one ACPI UID. MADT
 * entries that are neither enabled nor online capable are placeholders, which OSPM does not look at
 * (ACPI 6.5, 5.2.12.2). */
enum verdict judge_roll_unique(const struct claims *claims, struct words *ret);

/* roll.bsp-first: the first enabled entry of the MADT is the boot CPU (ACPI 6.5, 5.2.12.1); MP
 * Services calls that CPU, and no other, the BSP, and WhoAmI points at it. */
enum verdict judge_roll_bsp_first(const struct claims *claims, struct words *ret);

#endif
