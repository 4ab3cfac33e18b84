/* One attempt to call a CPU: what it leaves in the CPU's block, how that is read, and how it is
 * forgotten before the next one. */
#ifndef SMP_ATTEMPT_H
#define SMP_ATTEMPT_H

#include "fleet.h"

/* As if it had not been called yet; its last words stay, as those of an earlier attempt. BSP, while
 * the CPU is idle, or has taken INIT and no SIPI: else it may go on storing. */
void attempt_forget(const struct fleet *fleet, struct cpu *cpu);

/* INIT has been sent at `tsc`, or the mailbox's command is about to be. BSP, before the CPU can
 * run. */
void attempt_init_sent(struct cpu *cpu, uint64_t tsc);
/* SIPI has been sent at `tsc`, or the mailbox's command was taken. BSP; the CPU may run already. */
void attempt_sipi_sent(struct cpu *cpu, uint64_t tsc);

/* Counts the log anew: fleet->entries and ->strangers; and real mode, which is seen there only,
 * becomes the stage of those who came no further. A CPU that nobody claimed is waited for by
 * nobody, so its entry may come later than the others. BSP. */
void attempt_read_log(struct fleet *fleet);

#endif
