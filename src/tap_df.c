/* The double-fault table, as comments of a TAP report. */
#include <muster/descriptor.h>
#include <muster/tap.h>

static const char *class_name(enum df_first first)
{
    static const char *const names[CLASS_COUNT] = {
        [CLASS_BENIGN] = "benign",
        [CLASS_CONTRIBUTORY] = "contributory",
        [CLASS_PAGE_FAULT] = "page fault",
    };

    return first < FIRST_USER ? names[exception_class(df_first_vector(first))] : "in ring 3";
}

static void add_head(struct text *out)
{
    text_add(out, "# df: first, then    ");
    for (uint32_t column = 0; column < DF_COLUMNS; column++)
        text_format(out, " %-5s", vector_name(df_column_vector(column)));
    text_add(out, "\n");
}

static void add_row(struct text *out, const struct df_table *table, enum df_first first)
{
    text_format(out, "# df: %s %-14s", vector_name(df_first_vector(first)), class_name(first));
    for (uint32_t column = 0; column < DF_COLUMNS; column++) {
        char cell[8];
        df_cell_text(table, first, column, cell);
        text_format(out, " %-5s", cell);
    }
    text_add(out, "\n");
}

void tap_df(struct text *out, const struct report *report)
{
    if (df_table_empty(&report->df))
        return;
    add_head(out);
    for (enum df_first first = 0; first < FIRST_COUNT; first++)
        add_row(out, &report->df, first);
    text_add(out,
             "# df: #DF: double fault; else the second is handled by itself; ~ known deviation, "
             "! failed, - raised by no delivery\n");
}
