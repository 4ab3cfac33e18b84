/* The end: reset, shut down, halt or wait. Each way out is tried in turn, none is trusted to work.
 */
#include "registers.h"
#include "rehearsal.h"
#include "run.h"
#include "runtime_call.h"
#include "wait.h"
#include "work.h"

enum {
    RESET_COLD = 0, /* UEFI 2.10, 8.5.1: EFI_RESET_TYPE */
    RESET_SHUTDOWN = 2,
    PORT_RESET_CONTROL = 0xcf9,
    PORT_PCI_ADDRESS = 0xcf8,
    PORT_PCI_DATA = 0xcfc,
    PORT_KEYBOARD = 0x64,
    PORT_DEBUG_EXIT = 0xf4,
    SETTLE_US = 500000,   /* for a reset to take hold */
    RUNTIME_US = 3000000, /* for firmware to come back from ResetSystem */
};

static void call_reset_system(struct run *run, uint32_t type)
{
    const struct runtime_claim *runtime = &run->handoff->runtime;

    if (!runtime->reset_system)
        return;
    runtime_call_begin(run, RUNTIME_US);
    runtime->reset_system(type, 0, 0, NULL);
    runtime_call_end(run);
}

static void reset_by_firmware(struct run *run)
{
    call_reset_system(run, RESET_COLD);
}

/* PCI configuration space of bus 0, by the ports of the first mechanism. */
static void pci_write8(uint64_t address, uint8_t value)
{
    uint32_t device = address >> 32 & 0x1f, function = address >> 16 & 7;
    uint32_t offset = address & 0xff;

    port_write32(PORT_PCI_ADDRESS, 0x80000000u | device << 11 | function << 8 | (offset & ~3u));
    port_write8((uint16_t)(PORT_PCI_DATA + (offset & 3)), value);
}

/* The FADT's reset register: memory, I/O port or PCI configuration space (ACPI 6.5, 4.8.3.6
 * and 5.2.3.2). */
static void reset_by_acpi(struct run *run)
{
    const struct platform_claim *platform = &run->handoff->platform;
    uint64_t address = platform->reset_address;

    if (!address)
        return;
    if (platform->reset_space == 0 && run->fleet.bail_rsp == 0)
        *(volatile uint8_t *)(uintptr_t)address = platform->reset_value;
    else if (platform->reset_space == 1 && address <= UINT16_MAX)
        port_write8((uint16_t)address, platform->reset_value);
    else if (platform->reset_space == 2)
        pci_write8(address, platform->reset_value);
}

static void reset_by_chipset(struct run *run)
{
    (void)run;
    port_write8(PORT_RESET_CONTROL, 0x02);
    port_write8(PORT_RESET_CONTROL, 0x06);
}

static void reset_by_keyboard(struct run *run)
{
    (void)run;
    port_write8(PORT_KEYBOARD, 0xfe);
}

static void reset_by_fault(struct run *run)
{
    (void)run;
    triple_fault();
}

/* Each once: run->way has moved on when one of them ends in an exception or a deadline, and leave()
 * is back here. */
_Noreturn static void reset(struct run *run)
{
    static void (*const ways[])(struct run *) = {reset_by_firmware, reset_by_acpi, reset_by_chipset,
                                                 reset_by_keyboard, reset_by_fault};
    const uint32_t count = sizeof ways / sizeof ways[0];

    while (run->way < count) {
        uint32_t way = run->way++;
        if (run->way < count)
            rehearse(fleet_cpu(&run->fleet, 0), REHEARSAL_RESET, run->handoff->options.break_id);
        ways[way](run);
        clock_delay(&run->fleet.clock, SETTLE_US);
    }
    halt_for_good();
}

_Noreturn static void shut_down(struct run *run)
{
    if (run->way++ == 0)
        call_reset_system(run, RESET_SHUTDOWN);
    halt_for_good();
}

/* Once, even when it is what fails. */
static void close_report(struct run *run)
{
    if (run->closed)
        return;
    run->closed = true;
    run->end = run->handoff->options.then;
    sinks_close(&run->sinks, run->handoff, &run->recorder.kept);
    sinks_show(&run->sinks, "");
    uart_drain(&run->sinks.uart);
}

_Noreturn void leave(struct run *run)
{
    close_report(run);
    /* Whoever chose to shut down gets no reset where that fails, and leave() is here again. */
    if (run->end == THEN_WAIT)
        run->end = wait_for_person(run);
    switch (run->end) {
    case THEN_WAIT:
    case THEN_RESET:
        reset(run);
    case THEN_SHUTDOWN:
        shut_down(run);
    case THEN_DEBUG_EXIT:
        port_write32(PORT_DEBUG_EXIT, report_sound(&run->report) ? 0x10 : 0x11);
        halt_for_good();
    case THEN_HALT:
        break;
    }
    halt_for_good();
}
