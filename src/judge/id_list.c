#include "id_list.h"

void id_list_add(struct id_list *list, uint32_t id)
{
    if (list->count < ID_LIST_KEPT) {
        list->ids[list->count] = id;
    }
    list->count++;
}

void id_list_print(struct text *out, const struct id_list *list)
{
    for (uint32_t i = 0; i < list->count && i < ID_LIST_KEPT; i++) {
        text_format(out, "%s0x%x", i > 0 ? ", " : "", list->ids[i]);
    }
    if (list->count > ID_LIST_KEPT) {
        text_format(out, " and %u more", list->count - ID_LIST_KEPT);
    }
}

void clause_begin(struct text *out)
{
    if (out->length > 0) {
        text_add(out, "; ");
    }
}
