/*
 * What all CPUs touch and run while each has its own breakpoint. On arrival as in triggers.S. RFLAGS stay
 * as they are: each slot is like every other.
 */
#include <asm-offsets.h>

    .macro trigger name
    .globl trigger_\name, trigger_\name\()_rip, trigger_\name\()_next
    .hidden trigger_\name, trigger_\name\()_rip, trigger_\name\()_next
trigger_\name:
    .endm

    .section .text

/* RDI = WATCHED_WORDS words, RSI = passes. Reads each word, then writes it. */
    trigger touch
    movq %rsi, %rcx
1:
    .set word, 0
    .rept WATCHED_WORDS
    {disp8} movq word * 8(%rdi), %rax
    {disp8} movq %rcx, word * 8(%rdi)
    .if word == 0
trigger_touch_rip:
    .endif
    .if word == 1
trigger_touch_next:
    .endif
    .set word, word + 1
    .endr
    leaq -1(%rcx), %rcx
    jrcxz 2f
    jmp 1b
2:  jmp probe_no_fault

/* RSI = passes over WATCHED_WORDS instructions. */
    trigger walk
    movq %rsi, %rcx
3:
    .set word, 0
    .rept WATCHED_WORDS
    .if word == 0
trigger_walk_rip:
    .endif
    .if word == 1
trigger_walk_next:
    .endif
    leaq 1(%rax), %rax
    .set word, word + 1
    .endr
    leaq -1(%rcx), %rcx
    jrcxz 4f
    jmp 3b
4:  jmp probe_no_fault

    trigger read_debug
trigger_read_debug_rip:
    movq %dr7, %rax
trigger_read_debug_next:
    jmp probe_no_fault

    .section .note.GNU-stack, "", @progbits
