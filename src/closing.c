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

void closing_record(struct text *out, const struct options *options,
                    const struct record_claim *claim, uint32_t pieces)
{
    if (!options->record) {
        return;
    }
    if (pieces > 0) {
        text_add(out, "report kept: start again from this stick to save it");
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
