/* mem.trampoline, and the list of what --dry-run puts to the memory map. */
#include <muster/judge_mem.h>
#include <muster/text.h>

static void add_bytes(struct text *out, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text_format(out, " %02x", bytes[i]);
    }
}

enum verdict judge_mem_trampoline(const struct observation *observation, struct words *ret)
{
    const struct obs_low *low = &observation->low;
    const bool early = low->early.count > 0;
    const struct low_change *change = early ? &low->early : &low->late;
    struct text text;
    if (change->count == 0) {
        return VERDICT_PASS;
    }
    const unsigned long at = (unsigned long)(low->base + change->at);
    text_init(&text, ret->expected, sizeof(ret->expected));
    text_format(&text, "0x%lx:", at);
    add_bytes(&text, change->want, change->shown);
    text_init(&text, ret->seen, sizeof(ret->seen));
    text_format(&text, "0x%lx:", at);
    add_bytes(&text, change->seen, change->shown);
    text_format(&text, "; %u of 0x%x bytes at 0x%lx changed, %s the CPUs had come", change->count,
                low->size, (unsigned long)low->base, early ? "before" : "after");
    string_copy(ret->means, sizeof(ret->means),
                "firmware, SMM or a device writes below 1 MiB after ExitBootServices: an OS keeps "
                "its start-up code there, and a CPU that comes later, or wakes, runs what was "
                "written");
    return VERDICT_FAIL;
}
