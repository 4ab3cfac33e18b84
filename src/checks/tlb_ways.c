/* tlb.own, tlb.global, tlb.pcid: every way to make a CPU forget a translation, each on its own
 * scratch page: INVLPG, read the page, make it lead elsewhere, forget, read. */
#include "check.h"
#include "offer.h"
#include "registers.h"
#include "scratch.h"

enum { PCID = 1, OTHER_PCID = 2 };
/* MOV to CR3 with CR4.PCIDE: what the new PCID has cached stays (SDM vol. 3A, 4.10.4.1). */
#define CR3_KEEP (UINT64_C(1) << 63)

enum { INVPCID_ADDRESS, INVPCID_CONTEXT, INVPCID_ALL_GLOBAL, INVPCID_ALL };

typedef void forget(const struct cpu *cpu);

static void invlpg(const struct cpu *cpu)
{
    tlb_forget(scratch_address(cpu->index));
}

/* Bit 63 clear: with CR4.PCIDE, too, this forgets (SDM vol. 3A, 4.10.4.1). */
static void load_cr3(const struct cpu *cpu)
{
    (void)cpu;
    cr3_write(cr3_read());
}

static void toggle_global(const struct cpu *cpu)
{
    uint64_t cr4 = cr4_read();

    (void)cpu;
    cr4_write(cr4 & ~CR4_PGE);
    cr4_write(cr4);
}

/* Leaves the other PCID without a translation of the scratch page: it is absent meanwhile, and what
 * is absent is never cached (SDM vol. 3A, 4.10.2.3). */
static void empty_other(const struct cpu *cpu)
{
    uint64_t root = cpu->fleet->paging.root;

    uint64_t *entry = paging_find(&cpu->fleet->paging, scratch_address(cpu->index), NULL);
    uint64_t was = *entry;

    *entry = 0;
    invlpg(cpu);
    cr3_write(root | OTHER_PCID);
    cr3_write(root | PCID);
    *entry = was;
}

/* Bit 63 set: nothing is forgotten, so only the PCID keeps the stale translation away. */
static void load_other(const struct cpu *cpu)
{
    cr3_write(cpu->fleet->paging.root | OTHER_PCID | CR3_KEEP);
}

static void invpcid(const struct cpu *cpu, uint64_t type)
{
    struct {
        uint64_t pcid, address;
    } what = {PCID, scratch_address(cpu->index)};

    __asm__ volatile("invpcid %0, %1" : : "m"(what), "r"(type) : "memory");
}

static void invpcid_address(const struct cpu *cpu)
{
    invpcid(cpu, INVPCID_ADDRESS);
}

static void invpcid_context(const struct cpu *cpu)
{
    invpcid(cpu, INVPCID_CONTEXT);
}

static void invpcid_all_global(const struct cpu *cpu)
{
    invpcid(cpu, INVPCID_ALL_GLOBAL);
}

static void invpcid_all(const struct cpu *cpu)
{
    invpcid(cpu, INVPCID_ALL);
}

/* What --break leaves out: a row's subject. */
static const char no_flush[] = "nothing that would flush";
static const char no_global_flush[] = "nothing that would flush a global page";
static const char no_invlpg[] = "no INVLPG before the page is read";

static bool left_out(const struct cpu *cpu, const char *what)
{
    return cpu->planted && cpu->subject == what;
}

static bool flushes(const struct cpu *cpu, uint64_t flags)
{
    return !left_out(cpu, no_flush) && !(flags & PAGE_GLOBAL && left_out(cpu, no_global_flush));
}

static void try_way(struct cpu *cpu, struct obs_tlb *tlb, enum tlb_way way, forget *act,
                    uint64_t flags)
{
    struct fleet *fleet = cpu->fleet;

    cpu->heartbeat++;
    scratch_point(fleet, cpu->index, SCRATCH_A, flags);
    if (!left_out(cpu, no_invlpg))
        invlpg(cpu);
    tlb->before[way] = (struct pair){scratch_word(SCRATCH_A), scratch_read(cpu->index)};
    scratch_point(fleet, cpu->index, SCRATCH_B, flags);
    if (flushes(cpu, flags))
        act(cpu);
    tlb->after[way] = (struct pair){scratch_word(SCRATCH_B), scratch_read(cpu->index)};
    tlb->tried |= 1u << way;
}

static void begin(struct obs_tlb *tlb)
{
    tlb->cr3.want = cr3_read();
    tlb->cr4.want = cr4_read();
}

