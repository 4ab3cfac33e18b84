/* The checksum of a record's pieces. */
#ifndef MUSTER_CRC32_H
#define MUSTER_CRC32_H

#include <stdint.h>

/* CRC-32 as ISO 3309 and Ethernet have it (reflected, polynomial 0x04c11db7), of `size` bytes after
 * those that gave `before`; 0 for the first. Pure; any phase. */
uint32_t crc32_add(uint32_t before, const void *bytes, uint32_t size);

#endif
