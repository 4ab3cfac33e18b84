#include <muster/closing.h>

const char *closing_next(enum then then)
{
    switch (then) {
    case THEN_WAIT:
        return "Space: more of the list, P: its start. S: shuts down. Any other key: resets; by "
               "itself after 600 s. PS/2 or serial; USB keyboards are gone.";
    case THEN_RESET:
        return "Resets now.";
    case THEN_SHUTDOWN:
        return "Shuts down now.";
    default:
        return "Halted. Switch the machine off or reset it.";
    }
}

/* Where something of the end is kept; false where nothing is. */
static bool kept_add(struct text *out, const struct record_kept *kept)
{
    if (record_whole(kept)) {
        text_add(out, "report kept");
    } else if (kept->pieces > 0) {
        text_format(out, "report kept in part, %u of %u pieces", kept->pieces, kept->wanted);
    } else if (kept->end) {
        text_add(out, "of the report only verdicts and failures are kept");
    } else {
        return false;
    }
    text_add(out, ": start again from this stick to save it");
    return true;
}

void closing_record(struct text *out, const struct options *options,
                    const struct record_claim *claim, const struct record_kept *kept)
{
    if (!options->record || kept_add(out, kept)) {
        return;
    }
    if (kept->death) {
        text_add(out, "the end of this run is not kept: the next start may tell of a death");
    } else {
        text_format(out, "no record is kept: %s",
                    claim->kept ? "firmware's SetVariable did not take it" : claim->why_not);
    }
}

const char *closing_rest(enum then then, bool kept, bool serial)
{
    return then == THEN_WAIT ? "press Space"
           : kept            ? "in the report kept"
           : serial          ? "in the serial report"
                             : "";
}
