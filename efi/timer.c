#include "timer.h"
#include "processor.h"

struct timer_arch {
    EFI_STATUS(EFIAPI *RegisterHandler)(struct timer_arch *this, void *handler);
    EFI_STATUS(EFIAPI *SetTimerPeriod)(struct timer_arch *this, UINT64 period_100ns);
    EFI_STATUS(EFIAPI *GetTimerPeriod)(struct timer_arch *this, UINT64 *ret_period_100ns);
};

enum { DRAIN_TICKS = 100000 };

static struct timer_arch *find(const struct firmware *firmware)
{
    static const EFI_GUID timer_arch = {
        0x26baccb3, 0x6f42, 0x11d4, {0xbc, 0xe7, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81}};
    return firmware_locate(firmware, &timer_arch);
}

void boot_timer_stop(struct firmware *firmware)
{
    UINT64 period = 0;
    __asm__ volatile("cli" : : : "memory");
    struct timer_arch *timer = find(firmware);
    if (timer != NULL && !EFI_ERROR(timer->GetTimerPeriod(timer, &period)) &&
        !EFI_ERROR(timer->SetTimerPeriod(timer, 0))) {
        firmware->timer_period_100ns = period;
    }
    __asm__ volatile("sti" : : : "memory");
    const uint64_t start = processor_rdtsc();
    while (processor_rdtsc() - start < DRAIN_TICKS) {
        continue;
    }
}

void timer_start(struct firmware *firmware)
{
    struct timer_arch *timer = find(firmware);
    if (timer != NULL && firmware->timer_period_100ns != 0) {
        timer->SetTimerPeriod(timer, firmware->timer_period_100ns);
        firmware->timer_period_100ns = 0;
    }
}
