/* The tree in words. Siblings that are alike (the same below them, in the same order) are told
 * together, so that a regular machine takes one line however large it is. */
#include <muster/cpu_words.h>
#include <muster/topology.h>

enum { SET_LENGTH = 96, RUNS_TOLD = 3, DOMAINS_TOLD = 6 };

struct tree {
    const struct topology *topology;
    uint8_t levels; /* those that are told, as in struct topology_row */
    topology_line *line;
    void *context;
    uint32_t lines, dropped;
};

/* CPUs [from, to) of topology->order. */
struct span {
    uint32_t from, to;
};

static const struct topology_row *row_at(const struct tree *tree, uint32_t place)
{
    return &tree->topology->rows[tree->topology->order[place]];
}

static void say(struct tree *tree, const struct text *text)
{
    if (tree->lines + 1 >= TOPOLOGY_LINES_MAX) {
        tree->dropped++;
        return;
    }
    tree->lines++;
    tree->line(tree->context, text->at);
}

/* The next narrower level that is told; below TOPOLOGY_CORE there are only threads. */
static enum topology_level level_below(const struct tree *tree, enum topology_level level)
{
    while (level > TOPOLOGY_THREAD) {
        level--;
        if (tree->levels >> level & 1) {
            break;
        }
    }
    return level;
}

/* The first part of `span` that is one thing of this level. */
static struct span first_of(const struct tree *tree, struct span span, enum topology_level level)
{
    struct span part = {span.from, span.from + 1};
    while (part.to < span.to &&
           topology_same(row_at(tree, span.from), row_at(tree, part.to), level)) {
        part.to++;
    }
    return part;
}

/* A number that two spans have in common when what is below them is alike. FNV-1a over the counts
 * and core types, from outside in. At most one recursion for each level. */
static uint64_t shape_of(const struct tree *tree, struct span span, enum topology_level level)
{
    uint64_t shape = UINT64_C(0xcbf29ce484222325) + level;
    if (level == TOPOLOGY_THREAD) {
        return (shape ^ row_at(tree, span.from)->kind) * UINT64_C(0x100000001b3);
    }
    const enum topology_level below = level_below(tree, level);
    while (span.from < span.to) {
        const struct span part = first_of(tree, span, below);
        shape = (shape ^ shape_of(tree, part, below)) * UINT64_C(0x100000001b3);
        span.from = part.to;
    }
    return shape;
}

/* How many of this level `span` holds, and whether they are alike. */
static uint32_t parts_of(const struct tree *tree, struct span span, enum topology_level level,
                         bool *ret_alike)
{
    uint64_t first_shape = 0;
    uint32_t parts = 0;
    *ret_alike = true;
    while (span.from < span.to) {
        const struct span part = first_of(tree, span, level);
        const uint64_t shape = shape_of(tree, part, level);
        first_shape = parts == 0 ? shape : first_shape;
        *ret_alike = *ret_alike && shape == first_shape;
        parts++;
        span.from = part.to;
    }
    return parts;
}

static void add_count(struct text *out, uint32_t count, enum topology_level level)
{
    text_format(out, "%u %s%s", count, topology_level_name(level), count == 1 ? "" : "s");
}

/* Appends "2 dies x 4 cores x 2 threads"; false, and nothing, where the parts are not alike. */
static bool add_regular(const struct tree *tree, struct text *out, struct span span,
                        enum topology_level level)
{
    const char *before = "";
    const size_t start = out->length;
    while (level > TOPOLOGY_THREAD) {
        bool alike;
        level = level_below(tree, level);
        const uint32_t parts = parts_of(tree, span, level, &alike);
        if (!alike) {
            out->length = start;
            out->at[start] = '\0';
            return false;
        }
        text_add(out, before);
        add_count(out, parts, level);
        before = " x ";
        span = first_of(tree, span, level);
    }
    if (row_at(tree, span.from)->kind) {
        text_format(out, " of type 0x%x", row_at(tree, span.from)->kind);
    }
    return true;
}

static void add_cpus(const struct tree *tree, struct text *out, struct span span)
{
    struct cpuset cpus;
    cpuset_clear(&cpus);
    for (uint32_t place = span.from; place < span.to; place++) {
        cpuset_add(&cpus, tree->topology->order[place]);
    }
    cpu_words_name(out, &cpus, SET_LENGTH);
}

/* Appends "packages 0-3,8": the numbers of the things of this level that `span` holds. */
static void add_names(const struct tree *tree, struct text *out, struct span span,
                      enum topology_level level)
{
    bool alike;
    const uint32_t parts = parts_of(tree, span, level, &alike);
    uint32_t told = 0, runs = 0;
    text_format(out, "%s%s ", topology_level_name(level), parts == 1 ? "" : "s");
    while (span.from < span.to) {
        const uint32_t first = row_at(tree, span.from)->id[level];
        uint32_t last = first, number = 0;
        if (runs == RUNS_TOLD) {
            text_format(out, " and %u more", parts - told);
            return;
        }
        for (; span.from < span.to; span.from = first_of(tree, span, level).to, number++) {
            const uint32_t id = row_at(tree, span.from)->id[level];
            if (number > 0 && id != last + 1) {
                break;
            }
            last = id;
        }
        text_format(out, last == first ? "%s%u" : "%s%u-%u", runs > 0 ? "," : "", first, last);
        told += number;
        runs++;
    }
}

