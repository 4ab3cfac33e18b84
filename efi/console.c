#include "console.h"

enum { PIECE = 128 };

/* What waits to go to OutputString(), which takes NUL-terminated UCS-2 (UEFI 2.10, 12.4.3). */
struct piece {
    SIMPLE_TEXT_OUTPUT_INTERFACE *console;
    uint32_t length;
    CHAR16 units[PIECE];
};

static void piece_flush(struct piece *piece)
{
    piece->units[piece->length] = 0;
    piece->length = 0;
    piece->console->OutputString(piece->console, piece->units);
}

static void piece_add(struct piece *piece, char c)
{
    /* Room for CR, LF and the NUL. */
    if (piece->length > PIECE - 3) {
        piece_flush(piece);
    }
    if (c == '\n') {
        piece->units[piece->length++] = '\r';
    }
    piece->units[piece->length++] = (uint8_t)c < 0x80 ? (CHAR16)c : '?';
}

void console_write(struct firmware *firmware, const char *string)
{
    struct piece piece = {.console = firmware->system->ConOut};
    if (piece.console == NULL) {
        return;
    }
    /* Firmware leaves the cursor, and a serial line its escape sequences, in the middle of a line.
     */
    if (!firmware->spoken) {
        piece_add(&piece, '\n');
        firmware->spoken = true;
    }
    for (; *string != '\0'; string++) {
        piece_add(&piece, *string);
    }
    piece_flush(&piece);
}

void console_format(struct firmware *firmware, const char *format, ...)
{
    char buffer[CONSOLE_LINE_MAX];
    struct text line;
    va_list args;
    text_init(&line, buffer, sizeof(buffer));
    va_start(args, format);
    text_vformat(&line, format, args);
    va_end(args);
    console_write(firmware, buffer);
}

static EFI_SHELL_PROTOCOL *find_shell(const struct firmware *firmware)
{
    static const EFI_GUID shell = EFI_SHELL_PROTOCOL_GUID;
    return firmware_locate(firmware, &shell);
}

void console_page(struct firmware *firmware)
{
    const EFI_SHELL_PROTOCOL *shell = find_shell(firmware);
    if (shell != NULL) {
        shell->EnablePageBreak();
        firmware->paging = true;
    }
}

void console_page_end(struct firmware *firmware)
{
    const EFI_SHELL_PROTOCOL *shell = firmware->paging ? find_shell(firmware) : NULL;
    if (shell != NULL) {
        shell->DisablePageBreak();
    }
    firmware->paging = false;
}
