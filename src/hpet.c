#include <muster/bytes.h>
#include <muster/hpet.h>

/* Layout of the HPET table: a Generic Address Structure at 40, its space first, its address at 44.
 */
enum { SPACE = 40, ADDRESS = 44, SIZE_MIN = 56, SPACE_MEMORY = 0 };
enum { PERIOD_MIN = 1000000, PERIOD_MAX = 100000000 }; /* fs */
#define FEMTOSECONDS UINT64_C(1000000000000000)

uint64_t hpet_read(const void *table, uint32_t size)
{
    const uint8_t *at = table;
    if (size < SIZE_MIN || at[SPACE] != SPACE_MEMORY) {
        return 0;
    }
    const uint64_t base = bytes_u64(at + ADDRESS);
    /* What lies below 1 MiB is no chipset's register. */
    return base % HPET_BLOCK_SIZE == 0 && base >= 0x100000 &&
                   base <= UINT32_MAX - HPET_BLOCK_SIZE + 1
               ? base
               : 0;
}

uint64_t hpet_hz(uint64_t capabilities)
{
    const uint64_t period = capabilities >> 32;
    const uint8_t revision = (uint8_t)capabilities;
    if (period < PERIOD_MIN || period > PERIOD_MAX || revision == 0) {
        return 0;
    }
    return FEMTOSECONDS / period;
}
