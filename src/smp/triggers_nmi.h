/* Code that sends an interrupt command and then waits for an NMI. */
#ifndef SMP_TRIGGERS_NMI_H
#define SMP_TRIGGERS_NMI_H

#include "probe.h"

/* Passed to these triggers as `argument`. */
struct interrupt_command {
    uint64_t icr;  /* address of the ICR's low word; 0: x2APIC mode */
    uint32_t high; /* as the ICR's high word takes it in this mode */
    uint32_t low;
};

#define TRIGGER(name)                                                                              \
    extern trigger trigger_##name __attribute__((visibility("hidden")));                           \
    extern const char trigger_##name##_rip[] __attribute__((visibility("hidden")));                \
    extern const char trigger_##name##_end[] __attribute__((visibility("hidden")));

/* Waits `count` rounds with interrupts off; the NMI comes between …_rip and …_end. */
TRIGGER(nmi_wait)
/* Halts with interrupts on; an NMI that wakes it saves …_rip. Without a limit: a timer interrupt
 * must move RIP to …_end. */
TRIGGER(nmi_halt)

#undef TRIGGER

#endif
