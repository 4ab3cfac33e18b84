/* df.table-*: each pair of exceptions against table 6-5. */
#include <muster/judge.h>
#include <muster/judge_df.h>
#include <muster/judge_probe.h>
#include <muster/text.h>

/* Whatever came, it came once, with the NMIs that were due, and left the CPU whole. */
static bool came_alone(const struct df_cell *cell)
{
    return cell->came == 1 && cell->nmis == cell->nmis_wanted && !cell->changed;
}

enum df_state df_cell_state(const struct df_cell *cell)
{
    if (!came_alone(cell))
        return DF_WRONG;
    if (!cell->differs)
        return DF_AS_WANTED;
    return cell->deviates ? DF_DEVIATES : DF_WRONG;
}

void df_table_add(struct df_table *table, const struct obs_df *seen)
{
    for (uint32_t n = 0; n < seen->count; n++) {
        const struct df_cell *cell = &seen->cells[n];
        uint8_t *state = &table->state[cell->first][df_column_of((enum df_how)cell->how)];
        enum df_state now = df_cell_state(cell);
        if (now > *state)
            *state = (uint8_t)now;
    }
}

/* "ring 3 #DE, then #NP (an absent gate): #DF error 0x0" */
static void tell_pair(struct text *out, const struct df_cell *cell)
{
    enum df_first first = (enum df_first)cell->first;
    enum df_how how = (enum df_how)cell->how;

    text_format(out, "%s%s, then %s (%s): ", df_first_ring(first),
                vector_name(df_first_vector(first)), vector_name(df_how_vector(how)),
                df_how_words(how));
}

static void tell_vector(struct text *out, uint8_t vector, uint16_t error)
{
    text_add(out, vector_name(vector));
    if (vector_has_error_code(vector))
        text_format(out, " error 0x%x", error);
}

static void tell_seen(struct text *out, const struct df_cell *cell)
{
    static const char *const fields[] = {"vector", "error code", "RIP", "CS",    "RFLAGS",
                                         "RSP",    "SS",         "CR2", "stack", "GS base"};

    if (cell->came != 1) {
        text_format(out, "%u exceptions", cell->came);
        return;
    }
    tell_vector(out, cell->seen_vector, cell->seen_error);
    if (cell->nmis != cell->nmis_wanted)
        text_format(out, ", %u NMIs", cell->nmis);
    for (uint32_t n = 2; n < sizeof fields / sizeof fields[0]; n++) {
        if (cell->differs >> n & 1)
            text_format(out, ", another %s", fields[n]);
    }
    if (cell->changed)
        text_format(out, ", the CPU changed (0x%x)", cell->changed);
}

static const struct df_cell *first_in(const struct obs_df *df, enum df_state state)
{
    for (uint32_t n = 0; n < df->count; n++) {
        if (df_cell_state(&df->cells[n]) == state)
            return &df->cells[n];
    }
    return NULL;
}

static void tell_cell(const struct df_cell *cell, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    tell_pair(&expected, cell);
    tell_vector(&expected, cell->want_vector, cell->want_error);
    if (cell->nmis_wanted)
        text_add(&expected, " and 1 NMI");
    tell_seen(&seen, cell);
}

static const char *meaning(const struct df_cell *cell)
{
    const char *undefined = came_alone(cell) ? undefined_place_means(cell->differs) : NULL;

    if (cell->want_vector != VECTOR_DF)
        return "this pair is not handled one by one as table 6-5 says";
    return undefined ? undefined
                     : "no double fault, or not a sound one, was made of this pair: the second "
                       "fault would reach a handler that cannot know of the first";
}

enum verdict judge_df(const struct observation *observation, struct words *ret)
{
    const struct obs_df *df = &observation->df;
    const struct df_cell *cell = first_in(df, DF_WRONG);

    if (cell) {
        tell_cell(cell, ret);
        string_copy(ret->means, sizeof ret->means, meaning(cell));
        return VERDICT_FAIL;
    }
    cell = first_in(df, DF_DEVIATES);
    if (!cell)
        return VERDICT_PASS;
    tell_cell(cell, ret);
    string_copy(ret->means, sizeof ret->means,
                "known deviation of QEMU TCG: error codes without EXT (all versions) and with "
                "vector * 16 for vector * 8 (7.2); the exceptions are those of the manual");
    return VERDICT_DEVIATION;
}
