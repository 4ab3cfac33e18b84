#include <muster/feature.h>

const char *feature_name(enum feature feature)
{
    static const char names[FEATURE_COUNT][9] = {"",    "NX",       "SMEP",    "SMAP", "UMIP",
                                                 "PKU", "FSGSBASE", "SYSCALL", "LA57"};

    return feature < FEATURE_COUNT ? names[feature] : "?";
}
