/* What the screen says at the end of a run, beside the verdict. Pure; any phase. */
#ifndef MUSTER_CLOSING_H
#define MUSTER_CLOSING_H

#include <muster/options.h>
#include <muster/record_claim.h>
#include <muster/text.h>

/* What became of a record in firmware's variables. */
struct record_kept {
    bool end;                /* the mark of the end was taken: the verdicts, and what failed */
    bool death;              /* where nothing of the end was taken: a mark of a death may stand */
    uint32_t pieces, wanted; /* of the result: those that were taken, of how many */
};

static inline bool record_whole(const struct record_kept *kept)
{
    return kept->pieces > 0 && kept->pieces == kept->wanted;
}

/* What happens next, and what a key does. */
const char *closing_next(enum then then);

/* What became of the record: "report kept: …", "no record is kept: …", or nothing where `options`
 * do not ask for one. */
void closing_record(struct text *out, const struct options *options,
                    const struct record_claim *claim, const struct record_kept *kept);

/* Where that can be read which the list of failures has no room for, or "": there is neither a key
 * to turn pages, nor a record, nor a serial line. */
const char *closing_rest(enum then then, bool kept, bool serial);

#endif
