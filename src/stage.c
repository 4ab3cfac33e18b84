#include <muster/stage.h>

static const struct {
    const char *id;
    const char *sentence;
} stages[STAGE_COUNT] = {
    [STAGE_NONE] = {"none", "was never called"},
    [STAGE_INIT_SENT] =
        {"init-sent",
         "was called, by INIT or the wakeup mailbox; no SIPI went out to it, or it never took the "
         "call"},
    [STAGE_SIPI_SENT] =
        {"sipi-sent",
         "was sent its SIPI, or took its call from the wakeup mailbox; never ran an instruction "
         "of muster's"},
    [STAGE_REAL_MODE] = {"real-mode",
                         "ran its first instructions; was turning protection on, or found no slot"
                         " with its APIC ID"},
    [STAGE_PROTECTED_MODE] = {"protected-mode", "reached 32-bit mode; was turning paging on"},
    [STAGE_LONG_MODE] = {"long-mode", "reached 64-bit mode; was taking its stack"},
    [STAGE_STACK] = {"stack", "stood on its own stack; was loading its GDT"},
    [STAGE_GDT] = {"gdt", "loaded its GDT; was loading its task register"},
    [STAGE_TSS] = {"tss", "loaded its TSS; was loading its IDT"},
    [STAGE_IDT] = {"idt", "loaded its IDT; was setting its GS bases"},
    [STAGE_GS] = {"gs", "set its GS bases; was turning its local APIC on"},
    [STAGE_APIC] = {"apic", "turned its local APIC on; was reporting for work"},
    [STAGE_ONLINE] = {"online", "reported for work, then never took any"},
};

const char *stage_id(uint32_t stage)
{
    return stage < STAGE_COUNT ? stages[stage].id : "none";
}

const char *stage_sentence(uint32_t stage)
{
    return stage < STAGE_COUNT ? stages[stage].sentence : "stored a stage that does not exist";
}

void stage_print(struct text *out, uint32_t first, uint32_t last)
{
    if (first != STAGE_NONE && first != last) {
        text_format(out, "first stage %s, then ", stage_id(first));
    }
    text_format(out, "stage %s", stage_id(last));
}

enum stage stage_find(const char *id)
{
    for (uint32_t stage = STAGE_INIT_SENT; stage < STAGE_COUNT; stage++) {
        if (string_equal(stages[stage].id, id))
            return (enum stage)stage;
    }
    return STAGE_NONE;
}
