#include <muster/observe_tsc.h>
#include <muster/rate_name.h>

const char *rate_name(uint32_t source)
{
    static const char *const names[RATE_SOURCES] = {
        [RATE_PM] = "PM timer",
        [RATE_HPET] = "HPET",
        [RATE_PIT] = "PIT",
        [RATE_LEAF_15] = "CPUID 0x15",
        [RATE_HYPERVISOR] = "hypervisor leaf 0x40000010",
        [RATE_LEAF_16] = "CPUID 0x16",
    };

    return names[source];
}
