/* The four functions that a C compiler may call on its own, for a program without a library. */
#ifndef MUSTER_MEMORY_H
#define MUSTER_MEMORY_H

#include <stddef.h>

#if __STDC_HOSTED__
#    include <string.h>
#else
/* As in C11, 7.24. Any phase, any CPU. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
#endif

#endif
