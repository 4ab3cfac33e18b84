/*
 * Where an AP enters the image: 64-bit mode, muster's page tables, the trampoline's GDT, no IDT, no stack.
 * RSI is its struct cpu.
 */
#include <asm-offsets.h>

/* Stores stage and time; stops there when --break up.<stage> says so. Clobbers RAX, RDX. */
.macro reach stage
    rdtsc
    movl %eax, CPU_STAGE_TSC + 8 * \stage(%rsi)
    movl %edx, CPU_STAGE_TSC + 8 * \stage + 4(%rsi)
    movl $\stage, CPU_STAGE(%rsi)
    cmpl $\stage, CPU_BREAK_STAGE(%rsi)
    je stop
.endm

    .section .text
    .globl ap_entry
    .hidden ap_entry
ap_entry:
    reach STAGE_LONG_MODE
    movq CPU_STACK_TOP(%rsi), %rsp
    pushq $0                             /* touches the stack, and ends backtraces, … */
    pushq $0                             /* … twice: the call then leaves RSP as the ABI wants it */
    reach STAGE_STACK
    movq %rsi, %rdi
    call ap_main                         /* never returns */
stop:
    cli
    hlt
    jmp stop

/* void stack_switch(uint64_t top, void (*run)(void *), void *context): runs on another stack for good. */
    .globl stack_switch
    .hidden stack_switch
stack_switch:
    movq %rdi, %rsp
    xorl %ebp, %ebp
    movq %rdx, %rdi
    call *%rsi
    jmp stop

    .section .note.GNU-stack, "", @progbits
