/* Words for the user, while there is a firmware console. */
#ifndef EFI_CONSOLE_H
#define EFI_CONSOLE_H

#include "firmware.h"

#include <muster/text.h>

enum { CONSOLE_LINE_MAX = 1024 };

/* Prints ASCII; each newline becomes CR LF. Does nothing where firmware has no console. */
void console_write(struct firmware *firmware, const char *string);

/* Prints at most CONSOLE_LINE_MAX - 1 characters. */
void console_format(struct firmware *firmware, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Asks the UEFI shell to stop after each screenful, until the program leaves (UEFI Shell 2.2,
 * 2.2, EnablePageBreak). Without a shell nothing changes: nobody there would press a key. */
void console_page(struct firmware *firmware);

/* Takes that back. */
void console_page_end(struct firmware *firmware);

#endif
