#include <muster/claims.h>
#include <muster/text.h>

static bool is_judged(const char *check)
{
    return check[0] != '\0';
}

static bool is_first(const struct notes *notes, uint32_t n, const char *check)
{
    uint32_t before = 0;
    while (before < n && !string_equal(notes->list[before].check, check)) {
        before++;
    }
    return before == n;
}

/* The last of the notes that are only told; for the first note of a check, else the last that is
 * not the first of its own. */
static struct note *give_way(struct notes *notes, const char *check)
{
    for (uint32_t n = NOTE_MAX; n-- > 0;) {
        if (!is_judged(notes->list[n].check)) {
            return &notes->list[n];
        }
    }
    for (uint32_t n = is_first(notes, NOTE_MAX, check) ? NOTE_MAX : 0; n-- > 0;) {
        if (!is_first(notes, n, notes->list[n].check)) {
            return &notes->list[n];
        }
    }
    return NULL;
}

static struct note *make_room(struct notes *notes, const char *check)
{
    if (notes->count < NOTE_MAX) {
        return &notes->list[notes->count++];
    }
    notes->dropped++;
    return is_judged(check) ? give_way(notes, check) : NULL;
}

void note_add(struct notes *notes, const char *check, const char *format, ...)
{
    struct note *note = make_room(notes, check);
    struct text text;
    va_list args;
    if (note == NULL) {
        return;
    }
    note->check = check;
    text_init(&text, note->text, sizeof(note->text));
    va_start(args, format);
    text_vformat(&text, format, args);
    va_end(args);
}
