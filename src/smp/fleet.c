#include "fleet.h"
#include "install.h"
#include "offer.h"
#include "registers.h"
#include "ring3.h"
#include "scratch.h"

enum {
    PAGE = 4096,
    TABLE_PAGES = 2, /* GDT and TSS in one, the IDT in the other */
    /* Page tables that do not depend on the number of CPUs: image, trampoline, arena edges, APIC,
     * framebuffer, UART, runtime regions. */
    PAGING_POOL_PAGES = 256,
    CPUS_PER_TABLE = 512 / STACK_WINDOW_PAGES,
    CPUS_PER_USER_TABLE = 512 / USER_PAGES_EACH_CPU,
};

_Static_assert(GDT_SLOTS * 8 <= TABLES_TSS_AT, "the GDT ends before the TSS");
_Static_assert(TABLES_TSS_AT + sizeof(struct tss_block) <= TABLES_OWNER_AT,
               "SDM vol. 3A, 8.2.1: one page");

static uint64_t paging_pool_size(uint32_t cpus)
{
    uint64_t window_tables = cpus / CPUS_PER_TABLE + 1;
    uint64_t block_tables = (uint64_t)cpus * (CPU_STRIDE + TABLE_PAGES * PAGE) / (512 * PAGE) + 2;

    uint64_t user_tables = cpus / CPUS_PER_USER_TABLE + 2;

    return (PAGING_POOL_PAGES + window_tables + block_tables + user_tables + scratch_tables(cpus)) *
           PAGE;
}

uint64_t fleet_size(uint32_t cpus)
{
    uint64_t each = CPU_STRIDE + (TABLE_PAGES + STACK_PAGES_EACH_CPU) * PAGE +
                    sizeof(struct arrival) + sizeof(struct state_record) +
                    sizeof(struct cpuid_record);

    return (uint64_t)cpus * each + paging_pool_size(cpus) + user_window_size(cpus) +
           scratch_size() + 5 * PAGE;
}

struct cpu *fleet_cpu_at(const struct fleet *fleet, uint64_t address)
{
    uint64_t base = (uintptr_t)fleet->cpus;
    uint64_t index = (address - base) / CPU_STRIDE;

    if (address < base || index >= fleet->count || (address - base) % CPU_STRIDE)
        return NULL;
    return fleet_cpu(fleet, (uint32_t)index);
}

uint32_t fleet_neighbour(const struct fleet *fleet, uint32_t index)
{
    uint32_t next = cpuset_next(&fleet->online, index + 1);

    return next == CPU_NONE ? cpuset_next(&fleet->online, 0) : next;
}

static bool map_range(struct fleet *fleet, uint64_t base, uint64_t size, uint64_t flags)
{
    uint64_t first = base & ~(uint64_t)(PAGE - 1);
    uint64_t end = (base + size + PAGE - 1) & ~(uint64_t)(PAGE - 1);

    return paging_map(&fleet->paging, first, first, end - first, flags);
}

static bool map_image(struct fleet *fleet)
{
    const struct image_layout *image = &fleet->handoff->image;

    return map_range(fleet, image->text.base, image->text.size, 0) &&
           map_range(fleet, image->rodata.base, image->rodata.size, PAGE_NX) &&
           map_range(fleet, image->data.base, image->data.size, PAGE_NX | PAGE_WRITE);
}

/* Data, until fleet_seal_trampoline(). */
static bool map_low(struct fleet *fleet)
{
    const struct low_memory *low = &fleet->handoff->low;

    return map_range(fleet, low->base, (uint64_t)low->pages * PAGE, PAGE_NX | PAGE_WRITE);
}

void fleet_seal_trampoline(struct fleet *fleet, bool sealed)
{
    uint64_t page = fleet->handoff->low.base;

    /* Changes an entry that is there: cannot fail. */
    map_range(fleet, page, PAGE, sealed ? 0 : PAGE_NX | PAGE_WRITE);
    tlb_forget(page);
}

