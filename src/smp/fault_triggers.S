/*
 * One instruction for each exception that ring 0 can raise. On arrival as in triggers.S; RSP is where
 * probe_enter() left it. RSI, in …_nmi: where storing APIC_SEND_NMI sends this CPU an NMI just before,
 * NMI_BY_MSR, or 0.
 * NAME_rip is the address that the exception saves: of the instruction for a fault, behind it for a trap.
 */
#include <asm-offsets.h>

    .macro label name
    .globl \name
    .hidden \name
\name:
    .endm

/* Nothing in between: the NMI is to meet the exception that follows. MOV, LEA and jumps leave RFLAGS alone.
 * Of NMI_BY_MSR the low half is 0. */
    .macro nmi_first
    movq %rsi, %rcx
    jrcxz 1f
    jecxz 2f
    movl $APIC_SEND_NMI, (%rcx)
1:
    .endm

    .macro no_fault_nmi
    jmp probe_no_fault
2:  leaq 3f(%rip), %r9
    jmp nmi_by_msr
3:  wrmsr
    jmp 1b
    .endm

    .macro fault name, instruction:vararg
    label trigger_\name
    label trigger_\name\()_rip
    \instruction
    jmp probe_no_fault
    .endm

    .macro trap name, instruction:vararg
    label trigger_\name
    \instruction
    label trigger_\name\()_rip
    jmp probe_no_fault
    .endm

    .macro fault_nmi name, instruction:vararg
    label trigger_\name
    nmi_first
    label trigger_\name\()_rip
    \instruction
    no_fault_nmi
    .endm

    .macro trap_nmi name, instruction:vararg
    label trigger_\name
    nmi_first
    \instruction
    label trigger_\name\()_rip
    no_fault_nmi
    .endm

    .section .text

/* Back to R9 with all that WRMSR takes to send this CPU an NMI; it does not wait for earlier stores. */
nmi_by_msr:
    movl %gs:CPU_APIC_ID, %edx
    movl $APIC_SEND_NMI, %eax
    movl $MSR_X2APIC_ICR, %ecx
    mfence
    lfence
    jmp *%r9

    fault_nmi ud, ud2
    fault_nmi gate, int $VECTOR_RING3        /* faults when its gate is spoilt */
    fault_nmi device, fninit
    fault device_sse, xorps %xmm0, %xmm0
    fault_nmi load_ds, movl %edi, %ds
    fault_nmi load_ss, movl %edi, %ss
    fault_nmi read, movq (%rdi), %rax
    fault write, movq %rax, (%rdi)
    fault stack, movq (%rsp,%rdi), %rax
    fault fetch, jmp *%rdi                /* the fault is at the target */
    fault code_breakpoint, nop
    trap data_breakpoint, movq %rax, (%rdi)
    trap_nmi int3, int3
    trap int1, .byte 0xf1

    label trigger_zero_divide
    movl $1, %eax
    movl $0, %edx
    movl $0, %r8d
    nmi_first
    label trigger_zero_divide_rip
    divl %r8d
    no_fault_nmi

/* TF set by POPFQ traps behind the instruction after it (SDM vol. 3B, 18.3.1.4). */
    label trigger_step
    pushfq
    orq $RFLAGS_TF, (%rsp)
    popfq
    nop
    label trigger_step_rip
    pushq $PROBE_RFLAGS
    popfq
    jmp probe_no_fault

/* 1 / 0 with the zero-divide exception unmasked: FDIV leaves it pending, WAIT raises it. */
    label trigger_x87
    fninit
    fldcw x87_control(%rip)
    fldz
    fld1
    fdiv %st(1), %st
    label trigger_x87_rip
    fwait
    jmp probe_no_fault

    label trigger_sse
    ldmxcsr sse_control(%rip)
    movss one(%rip), %xmm0
    xorps %xmm1, %xmm1
    label trigger_sse_rip
    divss %xmm1, %xmm0
    jmp probe_no_fault

/* An NMI to itself: RSI where to store (xAPIC), or RDI the APIC ID (x2APIC); then time for it to come. */
    label trigger_nmi
    label trigger_nmi_rip
    movq %rsi, %rcx
    jrcxz 1f
    movl $APIC_SEND_NMI, (%rcx)
    movl $NMI_PATIENCE, %ecx
    jmp 2f
1:  movl %edi, %edx
    movl $APIC_SEND_NMI, %eax
    movl $MSR_X2APIC_ICR, %ecx
    wrmsr
    movl $NMI_PATIENCE, %ecx
2:  pause
    leaq -1(%rcx), %rcx
    jrcxz 3f
    jmp 2b
3:  jmp probe_no_fault
    label trigger_nmi_end

/* RSP = argument, then UD2, INT3, or a load of RSI: with and without an error code. */
    label trigger_ud_on
    movq %rdi, %rsp
    label trigger_ud_on_rip
    ud2
    jmp probe_no_fault

    label trigger_read_on
    movq %rdi, %rsp
    label trigger_read_on_rip
    movq (%rsi), %rax
    jmp probe_no_fault

/* IA32_S_CET = argument, then an indirect jump to what is no ENDBR64. MOV and LEA leave RFLAGS alone. */
    label trigger_branch
    movl $MSR_S_CET, %ecx
    movl %edi, %eax
    movl $0, %edx
    wrmsr
    leaq trigger_branch_rip(%rip), %rax
    jmp *%rax
    label trigger_branch_rip
    nop
    jmp probe_no_fault

/* INT n for each n; INT_TRIGGER_BYTES each. */
    .balign 16
    label trigger_int
    .set vector, 0
    .rept ENTRY_VECTORS
    .balign INT_TRIGGER_BYTES
    .byte 0xcd, vector                   /* INT n; `int $3` would be INT3 */
    jmp 1f
    .set vector, vector + 1
    .endr
1:  jmp probe_no_fault

    .section .rodata
    .balign 4
one:
    .float 1.0
sse_control:
    .long MXCSR_ZERO_DIVIDE
x87_control:
    .word X87_ZERO_DIVIDE

    .section .note.GNU-stack, "", @progbits
