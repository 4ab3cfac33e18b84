/* The catalogue of checks as the value that pure code asks for. */
#ifndef EFI_CATALOGUE_H
#define EFI_CATALOGUE_H

#include <muster/check.h>
#include <muster/selection.h>

static inline struct catalogue catalogue_of_checks(void)
{
    return (struct catalogue){.count = catalogue_count(),
                              .get = catalogue_get,
                              .breakable = catalogue_breakable,
                              .left_out = catalogue_left_out};
}

#endif
