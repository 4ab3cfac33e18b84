/* The double-fault table: which exception in the delivery of which other becomes #DF (SDM vol. 3A,
 * table 6-5), and the ways in which muster makes each pair. Pure. */
#ifndef MUSTER_DF_TABLE_H
#define MUSTER_DF_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum exception_class { CLASS_BENIGN, CLASS_CONTRIBUTORY, CLASS_PAGE_FAULT, CLASS_COUNT };

/* SDM vol. 3A, table 6-4. */
enum exception_class exception_class(uint32_t vector);
/* SDM vol. 3A, table 6-5: whether `second`, raised while `first` is delivered, makes a #DF of both;
 * else it is handled by itself. */
bool double_fault(uint32_t first, uint32_t second);

/* The exceptions that are raised first; each is a row of the table, and a check. */
enum df_first {
    FIRST_UD,
    FIRST_BP,
    FIRST_NM,
    FIRST_DE,
    FIRST_TS,
    FIRST_NP,
    FIRST_SS,
    FIRST_GP,
    FIRST_PF,
    FIRST_USER, /* from here on raised by ring 3, so that their delivery changes the ring */
    FIRST_USER_UD = FIRST_USER,
    FIRST_USER_BP,
    FIRST_USER_DE,
    FIRST_USER_GP,
    FIRST_USER_PF,
    FIRST_COUNT
};
enum { FIRST_USER_COUNT = FIRST_COUNT - FIRST_USER };
uint32_t df_first_vector(enum df_first first);
/* "ring 3 " or "", to stand before its name. */
const char *df_first_ring(enum df_first first);

/* What raises the second: how the first one's gate is spoilt. */
enum df_how {
    HOW_TS_LIMIT,    /* an IST entry beyond the TSS's limit: #TS */
    HOW_NP_GATE,     /* an absent gate: #NP */
    HOW_NP_SEGMENT,  /* an absent code segment: #NP */
    HOW_SS_STACK,    /* a stack that is not canonical, by IST, for ring 3 by RSP0: #SS */
    HOW_GP_NULL,     /* a null selector: #GP */
    HOW_GP_TYPE,     /* not a gate's type: #GP */
    HOW_GP_SELECTOR, /* a selector beyond the GDT's limit: #GP */
    HOW_GP_LIMIT,    /* beyond the IDT's limit: #GP; #DF's gate stays within */
    HOW_PF_STACK,    /* a stack that is not mapped, in the same way: #PF */
    HOW_PF_IDT,      /* an IDT whose second page is not mapped: #PF; #DF's gate is in the first */
    HOW_NMI,         /* a sound gate, and an NMI at the same moment: benign */
    HOW_COUNT
};
uint32_t df_how_vector(enum df_how how);
const char *df_how_words(enum df_how how);

/* Whether this pair can be made: the gates that its outcome needs must stay within reach, and ring
 * 3 sends no NMI. */
bool df_possible(enum df_first first, enum df_how how);

/* What the whole table showed: a row for each first, a column for each second exception. */
enum df_state { DF_UNASKED, DF_AS_WANTED, DF_DEVIATES, DF_WRONG }; /* the worst stays */
enum { DF_COLUMNS = 7 };
uint32_t df_column_vector(uint32_t column); /* #DE, #TS, #NP, #SS, #GP, #PF, NMI */
uint32_t df_column_of(enum df_how how);

struct df_table {
    uint8_t state[FIRST_COUNT][DF_COLUMNS]; /* enum df_state */
};

/* "#DF", or the exception that is delivered by itself, with '~' behind it for a known deviation and
 * '!' for a failure; "-" where no delivery raises it; "" where nobody asked. `ret` has 8 bytes. */
void df_cell_text(const struct df_table *table, enum df_first first, uint32_t column, char ret[8]);
bool df_table_empty(const struct df_table *table);

#endif
