/*
 * What runs in ring 3: one page, which the user window maps a second time. Nothing else may stand in it, and
 * nothing here may refer to an address outside. On arrival: RDI = argument, RSI = count, RAX, RCX and RDX 0,
 * RBX, RBP and R12 to R15 as in every probe, RSP at the top of this CPU's user stack, RFLAGS PROBE_RFLAGS.
 * It ends by an exception, or by `return`; behind that stands UD2, should the gate return after all.
 */
#include <asm-offsets.h>

    .macro user name
    .globl user_\name
    .hidden user_\name
user_\name:
    .endm

/* Back to ring 0; the saved RIP is user_\name\()_rip. */
    .macro return name
    int $VECTOR_RING3
    user \name\()_rip
    ud2
    .endm

    .section .text
    .balign 4096
    user code

    user return
    return return

/* One instruction, and back. */
    .macro one name, instruction:vararg
    user \name
    \instruction
    jmp user_return
    .endm

    one undefined, ud2
    one divide, divl %ecx
    one load, movq (%rdi), %rax
    one store, movq %rax, (%rdi)
    one int_wake, int $VECTOR_WAKE
    one int_df, int $VECTOR_DF
    one int_bp, int3
    user jump
    jmp *%rdi
    user hop
    jmp *%rsi

    one cli, cli
    one sti, sti
    one hlt, hlt
    one clts, clts
    one lgdt, lgdt -16(%rsp)
    one lidt, lidt -16(%rsp)
    one lldt, lldt %ax
    one ltr, ltr %ax
    one lmsw, lmsw %ax
    one invlpg, invlpg (%rsp)
    one wbinvd, wbinvd
    one rdmsr, rdmsr
    one wrmsr, wrmsr
    one swapgs, swapgs
    one read_cr0, movq %cr0, %rax
    one write_cr3, movq %rax, %cr3
    one write_cr4, movq %rax, %cr4
    one read_dr7, movq %dr7, %rax

    one sgdt, sgdt -16(%rsp)
    one sidt, sidt -16(%rsp)
    one sldt, sldt %eax
    one str, str %eax
    one smsw, smsw %eax

    one gs_load, movq %gs:0, %rax
    one rdfsbase, rdfsbase %rax
    one rdgsbase, rdgsbase %rax
    one wrfsbase, wrfsbase %rdi
    one wrgsbase, wrgsbase %rdi
    one load_ds, movl %edi, %ds
    one load_ss, movl %edi, %ss
    one rdpkru, rdpkru

/* Interrupts come here: LOOP has the same bytes in both modes, and leaves the flags. */
    user wait
    movl %esi, %ecx
1:  loop 1b
    return wait

    user segments
    movl %ds, %eax
    movl %es, %ecx
    movl %fs, %edx
    movl %gs, %esi
    jmp user_return

    user far
    pushq %rdi
    leaq user_return(%rip), %rax
    pushq %rax
    user far_rip
    lretq

    .macro port name, instruction:vararg
    user \name
    movl %edi, %edx
    user \name\()_rip
    \instruction
    jmp user_return
    .endm

    port in8, inb %dx, %al
    port in16, inw %dx, %ax
    port in32, inl %dx, %eax
    port out8, outb %al, %dx

/* LEA of a 32-bit address: 64-bit decoding would take the same bytes as relative to RIP. */
    .code32
    user compat
    leal COMPAT_MARK, %eax
    return compat
    user into
    into
    user into_rip
    jmp user_return
    user bound
    boundl %eax, (%edi)
    jmp user_return
    user compat_load
    movl (%edi), %eax
    jmp user_return
    .code64

    user syscall
    syscall
    user syscall_next
    jmp user_return

    .org user_code + 4096                /* an error when there is more */

    .section .note.GNU-stack, "", @progbits
