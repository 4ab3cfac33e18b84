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
