/* Where each CPU sits: thread, core, module, tile, die, package, as plain data for whoever draws
 * or writes it. */
#ifndef MUSTER_TOPOLOGY_H
#define MUSTER_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuid.h>
#include <muster/cpuset.h>

/* From the narrowest to the widest (SDM vol. 2A, CPUID leaf 0x1F: domain types 1 to 6). */
enum topology_level {
    TOPOLOGY_THREAD,
    TOPOLOGY_CORE,
    TOPOLOGY_MODULE, /* cores that share what is between a core and a die: a "cluster" elsewhere,
                        AMD's core complex */
    TOPOLOGY_TILE,
    TOPOLOGY_DIE,
    TOPOLOGY_DIE_GROUP,
    TOPOLOGY_PACKAGE,
    TOPOLOGY_LEVELS
};

/* What told a CPU's place; in rising order the better one wins. */
enum topology_source {
    TOPOLOGY_UNKNOWN, /* nothing: the CPU was lost, or left asleep; topology_seat() supposes one */
    TOPOLOGY_BY_FIRMWARE, /* MP Services: what --dry-run has */
    TOPOLOGY_BY_LEAF_1,   /* the legacy leaves: 1, and 4 where there is one */
    TOPOLOGY_BY_AMD,      /* leaves 0x80000008 and 0x8000001E */
    TOPOLOGY_BY_LEAF_B,
    TOPOLOGY_BY_LEAF_1F,
    TOPOLOGY_BY_AMD_LEVELS, /* leaf 0x80000026 */
    TOPOLOGY_SOURCES
};

/* One CPU. */
struct topology_row {
    uint32_t apic_id;
    /* Which thread of its core it is, which core of its module (or of the next wider level there
     * is), …, which package of the machine: the fields of the APIC ID. Levels that the source does
     * not tell are 0. */
    uint32_t id[TOPOLOGY_LEVELS];
    uint32_t domain; /* proximity domain, by the SRAT; CPU_NONE: none is told */
    uint8_t levels;  /* bit n: the source tells enum topology_level n */
    uint8_t source;  /* enum topology_source */
    uint8_t kind;    /* core type of a hybrid package, leaf 0x1A EAX[31:24]; 0: all are alike */
};

struct topology {
    uint32_t count;            /* rows, by CPU index */
    uint32_t known;            /* those that have a source */
    struct topology_row *rows; /* `count` */
    uint32_t *order;           /* the CPU indices of the `known` ones, neighbours side by side */
    uint32_t *seats;           /* those of all, by topology_seat() */
};

/* Leaf 0xB, 0x1F or 0x80000026 of one CPU: one level for each sub-leaf (SDM vol. 2A, CPUID; APM
 * vol. 3, CPUID Fn8000_0026); types that the leaf does not know are left out. */
enum { TOPOLOGY_SUBLEAVES = 8 };

struct topology_leaf {
    bool offered;  /* it has at least one level */
    bool same_id;  /* every sub-leaf told the same APIC ID */
    uint8_t count; /* of levels */
    uint32_t apic_id;
    uint8_t type[TOPOLOGY_SUBLEAVES];  /* ECX[15:8], 1 to 6 as leaf 0x1F numbers them */
    uint8_t shift[TOPOLOGY_SUBLEAVES]; /* EAX[4:0]: bits of the APIC ID up to the next level */
    uint16_t cpus[TOPOLOGY_SUBLEAVES]; /* EBX[15:0]: logical processors at this level */
};

/* Everything that CPUID says of the place of the CPU that asks. */
struct topology_words {
    uint32_t leaf1_id;   /* EBX[31:24] */
    uint8_t leaf1_cpus;  /* EBX[23:16], where EDX.HTT is set; else 1 */
    uint8_t leaf4_cores; /* EAX[31:26] + 1; 0: no leaf 4 */
    struct topology_leaf leaf_b, leaf_1f, leaf_80000026;
    bool has_1e;          /* AMD's leaf 0x8000001E */
    uint32_t amd_id;      /* its EAX */
    uint8_t amd_core;     /* its EBX[7:0] */
    uint16_t amd_threads; /* its EBX[15:8] + 1, in each core */
    uint8_t amd_node;     /* its ECX[7:0] */
    uint16_t amd_nodes;   /* its ECX[10:8] + 1, in each package */
    uint16_t amd_cpus;    /* 0x80000008 ECX[7:0] + 1, in each package; 0: not AMD's */
    uint8_t amd_shift;    /* 0x80000008 ECX[15:12] */
    uint8_t kind;         /* as in struct topology_row */
};

/* Reads it from the CPU that `read` runs on. Any phase. */
void topology_read(cpuid_reader *read, struct topology_words *ret);

/* The place that they name: by AMD's leaf 0x80000026 where 0xB agrees, else 0x1F, else 0xB, else
 * AMD's older ones, else the legacy leaves (SDM vol. 3A, 9.9; APM vol. 3, appendix E.5). `domain`
 * is left CPU_NONE. Pure. */
void topology_decode(const struct topology_words *words, struct topology_row *ret);

/* How many bits of the APIC ID lie below `level`, by one of these leaves. Pure. */
uint32_t topology_shift(const struct topology_leaf *leaf, enum topology_level level);

/* Bytes that the rows, the order and the seats of `cpus` CPUs take. */
uint64_t topology_size(uint32_t cpus);

/* Fills in what the SRAT says; sources and APIC IDs are known. Pure. */
struct srat_claims;
void topology_add_domains(struct topology *topology, const struct srat_claims *srat);

/* Takes the places of the inventory's CPUs from MP Services, for want of better. Pure. */
struct claims;
struct inventory;
void topology_from_claims(const struct claims *claims, const struct inventory *inventory,
                          struct topology *ret);

/* Fills `order` and `known` from `rows`. Pure. */
void topology_sort(struct topology *topology);

/* Fills `seats`. A row without a source takes the place that its APIC ID, as firmware claims it,
 * would have on the CPU that told `words`: APIC IDs are divided alike on all CPUs (roll.topology).
 * Pure. */
void topology_seat(struct topology *topology, const struct topology_words *words,
                   const struct inventory *inventory);

/* Whether two CPUs have the same place in all levels from TOPOLOGY_PACKAGE down to `level`. */
bool topology_same(const struct topology_row *a, const struct topology_row *b,
                   enum topology_level level);

/* How many different things of this level the known CPUs make up. */
uint32_t topology_count(const struct topology *topology, enum topology_level level);

/* "package", "die", … */
const char *topology_level_name(enum topology_level level);
/* "CPUID leaf 0x1f", … */
const char *topology_source_name(enum topology_source source);

/* Tells the tree line by line, at most TOPOLOGY_LINES_MAX of them: what is alike is told together,
 * "packages 0-1: 2 dies x 8 cores x 2 threads; CPUs 0-63"; what is not is spelled out one level
 * down. `topology` is sorted. No line is longer than TOPOLOGY_LINE_MAX. Pure. */
enum { TOPOLOGY_LINES_MAX = 40, TOPOLOGY_LINE_MAX = 200 };
typedef void topology_line(void *context, const char *line);
void topology_tell(const struct topology *topology, topology_line *line, void *context);

#endif
