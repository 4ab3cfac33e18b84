/* The first few of many APIC IDs, for a sentence. */
#ifndef MUSTER_ID_LIST_H
#define MUSTER_ID_LIST_H

#include <muster/text.h>

enum { ID_LIST_KEPT = 4 };

struct id_list {
    uint32_t count; /* those that were not kept, too */
    uint32_t ids[ID_LIST_KEPT];
};

void id_list_add(struct id_list *list, uint32_t id);

/* Appends "0x1, 0x2, 0x3, 0x4 and 12 more". */
void id_list_print(struct text *out, const struct id_list *list);

/* Appends "; " when something stands there already. */
void clause_begin(struct text *out);

#endif
