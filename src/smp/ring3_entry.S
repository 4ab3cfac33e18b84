/* The way into ring 3. */
#include <asm-offsets.h>

    .section .text

/*
 * A trigger: RDI is a struct ring3_entry, the rest as probe_enter() left it. IRETQ takes five words from
 * the running stack (SDM vol. 3A, 6.14.3), which the probe forgets when it ends. From SWAPGS on, GS is
 * ring 3's; the way back through entry.S swaps again because the saved CS has RPL 3. An NMI between the
 * two finds RPL 0, leaves GS alone and needs none.
 */
    .globl trigger_ring3, trigger_ring3_rip
    .hidden trigger_ring3, trigger_ring3_rip
trigger_ring3:
    movl RING3_DATA(%rdi), %eax
    movl %eax, %ds
    movl %eax, %es
    pushq RING3_SS(%rdi)
    pushq RING3_RSP(%rdi)
    pushq RING3_RFLAGS(%rdi)
    pushq RING3_CS(%rdi)
    pushq RING3_RIP(%rdi)
    movq RING3_COUNT(%rdi), %rsi
    movq RING3_ARGUMENT(%rdi), %rdi
    movl $0, %eax
    movl $0, %ecx
    movl $0, %edx
    swapgs
trigger_ring3_rip:
    iretq

/*
 * Where SYSCALL enters: ring 0, RCX = RIP behind SYSCALL, R11 = RFLAGS, interrupts off by IA32_FMASK, RSP and
 * GS still ring 3's. Until SWAPGS and a stack are there, only what has an IST can be taken: NMI, #DF, #MC.
 */
    .globl ring3_syscall
    .hidden ring3_syscall
ring3_syscall:
    swapgs
    movq %rsp, %gs:CALL_RSP
    movq %rcx, %gs:CALL_RCX
    movq %r11, %gs:CALL_R11
    movq %gs:CPU_TSS, %rsp
    movq TSS_RSP0(%rsp), %rsp
    pushfq
    popq %gs:CALL_RFLAGS
    incq %gs:CALL_COUNT
    movl %cs, %eax
    movq %rax, %gs:CALL_CS
    movl %ss, %eax
    movq %rax, %gs:CALL_SS
    movq %gs:CALL_RETURN_RIP, %rcx
    movq %gs:CALL_RETURN_RFLAGS, %r11
    movq %gs:CALL_RSP, %rsp
    cmpq $0, %gs:CALL_RETURN_COMPAT
    jne 1f
    swapgs
    sysretq
1:  swapgs
    sysretl

    .section .note.GNU-stack, "", @progbits
