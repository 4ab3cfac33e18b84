/* Any bytes for an HPET table: nothing outside them is read, and an address that comes of them is
 * one that may be mapped as a device's. */
#include <assert.h>
#include <string.h>

#include <muster/hpet.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint64_t base = hpet_read(data, (uint32_t)size);
    assert(base == 0 || (base >= 0x100000 && base % 1024 == 0 && base + 1024 <= 0x100000000));
    if (size >= sizeof(uint64_t)) {
        uint64_t capabilities;
        memcpy(&capabilities, data, sizeof(capabilities));
        const uint64_t hz = hpet_hz(capabilities);
        assert(hz == 0 || (hz >= 10000000 && hz <= 1000000000));
    }
    return 0;
}
