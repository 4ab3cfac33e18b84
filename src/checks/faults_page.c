/* fault.pf-*: every bit of #PF's error code that ring 0 can make, on this CPU's own ground page;
 * CR2 to the byte. */
#include "fault_case.h"
#include "offer.h"
#include "registers.h"

enum {
    PF_PRESENT = 0x01,
    PF_WRITE = 0x02,
    PF_USER = 0x04,
    PF_RESERVED = 0x08,
    PF_FETCH = 0x10,
    BYTE_IN_PAGE = 0x2a8, /* no round address: all of CR2 must be right */
};

/* A bit of a physical address that no 64-bit CPU with fewer than 52 of them has. */
#define ADDRESS_BIT_51 (UINT64_C(1) << 51)

/* --- the ground page, as the supervisor's own --------------------------------------------------
 */

static void ground_change(struct cpu *cpu, uint64_t set, uint64_t clear)
{
    *cpu->ground_entry = (cpu->ground_was & ~(clear | PAGE_USER)) | set;
    tlb_forget(user_ground(cpu));
}

static void ground_sound(struct cpu *cpu)
{
    *cpu->ground_entry = cpu->ground_was;
    tlb_forget(user_ground(cpu));
}

static void ground_absent(struct cpu *cpu)
{
    ground_change(cpu, 0, PAGE_PRESENT);
}

static void ground_read_only(struct cpu *cpu)
{
    ground_change(cpu, 0, PAGE_WRITE);
}

static void ground_reserved(struct cpu *cpu)
{
    ground_change(cpu, ADDRESS_BIT_51, 0);
}

static void ground_kept(struct cpu *cpu)
{
    ground_change(cpu, 0, 0);
}

static void aim(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    cpu->ground_entry = user_ground_entry(cpu);
    cpu->ground_was = *cpu->ground_entry;
    shot->argument = user_ground(cpu) + BYTE_IN_PAGE;
    probe->want.cr2 = shot->argument;
}

static void aim_jump(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    aim(cpu, shot, probe);
    probe->want.rip = shot->argument;
}

/* The bit for instruction fetches is only there where NX is on (SDM vol. 3A, 4.7). */
static const char *lacks_nx(const struct cpu *cpu)
{
    return cpu->fleet->paging.nx ? NULL : "no NX: an instruction fetch is not told from a read";
}

static const char *lacks_reserved_bit(const struct cpu *cpu)
{
    (void)cpu;
    if (encryption_bit() == 51)
        return "bit 51 marks encrypted memory: it is reserved only while that is off";
    return physical_address_bits() < 52
               ? NULL
               : "physical addresses have 52 bits: no bit of a page's address is reserved";
}

#define PAGES "SDM vol. 3A, 4.7 and 6.15 (#PF); APM vol. 2, 8.2.15 and 8.4.2"

/* mmu_translate() in QEMU's excp_helper.c: error_code = PG_ERROR_RSVD_MASK, without P. */
#define NO_P(code)                                                                                 \
    .tcg = {.what = "P is not set with RSVD (all versions seen)",                                  \
            .error_count = 1,                                                                      \
            .errors = {(code)}}

#define PF(bits, how, label)                                                                       \
    .vector = VECTOR_PF, .error = (bits), .class = CLASS_FAULT, .fire = (how), .rip = (label),     \
    .undo = ground_sound

/* The same from ring 3. */
#define PF_FROM_USER(bits, label)                                                                  \
    .vector = VECTOR_PF, .error = (bits), .class = CLASS_FAULT, .user = (label), .rip = (label),   \
    .undo = ground_sound

static const struct check rows[] = {
    FAULT("pf-read", "a read of an absent page: #PF, error code 0, CR2 the address", PAGES,
          PF(0, trigger_read, trigger_read_rip), .aim = aim, .arrange = ground_absent),
    FAULT("pf-write", "a write to an absent page: #PF, error code W", PAGES,
          PF(PF_WRITE, trigger_write, trigger_write_rip), .aim = aim, .arrange = ground_absent),
    FAULT("pf-protected", "a write to a read-only page (CR0.WP): #PF, error code W and P", PAGES,
          PF(PF_WRITE | PF_PRESENT, trigger_write, trigger_write_rip), .aim = aim,
          .arrange = ground_read_only),
    FAULT("pf-reserved", "a read through an entry with a reserved bit: #PF, error code RSVD and P",
          PAGES "; SDM vol. 3A, table 4-20",
          PF(PF_RESERVED | PF_PRESENT, trigger_read, trigger_read_rip), .aim = aim,
          .arrange = ground_reserved, NO_P(PF_RESERVED), .lacks = lacks_reserved_bit),
    FAULT("pf-reserved-write", "a write through such an entry: #PF, error code RSVD, W and P",
          PAGES, PF(PF_RESERVED | PF_WRITE | PF_PRESENT, trigger_write, trigger_write_rip),
          .aim = aim, .arrange = ground_reserved, NO_P(PF_RESERVED | PF_WRITE),
          .lacks = lacks_reserved_bit),
    FAULT("pf-fetch", "an instruction fetch from an NX page: #PF, error code I and P", PAGES,
          PF(PF_FETCH | PF_PRESENT, trigger_fetch, NULL), .aim = aim_jump, .arrange = ground_kept,
          .lacks = lacks_nx),
    FAULT("pf-fetch-absent", "an instruction fetch from an absent page: #PF, error code I", PAGES,
          PF(PF_FETCH, trigger_fetch, NULL), .aim = aim_jump, .arrange = ground_absent,
          .lacks = lacks_nx),
    FAULT("pf-user", "a read of an absent page by ring 3: #PF, error code U", PAGES,
          PF_FROM_USER(PF_USER, user_load), .aim = aim, .arrange = ground_absent),
    FAULT("pf-user-write", "a write by ring 3 to a page of ring 0: #PF, error code U, W and P",
          PAGES, PF_FROM_USER(PF_USER | PF_WRITE | PF_PRESENT, user_store), .aim = aim,
          .arrange = ground_kept),
};

FAMILY(fault_page_family, rows);
