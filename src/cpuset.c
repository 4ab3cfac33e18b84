#include <muster/cpuset.h>

enum { WORD_BITS = 64, WORDS = CPU_MAX / WORD_BITS };

static uint64_t bit_of(uint32_t cpu)
{
    return UINT64_C(1) << (cpu % WORD_BITS);
}

void cpuset_clear(struct cpuset *set)
{
    *set = (struct cpuset){0};
}

void cpuset_fill(struct cpuset *set, uint32_t count)
{
    cpuset_clear(set);
    for (uint32_t cpu = 0; cpu < count && cpu < CPU_MAX; cpu++) {
        cpuset_add(set, cpu);
    }
}

void cpuset_add(struct cpuset *set, uint32_t cpu)
{
    if (cpu < CPU_MAX) {
        set->bits[cpu / WORD_BITS] |= bit_of(cpu);
    }
}

void cpuset_remove(struct cpuset *set, uint32_t cpu)
{
    if (cpu < CPU_MAX) {
        set->bits[cpu / WORD_BITS] &= ~bit_of(cpu);
    }
}

bool cpuset_has(const struct cpuset *set, uint32_t cpu)
{
    return cpu < CPU_MAX && (set->bits[cpu / WORD_BITS] & bit_of(cpu)) != 0;
}

bool cpuset_empty(const struct cpuset *set)
{
    return cpuset_next(set, 0) == CPU_NONE;
}

bool cpuset_equal(const struct cpuset *a, const struct cpuset *b)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        if (a->bits[i] != b->bits[i]) {
            return false;
        }
    }
    return true;
}

/* Clears the lowest bit each round: popcount() would be a library call. */
static uint32_t bits_count(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

uint32_t cpuset_count(const struct cpuset *set)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        count += bits_count(set->bits[i]);
    }
    return count;
}

uint32_t cpuset_rank(const struct cpuset *set, uint32_t cpu)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < WORDS && i < cpu / WORD_BITS; i++) {
        rank += bits_count(set->bits[i]);
    }
    return cpu < CPU_MAX ? rank + bits_count(set->bits[cpu / WORD_BITS] & (bit_of(cpu) - 1)) : rank;
}

uint32_t cpuset_nth(const struct cpuset *set, uint32_t rank)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        uint64_t bits = set->bits[i];
        uint32_t here = bits_count(bits);
        if (rank >= here) {
            rank -= here;
            continue;
        }
        while (rank-- > 0) {
            bits &= bits - 1;
        }
        return i * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
    }
    return CPU_NONE;
}

uint32_t cpuset_next(const struct cpuset *set, uint32_t from)
{
    if (from >= CPU_MAX) {
        return CPU_NONE;
    }
    uint32_t i = from / WORD_BITS;
    uint64_t bits = set->bits[i] & -bit_of(from);
    while (bits == 0) {
        if (++i == WORDS) {
            return CPU_NONE;
        }
        bits = set->bits[i];
    }
    return i * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
}

void cpuset_unite(struct cpuset *set, const struct cpuset *more)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        set->bits[i] |= more->bits[i];
    }
}

void cpuset_subtract(struct cpuset *set, const struct cpuset *less)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        set->bits[i] &= ~less->bits[i];
    }
}

void cpuset_intersect(struct cpuset *set, const struct cpuset *with)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        set->bits[i] &= with->bits[i];
    }
}

/* Reads an index at *at and moves on; false where there is none, or one of CPU_MAX or more. */
static bool parse_index(const char **at, uint32_t *ret)
{
    const char *digit = *at;
    uint32_t value = 0;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        value = value * 10 + (uint32_t)(*digit - '0');
        if (value >= CPU_MAX) {
            return false;
        }
    }
    if (digit == *at) {
        return false;
    }
    *at = digit;
    *ret = value;
    return true;
}

/* Reads "3" or "3-7" at *at into `set` and moves on; on error *at is the offending place. */
static bool parse_range(const char **at, struct cpuset *set)
{
    uint32_t first;
    if (!parse_index(at, &first)) {
        return false;
    }
    uint32_t last = first;
    if (**at == '-') {
        const char *second = ++*at;
        if (!parse_index(at, &last)) {
            return false;
        }
        if (last < first) {
            *at = second;
            return false;
        }
    }
    for (uint32_t cpu = first; cpu <= last; cpu++) {
        cpuset_add(set, cpu);
    }
    return true;
}

long cpuset_parse(const char *text, struct cpuset *ret_set)
{
    struct cpuset set;
    cpuset_clear(&set);
    const char *at = text;
    for (;;) {
        if (!parse_range(&at, &set)) {
            return at - text;
        }
        if (*at == '\0') {
            *ret_set = set;
            return -1;
        }
        if (*at != ',') {
            return at - text;
        }
        at++;
    }
}

void cpuset_print(struct text *out, const struct cpuset *set)
{
    const char *separator = "";
    uint32_t first = cpuset_next(set, 0);
    while (first != CPU_NONE) {
        uint32_t last = first;
        while (cpuset_has(set, last + 1)) {
            last++;
        }
        text_format(out, last == first ? "%s%u" : "%s%u-%u", separator, first, last);
        separator = ",";
        first = cpuset_next(set, last + 1);
    }
}
