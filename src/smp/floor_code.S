/*
 * One real-mode instruction that can be counted, and a halt. Copied to offset 0 of a page below 1 MiB; the
 * counter is the page's last doubleword.
 */
    .section .rodata
    .code16
    .globl floor_code, floor_code_end
    .hidden floor_code, floor_code_end
floor_code:
    lock incl %cs:0xffc
1:  hlt
    jmp 1b
floor_code_end:
    .section .note.GNU-stack, "", @progbits
