/* Why muster does not go on: one line for the user, one status for whoever started it. */
#ifndef EFI_REFUSAL_H
#define EFI_REFUSAL_H

#include "firmware.h"

enum { REFUSAL_TEXT_MAX = 768 };

struct refusal {
    EFI_STATUS status;
    char message[REFUSAL_TEXT_MAX]; /* names source, thing and remedy */
};

/* Fills `refusal`; always false, so that a step can say and return in one expression. */
bool refuse(struct refusal *refusal, EFI_STATUS status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* False, with the reason, in a confidential guest whose CPUs only the hypervisor may start or whose
 * exceptions are not its own: SEV-ES, SEV-SNP, TDX. */
bool refusal_spares_guest(struct refusal *ret_refusal);

#endif
