/*
 * What ring 0 does against a protection. As in triggers.S: RDI = argument, RSI = count, RFLAGS = PROBE_RFLAGS,
 * which nothing here changes before the fault. What is not stopped ends in probe_no_fault.
 */
    .macro trigger name
    .globl trigger_\name, trigger_\name\()_rip
    .hidden trigger_\name, trigger_\name\()_rip
trigger_\name:
    .endm

    .section .text

    trigger store
trigger_store_rip:
    movq %rax, (%rdi)
    jmp probe_no_fault

/* A write that changes nothing, whether it goes through or not. */
    trigger rewrite
trigger_rewrite_rip:
    orb $0, (%rdi)
    jmp probe_no_fault

/* The target may jump on to RSI. */
    trigger jump
    leaq probe_no_fault(%rip), %rsi
trigger_jump_rip:
    jmp *%rdi

    trigger write_cr4
trigger_write_cr4_rip:
    movq %rdi, %cr4
    jmp probe_no_fault

    trigger open_load
    stac
    movq (%rdi), %rax
    clac
trigger_open_load_rip:
    jmp probe_no_fault

/* Opens, reads, closes, reads again. */
    trigger closed_load
    stac
    movq (%rdi), %rax
    clac
trigger_closed_load_rip:
    movq (%rdi), %rax
    jmp probe_no_fault

    .section .note.GNU-stack, "", @progbits
