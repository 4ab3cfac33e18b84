#include <muster/claims.h>
#include <muster/text.h>

void note_add(struct notes *notes, const char *check, const char *format, ...)
{
    if (notes->count >= NOTE_MAX) {
        notes->dropped++;
        return;
    }
    struct note *note = &notes->list[notes->count++];
    struct text text;
    va_list args;
    note->check = check;
    text_init(&text, note->text, sizeof(note->text));
    va_start(args, format);
    text_vformat(&text, format, args);
    va_end(args);
}
