/* page.*: what the page tables allow, walked as the CPU would. */
#include "check.h"
#include "registers.h"

static void observe_wx(struct cpu *cpu, struct observation *ret)
{
    const struct fleet *fleet = cpu->fleet;
    struct paging_survey survey = {0};
    /* The tables are everybody's: one CPU walks them, and the planted one, to be the one that
     * tells. */
    bool surveys = cpu->planted || cpu->index == fleet->surveyor;

    if (surveys)
        paging_survey(&fleet->paging, &survey);
    ret->pages = (struct obs_pages){
        .cr3 = {fleet->paging.root, cr3_read() & PAGE_ADDRESS},
        .nx_offered = fleet->paging.nx,
        .nx_on = msr_read(MSR_EFER) & EFER_NXE,
        .write_protect_on = cr0_read() & CR0_WP,
        .surveyed = surveys,
        .leaves = survey.leaves,
        .writable_executable = survey.writable_executable,
        .first_wx = survey.first_wx,
    };
}

/* Supervisor write protection off, on this CPU alone: what a stray MOV to CR0 does. */
static void plant_wx(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() & ~CR0_WP);
}

static void heal_wx(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() | CR0_WP);
}

static const struct check rows[] = {
    {.info = {.id = "page.wx",
              .claim = "no page is writable and executable, and every CPU enforces it",
              .source = "SDM vol. 3A, 4.6",
              .needs = "",
              .defect = "CR0.WP off on one CPU",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_wx,
     .judge = judge_pages,
     .plant = plant_wx,
     .heal = heal_wx},
};

FAMILY(page_family, rows);
