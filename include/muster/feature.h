/* What CPUs may offer and checks ask for; all CPUs of one machine should offer the same. */
#ifndef MUSTER_FEATURE_H
#define MUSTER_FEATURE_H

enum feature {
    FEATURE_NONE, /* every 64-bit CPU has what is asked for */
    FEATURE_NX,
    FEATURE_SMEP,
    FEATURE_SMAP,
    FEATURE_UMIP,
    FEATURE_PKU,
    FEATURE_FSGSBASE,
    FEATURE_SYSCALL,
    FEATURE_LA57,
    FEATURE_COUNT
};

/* "SMEP" */
const char *feature_name(enum feature feature);

#endif
