#include <muster/keys.h>

enum { RELEASED = 0x80, ESC = 0x1b, BACKSPACE = 0x08, DELETE = 0x7f };
enum { STATE_PLAIN, STATE_ESC, STATE_SEQUENCE };

enum key key_of_scan_code(uint8_t code)
{
    if (code == 0 || code >= RELEASED) {
        return KEY_NONE;
    }
    switch (code) {
    case 0x39: /* space */
    case 0x31: /* N */
    case 0x50: /* down */
    case 0x51: /* page down */
        return KEY_NEXT;
    case 0x19: /* P */
    case 0x0e: /* backspace */
    case 0x48: /* up */
    case 0x49: /* page up */
        return KEY_BACK;
    case 0x1f: /* S */
        return KEY_SHUTDOWN;
    case 0x1d: /* Ctrl; right Ctrl and the others are the same behind 0xE0 */
    case 0x2a: /* Shift; behind 0xE0 what goes before a grey key, by the state of Num Lock */
    case 0x36: /* right Shift */
    case 0x38: /* Alt */
    case 0x3a: /* Caps Lock */
    case 0x45: /* Num Lock */
    case 0x46: /* Scroll Lock */
    case 0x5b: /* left and right GUI, behind 0xE0 */
    case 0x5c:
        return KEY_NONE;
    default:
        return KEY_OTHER;
    }
}

static enum key plain_key(uint8_t character)
{
    switch (character) {
    case ' ':
    case 'n':
    case 'N':
        return KEY_NEXT;
    case 'p':
    case 'P':
    case BACKSPACE:
    case DELETE:
        return KEY_BACK;
    case 's':
    case 'S':
        return KEY_SHUTDOWN;
    default:
        return KEY_OTHER;
    }
}

/* CSI A is up, CSI B down, CSI 5 ~ page up, CSI 6 ~ page down. */
static enum key sequence_key(const struct key_sequence *sequence, uint8_t final)
{
    if (final == 'B' || (final == '~' && sequence->parameter == '6')) {
        return KEY_NEXT;
    }
    if (final == 'A' || (final == '~' && sequence->parameter == '5')) {
        return KEY_BACK;
    }
    return KEY_NONE;
}

enum key key_of_character(struct key_sequence *sequence, uint8_t character)
{
    if (character == '\0') { /* nobody types it: a line that is plugged in may read so */
        return KEY_NONE;
    }
    if (character == ESC) {
        *sequence = (struct key_sequence){.state = STATE_ESC};
        return KEY_NONE;
    }
    if (sequence->state == STATE_ESC && (character == '[' || character == 'O')) {
        sequence->state = STATE_SEQUENCE;
        return KEY_NONE;
    }
    if (sequence->state == STATE_SEQUENCE && character < '@') {
        sequence->parameter = character;
        return KEY_NONE;
    }
    enum key key = sequence->state == STATE_SEQUENCE ? sequence_key(sequence, character)
                                                     : plain_key(character);
    sequence->state = STATE_PLAIN;
    return key;
}