static void tell_level(struct tree *tree, struct span span, enum topology_level level,
                       uint32_t indent);

/* Siblings that are alike: one line, and what is below the first where that is irregular. */
static void tell_run(struct tree *tree, struct span run, struct span first,
                     enum topology_level level, uint32_t indent)
{
    char buffer[TOPOLOGY_LINE_MAX];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "%*s", (int)indent, "");
    add_names(tree, &text, run, level);
    text_add(&text, ": ");
    const bool regular = add_regular(tree, &text, first, level);
    text_add(&text, regular ? "; " : "");
    add_cpus(tree, &text, run);
    if (!regular && first.to < run.to) {
        text_format(&text, "; alike, the first is");
    }
    say(tree, &text);
    if (!regular) {
        tell_level(tree, first, level_below(tree, level), indent + 2);
    }
}

static void tell_level(struct tree *tree, struct span span, enum topology_level level,
                       uint32_t indent)
{
    while (span.from < span.to) {
        const struct span first = first_of(tree, span, level);
        const uint64_t shape = shape_of(tree, first, level);
        struct span run = first;
        while (run.to < span.to) {
            const struct span next = first_of(tree, (struct span){run.to, span.to}, level);
            if (shape_of(tree, next, level) != shape) {
                break;
            }
            run.to = next.to;
        }
        tell_run(tree, run, first, level, indent);
        span.from = run.to;
    }
}

static void tell_counts(struct tree *tree)
{
    char buffer[TOPOLOGY_LINE_MAX];
    struct text text;
    uint32_t sources = 0;
    const char *before = "; by ";
    text_init(&text, buffer, sizeof(buffer));
    for (uint32_t level = TOPOLOGY_LEVELS; level-- > 0;) {
        if (tree->levels >> level & 1) {
            add_count(&text, topology_count(tree->topology, level), level);
            text_add(&text, level > 0 ? ", " : "");
        }
    }
    for (uint32_t place = 0; place < tree->topology->known; place++) {
        sources |= 1u << row_at(tree, place)->source;
    }
    for (uint32_t source = 0; source < TOPOLOGY_SOURCES; source++) {
        if (sources >> source & 1) {
            text_format(&text, "%s%s", before, topology_source_name(source));
            before = " and ";
        }
    }
    say(tree, &text);
}

/* The lowest domain above `after` that a CPU has; CPU_NONE: there is none. `after` CPU_NONE: the
 * lowest of all. */
static uint32_t next_domain(const struct tree *tree, uint32_t after)
{
    uint32_t next = CPU_NONE;
    for (uint32_t place = 0; place < tree->topology->known; place++) {
        const uint32_t domain = row_at(tree, place)->domain;
        if (domain < next && (after == CPU_NONE || domain > after)) {
            next = domain;
        }
    }
    return next;
}

static void tell_domains(struct tree *tree)
{
    uint32_t told = 0;
    for (uint32_t domain = next_domain(tree, CPU_NONE); domain != CPU_NONE && told < DOMAINS_TOLD;
         domain = next_domain(tree, domain), told++) {
        char buffer[TOPOLOGY_LINE_MAX];
        struct text text;
        struct cpuset cpus;
        cpuset_clear(&cpus);
        for (uint32_t place = 0; place < tree->topology->known; place++) {
            if (row_at(tree, place)->domain == domain) {
                cpuset_add(&cpus, tree->topology->order[place]);
            }
        }
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, "proximity domain %u: ", domain);
        cpu_words_name(&text, &cpus, SET_LENGTH);
        if (told + 1 == DOMAINS_TOLD && next_domain(tree, domain) != CPU_NONE) {
            text_add(&text, "; and more domains");
        }
        say(tree, &text);
    }
}

void topology_tell(const struct topology *topology, topology_line *line, void *context)
{
    struct tree tree = {.topology = topology, .line = line, .context = context};
    if (topology->known == 0) {
        return;
    }
    tree.levels = 1 << TOPOLOGY_PACKAGE | 1 << TOPOLOGY_CORE | 1 << TOPOLOGY_THREAD;
    for (uint32_t place = 0; place < topology->known; place++) {
        tree.levels |= row_at(&tree, place)->levels;
    }
    tell_counts(&tree);
    tell_domains(&tree);
    tell_level(&tree, (struct span){0, topology->known}, TOPOLOGY_PACKAGE, 0);
    if (tree.dropped > 0) {
        char buffer[TOPOLOGY_LINE_MAX];
        struct text text;
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, "and %u lines more", tree.dropped);
        line(context, buffer);
    }
}
