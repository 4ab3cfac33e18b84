/* The files that a record becomes, beside the program. */
#ifndef EFI_RECORD_FILES_H
#define EFI_RECORD_FILES_H

#include "firmware.h"

#include <muster/record.h>

/* What one file is to hold: hands it to `take`, part by part. */
struct record_text {
    const char *ending; /* ".tap" */
    bool (*tell)(const struct record_text *text,
                 bool (*take)(void *context, const void *bytes, uint32_t size), void *context);
    const void *subject;
    char *scratch;
};

/* Writes each text as a file of one name that no file has yet, whole or not at all. On success the
 * name, without ending, goes to `ret_name`; else `ret_why` says what could not be done. */
bool record_files_write(struct firmware *firmware, const struct record_contents *contents,
                        const struct record_text *texts, uint32_t count, struct text *ret_name,
                        struct text *ret_why);

#endif
