/* mem.*: the memory around the CPUs, by the word of firmware, and whether it stays as it was. */
#include "check.h"
#include "low_watch.h"
#include "trampoline.h"
#include <muster/falsify.h>
#include <muster/judge_mem.h>

#define MEM(name, text, where, what, which)                                                        \
    {                                                                                              \
        CHECK_INFO("mem." name, text, where, what, SCOPE_MACHINE, HAZARD_READS),                   \
            .judge_handoff = judge_mem_##which, .falsify_handoff = falsify_mem_##which             \
    }

static const struct check rows[] = {
    MEM("low", "an operating system finds a page below 1 MiB for the code its other CPUs start in",
        "SDM vol. 3A, 9.4.3; UEFI 2.10, 7.2.1", "all memory below 1 MiB called reserved", low),
    MEM("map", "the memory map describes whole pages, of known types, each in one descriptor",
        "UEFI 2.10, 7.2.1 and 7.2.3", "a range described twice", map),
    MEM("kept",
        "local APIC, I/O APICs, wake-up mailbox and framebuffer are in no memory that is given "
        "away, and no ACPI table in memory that is free",
        "UEFI 2.10, 2.3.4 and 7.2.1; ACPI 6.5, 5.2.12.19", "the local APIC put into free memory",
        kept),
    MEM("own", "what was loaded and allocated is loader memory in the final map",
        "UEFI 2.10, 7.2.1", "muster's hand-off called boot-services memory", own),
    MEM("runtime",
        "EFI_MEMORY_RUNTIME marks runtime code and data, their entry points, and nothing free",
        "UEFI 2.10, 7.2.3 and 8.4", "a free range marked for runtime", runtime),
    MEM("attributes",
        "the Memory Attributes Table is well formed and splits runtime ranges of the memory map "
        "without a rest",
        "UEFI 2.10, 4.6.4", "an entry where no runtime memory is", attributes),
    MEM("wx", "no runtime memory is writable and executable by the Memory Attributes Table",
        "UEFI 2.10, 4.6.4", "an entry that is neither read-only nor no-execute", wx),
};

FAMILY(mem_family, rows);

static void observe_trampoline(struct cpu *cpu, struct observation *ret)
{
    const struct fleet *fleet = cpu->fleet;

    ret->low.base = fleet->handoff->low.base;
    ret->low.size = fleet->handoff->low.pages * TRAMPOLINE_PAGE;
    ret->low.early = fleet->low_early;
    low_watch_look(fleet, &ret->low.late);
}

/* Between the first jump and the header nothing is run or read. */
static void flip_padding(struct cpu *cpu)
{
    fleet_seal_trampoline(cpu->fleet, false);
    *(volatile uint8_t *)(uintptr_t)(cpu->fleet->handoff->low.base + TRAMPOLINE_HEADER - 1) ^= 0xff;
    fleet_seal_trampoline(cpu->fleet, true);
}

static const struct check late_rows[] = {
    {
        .info = {.id = "mem.trampoline",
                 .claim = "nobody writes to muster's pages below 1 MiB, from bring-up to here",
                 .source = "UEFI 2.10, 7.2.1 and 7.4.6",
                 .needs = "",
                 .defect = "a byte of the trampoline's page changed",
                 .scope = SCOPE_EACH_CPU,
                 .hazard = HAZARD_READS},
        .bsp_only = true,
        .observe = observe_trampoline,
        .judge = judge_mem_trampoline,
        .plant = flip_padding,
        .heal = flip_padding,
    },
};

FAMILY(mem_late_family, late_rows);
