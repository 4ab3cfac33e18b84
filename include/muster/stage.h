/* How far a CPU has come in bring-up: ids for reports and --break up.<id>, and the sentence for a
 * CPU that stops there. */
#ifndef MUSTER_STAGE_H
#define MUSTER_STAGE_H

#include <stdint.h>

#include <muster/text.h>

/* Kept as plain numbers: the trampoline stores them too. */
enum stage {
    STAGE_NONE,
    STAGE_INIT_SENT,
    STAGE_SIPI_SENT,
    STAGE_REAL_MODE,
    STAGE_PROTECTED_MODE,
    STAGE_LONG_MODE,
    STAGE_STACK,
    STAGE_GDT,
    STAGE_TSS,
    STAGE_IDT,
    STAGE_GS,
    STAGE_APIC,
    STAGE_ONLINE,
    STAGE_COUNT
};

/* "protected-mode"; "none" outside the range. */
const char *stage_id(uint32_t stage);
/* "reached 32-bit mode; was turning paging on" */
const char *stage_sentence(uint32_t stage);
/* "first stage gdt, then stage sipi-sent"; `first` is STAGE_NONE, or the same: "stage sipi-sent" */
void stage_print(struct text *out, uint32_t first, uint32_t last);
/* The stage of an id, or STAGE_NONE. */
enum stage stage_find(const char *id);

#endif
