/* One instruction for each exception that ring 0 can raise. */
#ifndef SMP_FAULT_TRIGGERS_H
#define SMP_FAULT_TRIGGERS_H

#include "probe.h"

/* In x2APIC mode: WRMSR sends the NMI. */
#define NMI_BY_MSR (UINT64_C(1) << 32)

/* trigger_NAME, and trigger_NAME_rip: what the exception saves. */
#define TRIGGER(name)                                                                              \
    extern trigger trigger_##name __attribute__((visibility("hidden")));                           \
    extern const char trigger_##name##_rip[] __attribute__((visibility("hidden")));

/* RSI of these: where storing APIC_SEND_NMI sends this CPU an NMI just before the instruction;
 * NMI_BY_MSR; or 0 for none. */
TRIGGER(ud)      /* UD2 */
TRIGGER(gate)    /* INT VECTOR_RING3; the saved RIP is that of a fault in it */
TRIGGER(device)  /* FNINIT */
TRIGGER(load_ds) /* MOV to DS, SS: argument */
TRIGGER(load_ss)
TRIGGER(read) /* eight bytes at argument */
TRIGGER(int3)
TRIGGER(zero_divide) /* DIV */

/* WRMSR of IA32_S_CET = argument, then a tracked JMP to a NOP */
TRIGGER(branch)
TRIGGER(device_sse)      /* XORPS */
TRIGGER(write)           /* eight bytes at argument */
TRIGGER(stack)           /* a load through SS: RSP + argument */
TRIGGER(fetch)           /* to argument; not trigger_fetch_rip but argument is saved */
TRIGGER(code_breakpoint) /* NOP */
TRIGGER(data_breakpoint) /* a write of eight bytes at argument */
TRIGGER(int1)
TRIGGER(step) /* NOP with TF */
TRIGGER(x87)  /* WAIT behind a division by zero */
TRIGGER(sse)  /* DIVSS by zero */
/* An NMI to itself: RSI where to store, or 0 and RDI the APIC ID. It may come from trigger_nmi_rip
 * up to trigger_nmi_end. */
TRIGGER(nmi)
extern const char trigger_nmi_end[] __attribute__((visibility("hidden")));
/* RSP = argument, then UD2, or a load of the eight bytes at RSI. */
TRIGGER(ud_on)
TRIGGER(read_on)

#undef TRIGGER

/* INT n is at trigger_int + n * INT_TRIGGER_BYTES, two bytes long. */
enum { INT_TRIGGER_BYTES = 8, INT_BYTES = 2 };
extern const char trigger_int[] __attribute__((visibility("hidden")));

/* Rounds of PAUSE that an NMI is given to come. */
enum { NMI_PATIENCE = 1000000 };

enum {
    MXCSR_DEFAULT = 0x1f80,
    MXCSR_ZERO_DIVIDE = MXCSR_DEFAULT & ~0x200, /* that exception unmasked */
    X87_ZERO_DIVIDE = 0x37f & ~0x4,
};

#endif
