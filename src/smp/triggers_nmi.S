/*
 * Code that sends an interrupt command and waits for an NMI. On arrival: RDI = struct interrupt_command,
 * RSI = count; all else as in triggers.S. RFLAGS stay as they are, but for IF.
 */
#include <asm-offsets.h>

    .macro trigger name
    .globl trigger_\name, trigger_\name\()_rip, trigger_\name\()_end
    .hidden trigger_\name, trigger_\name\()_rip, trigger_\name\()_end
trigger_\name:
    .endm

/* The ICR is one MSR in x2APIC mode, else two words in memory, of which the lower sends. */
    .macro send_command
    movq COMMAND_ICR(%rdi), %rcx
    movl COMMAND_HIGH(%rdi), %edx
    movl COMMAND_LOW(%rdi), %eax
    jrcxz 1f
    movl %edx, (APIC_ICR_HIGH - APIC_ICR_LOW)(%rcx)
    movl %eax, (%rcx)
    jmp 2f
1:  mfence                               /* WRMSR to the ICR does not wait for earlier stores */
    lfence
    movl $MSR_X2APIC_ICR, %ecx
    wrmsr
2:  movq %rsi, %rcx
    .endm

    .section .text

/* Interrupts off. The NMI may come right behind the store, so the range begins before it. */
    trigger nmi_wait
trigger_nmi_wait_rip:
    send_command
3:  pause
    leaq -1(%rcx), %rcx
    jrcxz 4f
    jmp 3b
trigger_nmi_wait_end:
4:  jmp probe_no_fault

/* Halts with interrupts on, so that the timer may end it (RIP is moved to …_end then): the NMI must
 * be what wakes the CPU. */
    trigger nmi_halt
    send_command
5:  sti
    hlt
trigger_nmi_halt_rip:
    cli
    jmp 5b
trigger_nmi_halt_end:
    cli
    jmp probe_no_fault

    .section .note.GNU-stack, "", @progbits
