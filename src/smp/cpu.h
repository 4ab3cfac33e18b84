/* One CPU: its block (what GS points at), and how code finds the block of the CPU it runs on. */
#ifndef SMP_CPU_H
#define SMP_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "desk.h"
#include "exception.h"
#include <muster/cpuid_record.h>
#include <muster/descriptor.h>
#include <muster/lapic.h>
#include <muster/observation.h>
#include <muster/stack.h>
#include <muster/stage.h>
#include <muster/state.h>

struct cpu;
struct fleet;

/* Work for a CPU: runs on its main stack, interrupts off. */
typedef void work(struct cpu *cpu, void *context);

/* Takes exceptions and interrupts while a check listens: true when this one was the check's own,
 * and the APIC has been told of its end where it needs to be. On the stack it was delivered on. */
typedef bool listener(struct cpu *cpu, struct exception_frame *frame);

/* What a CPU that met an unexpected exception leaves behind. */
struct last_words {
    bool spoken;
    bool earlier; /* it has been called again since */
    struct exception_frame frame;
    uint64_t cr2;
};

/* A controlled fault in progress (probe.h). */
struct probe {
    bool armed;
    uint64_t recover_rsp; /* where probe_enter() left its frame */
    uint64_t after_rip;   /* not 0: resume there at the fault's RSP, instead of ending the probe */
    struct obs_probe *record;
    work *inside; /* run in the handler of the first exception caught, on its stack; or NULL */
    void *inside_context;
    bool any_vector;             /* INT n with any n is caught, too */
    struct exception_frame user; /* the last exception caught from ring 3, … */
    uint64_t user_gs;            /* … and ring 3's GS base then */
};

/* What ring 3 is entered with (ring3.h): what IRETQ takes, RDI, RSI, and DS and ES. */
struct ring3_entry {
    uint64_t rip, cs, rflags, rsp, ss;
    uint64_t argument, count;
    uint64_t data;
};

/* What ring3_syscall found, and how it is to return (ring3.h). */
struct ring3_call {
    uint64_t count;
    uint64_t rcx, r11, rsp, rflags, cs, ss;
    uint64_t return_rip, return_rflags;
    uint64_t return_compat; /* not 0: to 32-bit code */
};

/* What SGDT & co. read before a probe, to be found again after it. */
struct cpu_state {
    uint64_t cr0, cr3, cr4, efer, gs_base, kernel_gs_base, rflags;
    struct table_register gdtr, idtr;
    uint16_t tr, cs, ss, ds, es;
};

/* What an AP came with, stored before the trampoline changes it. */
struct found {
    uint64_t cr0, cr4, efer;
    uint64_t cr3;        /* by mailbox only; after INIT it is 0 */
    uint32_t by_mailbox; /* in 64-bit mode, with firmware's page tables */
};

enum { ROUND_TOGETHER, ROUND_ALONE, ROUND_COUNT };

/* gs.isolated: what a CPU writes through GS. `beyond` is where a lone CPU's defect writes `marker`.
 */
struct gs_words {
    volatile uint64_t visits, counter, marker, beyond;
};

struct cpu {
    struct cpu *self; /* %gs:0 */
    struct fleet *fleet;
    uint32_t index;
    uint32_t apic_id;

    /* Bring-up: written by the CPU itself, from 32-bit mode on. */
    volatile uint32_t stage;       /* enum stage */
    volatile uint32_t break_stage; /* --break up.<stage>: it stops there; STAGE_NONE: nowhere */
    volatile uint32_t refusal;     /* enum refusal */
    volatile uint32_t claimed;     /* times its slot was claimed in this attempt */
    volatile uint32_t abandoned;   /* given up: must not go on if it wakes after all */
    volatile uint64_t stage_tsc[STAGE_COUNT];
    uint32_t first_stage; /* of a second attempt: what the first one reached */
    uint32_t log_from;    /* the trampoline's log up to here is of earlier attempts */
    bool unsent;          /* the BSP's APIC did not take the last command to it */
    uint64_t stack_top;
    struct found found;         /* by the trampoline, before it changed them */
    struct state_record *state; /* what it was handed over with; taken once, … */
    struct cpuid_record *cpuid; /* … with this, … */
    struct lapic_record lapic;  /* … and this */

    /* What it was given. */
    uint64_t *gdt;         /* GDT_SLOTS */
    struct tss_block *tss; /* in the GDT's page */
    struct gate *idt;      /* IDT_GATES: a page */

    /* Work. */
    work *work;
    void *context;
    volatile uint32_t posted, done; /* equal: idle */
    volatile uint64_t heartbeat;    /* moves while work goes on */
    volatile bool dead;             /* met an unexpected exception, or never came back from work */
    uint64_t main_rsp;              /* idle CPUs start over from here */

    /* Exceptions. */
    struct probe probe;
    struct ring3_entry ring3;
    struct ring3_call call;
    struct last_words last_words;
    uint32_t stacks_in_use;       /* bit n: a frame lies on IST stack n (ist_guard.h) */
    uint32_t stacks_reentered;    /* bit n: stack n was entered when it was in use */
    uint32_t uncalled[IDT_GATES]; /* interrupts nobody sent, by vector */

    /* Checks. */
    work *rehearsal; /* what it is to do in the middle of the running check, or on its way up */
    bool planted;    /* the running check's defect is to be made on this CPU */
    uint64_t *ground_entry; /* of its ground page (ring3.h), while a check has changed it, … */
    uint64_t ground_was;    /* … and what it was */
    const void *subject;    /* the running check's */
    uint32_t high_water[STACK_ID_COUNT]; /* bytes of each stack ever seen used */
    struct gs_words isolated;
    struct desk desk;
    struct observation observations[ROUND_COUNT];
};

/* The block that GS points at. Only where GS is known to be sound. */
static inline struct cpu *cpu_this(void)
{
    struct cpu *cpu;
    __asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
    return cpu;
}

#endif
