#include "dry_run_state.h"
#include "console.h"

#include <muster/state_lines.h>

enum { LINE_MOST = 100, LINE_SIZE = 256 };

static void end_line(struct firmware *firmware, struct text *line)
{
    console_format(firmware, "state at entry: %s\n", line->at);
    text_init(line, line->at, line->size);
}

void dry_run_print_state(struct firmware *firmware, const struct state_record *entry)
{
    char buffer[LINE_SIZE];
    struct text line;
    text_init(&line, buffer, sizeof(buffer));
    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        if (!state_has(entry, slot) || entry->value[slot] == 0) {
            continue;
        }
        text_add(&line, line.length > 0 ? ", " : "");
        state_name_print(&line, slot);
        text_format(&line, " 0x%lx", (unsigned long)entry->value[slot]);
        if (line.length > LINE_MOST) {
            end_line(firmware, &line);
        }
    }
    if (line.length > 0) {
        end_line(firmware, &line);
    }
    text_add(&line, "on: ");
    state_switches_print(&line, entry);
    end_line(firmware, &line);
}
