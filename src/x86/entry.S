/*
 * Exception and interrupt entry: one stub for each vector, one way in, one way out.
 *
 * On arrival: 64-bit mode, interrupts off (every gate is an interrupt gate), RSP as the CPU left it.
 * The CPU aligns RSP to 16 before it pushes five words, or six with an error code (SDM vol. 3A, 6.14.2).
 * So RSP & 8 tells whether there is an error code: no table of vectors is needed, and INT n, which
 * never pushes one, cannot be mistaken for the exception of the same number.
 *
 * SWAPGS is decided by the privilege of the saved CS, both ways. An NMI, #DF or #MC can come when ring 0 runs
 * already but GS is still ring 3's: between entry and SWAPGS, before IRETQ, or where SYSCALL enters. Its
 * saved CS is ring 0's: GS is left alone on the way in and out, and exception_dispatch() needs none, since
 * it finds its CPU by SGDT.
 *
 * Each stub begins with ENDBR64: where a check has indirect-branch tracking on, delivery waits for one.
 */
#define ENTRY_NO_ERROR_CODE 0x100
#define ENTRY_CS  24 /* from the vector up: vector, error code, RIP, CS */
#define RETURN_CS 8  /* from RIP up */

    .section .text
    .balign 16
    .globl entry_stubs
    .hidden entry_stubs
entry_stubs:
    .set vector, 0
    .rept 256
    .balign 16
    endbr64
    pushq $vector
    jmp entry_common
    .set vector, vector + 1
    .endr

/* RSP & 8 is now clear without and set with an error code: the vector is one word more. */
entry_common:
    testb $8, %spl
    jnz 1f
    pushq (%rsp)                         /* the vector moves down, … */
    movq $0, 8(%rsp)                     /* … and an error code of 0 takes its place */
    orq $ENTRY_NO_ERROR_CODE, (%rsp)
1:  testb $3, ENTRY_CS(%rsp)
    jz 2f
    swapgs                               /* from ring 3: its GS base for this CPU's */
2:  pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld
    movq %rsp, %rdi
    call exception_dispatch
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rbp
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rbx
    popq %rax
    addq $16, %rsp
    testb $3, RETURN_CS(%rsp)            /* as the handler left it: it may send ring 3's code elsewhere */
    jz 3f
    swapgs
3:  iretq

    .section .note.GNU-stack, "", @progbits
