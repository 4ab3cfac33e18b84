/* All CPUs together, and what they share. */
#ifndef SMP_FLEET_H
#define SMP_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "meeting.h"
#include "turn.h"
#include <muster/cpuset.h>
#include <muster/handoff.h>
#include <muster/ioapic.h>
#include <muster/observe_mem.h>
#include <muster/paging.h>
#include <muster/report.h>

enum {
    VECTOR_WAKE = 0xf0, /* work has been posted, or the last CPU is done */
    VECTOR_TIMER = 0xf1,
    VECTOR_DEADLINE = 0xf2, /* what the BSP called did not come back: it goes on elsewhere */
    VECTOR_RING3 = 0xf3,    /* INT from ring 3: its gate has DPL 3; only a probe wants it */
    VECTOR_SPURIOUS = 0xff,
};

struct fleet {
    struct handoff *handoff; /* this and `count` are set first of all */
    struct apic apic;
    struct clock clock;
    struct paging paging;
    bool runtime_wants_write; /* runtime code that is mapped read-only though firmware did not say
                                 so */
    uint32_t features;        /* bits by enum feature: what the BSP offers */
    uint64_t user_window;     /* where ring 3's pages lie (ring3.h) */
    struct lapic_record lapic_found;                 /* on the BSP at the door */
    struct ioapic_record ioapics[IOAPIC_MAX];        /* by number in claims->madt.ioapics */
    struct ioapic_record ioapics_spoilt[IOAPIC_MAX]; /* --break state.ioapic: a copy that lies */
    bool legacy_delay;                               /* 10 ms between INIT and SIPI */
    bool timer_interrupts; /* the BSP's APIC timer was seen to interrupt: waits may halt */
    bool deadlines;        /* it interrupts while the CPU is not halted: calls may be ended by it */
    volatile bool deadline_armed; /* VECTOR_DEADLINE ends what the BSP is at */

    uint8_t *low_copy;           /* the trampoline's page as it was written (low_watch.h) */
    struct low_change low_early; /* what had changed there when all CPUs had come */

    uint64_t scratch; /* memory behind the scratch pages (scratch.h) */

    uint64_t watched[8] __attribute__((aligned(64))); /* debug.data: all CPUs write here */

    uint32_t count;
    struct state_record *states; /* by CPU index: what each was handed over with */
    struct cpuid_record *cpuids;
    struct cpu *cpus;      /* `count` blocks, CPU_STRIDE apart; use fleet_cpu() */
    struct cpuset called;  /* CPUs that are to be woken, and the BSP */
    struct cpuset online;  /* those that came and are still with us */
    struct cpuset at_work; /* those sent to the running job, and how many */
    uint32_t at_work_count;
    uint32_t patience_us; /* how long an interrupt that was sent is waited for (desk.h) */
    uint32_t repeat;      /* how often the running check has been put before (--repeat) */
    struct meeting meeting, meeting_of_first;
    struct turns turns;
    listener *volatile listener; /* of the running check; NULL: none */
    struct cpuset unreachable;   /* CPUs whose APIC ID the BSP's APIC cannot address */
    uint32_t surveyor;           /* the CPU that looks at what all share, in the running check */
    uint32_t victim;             /* the CPU that --break concerns */

    volatile uint32_t outstanding; /* CPUs that have not finished the posted work, or not arrived */
    volatile bool timer_fired;
    uint32_t woken_again; /* wake-ups sent once more to CPUs that showed no heartbeat */

    struct arrival *arrivals; /* by CPU index */
    uint32_t *entries;        /* by CPU index: times its APIC ID stands in the trampoline's log */
    uint32_t strangers;       /* arrivals with an APIC ID that nobody claimed */
    uint32_t stranger_id;     /* the first of them */
    uint64_t first_init_tsc;
    uint64_t answered_tsc; /* on the BSP, when it no longer waited for anybody */

    uint32_t bsp_watched; /* which of the BSP's jobs an AP looks after (bsp_watch.h), … */
    volatile uint32_t bsp_stalled; /* … and in which it did not get on; 0: none */

    /* Where the BSP goes when it meets an unexpected exception itself. */
    void (*bsp_bail)(void *context);
    void *bsp_bail_context;
    uint64_t bail_rsp; /* its stack until the BSP has its own; 0: the top of that */
};

/* In the page that a CPU's GDT begins: its TSS, and the address of its struct cpu. Neither the GDT
 * nor the TSS crosses a page boundary (SDM vol. 3A, 8.2.1). */
enum { TABLES_TSS_AT = 256, TABLES_OWNER_AT = 4096 - sizeof(struct cpu *) };

/* Bytes from one CPU's block to the next: whole pages. */
enum { CPU_STRIDE = (sizeof(struct cpu) + 4095) / 4096 * 4096 };

static inline struct cpu *fleet_cpu(const struct fleet *fleet, uint32_t index)
{
    return (struct cpu *)((uintptr_t)fleet->cpus + (uintptr_t)index * CPU_STRIDE);
}

/* The block at `address`, or NULL where none begins. */
struct cpu *fleet_cpu_at(const struct fleet *fleet, uint64_t address);

/* The next CPU online after `index`, or `index` where there is no other. */
uint32_t fleet_neighbour(const struct fleet *fleet, uint32_t index);

/* Bytes of arena for `cpus` CPUs: blocks, tables, stacks, page tables. */
uint64_t fleet_size(uint32_t cpus);

/* Takes what every CPU needs but its stacks, and makes its tables; from here on exceptions of the
 * BSP are caught. BSP, at the door, with firmware's page tables. False when the arena is exhausted.
 */
bool fleet_take(struct fleet *fleet);
/* Takes the stacks and makes the page tables; loads nothing. Nothing may be taken from the arena
 * after it: only what was taken by then is mapped. As above. */
bool fleet_prepare(struct fleet *fleet);

/* Puts a CPU that is given up into wait-for-SIPI, where it can do no harm. BSP. */
void fleet_hold(struct fleet *fleet, const struct cpu *cpu);

/* The trampoline's code page: executable and read-only when sealed, else data; never both. BSP. */
void fleet_seal_trampoline(struct fleet *fleet, bool sealed);

/* Loads muster's page tables: from here on only what fleet_prepare() mapped is there. BSP. */
void fleet_load_paging(struct fleet *fleet);

#endif