/* Those that lie where a device may be. */
static bool map_ioapics(struct fleet *fleet, uint64_t flags)
{
    const struct madt_claims *madt = &fleet->handoff->claims.madt;

    for (uint32_t n = 0; n < madt->ioapic_count; n++) {
        const struct ioapic_claim *claim = &madt->ioapics[n];
        if (!ioapic_refusal(claim, &fleet->handoff->memory) &&
            !map_range(fleet, claim->address, 1, flags))
            return false;
    }
    return true;
}

static bool map_devices(struct fleet *fleet)
{
    const struct handoff *handoff = fleet->handoff;
    const struct framebuffer_claim *screen = &handoff->framebuffer;
    const struct serial_claim *serial = &handoff->serial;
    uint64_t device = PAGE_NX | PAGE_WRITE | PAGE_TYPE_UC;

    if (!map_range(fleet, fleet->apic.base, PAGE, device))
        return false;
    if (!map_ioapics(fleet, device))
        return false;
    if (handoff->claims.madt.mailbox &&
        !map_range(fleet, handoff->claims.madt.mailbox, PAGE, PAGE_NX | PAGE_WRITE))
        return false;
    if (serial->kind == SERIAL_MMIO && !map_range(fleet, serial->address, 64, device))
        return false;
    const struct platform_claim *platform = &handoff->platform;
    if (platform->reset_address && platform->reset_space == 0 &&
        !map_range(fleet, platform->reset_address, 1, device))
        return false;
    if (platform->hpet_base && !map_range(fleet, platform->hpet_base, PAGE, device))
        return false;
    if (screen->order == PIXEL_NONE)
        return true;
    uint64_t visible = (uint64_t)screen->stride * screen->height * 4;
    return map_range(fleet, screen->base, visible, PAGE_NX | PAGE_WRITE | PAGE_TYPE_WC);
}

/* As firmware described it: RO and XP from the Memory Attributes Table. Where there is none, code
 * is mapped without write permission; a runtime call then runs with CR0.WP off (leave.c). */
static bool attribute_read_only(const struct memory_region *region)
{
    return region->attribute & MEMORY_ATTRIBUTE_RO;
}

static bool map_runtime(struct fleet *fleet)
{
    const struct runtime_claim *runtime = &fleet->handoff->runtime;

    for (uint32_t n = 0; n < runtime->regions.count; n++) {
        const struct memory_region *region = &runtime->regions.regions[n];
        bool code = region->type == MEMORY_RUNTIME_CODE;
        uint64_t flags = 0;
        if (region->attribute & MEMORY_ATTRIBUTE_XP || !code)
            flags |= PAGE_NX;
        bool read_only = runtime->attributes_known ? region->attribute & MEMORY_ATTRIBUTE_RO : code;
        /* W^X holds even where a firmware's table asks for both. */
        if (!read_only && flags & PAGE_NX)
            flags |= PAGE_WRITE;
        fleet->runtime_wants_write |=
            !(flags & (PAGE_NX | PAGE_WRITE)) && !attribute_read_only(region);
        if (!(region->attribute & MEMORY_ATTRIBUTE_WB) || region->type == MEMORY_MAPPED_IO)
            flags |= PAGE_TYPE_UC;
        if (!map_range(fleet, region->base, region->size, flags))
            return false;
    }
    return true;
}

static bool map_stack(struct fleet *fleet, uint32_t index, enum stack_id id)
{
    uint64_t size = stack_size(id);
    uint64_t *memory = arena_take(&fleet->handoff->arena, size, PAGE);

    if (!memory)
        return false;
    for (uint64_t n = 0; n < size / sizeof *memory; n++)
        memory[n] = STACK_PAINT;
    return paging_map(&fleet->paging, stack_base(index, id), (uintptr_t)memory, size,
                      PAGE_NX | PAGE_WRITE);
}

