#include <muster/bytes.h>
#include <muster/fadt.h>

/* Offsets in the FADT; a Generic Address Structure has its space at 0 and its address at 4. */
enum {
    PM_TMR_BLK = 76,
    PM_TMR_LEN = 91,
    FLAGS = 112,
    RESET_REG = 116,
    RESET_VALUE = 128,
    X_PM_TMR_BLK = 208,
    GAS_SIZE = 12,
    SPACE_IO = 1,
    FLAG_TMR_VAL_EXT = 8,
    FLAG_RESET_REG_SUP = 10,
    FLAG_HW_REDUCED_ACPI = 20,
};

static uint32_t flags(const uint8_t *table, uint32_t size)
{
    return size >= FLAGS + 4 ? bytes_u32(table + FLAGS) : 0;
}

static uint32_t pm_timer_port(const uint8_t *table, uint32_t size)
{
    if (flags(table, size) >> FLAG_HW_REDUCED_ACPI & 1) {
        return 0;
    }
    if (size >= X_PM_TMR_BLK + GAS_SIZE && table[X_PM_TMR_BLK] == SPACE_IO) {
        const uint64_t port = bytes_u64(table + X_PM_TMR_BLK + 4);
        if (port != 0 && port <= 0xfffc) {
            return (uint32_t)port;
        }
    }
    const bool offered = size > PM_TMR_LEN && table[PM_TMR_LEN] == 4;
    const uint32_t port = offered ? bytes_u32(table + PM_TMR_BLK) : 0;
    return port <= 0xfffc ? port : 0;
}

void fadt_read(const void *table, uint32_t size, struct platform_claim *ret)
{
    const uint8_t *at = table;
    *ret = (struct platform_claim){0};
    ret->pm_timer_port = pm_timer_port(at, size);
    ret->pm_timer_32bit = flags(at, size) >> FLAG_TMR_VAL_EXT & 1;
    if (size > RESET_VALUE && flags(at, size) >> FLAG_RESET_REG_SUP & 1) {
        ret->reset_space = at[RESET_REG];
        ret->reset_address = bytes_u64(at + RESET_REG + 4);
        ret->reset_value = at[RESET_VALUE];
    }
}
