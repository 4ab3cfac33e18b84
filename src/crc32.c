#include <muster/crc32.h>

uint32_t crc32_add(uint32_t before, const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;
    uint32_t crc = ~before;
    for (uint32_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
        }
    }
    return ~crc;
}
