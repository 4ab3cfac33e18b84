#include "dry_run.h"
#include "catalogue.h"
#include "console.h"
#include "dry_run_memory.h"
#include "dry_run_places.h"
#include "dry_run_roll.h"
#include "dry_run_state.h"
#include "listing.h"
#include "memory.h"

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_consoles(struct firmware *firmware, const struct handoff *handoff)
{
    static const char *const orders[] = {"none", "RGBX", "BGRX"};
    const struct framebuffer_claim *screen = &handoff->framebuffer;
    const struct serial_claim *serial = &handoff->serial;
    if (screen->order == PIXEL_NONE) {
        console_write(firmware, "screen: no linear framebuffer\n");
    } else {
        console_format(firmware, "screen: %ux%u %s, %u pixels a line, at 0x%lx\n", screen->width,
                       screen->height, orders[screen->order], screen->stride,
                       (unsigned long)screen->base);
    }
    if (serial->kind == SERIAL_NONE) {
        console_format(firmware, "serial: none (%s)\n", serial->decided_by);
        return;
    }
    console_format(firmware, "serial: %s 0x%lx, ", serial->kind == SERIAL_PORT ? "port" : "memory",
                   (unsigned long)serial->address);
    if (serial->baud == 0) {
        console_format(firmware, "speed as firmware set it (%s)\n", serial->decided_by);
    } else {
        console_format(firmware, "%u baud (%s)\n", serial->baud, serial->decided_by);
    }
}

static void print_platform(struct firmware *firmware, const struct platform_claim *platform)
{
    static const char *const spaces[] = {"memory", "port", "PCI configuration"};
    if (platform->pm_timer_port == 0) {
        console_write(firmware, "PM timer: none\n");
    } else {
        console_format(firmware, "PM timer: port 0x%x, %u bits\n", platform->pm_timer_port,
                       platform->pm_timer_32bit ? 32 : 24);
    }
    if (platform->hpet_base != 0) {
        console_format(firmware, "HPET: 0x%lx\n", (unsigned long)platform->hpet_base);
    }
    if (platform->reset_address == 0) {
        console_write(firmware, "reset register: none\n");
    } else {
        console_format(firmware, "reset register: %s 0x%lx, value 0x%x\n",
                       platform->reset_space < 3 ? spaces[platform->reset_space] : "other space",
                       (unsigned long)platform->reset_address, platform->reset_value);
    }
}

static void print_memory(struct firmware *firmware, const struct handoff *handoff)
{
    const struct low_memory *low = &handoff->low;
    console_format(firmware, "arena: %lu KiB%s", (unsigned long)(memory_arena_size(handoff) / 1024),
                   handoff->arena.size == 0 ? "\n" : "");
    if (handoff->arena.size > 0) {
        console_format(firmware, " at 0x%lx\n", (unsigned long)handoff->arena.base);
    }
    if (low->pages > 0) {
        console_format(firmware, "low memory: %u page%s at 0x%lx (%s)\n", low->pages,
                       plural(low->pages), (unsigned long)low->base,
                       low->from_final_map ? "boot-services memory, free after the door"
                                           : "allocated");
    }
    console_format(firmware, "runtime services: %u memory ranges from the %s\n",
                   handoff->runtime.regions.count,
                   handoff->runtime.attributes_known ? "Memory Attributes Table" : "memory map");
    if (handoff->bench.startup_all_aps_us > 0) {
        console_format(firmware, "firmware's StartupAllAPs: %u us\n",
                       handoff->bench.startup_all_aps_us);
    }
}

static void print_record(struct firmware *firmware, const struct record_claim *record)
{
    if (!record->kept) {
        console_format(firmware, "record: none could be kept: %s\n", record->why_not);
        return;
    }
    console_format(firmware,
                   "record: up to %u bytes could be kept in pieces of %u; the variable store has "
                   "%lu bytes, %lu free\n",
                   record->budget, record->piece, (unsigned long)record->store.size,
                   (unsigned long)record->store.remaining);
}

static void print_notes(struct firmware *firmware, const struct notes *notes)
{
    for (uint32_t i = 0; i < notes->count; i++) {
        const struct note *note = &notes->list[i];
        console_format(firmware, "note: %s%s%s\n", note->check, note->check[0] != '\0' ? ": " : "",
                       note->text);
    }
    if (notes->dropped > 0) {
        console_format(firmware, "note: %u more\n", notes->dropped);
    }
}

static void print_plan(struct firmware *firmware, const struct handoff *handoff)
{
    const struct options *options = &handoff->options;
    const uint32_t count = handoff->inventory.count;
    const uint32_t checks = catalogue_planned(options);
    console_format(firmware, "would call %u CPU%s and put %u check%s to %u of them\n", count,
                   plural(count), checks, plural(checks),
                   options->cpus_given ? cpuset_count(&options->cpus) : count);
}

void dry_run_print(struct firmware *firmware, const struct handoff *handoff,
                   const struct refusal *refusal)
{
    listing_version(firmware);
    console_format(firmware, "firmware \"%s\" 0x%x; dry run: boot services are not left\n",
                   handoff->firmware_vendor, handoff->firmware_revision);
    dry_run_print_roll(firmware, handoff);
    dry_run_print_places(firmware, &handoff->claims);
    dry_run_print_tree(firmware, handoff);
    dry_run_print_state(firmware, &handoff->bsp_state[MOMENT_ENTRY]);
    print_consoles(firmware, handoff);
    print_platform(firmware, &handoff->platform);
    print_memory(firmware, handoff);
    dry_run_print_memory(firmware, handoff);
    print_record(firmware, &handoff->record);
    print_notes(firmware, &handoff->claims.notes);
    dry_run_print_verdicts(firmware, handoff);
    if (refusal->message[0] != '\0') {
        console_format(firmware, "would refuse: %s\n", refusal->message);
    } else {
        print_plan(firmware, handoff);
    }
}
