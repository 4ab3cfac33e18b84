/*
 * void paging_code(uint32_t root), copied below 4 GiB: this CPU goes from 4-level to 5-level paging.
 *
 * CR4.LA57 can be changed with paging off only, and paging can be turned off in 32-bit code only
 * (SDM vol. 3A, 4.1.2 and 10.8.5.4). What 32-bit mode does not keep is on the stack meanwhile; RBP
 * is where this code was copied to. EFER.LME stays on: paging alone leaves and enters IA-32e mode.
 */
#define AT(label) (label - paging_code)

CR0_PG_BIT = 1 << 31
CR4_LA57_BIT = 1 << 12
CODE64 = 0x08
DATA = 0x10
CODE32 = 0x18

    .section .rodata
    .globl paging_code, paging_code_end
    .hidden paging_code, paging_code_end
    .code64
paging_code:
    pushfq
    cli
    .irp register, rbx, rbp, r12, r13, r14, r15
    pushq %\register
    .endr
    .irp selector, ds, es, ss, cs
    movl %\selector, %eax
    pushq %rax
    .endr
    subq $16, %rsp
    sgdt (%rsp)

    leaq paging_code(%rip), %rbp
    movq %rsp, AT(stack)(%rbp)
    leaq AT(gdt)(%rbp), %rax
    movq %rax, AT(gdt_base)(%rbp)
    leaq AT(long)(%rbp), %rax
    movl %eax, AT(to_long)(%rbp)
    lgdt AT(gdtr)(%rbp)
    pushq $CODE32
    leaq AT(compatibility)(%rbp), %rax
    pushq %rax
    lretq

/* No stack: firmware's may be above 4 GiB. */
    .code32
compatibility:
    movl $DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl %cr0, %eax
    andl $~CR0_PG_BIT, %eax
    movl %eax, %cr0
    movl %cr4, %ecx
    orl $CR4_LA57_BIT, %ecx
    movl %ecx, %cr4
    movl %edi, %cr3
    orl $CR0_PG_BIT, %eax
    movl %eax, %cr0
    ljmpl *AT(to_long)(%ebp)

    .code64
long:
    movl %ebp, %ebp
    movq AT(stack)(%rbp), %rsp
    lgdt (%rsp)
    addq $16, %rsp
    leaq 1f(%rip), %rax                  /* CS lies on the stack */
    pushq %rax
    lretq
1:  .irp selector, ss, es, ds
    popq %rax
    movw %ax, %\selector
    .endr
    .irp register, r15, r14, r13, r12, rbp, rbx
    popq %\register
    .endr
    popfq
    ret

    .balign 8
gdt:
    .quad 0
    .quad 0x00af9b000000ffff             /* CODE64, accessed */
    .quad 0x00cf93000000ffff             /* DATA, accessed */
    .quad 0x00cf9b000000ffff             /* CODE32, accessed */
stack:
    .quad 0
gdtr:
    .word stack - gdt - 1
gdt_base:
    .quad 0
to_long:
    .long 0
    .word CODE64
paging_code_end:

    .section .note.GNU-stack, "", @progbits
