#include "dry_run_memory.h"
#include "console.h"

#include <muster/memory_map.h>

void dry_run_print_memory(struct firmware *firmware, const struct handoff *handoff)
{
    char buffer[CONSOLE_LINE_MAX];
    struct text line;
    text_init(&line, buffer, sizeof(buffer));
    memory_map_print_low(&line, &handoff->memory);
    console_format(firmware, "below 1 MiB: %s\n", buffer);
}
