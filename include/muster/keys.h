/* Keys that a person presses at the end of a run. Pure; any phase. */
#ifndef MUSTER_KEYS_H
#define MUSTER_KEYS_H

#include <stdint.h>

enum key {
    /* nothing, a key let go, a part of a longer sequence, or what alone says nothing: Shift, Ctrl,
     * Alt, a lock */
    KEY_NONE,
    KEY_NEXT,     /* space, N, page down, down */
    KEY_BACK,     /* to the first page: P, backspace, page up, up */
    KEY_SHUTDOWN, /* S */
    KEY_OTHER,    /* any other that somebody meant */
};

/* A byte from a PS/2 keyboard, scan code set 1 as the controller translates it. */
enum key key_of_scan_code(uint8_t code);

/* Where in an escape sequence (ECMA-48, 5.4) a terminal is: begin with all zero. */
struct key_sequence {
    uint8_t state, parameter;
};

/* A character from a terminal. A lone ESC is KEY_NONE: it may begin a sequence; so is NUL. */
enum key key_of_character(struct key_sequence *sequence, uint8_t character);

#endif
