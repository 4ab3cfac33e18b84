/*
 * What every AP runs first. SIPI starts it here, at offset 0 of a page below 1 MiB:
 * real mode, CS = page >> 4, IP = 0, interrupts off, nothing else known.
 *
 *   real mode       learns its APIC ID, writes itself into the log
 *   protected mode  finds its slot, asks CPUID for what the page tables need
 *   long mode       leaves for the image (ap_entry)
 *
 * EDI is the APIC ID throughout, ESI the slot's struct cpu from 32-bit mode on, EBP the page; ESP, since there
 * is no stack, CR0 as found, until the slot can take it.
 * The page is executable and read-only once paging is on: all stores to it happen before.
 */
#include <asm-offsets.h>

#define HEADER(field) (TRAMPOLINE_HEADER + HEADER_##field)

/* EDI = the x2APIC ID of leaf 0xB, else the 8-bit one of leaf 1 (SDM vol. 3A, 9.4.5); in any mode. Clobbers EAX, EBX,
 * ECX, EDX. */
.macro learn_apic_id
    xorl %eax, %eax
    cpuid
    cmpl $0xb, %eax
    jb 7f
    movl $0xb, %eax
    xorl %ecx, %ecx
    cpuid
    movl %edx, %edi
    testl %ebx, %ebx
    jnz 8f
7:  movl $1, %eax
    cpuid
    shrl $24, %ebx
    movl %ebx, %edi
8:
.endm

/* Stops the CPU that --break up.<stage> concerns. No stack exists yet, so this is no routine. */
.macro break_if stage, page=, to=stop
    cmpl $\stage, HEADER(BREAK_STAGE)\page
    jne 9f
    cmpl %edi, HEADER(BREAK_APIC_ID)\page
    je \to
9:
.endm

/* Stores stage and time in the slot; stops there when the slot says so. Clobbers EAX, EDX. */
.macro reach stage
    rdtsc
    movl %eax, CPU_STAGE_TSC + 8 * \stage(%esi)
    movl %edx, CPU_STAGE_TSC + 8 * \stage + 4(%esi)
    movl $\stage, CPU_STAGE(%esi)
    cmpl $\stage, CPU_BREAK_STAGE(%esi)
    je stop32
.endm

    .section .trampoline, "ax", @progbits
    .code16
    .globl trampoline_start
trampoline_start:
    cli
    cld
    jmp real_mode

/* struct trampoline_header. What is given here counts from the blob's start; trampoline_lay() adds the page. */
    .org TRAMPOLINE_HEADER + HEADER_PROTECTED_ENTRY
    .long trampoline_protected - trampoline_start
    .word TRAMPOLINE_CODE32
    .org TRAMPOLINE_HEADER + HEADER_LONG_ENTRY
    .long trampoline_long - trampoline_start
    .word TRAMPOLINE_CODE64
    .org TRAMPOLINE_HEADER + HEADER_GDT_LIMIT
    .word gdt_end - gdt - 1
    .long gdt - trampoline_start
    .org TRAMPOLINE_HEADER + HEADER_MAILBOX_ENTRY
    .long trampoline_mailbox - trampoline_start
    .org TRAMPOLINE_HEADER + HEADER_SIZE

    .balign 8
gdt:
    .quad 0
    .quad 0x00af9b000000ffff             /* 0x08 64-bit code, accessed */
    .quad 0x00cf93000000ffff             /* 0x10 data, accessed */
    .quad 0x00cf9b000000ffff             /* 0x18 32-bit code, accessed */
gdt_end:

real_mode:
    movw %cs, %ax
    movw %ax, %ds
    movl HEADER(PAGE), %ebp

    learn_apic_id
    break_if STAGE_SIPI_SENT

    movl $1, %eax
    lock xaddl %eax, HEADER(LOG_COUNT)
    cmpl HEADER(LOG_CAPACITY), %eax
    jae 3f
    shll $4, %eax
    addl HEADER(LOG_AT), %eax
    movl %eax, %ebx
    movl %edi, LOG_APIC_ID(%bx)
    rdtsc
    movl %eax, LOG_TSC(%bx)
    movl %edx, LOG_TSC + 4(%bx)
    movl $1, LOG_VALID(%bx)
3:
    break_if STAGE_REAL_MODE

    lgdtl HEADER(GDT_LIMIT)
    movl %cr0, %eax
    movl %eax, %esp
    andl $~(CR0_CD | CR0_NW), %eax       /* INIT leaves the caches as they were */
    orl $CR0_PE, %eax
    movl %eax, %cr0
    ljmpl *HEADER(PROTECTED_ENTRY)

stop:
    cli
    hlt
    jmp stop

/* 32-bit mode, paging off, flat segments after the first lines; EBP, EDI as before. */
    .code32
trampoline_protected:
    movl $TRAMPOLINE_DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs

    movl HEADER(SLOTS)(%ebp), %ebx
    movl HEADER(SLOT_COUNT)(%ebp), %ecx
1:  cmpl %edi, SLOT_APIC_ID(%ebx)
    je 2f
    addl $SLOT_SIZE, %ebx
    decl %ecx
    jnz 1b
    lock incl HEADER(STRANGERS)(%ebp)    /* never taken for somebody else */
    jmp stop32
