/* CPUs by number, in words that stay short for thousands of them. */
#include <muster/cpu_words.h>

enum { RANGE_LENGTH_MAX = 10 }; /* ",4000-4001" */

void cpu_words_count(struct text *out, uint32_t count)
{
    text_format(out, "%u CPU%s", count, count == 1 ? "" : "s");
}

/* The last member of the unbroken run that begins at `from`. */
static uint32_t run_end(const struct cpuset *set, uint32_t from)
{
    while (cpuset_has(set, from + 1)) {
        from++;
    }
    return from;
}

void cpu_words_name(struct text *out, const struct cpuset *set, uint32_t most)
{
    uint32_t count = cpuset_count(set), told = 0;
    size_t start = out->length;
    if (count > 0) {
        text_add(out, count == 1 ? "CPU " : "CPUs ");
    }
    for (uint32_t at = cpuset_next(set, 0); at != CPU_NONE;) {
        uint32_t last = run_end(set, at);
        const char *comma = told ? "," : "";
        if (told && out->length - start + RANGE_LENGTH_MAX > most) {
            text_format(out, ",... and %u more", count - told);
            return;
        }
        if (last == at) {
            text_format(out, "%s%u", comma, at);
        } else {
            text_format(out, "%s%u-%u", comma, at, last);
        }
        told += last - at + 1;
        at = cpuset_next(set, last + 1);
    }
}