static void end(struct cpu *cpu, struct obs_tlb *tlb)
{
    scratch_point(cpu->fleet, cpu->index, SCRATCH_A, 0);
    invlpg(cpu);
    tlb->cr3.seen = cr3_read();
    tlb->cr4.seen = cr4_read();
}

static void observe_own(struct cpu *cpu, struct observation *ret)
{
    begin(&ret->tlb);
    try_way(cpu, &ret->tlb, TLB_INVLPG, invlpg, 0);
    try_way(cpu, &ret->tlb, TLB_CR3, load_cr3, 0);
    end(cpu, &ret->tlb);
}

static void observe_global(struct cpu *cpu, struct observation *ret)
{
    if (!offers_global_pages()) {
        ret->tlb.unasked = UNASKED_NOT_OFFERED;
        return;
    }
    begin(&ret->tlb);
    cr4_write(ret->tlb.cr4.want | CR4_PGE);
    try_way(cpu, &ret->tlb, TLB_INVLPG_GLOBAL, invlpg, PAGE_GLOBAL);
    try_way(cpu, &ret->tlb, TLB_CR4_PGE, toggle_global, PAGE_GLOBAL);
    cr4_write(ret->tlb.cr4.want);
    end(cpu, &ret->tlb);
}

static void try_invpcid(struct cpu *cpu, struct obs_tlb *tlb)
{
    try_way(cpu, tlb, TLB_INVPCID_ADDRESS, invpcid_address, 0);
    try_way(cpu, tlb, TLB_INVPCID_CONTEXT, invpcid_context, 0);
    try_way(cpu, tlb, TLB_INVPCID_ALL_GLOBAL, invpcid_all_global, PAGE_GLOBAL);
    try_way(cpu, tlb, TLB_INVPCID_ALL, invpcid_all, 0);
}

/* CR4.PCIDE is set while the PCID in CR3 is 0, and cleared likewise (SDM vol. 3A, 4.10.1). Clearing
 * it forgets everything, global pages too. INVLPG forgets a global page whatever the PCID (SDM vol.
 * 3A, 4.10.4.1); Alder Lake and Raptor Lake need new microcode for that. */
static void observe_pcid(struct cpu *cpu, struct observation *ret)
{
    uint64_t root = cpu->fleet->paging.root;

    if (!offers_pcid()) {
        ret->tlb.unasked = UNASKED_NOT_OFFERED;
        return;
    }
    begin(&ret->tlb);
    cr4_write(ret->tlb.cr4.want | CR4_PGE | CR4_PCIDE);
    cr3_write(root | PCID);
    try_way(cpu, &ret->tlb, TLB_PCID_CR3, load_cr3, 0);
    try_way(cpu, &ret->tlb, TLB_PCID_INVLPG_GLOBAL, invlpg, PAGE_GLOBAL);
    if (offers_invpcid())
        try_invpcid(cpu, &ret->tlb);
    empty_other(cpu);
    try_way(cpu, &ret->tlb, TLB_PCID_OTHER, load_other, 0);
    cr3_write(root);
    cr4_write(ret->tlb.cr4.want);
    end(cpu, &ret->tlb);
}

#define TLB(name, text, where, what, function)                                                     \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = "idt.loaded,gs.base",                                                    \
                 .defect = (what),                                                                 \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_MAY_HANG},                                                       \
        .subject = (what), .planting = PLANTED_INSIDE, .observe = (function), .judge = judge_tlb   \
    }

static const struct check rows[] = {
    TLB("tlb.own", "INVLPG and MOV to CR3 each make the CPU read a page as it is mapped now",
        "SDM vol. 3A, 4.10.4.1; APM vol. 2, 5.5.2", no_flush, observe_own),
    TLB("tlb.global", "INVLPG and a change of CR4.PGE each make the CPU forget a global page",
        "SDM vol. 3A, 4.10.2.4 and 4.10.4.1; APM vol. 2, 5.5.1", no_invlpg, observe_global),
    TLB("tlb.pcid",
        "with PCIDs, MOV to CR3, INVPCID and INVLPG of a global page make the CPU forget a page, "
        "and no PCID sees another's",
        "SDM vol. 3A, 4.10.1 and 4.10.4.1; APM vol. 2, 5.5.1", no_global_flush, observe_pcid),
};

FAMILY(tlb_ways_family, rows);