2:  movl SLOT_CPU(%ebx), %esi
    movl $1, %eax
    lock xaddl %eax, CPU_CLAIMED(%esi)
    testl %eax, %eax
    jnz stop32                           /* the second to claim this slot */
    cmpl $0, CPU_ABANDONED(%esi)
    jne stop32
    reach STAGE_PROTECTED_MODE

    /* What INIT left, before any of it is changed. */
    movl %esp, CPU_FOUND_CR0(%esi)
    movl %cr4, %eax
    movl %eax, CPU_FOUND_CR4(%esi)
    movl $MSR_EFER, %ecx
    rdmsr
    movl %eax, CPU_FOUND_EFER(%esi)
    movl %edx, CPU_FOUND_EFER + 4(%esi)

    /* Nothing is switched on that this CPU does not offer. */
    cmpl $0, HEADER(NEEDS_NX)(%ebp)
    je 3f
    movl $0x80000000, %eax
    cpuid
    movl $REFUSAL_NO_NX, CPU_REFUSAL(%esi)
    cmpl $0x80000001, %eax
    jb stop32
    movl $0x80000001, %eax
    cpuid
    btl $20, %edx
    jnc stop32
    movl $REFUSAL_NONE, CPU_REFUSAL(%esi)
3:  cmpl $0, HEADER(NEEDS_LA57)(%ebp)
    je 4f
    movl $REFUSAL_NO_LA57, CPU_REFUSAL(%esi)
    xorl %eax, %eax
    cpuid
    cmpl $7, %eax
    jb stop32
    movl $7, %eax
    xorl %ecx, %ecx
    cpuid
    btl $16, %ecx
    jnc stop32
    movl $REFUSAL_NONE, CPU_REFUSAL(%esi)

    /* SDM vol. 3A, 10.8.5: PAE, CR3, EFER.LME, then paging. */
4:  movl HEADER(CR4)(%ebp), %eax
    movl %eax, %cr4
    movl HEADER(CR3)(%ebp), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    cmpl $0, HEADER(NEEDS_NX)(%ebp)
    je 5f
    orl $EFER_NXE, %eax
5:  wrmsr
    movl HEADER(CR0)(%ebp), %eax
    movl %eax, %cr0
    ljmpl *HEADER(LONG_ENTRY)(%ebp)

stop32:
    cli
    hlt
    jmp stop32

/* 64-bit mode, muster's page tables. The image may lie anywhere, hence the jump through a register. */
    .code64
trampoline_long:
    movl %esi, %esi
    movl %ebp, %ebp
    movq HEADER(ENTRY)(%rbp), %rax
    jmp *%rax

/*
 * Where the Multiprocessor Wakeup mailbox sends an AP: 64-bit mode already, firmware's page tables, which map
 * this page at its own address, interrupts off, nothing else known (ACPI 6.5, 5.2.12.19).
 */
trampoline_mailbox:
    endbr64                              /* firmware may track its jump here */
    cli
    cld
    leaq trampoline_start(%rip), %rbp
    learn_apic_id
    break_if STAGE_SIPI_SENT, (%rbp), stop64

    movl $1, %eax
    lock xaddl %eax, HEADER(LOG_COUNT)(%rbp)
    cmpl HEADER(LOG_CAPACITY)(%rbp), %eax
    jae 3f
    shll $4, %eax
    addl HEADER(LOG_AT)(%rbp), %eax
    leaq (%rbp, %rax), %rbx
    movl %edi, LOG_APIC_ID(%rbx)
    rdtsc
    movl %eax, LOG_TSC(%rbx)
    movl %edx, LOG_TSC + 4(%rbx)
    movl $1, LOG_VALID(%rbx)
3:
    break_if STAGE_REAL_MODE, (%rbp), stop64

    movl HEADER(SLOTS)(%rbp), %ebx
    movl HEADER(SLOT_COUNT)(%rbp), %ecx
4:  cmpl %edi, SLOT_APIC_ID(%rbx)
    je 5f
    addq $SLOT_SIZE, %rbx
    decl %ecx
    jnz 4b
    lock incl HEADER(STRANGERS)(%rbp)
    jmp stop64
5:  movl SLOT_CPU(%rbx), %esi
    movl $1, %eax
    lock xaddl %eax, CPU_CLAIMED(%rsi)
    testl %eax, %eax
    jnz stop64
    movl $1, CPU_FOUND_BY_MAILBOX(%rsi)
    movq %cr0, %rax
    movq %rax, CPU_FOUND_CR0(%rsi)
    movq %cr3, %rax
    movq %rax, CPU_FOUND_CR3(%rsi)
    movq %cr4, %rax
    movq %rax, CPU_FOUND_CR4(%rsi)
    movl $MSR_EFER, %ecx
    rdmsr
    movl %eax, CPU_FOUND_EFER(%rsi)
    movl %edx, CPU_FOUND_EFER + 4(%rsi)

    /* The number of levels cannot be changed here: it must be the one the tables were made for. */
    movl $REFUSAL_NO_LA57, CPU_REFUSAL(%rsi)
    movq %cr4, %rax
    xorl HEADER(CR4)(%rbp), %eax
    testl $CR4_LA57, %eax
    jnz stop64
    movl $REFUSAL_NONE, CPU_REFUSAL(%rsi)
    cmpl $0, HEADER(NEEDS_NX)(%rbp)
    je 6f
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_NXE, %eax
    wrmsr
    /* A CALL would store on firmware's shadow stack, which muster does not map. PCIDs may be turned off whatever CR3's
       low bits hold (SDM vol. 3A, 4.10.1): as PWT and PCD they are of no account until CR3 is loaded. */
6:  movq %cr4, %rax
    andq $~(CR4_CET | CR4_PCIDE), %rax
    movq %rax, %cr4
    movl HEADER(CR3)(%rbp), %eax
    movq %rax, %cr3
    movq HEADER(ENTRY)(%rbp), %rax
    jmp *%rax
stop64:
    cli
    hlt
    jmp stop64

    .section .note.GNU-stack, "", @progbits
