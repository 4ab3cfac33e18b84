/* What a fault program is told, and what it says: words of the shell's command line, and lines. */
#ifndef FAULTS_WORDS_H
#define FAULTS_WORDS_H

#include <efi.h>

#include <stdbool.h>
#include <stdint.h>

/* The program's arguments from the UEFI shell; NULL where no shell started it (UEFI Shell 2.2,
 * 3.4). Argv[0] is the program. */
const EFI_SHELL_PARAMETERS_PROTOCOL *words_from_shell(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

bool word_is(const CHAR16 *word, const char *wanted);

/* A decimal number; false where `word` is none below 2^32. */
bool word_number(const CHAR16 *word, uint32_t *ret);

/* Prints "PROGRAM: WORD: what" and a line break. ASCII only. */
void say(EFI_SYSTEM_TABLE *system, const char *program, const char *word, const char *what);

/* Ends the program; what it installed stays. */
_Noreturn void leave(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, EFI_STATUS status);

#endif
