/*
 * What firmware's APs run after boot services: copied to a page below 1 MiB, where SIPI starts them
 * (real mode, CS = page >> 4, IP = 0). They go to 64-bit mode and poll the mailbox.
 *
 * EBP is the page throughout. The words at the end are filled by parking_lay().
 */
#define AT(label) (label - parking_code)

CR0_PE_BIT = 1 << 0
CR0_CACHES = 1 << 30 | 1 << 29           /* CD, NW: INIT leaves them set after a reset */
CR0_PG_BIT = 1 << 31
CR0_WP_BIT = 1 << 16                     /* CR4.CET wants it */
CR4_PCIDE_BIT = 1 << 17
CR4_CET_BIT = 1 << 23
CR3_LOW = 0x18                           /* a PCID; without PCIDs: PWT, PCD */
S_CET = 0x6a2
S_CET_ON = 1 << 0 | 1 << 2               /* shadow stacks, though there is none; jumps are tracked */
EFER = 0xc0000080
EFER_LME_BIT = 1 << 8
MTRR_DEF_TYPE = 0x2ff
MTRR_ALL_WB = 0x806                      /* E, default WB */
CODE64 = 0x08
DATA = 0x10
CODE32 = 0x18

/* The mailbox, ACPI 6.5, 5.2.12.19 */
COMMAND = 0
APIC_ID = 4
WAKEUP_VECTOR = 8
NOOP = 0
WAKEUP = 1

    .section .rodata
    .globl parking_code, parking_code_end
    .hidden parking_code, parking_code_end
    .code16
parking_code:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    movl AT(parking_page), %ebp
    lgdtl AT(gdtr)
    movl %cr0, %eax
    andl $~CR0_CACHES, %eax
    orl $CR0_PE_BIT, %eax
    movl %eax, %cr0
    ljmpl *AT(parking_to_protected)

/* 32-bit mode, paging off. */
    .code32
protected:
    movl $DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl AT(parking_cr4)(%ebp), %eax
    movl %eax, %cr4
    movl AT(parking_cr3)(%ebp), %eax
    movl %eax, %cr3
    movl $EFER, %ecx
    rdmsr
    orl $EFER_LME_BIT, %eax
    wrmsr
    movl %cr0, %eax
    orl $CR0_PG_BIT, %eax
    movl %eax, %cr0
    ljmpl *AT(parking_to_long)(%ebp)

/* 64-bit mode, memory below 4 GiB identity-mapped. EDI becomes the APIC ID (leaf 0xB, else 1). */
    .code64
long:
    movl %ebp, %ebp
    xorl %eax, %eax
    cpuid
    cmpl $0xb, %eax
    jb 1f
    movl $0xb, %eax
    xorl %ecx, %ecx
    cpuid
    movl %edx, %edi
    testl %ebx, %ebx
    jnz 2f
1:  movl $1, %eax
    cpuid
    shrl $24, %ebx
    movl %ebx, %edi
/* One CPU whose memory types are its own: INIT, which would clear them in an emulator, is over. */
2:  cmpl %edi, AT(parking_cached)(%rbp)
    jne 3f
    movl $MTRR_DEF_TYPE, %ecx
    movl $MTRR_ALL_WB, %eax
    xorl %edx, %edx
    wrmsr
/* One CPU with what an OS may guard itself by. */
3:  cmpl %edi, AT(parking_guarded)(%rbp)
    jne 4f
    movq %cr0, %rax
    orq $CR0_WP_BIT, %rax
    movq %rax, %cr0
    movq %cr4, %rax
    orq $CR4_PCIDE_BIT | CR4_CET_BIT, %rax
    movq %rax, %cr4
    movq %cr3, %rax
    orq $CR3_LOW, %rax
    movq %rax, %cr3
    movl $S_CET, %ecx
    movl $S_CET_ON, %eax
    xorl %edx, %edx
    wrmsr
4:  lock incl AT(parking_count)(%rbp)
    cmpl %edi, AT(parking_deaf)(%rbp)
    je deaf

/* Only the CPU that is named takes the command; the vector is read before the command is cleared,
   since the OS may then send the next one (5.2.12.19). */
    movq AT(parking_mailbox)(%rbp), %rbx
poll:
    pause
    cmpw $WAKEUP, COMMAND(%rbx)
    jne poll
    cmpl %edi, APIC_ID(%rbx)
    jne poll
    movq WAKEUP_VECTOR(%rbx), %rax
    movw $NOOP, COMMAND(%rbx)
    /* Nothing but RIP is promised: who relies on a stack or a register finds this. */
    .irp register, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15
    movabsq $0xdeadbeefdeadbeef, %\register
    .endr
    jmp *%rax

deaf:
    cli
    hlt
    jmp deaf

    .balign 8
gdt:
    .quad 0
    .quad 0x00af9b000000ffff             /* CODE64, accessed */
    .quad 0x00cf93000000ffff             /* DATA, accessed */
    .quad 0x00cf9b000000ffff             /* CODE32, accessed */
gdtr:
    .word gdtr - gdt - 1
    .globl parking_gdt
    .hidden parking_gdt
parking_gdt:
    .long AT(gdt)

/* Where the two far jumps go. These, and parking_gdt, count from the page until it is added. */
    .globl parking_to_protected, parking_to_long
    .hidden parking_to_protected, parking_to_long
parking_to_protected:
    .long AT(protected)
    .word CODE32
parking_to_long:
    .long AT(long)
    .word CODE64

    .globl parking_page, parking_cr3, parking_cr4, parking_count, parking_deaf, parking_cached
    .hidden parking_page, parking_cr3, parking_cr4, parking_count, parking_deaf, parking_cached
    .globl parking_mailbox, parking_guarded
    .hidden parking_mailbox, parking_guarded
    .balign 8
parking_mailbox:
    .quad 0
parking_page:
    .long 0
parking_cr3:
    .long 0
parking_cr4:
    .long 0
parking_deaf:
    .long 0
parking_cached:
    .long 0
parking_guarded:
    .long 0
parking_count:                           /* APs that have come */
    .long 0
parking_code_end:

    .section .note.GNU-stack, "", @progbits
