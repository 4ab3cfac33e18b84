/* --then wait: the report stays until a key or time ends it. */
#include "wait.h"
#include "registers.h"
#include "work.h"
#include <muster/keys.h>

enum {
    PORT_KEYBOARD_DATA = 0x60,
    PORT_KEYBOARD = 0x64,
    KEYBOARD_FULL = 0x01,  /* a byte waits */
    KEYBOARD_MOUSE = 0x20, /* and comes from the mouse */
    STALE_MAX = 64,
    LOOK_US = 20000,
};

static enum key poll_serial(struct run *run, struct key_sequence *sequence)
{
    int character = uart_read(&run->sinks.uart);

    return character < 0 ? KEY_NONE : key_of_character(sequence, (uint8_t)character);
}

/* An absent controller reads 0xFF. */
static enum key poll_keyboard(void)
{
    uint8_t status = port_read8(PORT_KEYBOARD);

    if (status == 0xff || !(status & KEYBOARD_FULL))
        return KEY_NONE;
    uint8_t code = port_read8(PORT_KEYBOARD_DATA);
    return status & KEYBOARD_MOUSE ? KEY_NONE : key_of_scan_code(code);
}

static enum key poll(struct run *run, struct key_sequence *sequence)
{
    enum key key = poll_serial(run, sequence);

    return key == KEY_NONE ? poll_keyboard() : key;
}

/* What was pressed while the checks ran was not meant for us. */
static void forget_stale(struct run *run)
{
    struct key_sequence sequence = {0};

    for (uint32_t n = 0; n < STALE_MAX; n++)
        poll(run, &sequence);
}

static enum key next_key(struct run *run, struct key_sequence *sequence)
{
    uint64_t begin = tsc_read();

    while (clock_us(&run->fleet.clock, tsc_read() - begin) / 1000000 < WAIT_S) {
        enum key key = poll(run, sequence);
        if (key != KEY_NONE)
            return key;
        work_wait(&run->fleet, LOOK_US);
    }
    return KEY_OTHER;
}

/* A page begins where the one before ended; from the last there is no next. Back is to the first.
 */
static void turn(struct run *run, struct failures_page *page, enum key key)
{
    if (key == KEY_NEXT && page->left == 0)
        return;
    page->first = key == KEY_NEXT ? page->first + page->told : 0;
    sinks_show(&run->sinks, "");
}

enum then wait_for_person(struct run *run)
{
    struct key_sequence sequence = {0};

    forget_stale(run);
    /* Never reached: work_wait() only sleeps here. */
    __atomic_store_n(&run->fleet.outstanding, 1, __ATOMIC_RELEASE);
    for (;;) {
        enum key key = next_key(run, &sequence);
        if (key != KEY_NEXT && key != KEY_BACK)
            return key == KEY_SHUTDOWN ? THEN_SHUTDOWN : THEN_RESET;
        turn(run, run->sinks.model.page, key);
    }
}
