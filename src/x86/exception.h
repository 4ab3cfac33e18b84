/* What an exception or interrupt looks like once the entry code has saved everything. */
#ifndef X86_EXCEPTION_H
#define X86_EXCEPTION_H

#include <stddef.h>
#include <stdint.h>

/*
 * The stack at the call of exception_dispatch(), lowest address first:
 *
 *   r15 … rax   saved by entry.S
 *   vector      with ENTRY_NO_ERROR_CODE when the CPU pushed none
 *   error       the CPU's error code, or 0
 *   rip cs rflags rsp ss   pushed by the CPU (SDM vol. 3A, figure 6-9)
 */
struct exception_frame {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector;
    uint64_t error;
    uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(offsetof(struct exception_frame, vector) == 15 * 8, "entry.S pushes 15 registers");
_Static_assert(offsetof(struct exception_frame, cs) - offsetof(struct exception_frame, vector) ==
                   24,
               "ENTRY_CS");
_Static_assert(offsetof(struct exception_frame, cs) - offsetof(struct exception_frame, rip) == 8,
               "RETURN_CS");
_Static_assert(sizeof(struct exception_frame) % 16 == 0, "the call is made on an aligned stack");

enum { ENTRY_NO_ERROR_CODE = 0x100, ENTRY_STUB_BYTES = 16 };

/* 256 entry points of ENTRY_STUB_BYTES each, in vector order. */
extern const char entry_stubs[] __attribute__((visibility("hidden")));

/* Runs on the CPU and the stack the exception was delivered on, interrupts off. Returning resumes
 * what `frame` says, with IRETQ. */
void exception_dispatch(struct exception_frame *frame);

#endif
