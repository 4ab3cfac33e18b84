/* Ring 3: pages that ring 3 may use, and the way in and back, as a probe. */
#ifndef SMP_RING3_H
#define SMP_RING3_H

#include "fleet.h"
#include "probe.h"

/*
 * The user window, in pages; "-" is a guard page, never mapped. It lies below 4 GiB, where 32-bit
 * code reaches it, in whatever stretch nothing else is mapped:
 *
 *   - code - | stack - ground - | stack - ground - | …     one "| … |" for each CPU
 *
 * code    user_code.S, read and execute, shared by all
 * stack   read and write, NX
 * ground  read and write, NX: a page for a CPU to try on what it likes; to be left as it was found
 */
enum { USER_PAGES_EACH_CPU = 4 };
uint64_t user_window_size(uint32_t cpus); /* arena bytes */
/* Takes and maps it all; the last thing that is mapped. BSP, at the door. False: no memory, or no
 * room. */
bool user_window_map(struct fleet *fleet);

/* Where ring 3 finds a label of user_code.S. */
uint64_t user_address(const struct cpu *cpu, const char *label);
uint64_t user_stack_base(const struct cpu *cpu); /* the guard page lies below, … */
uint64_t user_stack_top(const struct cpu *cpu);  /* … and here another */
uint64_t user_ground(const struct cpu *cpu);
/* The leaf entry of the ground; after a change, tlb_forget(user_ground(cpu)). The CPU itself. */
uint64_t *user_ground_entry(const struct cpu *cpu);

/* How ring 3 is entered: 0 or NULL means what stands behind it. The other registers are those of a
 * probe, RAX, RCX and RDX are 0. */
struct ring3 {
    const char *code;         /* a label of user_code.S */
    bool compat;              /* 32-bit compatibility mode instead of 64-bit mode */
    uint64_t argument, count; /* RDI, RSI */
    uint64_t rip;             /* instead of `code` */
    uint64_t rflags;          /* PROBE_RFLAGS */
    uint64_t rsp;             /* the top of this CPU's user stack */
    uint64_t data;            /* SELECTOR_USER_DATA: for DS and ES, loaded before IRETQ */
};

/* Enters ring 3 by IRETQ and returns when an exception, or INT VECTOR_RING3, has been caught; fills
 * `record` as probe_run() does, and cpu->probe.user with the whole frame. In ring 3 the GS base is
 * what IA32_KERNEL_GS_BASE held. Interrupts off, on the CPU's main stack. */
void ring3_run(struct cpu *cpu, const struct ring3 *way, struct obs_probe *record);

/* What `record` wants, for an exception (or INT VECTOR_RING3) taken in ring 3 at `rip`: all five
 * words, on the stack that RSP0 names. want.error and what else differs is for the caller to set.
 */
void ring3_want(const struct cpu *cpu, const struct ring3 *way, uint32_t vector, uint64_t rip,
                struct obs_probe *record);

/* What `record` wants of an interrupt that comes in user_wait; from now on, and until
 * cpu->desk.interrupted is NULL again, ring3_note() notes there what does. */
void ring3_want_interrupt(struct cpu *cpu, const struct ring3 *way, uint32_t vector,
                          struct obs_probe *record);
/* For a listener, of each interrupt that it takes: notes those of ring 3. */
void ring3_note(struct cpu *cpu, const struct exception_frame *frame);

/* GS bases and data segments as cpu_install() left them, whatever ring 3 did. */
void ring3_heal(const struct cpu *cpu);

/* What the user_compat label loads into EAX, if it is decoded as 32-bit code. */
enum { COMPAT_MARK = 0x1234567 };

/* Assembly: ring3_entry.S. What IA32_LSTAR is to hold: notes what SYSCALL left in cpu->call and
 * returns by SYSRET as that says. GS bases must be sound. */
extern const char ring3_syscall[] __attribute__((visibility("hidden")));
/* Its argument is a struct ring3_entry. */
extern trigger trigger_ring3 __attribute__((visibility("hidden")));
/* The IRETQ in it. */
extern const char trigger_ring3_rip[] __attribute__((visibility("hidden")));

/* The page of user code as the image has it. */
extern const char user_code[] __attribute__((visibility("hidden")));

#define USER_CODE(name) extern const char user_##name[] __attribute__((visibility("hidden")));

/* INT VECTOR_RING3 at once; the saved RIP is user_return_rip, behind it. What is not stopped among
 * those below comes back by it, too. */
USER_CODE(return )
USER_CODE(return_rip)
/* RSI turns of a loop for interrupts to come in, then INT VECTOR_RING3; in both modes. ECX = turns
 * left. */
USER_CODE(wait)
USER_CODE(wait_rip)
/* The label of each is its first instruction, which is the one that may fault. Where no
 * mode is named, the same bytes serve in both. */
USER_CODE(undefined)
USER_CODE(divide)
USER_CODE(load)        /* from RDI; 64-bit mode only */
USER_CODE(compat_load) /* from EDI; compatibility mode only */
USER_CODE(store)       /* to RDI; 64-bit mode only */
USER_CODE(jump)        /* to RDI, which may jump on to RSI */
USER_CODE(hop)         /* to RSI */
/* INT through gates of DPL 0. */
USER_CODE(int_wake)
USER_CODE(int_df)
USER_CODE(int_bp)
/* EAX = COMPAT_MARK in compatibility mode only; then INT VECTOR_RING3. */
USER_CODE(compat)
USER_CODE(compat_rip)
/* Compatibility mode only: INTO, and what it saves; BOUND of EAX, which is 0, by the words at EDI.
 */
USER_CODE(into)
USER_CODE(into_rip)
USER_CODE(bound)
/* Ring 0's own instructions. */
USER_CODE(cli)
USER_CODE(sti)
USER_CODE(hlt)
USER_CODE(clts)
USER_CODE(lgdt)
USER_CODE(lidt)
USER_CODE(lldt)
USER_CODE(ltr)
USER_CODE(lmsw)
USER_CODE(invlpg)
USER_CODE(wbinvd)
USER_CODE(rdmsr)
USER_CODE(wrmsr)
USER_CODE(swapgs)
USER_CODE(read_cr0)
USER_CODE(write_cr3)
USER_CODE(write_cr4)
USER_CODE(read_dr7)
/* What CR4.UMIP takes from ring 3. */
USER_CODE(sgdt)
USER_CODE(sidt)
USER_CODE(sldt)
USER_CODE(str)
USER_CODE(smsw)
/* SYSCALL, and where it returns to; then INT VECTOR_RING3. */
USER_CODE(syscall)
USER_CODE(syscall_next)
/* RAX = the word at GS:0. */
USER_CODE(gs_load)
/* RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE (of RDI). */
USER_CODE(rdfsbase)
USER_CODE(rdgsbase)
USER_CODE(wrfsbase)
USER_CODE(wrgsbase)
/* RAX = DS, RCX = ES, RDX = FS, RSI = GS. */
USER_CODE(segments)
/* MOV to DS, and to SS, from EDI; a far return to the selector in RDI. */
USER_CODE(load_ds)
USER_CODE(load_ss)
USER_CODE(far)
USER_CODE(far_rip)
/* IN and OUT at the port in DI; the label ending in _rip is the instruction. */
USER_CODE(in8)
USER_CODE(in8_rip)
USER_CODE(in16)
USER_CODE(in16_rip)
USER_CODE(in32)
USER_CODE(in32_rip)
USER_CODE(out8)
USER_CODE(out8_rip)
/* RDPKRU (RCX is 0). */
USER_CODE(rdpkru)

#undef USER_CODE

#endif
