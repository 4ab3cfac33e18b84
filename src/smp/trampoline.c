#include "trampoline.h"
#include "install.h"
#include "registers.h"
#include <muster/memory.h>

enum { REAL_MODE_SEGMENT = 0x10000 };

static uint8_t *page_of(const struct fleet *fleet)
{
    return (uint8_t *)(uintptr_t)fleet->handoff->low.base;
}

uint8_t trampoline_vector(const struct fleet *fleet)
{
    return (uint8_t)(fleet->handoff->low.base / TRAMPOLINE_PAGE);
}

volatile struct trampoline_header *trampoline_header(const struct fleet *fleet)
{
    return (volatile struct trampoline_header *)(page_of(fleet) + TRAMPOLINE_HEADER);
}

/* The log is in the pages behind the code page where there are any: those stay writable data. A
 * lone page keeps a short log behind the code; it is written in real mode only. */
static uint32_t log_offset(const struct fleet *fleet)
{
    uint32_t blob = (uint32_t)(trampoline_blob_end - trampoline_blob);

    return fleet->handoff->low.pages > 1 ? TRAMPOLINE_PAGE : (blob + 15) & ~15u;
}

/* Real mode reaches 64 KiB from the page on, whatever the log's size. */
static uint32_t log_capacity(uint32_t size, uint32_t log_at)
{
    uint32_t end = size < REAL_MODE_SEGMENT ? size : REAL_MODE_SEGMENT;

    return (end - log_at) / sizeof(struct log_entry);
}

const volatile struct log_entry *trampoline_log(const struct fleet *fleet, uint32_t n)
{
    const volatile struct trampoline_header *header = trampoline_header(fleet);

    if (n >= header->log_capacity || n >= header->log_count)
        return NULL;
    const volatile struct log_entry *log = (const void *)(page_of(fleet) + header->log_at);
    return log[n].valid ? &log[n] : NULL;
}

void trampoline_forget_log(const struct fleet *fleet)
{
    volatile struct trampoline_header *header = trampoline_header(fleet);

    header->log_count = 0;
    memset(page_of(fleet) + header->log_at, 0, header->log_capacity * sizeof(struct log_entry));
}

static void fill_slots(const struct fleet *fleet, struct slot *slots)
{
    for (uint32_t index = 0; index < fleet->count; index++) {
        struct cpu *cpu = fleet_cpu(fleet, index);
        slots[index] = (struct slot){cpu->apic_id, (uint32_t)(uintptr_t)cpu};
    }
}

void trampoline_lay(const struct fleet *fleet, struct slot *slots)
{
    uint8_t *page = page_of(fleet);
    uint32_t base = (uint32_t)fleet->handoff->low.base;
    uint32_t size = fleet->handoff->low.pages * TRAMPOLINE_PAGE;

    memset(page, 0, size);
    memcpy(page, trampoline_blob, (size_t)(trampoline_blob_end - trampoline_blob));
    fill_slots(fleet, slots);

    volatile struct trampoline_header *header = trampoline_header(fleet);
    header->page = base;
    header->log_at = log_offset(fleet);
    header->log_capacity = log_capacity(size, header->log_at);
    header->break_apic_id = CPU_NONE;
    header->slots = (uint32_t)(uintptr_t)slots;
    header->slot_count = fleet->count;
    header->cr3 = (uint32_t)fleet->paging.root;
    header->cr0 = (uint32_t)CONTROL_CR0;
    header->cr4 = (uint32_t)control_cr4(fleet);
    header->needs_nx = fleet->paging.nx;
    header->needs_la57 = fleet->paging.levels == 5;
    header->protected_entry += base;
    header->long_entry += base;
    header->gdt_base += base;
    header->mailbox_entry += base;
    header->entry = (uintptr_t)ap_entry;
}
