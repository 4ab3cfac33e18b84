/* Firmware's runtime services after the door. SetVirtualAddressMap is never called: firmware runs
 * at the addresses it chose, which muster's page tables map one to one. */
#ifndef CHECKS_RUNTIME_CALL_H
#define CHECKS_RUNTIME_CALL_H

#include "run.h"

/* Around each call. From begin to end interrupts are on, and a call that has not come back after
 * `us` microseconds is ended: the BSP goes on in fleet->bsp_bail. So it does after an exception;
 * whoever goes on there says runtime_call_end(), too. BSP. */
void runtime_call_begin(struct run *run, uint64_t us);
void runtime_call_end(struct run *run);

#endif
