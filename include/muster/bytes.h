/* Little-endian fields of tables that firmware laid out, wherever they lie. */
#ifndef MUSTER_BYTES_H
#define MUSTER_BYTES_H

#include <stdint.h>

/* Any phase, any CPU; no alignment is asked for, and the bytes must be readable. */
static inline uint16_t bytes_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t bytes_u32(const uint8_t *at)
{
    return bytes_u16(at) | (uint32_t)bytes_u16(at + 2) << 16;
}

static inline uint64_t bytes_u64(const uint8_t *at)
{
    return bytes_u32(at) | (uint64_t)bytes_u32(at + 4) << 32;
}

/* The sum of all bytes modulo 256: 0 in a sound ACPI table (ACPI 6.5, 5.2.6). */
static inline uint8_t bytes_sum(const uint8_t *at, uint32_t size)
{
    uint8_t sum = 0;
    for (uint32_t i = 0; i < size; i++) {
        sum = (uint8_t)(sum + at[i]);
    }
    return sum;
}

#endif
