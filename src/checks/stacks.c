/* stack.*: windows, guard pages and paint. */
#include "check.h"
#include "footprint.h"
#include "registers.h"

static bool stack_page_right(const uint64_t *entry, const struct paging *paging)
{
    uint64_t want = PAGE_PRESENT | PAGE_WRITE | (paging->nx ? PAGE_NX : 0);

    return entry && (*entry & (PAGE_PRESENT | PAGE_WRITE | PAGE_NX)) == want;
}

static void note_first(struct obs_guard *seen, uint64_t address)
{
    if (!seen->guards_mapped && !seen->pages_wrong)
        seen->first_address = address;
}

static void look_at_stack(const struct cpu *cpu, enum stack_id id, struct obs_guard *seen)
{
    const struct paging *paging = &cpu->fleet->paging;
    uint64_t base = stack_base(cpu->index, id), top = stack_top(cpu->index, id);
    uint64_t guards[2] = {base - STACK_PAGE, top};

    for (int n = 0; n < 2; n++) {
        if (!paging_find(paging, guards[n], NULL))
            continue;
        note_first(seen, guards[n]);
        seen->guards_mapped++;
    }
    for (uint64_t page = base; page < top; page += STACK_PAGE) {
        if (stack_page_right(paging_find(paging, page, NULL), paging))
            continue;
        note_first(seen, page);
        seen->pages_wrong++;
    }
}

static void observe_guard(struct cpu *cpu, struct observation *ret)
{
    uint32_t depth[STACK_ID_COUNT];
    uint32_t written = footprint_read(cpu, depth);

    ret->guard = (struct obs_guard){
        .overrun = written & 1u << STACK_MAIN,
        .touched = written & ~(1u << STACK_MAIN),
    };
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++)
        look_at_stack(cpu, id, &ret->guard);
}

/* The guard page below IST1 becomes memory: what a #DF stack overflow would then silently run into.
 */
static uint64_t guard_below_df(const struct cpu *cpu)
{
    return stack_base(cpu->index, STACK_DF) - STACK_PAGE;
}

static void plant_guard(struct cpu *cpu)
{
    struct paging *paging = &cpu->fleet->paging;
    const uint64_t *stack = paging_find(paging, stack_base(cpu->index, STACK_DF), NULL);

    paging_map(paging, guard_below_df(cpu), *stack & PAGE_ADDRESS, STACK_PAGE,
               PAGE_WRITE | PAGE_NX);
}

static void heal_guard(struct cpu *cpu)
{
    uint64_t *entry = paging_find(&cpu->fleet->paging, guard_below_df(cpu), NULL);

    if (entry)
        *entry = 0;
    tlb_forget(guard_below_df(cpu));
}

static const struct check rows[] = {
    {.info = {.id = "stack.guard",
              .claim = "every stack lies between unmapped guard pages, mapped read-write and NX, "
                       "and unused stacks still hold their paint",
              .source = "SDM vol. 3A, 4.6 and 4.7",
              .needs = "tss.ist",
              .defect = "memory where the guard page of IST1 should be",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_guard,
     .judge = judge_guard,
     .plant = plant_guard,
     .heal = heal_guard},
};

FAMILY(stack_family, rows);
