#include <muster/advice.h>

#include <muster/text.h>

/* By the beginning of the id; the first that fits. The last fits all. */
static const struct {
    const char *begin, *next;
} table[] = {
    {"up.", "run it again: the same CPU at the same stage points at that CPU or its start-up code; "
            "--cpus leaves it out"},
    {"mps.", "hand the finding to those who build the firmware: its MP Services are at fault"},
    {"roll.", "compare with --dry-run; then hand the finding to those who build the ACPI tables"},
    {"state.", "compare with another firmware version (--baseline, muster-diff); the firmware sets "
               "this up on each CPU"},
    {"mca.", "read the system's event log: the hardware has reported an error"},
    {"mem.", "compare with --dry-run and the shell's memmap; the firmware makes this map"},
    {"tsc.",
     "run it again with --repeat 10; a constant offset is the firmware's, a growing one the "
     "clock's"},
    {"timer.", "run it again with --repeat 10, and with firmware's power saving off"},
    {"smi.", "ask those who build the firmware what its SMI handlers do, and how often"},
    {"",
     "run it again with --only and --repeat 100: the same CPU each time points at the part or its "
     "microcode, another each time at timing or SMM"},
};

const char *advice_for(const char *id)
{
    uint32_t n = 0;
    while (!string_starts(id, table[n].begin)) {
        n++;
    }
    return table[n].next;
}
