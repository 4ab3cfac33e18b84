#include <muster/descriptor.h>
#include <muster/df_table.h>
#include <muster/text.h>

enum exception_class exception_class(uint32_t vector)
{
    const uint32_t contributory = 1u << VECTOR_DE | 1u << VECTOR_TS | 1u << VECTOR_NP |
                                  1u << VECTOR_SS | 1u << VECTOR_GP | 1u << VECTOR_CP;

    if (vector == VECTOR_PF || vector == VECTOR_VE)
        return CLASS_PAGE_FAULT;
    return vector < VECTOR_EXCEPTIONS && contributory >> vector & 1 ? CLASS_CONTRIBUTORY
                                                                    : CLASS_BENIGN;
}

bool double_fault(uint32_t first, uint32_t second)
{
    /* [first][second]: benign, contributory, page fault */
    static const bool doubles[CLASS_COUNT][CLASS_COUNT] = {
        [CLASS_BENIGN] = {false, false, false},
        [CLASS_CONTRIBUTORY] = {false, true, false},
        [CLASS_PAGE_FAULT] = {false, true, true},
    };

    return doubles[exception_class(first)][exception_class(second)];
}

uint32_t df_first_vector(enum df_first first)
{
    static const uint8_t vectors[FIRST_COUNT] = {
        [FIRST_UD] = VECTOR_UD,      [FIRST_BP] = VECTOR_BP,      [FIRST_NM] = VECTOR_NM,
        [FIRST_DE] = VECTOR_DE,      [FIRST_TS] = VECTOR_TS,      [FIRST_NP] = VECTOR_NP,
        [FIRST_SS] = VECTOR_SS,      [FIRST_GP] = VECTOR_GP,      [FIRST_PF] = VECTOR_PF,
        [FIRST_USER_UD] = VECTOR_UD, [FIRST_USER_BP] = VECTOR_BP, [FIRST_USER_DE] = VECTOR_DE,
        [FIRST_USER_GP] = VECTOR_GP, [FIRST_USER_PF] = VECTOR_PF};

    return vectors[first];
}

const char *df_first_ring(enum df_first first)
{
    return first < FIRST_USER ? "" : "ring 3 ";
}

static const struct {
    uint8_t vector;
    const char *words;
} hows[HOW_COUNT] = {
    [HOW_TS_LIMIT] = {VECTOR_TS, "an IST entry beyond the TSS's limit"},
    [HOW_NP_GATE] = {VECTOR_NP, "an absent gate"},
    [HOW_NP_SEGMENT] = {VECTOR_NP, "an absent code segment"},
    [HOW_SS_STACK] = {VECTOR_SS, "a non-canonical stack"},
    [HOW_GP_NULL] = {VECTOR_GP, "a null selector in the gate"},
    [HOW_GP_TYPE] = {VECTOR_GP, "no interrupt gate"},
    [HOW_GP_SELECTOR] = {VECTOR_GP, "a selector beyond the GDT"},
    [HOW_GP_LIMIT] = {VECTOR_GP, "a gate beyond the IDT's limit"},
    [HOW_PF_STACK] = {VECTOR_PF, "a stack that is not mapped"},
    [HOW_PF_IDT] = {VECTOR_PF, "a gate in a page that is not mapped"},
    [HOW_NMI] = {VECTOR_NMI, "an NMI at the same moment"},
};

uint32_t df_how_vector(enum df_how how)
{
    return hows[how].vector;
}

const char *df_how_words(enum df_how how)
{
    return hows[how].words;
}

bool df_possible(enum df_first first, enum df_how how)
{
    uint32_t vector = df_first_vector(first);

    /* These take all gates from the first one's on away: #DF's must come before, and nothing else
     * may be needed. */
    if (how == HOW_GP_LIMIT || how == HOW_PF_IDT)
        return vector > VECTOR_DF && double_fault(vector, df_how_vector(how));
    return how != HOW_NMI || first < FIRST_USER;
}

static const uint8_t columns[DF_COLUMNS] = {VECTOR_DE, VECTOR_TS, VECTOR_NP, VECTOR_SS,
                                            VECTOR_GP, VECTOR_PF, VECTOR_NMI};

uint32_t df_column_vector(uint32_t column)
{
    return columns[column];
}

uint32_t df_column_of(enum df_how how)
{
    uint32_t column = 0;

    while (columns[column] != df_how_vector(how))
        column++;
    return column;
}

void df_cell_text(const struct df_table *table, enum df_first first, uint32_t column, char ret[8])
{
    static const char *const marks[] = {
        [DF_UNASKED] = "", [DF_AS_WANTED] = "", [DF_DEVIATES] = "~", [DF_WRONG] = "!"};
    uint32_t one = df_first_vector(first), two = df_column_vector(column);
    enum df_state state = table->state[first][column];
    struct text text;

    text_init(&text, ret, 8);
    if (two == VECTOR_DE)
        text_add(&text, "-");
    else if (state != DF_UNASKED)
        text_format(&text, "%s%s", vector_name(double_fault(one, two) ? VECTOR_DF : two),
                    marks[state]);
}

bool df_table_empty(const struct df_table *table)
{
    for (enum df_first first = 0; first < FIRST_COUNT; first++) {
        for (uint32_t column = 0; column < DF_COLUMNS; column++) {
            if (table->state[first][column] != DF_UNASKED)
                return false;
        }
    }
    return true;
}
