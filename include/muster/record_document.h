/* A record as the document muster/1, as a file holds it: JSON alone, without the markers that frame
 * it on a serial line. Pure. */
#ifndef MUSTER_RECORD_DOCUMENT_H
#define MUSTER_RECORD_DOCUMENT_H

#include <muster/record_tap.h>

/* As record_tap(). */
bool record_document(const struct record_contents *contents, const struct catalogue *catalogue,
                     char *scratch, record_take *take, void *context);

#endif
