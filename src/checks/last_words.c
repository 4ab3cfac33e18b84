/* What an unexpected exception left behind, in words. */
#include "run.h"

void last_words_place(const struct run *run, uint64_t rip, struct text *out)
{
    const struct image_layout *image = &run->handoff->image;

    text_format(out, "RIP 0x%lx", (unsigned long)rip);
    if (rip - image->text.base < image->text.size)
        text_format(out, " (image + 0x%lx)", (unsigned long)(rip - image->base));
}

void last_words_tell(const struct run *run, const struct cpu *cpu, struct words *ret)
{
    const struct last_words *last = &cpu->last_words;
    uint32_t vector = last->frame.vector & 0xff;
    struct text seen;

    string_copy(ret->expected, sizeof ret->expected, "no exception here");
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "vector %u %s error 0x%lx, ", vector, vector_name(vector),
                (unsigned long)last->frame.error);
    last_words_place(run, last->frame.rip, &seen);
    text_format(&seen, ", RSP 0x%lx, RFLAGS 0x%lx, CR2 0x%lx, RAX 0x%lx",
                (unsigned long)last->frame.rsp, (unsigned long)last->frame.rflags,
                (unsigned long)last->cr2, (unsigned long)last->frame.rax);
    string_copy(ret->means, sizeof ret->means,
                "an exception that no check asked for: these are the CPU's last words, it takes no "
                "further part");
}
