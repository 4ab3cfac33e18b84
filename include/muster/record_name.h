/* The variables of a record: their vendor and names, the same before the door and after it. */
#ifndef MUSTER_RECORD_NAME_H
#define MUSTER_RECORD_NAME_H

#include <stdint.h>

enum {
    RECORD_NAME_MAX = 16,  /* units, with the NUL */
    RECORD_ATTRIBUTES = 7, /* UEFI 2.10, 8.2.1: non-volatile, boot services, runtime services */
};

/* 5d0a3c6e-8f41-4b7a-9c1e-6d7573746572 as it lies in memory (UEFI 2.10, 2.3.1). */
extern const uint8_t record_vendor[16];

/* The name of piece `index`, as UCS-2: "MusterRecord0". */
void record_name(uint16_t ret[RECORD_NAME_MAX], uint32_t index);

#endif
