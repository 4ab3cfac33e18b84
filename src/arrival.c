#include <muster/arrival.h>

uint32_t arrival_us(uint64_t tsc, uint64_t since, uint64_t tsc_hz)
{
    int64_t ticks = (int64_t)(tsc - since), each_ms = (int64_t)(tsc_hz / 1000);
    if (tsc == 0) {
        return 0;
    }
    if (ticks / each_ms >= UINT32_MAX / 1000) {
        return UINT32_MAX;
    }
    /* Another CPU's TSC may stand behind the BSP's: that is told by the tsc checks, not here. */
    return ticks > each_ms / 1000 ? (uint32_t)(ticks * 1000 / each_ms) : 1;
}

uint32_t arrival_online_us(const struct arrival *arrival)
{
    if (arrival->lost || arrival->stage != STAGE_ONLINE) {
        return 0;
    }
    return arrival->stage_us[STAGE_ONLINE] ? arrival->stage_us[STAGE_ONLINE] : 1;
}
