#include "listing.h"
#include "console.h"
#include "pages.h"

#include <muster/check.h>
#include <muster/options.h>
#include <muster/paragraph.h>

#include <version.h>

enum { HELP_MAX = 16384, ENTRY_MAX = 1536, WIDTH = 79, INDENT = 4 };

void listing_version(struct firmware *firmware)
{
    console_format(firmware, "muster %s build %s\n", MUSTER_VERSION, MUSTER_BUILD);
}

void listing_help(struct firmware *firmware)
{
    struct text help;
    char *buffer = pages_take(firmware, HELP_MAX, UINT32_MAX);
    if (buffer == NULL) {
        console_write(firmware, "muster: no memory for the help text\n");
        return;
    }
    text_init(&help, buffer, HELP_MAX);
    options_help(&help);
    console_write(firmware, buffer);
}

static void print_check(struct firmware *firmware, const struct check_info *check)
{
    char buffer[ENTRY_MAX];
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    text_format(&out, "%s (%s, %s)\n", check->id, scope_name(check->scope),
                hazard_name(check->hazard));
    paragraph_print(&out, INDENT, WIDTH, "claim:  ", check->claim);
    paragraph_print(&out, INDENT, WIDTH, "source: ", check->source);
    if (check->needs[0] != '\0') {
        paragraph_print(&out, INDENT, WIDTH, "needs:  ", check->needs);
    }
    paragraph_print(&out, INDENT, WIDTH, "defect: ", check->defect);
    console_write(firmware, buffer);
}

void listing_checks(struct firmware *firmware)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        print_check(firmware, catalogue_get(n));
    }
}
