/* The parts of the document, one function each; each leaves the line ended. */
#ifndef MUSTER_DOCUMENT_PARTS_H
#define MUSTER_DOCUMENT_PARTS_H

#include <muster/baseline.h>
#include <muster/handoff.h>
#include <muster/json.h>
#include <muster/report.h>
#include <muster/state_groups.h>

void document_add_run(struct json *json, const struct report *report,
                      const struct options *options);
/* `identity` NULL: not known. */
void document_add_firmware(struct json *json, const struct report *report,
                           const struct identity *identity);
/* `inventory` NULL: not known. */
void document_add_inventory(struct json *json, const struct report *report,
                            const struct inventory *inventory);
/* The members of a row, as firmware claims them. */
void inventory_row_tell(struct json *json, const struct inventory_row *row);
void document_add_arrivals(struct json *json, const struct report *report);
void document_add_topology(struct json *json, const struct topology *topology);
/* The members of a row. */
void topology_row_tell(struct json *json, const struct topology_row *row);
/* Every value that was recorded, grouped by the CPUs that have it; `groups` where they are known
 * grouped already, else NULL. */
void document_add_states(struct json *json, const struct report *report,
                         const struct state_groups *groups);
void states_tell(struct baseline *baseline, bool all);
/* "state.cr0" */
enum { STATE_FACT_MAX = 48 };
void state_fact_name(char name[STATE_FACT_MAX], uint32_t slot);
/* Opens the row of a check, and says what it is. */
void document_add_check(struct json *json, const struct check_result *result);
/* How it ended; the row stays open. */
void document_add_result(struct json *json, const struct report *report, uint32_t n);
void document_add_df(struct json *json, const struct df_table *table);
/* What --self-test found: opens it, tells how a planting ended in its row, and closes it. */
void document_open_self_test(struct json *json, const struct self_test *test);
void document_add_planting(struct json *json, const struct self_test *test, uint32_t n);
void document_close_self_test(struct json *json, const struct self_test *test);
void document_add_end(struct json *json, const struct report *report);

#endif
