/* Into a probe and out of it. */
#include <asm-offsets.h>

    .section .text

/*
 * void probe_enter(struct probe *probe, trigger *fire, uint64_t argument, uint64_t count)
 *
 * Leaves the callee-saved registers on the stack and their place in probe->recover_rsp, sets known values,
 * and jumps to the trigger. probe_catch() sends the CPU to probe_resume with RSP = recover_rsp.
 */
    .globl probe_enter
    .hidden probe_enter
probe_enter:
    pushfq
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, PROBE_RECOVER_RSP(%rdi)
    movq %rsi, %rax
    movq %rdx, %rdi
    movq %rcx, %rsi
    movl $PROBE_RBX, %ebx
    movl $PROBE_RBP, %ebp
    movl $PROBE_R12, %r12d
    movl $PROBE_R13, %r13d
    movl $PROBE_R14, %r14d
    movl $PROBE_R15, %r15d
    pushq $PROBE_RFLAGS
    popfq
    jmp *%rax

/* A trigger that did not fault ends here; RSP may be anything, GS is sound. */
    .globl probe_no_fault
    .hidden probe_no_fault
probe_no_fault:
    movq %gs:CPU_PROBE_RECOVER_RSP, %rsp
    .globl probe_resume
    .hidden probe_resume
probe_resume:
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popfq
    ret

    .section .note.GNU-stack, "", @progbits
