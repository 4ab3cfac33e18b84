/* The judges of mem.* that need no CPU, with the ids of their checks and what --break plants: for
 * tests that put them all to one machine. */
#ifndef MEM_JUDGES_H
#define MEM_JUDGES_H

#include <muster/falsify.h>
#include <muster/judge_mem.h>

static const struct mem_judge {
    const char *id;
    judge_of_memory *judge;
    void (*falsify)(struct handoff *handoff);
} mem_judges[] = {
    {"mem.low", judge_mem_low, falsify_mem_low},
    {"mem.map", judge_mem_map, falsify_mem_map},
    {"mem.kept", judge_mem_kept, falsify_mem_kept},
    {"mem.own", judge_mem_own, falsify_mem_own},
    {"mem.runtime", judge_mem_runtime, falsify_mem_runtime},
    {"mem.attributes", judge_mem_attributes, falsify_mem_attributes},
    {"mem.wx", judge_mem_wx, falsify_mem_wx},
};

enum { MEM_JUDGES = sizeof(mem_judges) / sizeof(mem_judges[0]) };

#endif
