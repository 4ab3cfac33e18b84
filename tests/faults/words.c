#include "words.h"

const EFI_SHELL_PARAMETERS_PROTOCOL *words_from_shell(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_SHELL_PARAMETERS_PROTOCOL_GUID;
    void *parameters = NULL;
    const EFI_STATUS status = system->BootServices->HandleProtocol(image, &guid, &parameters);
    return EFI_ERROR(status) ? NULL : parameters;
}

bool word_is(const CHAR16 *word, const char *wanted)
{
    while (*wanted != '\0' && *word == (CHAR16)*wanted) {
        word++;
        wanted++;
    }
    return *word == 0 && *wanted == '\0';
}

bool word_number(const CHAR16 *word, uint32_t *ret)
{
    uint64_t number = 0;
    const CHAR16 *at = word;
    for (; *at >= '0' && *at <= '9' && number <= UINT32_MAX; at++) {
        number = number * 10 + (*at - '0');
    }
    if (at == word || *at != 0 || number > UINT32_MAX) {
        return false;
    }
    *ret = (uint32_t)number;
    return true;
}

static void print(EFI_SYSTEM_TABLE *system, const char *string)
{
    CHAR16 unit[2] = {0};
    for (; *string != '\0'; string++) {
        unit[0] = (uint8_t)*string;
        system->ConOut->OutputString(system->ConOut, unit);
    }
}

void say(EFI_SYSTEM_TABLE *system, const char *program, const char *word, const char *what)
{
    print(system, program);
    print(system, ": ");
    print(system, word);
    print(system, ": ");
    print(system, what);
    print(system, "\r\n");
}

_Noreturn void leave(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, EFI_STATUS status)
{
    system->BootServices->Exit(image, status, 0, NULL);
    for (;;) {
        __asm__ volatile("pause");
    }
}