static void prepare_cpu(struct fleet *fleet, uint32_t index, uint8_t *tables)
{
    struct cpu *cpu = fleet_cpu(fleet, index);

    cpu->self = cpu;
    cpu->fleet = fleet;
    cpu->index = index;
    cpu->apic_id = fleet->handoff->inventory.rows[index].apic_id;
    cpu->stack_top = stack_top(index, STACK_MAIN);
    cpu->state = &fleet->states[index];
    cpu->cpuid = &fleet->cpuids[index];
    cpu->gdt = (uint64_t *)tables;
    cpu->tss = (struct tss_block *)(tables + TABLES_TSS_AT);
    cpu->idt = (struct gate *)(tables + PAGE);
    tables_make(cpu);
}

/* Stacks are taken last: what lies before them in the arena is identity-mapped, they are not. */
static bool map_stacks(struct fleet *fleet)
{
    for (uint32_t index = 0; index < fleet->count; index++) {
        for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
            if (!map_stack(fleet, index, id))
                return false;
        }
    }
    return true;
}

/* The handoff, and the arena as far as it is taken. */
static bool map_memory(struct fleet *fleet)
{
    const struct handoff *handoff = fleet->handoff;
    uint64_t data = PAGE_NX | PAGE_WRITE;

    return map_range(fleet, handoff->self.base, handoff->self.size, data) &&
           map_range(fleet, handoff->arena.base, handoff->arena.used, data) &&
           (!handoff->record.trail || map_range(fleet, handoff->record.trail, PAGE, data));
}

static bool take_pool(struct fleet *fleet)
{
    uint64_t size = paging_pool_size(fleet->count);
    void *pool = arena_take(&fleet->handoff->arena, size, PAGE);

    fleet->paging = (struct paging){
        .levels = cr4_read() & CR4_LA57 ? 5 : 4,
        .nx = offers_nx(),
        .pool = (uintptr_t)pool,
        .pool_size = size,
    };
    return pool;
}

bool fleet_take(struct fleet *fleet)
{
    struct arena *arena = &fleet->handoff->arena;

    fleet->legacy_delay = needs_init_delay();
    fleet->features = features_offered();
    fleet->cpus = arena_take(arena, (uint64_t)fleet->count * CPU_STRIDE, PAGE);
    fleet->arrivals = arena_take(arena, fleet->count * sizeof(struct arrival), 8);
    fleet->entries = arena_take(arena, fleet->count * sizeof *fleet->entries, 8);
    fleet->states = arena_take(arena, (uint64_t)fleet->count * sizeof *fleet->states, 8);
    fleet->cpuids = arena_take(arena, (uint64_t)fleet->count * sizeof *fleet->cpuids, 8);
    uint8_t *tables = arena_take(arena, (uint64_t)fleet->count * TABLE_PAGES * PAGE, PAGE);
    fleet->low_copy = arena_take(arena, PAGE, 8);
    if (!fleet->cpus || !fleet->arrivals || !fleet->entries || !fleet->states || !fleet->cpuids ||
        !tables || !fleet->low_copy || !take_pool(fleet))
        return false;
    for (uint32_t index = 0; index < fleet->count; index++)
        prepare_cpu(fleet, index, tables + (uint64_t)index * TABLE_PAGES * PAGE);
    tables_guard(fleet_cpu(fleet, 0));
    return true;
}

bool fleet_prepare(struct fleet *fleet)
{
    return map_memory(fleet) && map_image(fleet) && map_low(fleet) && map_devices(fleet) &&
           scratch_prepare(fleet) && map_runtime(fleet) && map_stacks(fleet) &&
           user_window_map(fleet);
}

void fleet_hold(struct fleet *fleet, const struct cpu *cpu)
{
    /* Where firmware asks for its mailbox, INIT is not muster's to send. */
    if (!fleet->handoff->claims.madt.mailbox)
        apic_send_init(&fleet->apic, cpu->apic_id);
}

void fleet_load_paging(struct fleet *fleet)
{
    if (fleet->paging.nx)
        msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_NXE);
    cr3_write(fleet->paging.root);
}
