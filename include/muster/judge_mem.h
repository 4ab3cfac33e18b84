/* Judges of the memory around the CPUs. Each is pure, runs in any phase, and clears `ret`; SKIP
 * leaves its reason in ret->seen. */
#ifndef MUSTER_JUDGE_MEM_H
#define MUSTER_JUDGE_MEM_H

#include <muster/handoff.h>
#include <muster/judge.h>
#include <muster/verdict.h>

typedef enum verdict judge_of_memory(const struct handoff *handoff, struct words *ret);

/* mem.low: an operating system finds a page below 1 MiB, and not page 0, that it may use; muster's
 * own pages there are such pages. */
judge_of_memory judge_mem_low;

/* mem.map: every descriptor is page-aligned, not empty, within the address space, of a type that
 * UEFI 2.10, 7.2.1 knows, and overlaps no other. ERROR when there are more than muster holds. */
judge_of_memory judge_mem_map;

/* mem.kept: what handoff->kept lists, and the framebuffer, lies in no memory that the map gives
 * away; an ACPI table may be in boot-services memory. */
judge_of_memory judge_mem_kept;

/* mem.own: the image, the handoff and the arena are loader memory in the map, to the last page. */
judge_of_memory judge_mem_own;

/* mem.runtime: runtime code and data are marked EFI_MEMORY_RUNTIME, memory that is given away is
 * not, and the runtime services muster may call lie in memory so marked. */
judge_of_memory judge_mem_runtime;

/* mem.attributes: the Memory Attributes Table is as UEFI 2.10, 4.6.4 wants it. Entries of other
 * types than runtime code and data are for future use and are passed over. */
judge_of_memory judge_mem_attributes;

/* mem.wx: no entry of a sound table is both writable and executable. */
judge_of_memory judge_mem_wx;

/* mem.trampoline */
judge judge_mem_trampoline;

#endif
