/* The double-fault table: what one pair showed, and all pairs of all CPUs together. */
#ifndef MUSTER_JUDGE_DF_H
#define MUSTER_JUDGE_DF_H

#include <muster/observe_df.h>

enum df_state df_cell_state(const struct df_cell *cell);
/* Adds what one CPU saw; the worst stays. */
void df_table_add(struct df_table *table, const struct obs_df *seen);

#endif
