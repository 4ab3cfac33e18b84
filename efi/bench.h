/* Firmware's own time for calling all CPUs, to compare ours with. */
#ifndef EFI_BENCH_H
#define EFI_BENCH_H

#include "firmware.h"

struct mps_lab;

/* Times StartupAllAPs with an empty procedure, blocking; the best of three, in microseconds by the
 * TSC, which is timed against Stall(). 0, with a note, where that cannot be done. BSP. */
void bench_read(struct mps_lab *lab, struct bench_claim *ret, struct notes *notes);

#endif
