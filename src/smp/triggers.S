/*
 * Instructions that fault. On arrival: RDI = argument, RSI = count, RFLAGS = PROBE_RFLAGS, the registers as
 * probe_enter() set them, RSP on the main stack. Nothing here may change RFLAGS before the fault.
 */
    .macro trigger name
    .globl trigger_\name, trigger_\name\()_rip
    .hidden trigger_\name, trigger_\name\()_rip
trigger_\name:
    .endm

    .section .text

    trigger push
    movq %rdi, %rsp
trigger_push_rip:
    pushq $0
    jmp probe_no_fault

/* MOV, LEA, JRCXZ leave RFLAGS alone: each round starts like the first. */
    trigger storm
    movq %rdi, %rsp
    movq %rsi, %rcx
trigger_storm_rip:
    pushq $0
    jmp probe_no_fault                   /* a push that went through ends the storm: one is missing */
    .globl trigger_storm_next
    .hidden trigger_storm_next
trigger_storm_next:
    leaq -1(%rcx), %rcx
    jrcxz 1f
    jmp trigger_storm_rip
1:  jmp probe_no_fault

    trigger load
trigger_load_rip:
    movq (%rdi), %rax
    jmp probe_no_fault

    trigger divide
    movl $1, %eax
    movl $0, %edx
    movl $0, %ecx
    movq %rdi, %rsp
trigger_divide_rip:
    divl %ecx
    jmp probe_no_fault

    trigger undefined
trigger_undefined_rip:
    ud2
    jmp probe_no_fault

    trigger soft_df
    int $8
trigger_soft_df_rip:
    jmp probe_no_fault

/* Without GS, which nobody has loaded when this is needed; RSP has not moved. */
    trigger read_msr
    movl %edi, %ecx
trigger_read_msr_rip:
    rdmsr
    movl %eax, (%rsi)
    movl %edx, 4(%rsi)
    jmp probe_resume

    trigger write_msr
    movl %edi, %ecx
    movl %esi, %eax
    xorl %edx, %edx
trigger_write_msr_rip:
    wrmsr
    jmp probe_resume

    .section .note.GNU-stack, "", @progbits
