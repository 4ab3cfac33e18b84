#include <muster/inventory.h>
#include <muster/topology.h>

enum {
    LEAF_FEATURES = 1,
    LEAF_CACHE = 4,
    LEAF_EXTENDED_FEATURES = 7,
    LEAF_TOPOLOGY = 0xb,
    LEAF_HYBRID = 0x1a,
    LEAF_TOPOLOGY_V2 = 0x1f,
    FEATURES_EDX_HTT = 28,
    EXTENDED_EDX_HYBRID = 15,
    AMD_ECX_TOPOLOGY = 22,
    SHIFT_MAX = 31,
};

#define LEAF_AMD_MAX      0x80000000u
#define LEAF_AMD_FEATURES 0x80000001u
#define LEAF_AMD_SIZES    0x80000008u
#define LEAF_AMD_TOPOLOGY 0x8000001eu
#define LEAF_AMD_LEVELS   0x80000026u

/* --- what CPUID says --- */

/* A leaf and its domain types as those of leaf 0x1F; others are reserved, and passed over. */
struct leaf_types {
    uint32_t leaf, count;
    uint8_t as[7];
};

static const struct leaf_types leaf_b_types = {LEAF_TOPOLOGY, 3, {0, 1, 2}};
static const struct leaf_types leaf_1f_types = {LEAF_TOPOLOGY_V2, 7, {0, 1, 2, 3, 4, 5, 6}};
/* Each tells the bits up to what it is named after: core, complex, die, socket (APM vol. 3, CPUID
 * Fn8000_0026). */
static const struct leaf_types amd_types = {LEAF_AMD_LEVELS, 5, {0, 1, 2, 3, 5}};

static void leaf_read(cpuid_reader *read, const struct leaf_types *types, struct topology_leaf *ret)
{
    *ret = (struct topology_leaf){.same_id = true};
    for (uint32_t n = 0; n < TOPOLOGY_SUBLEAVES; n++) {
        const struct cpuid_result r = read(types->leaf, n);
        const uint8_t type = (uint8_t)(r.ecx >> 8);
        if (type == 0 || (n == 0 && r.ebx == 0)) {
            break;
        }
        ret->apic_id = n == 0 ? r.edx : ret->apic_id;
        ret->same_id = ret->same_id && ret->apic_id == r.edx;
        if (type < types->count) {
            ret->type[ret->count] = types->as[type];
            ret->shift[ret->count] = r.eax & 0x1f;
            ret->cpus[ret->count] = (uint16_t)r.ebx;
            ret->count++;
        }
    }
    ret->offered = ret->count > 0;
}

static bool is_amd(cpuid_reader *read)
{
    const struct cpuid_result vendor = read(0, 0);
    return (vendor.ebx == 0x68747541 && vendor.edx == 0x69746e65 && vendor.ecx == 0x444d4163) ||
           (vendor.ebx == 0x6f677948 && vendor.edx == 0x6e65476e && vendor.ecx == 0x656e6975);
}

/* APM vol. 3, E.4.7 and E.4.17; CPUID Fn8000_0026. */
static void amd_read(cpuid_reader *read, struct topology_words *ret)
{
    const uint32_t max = read(LEAF_AMD_MAX, 0).eax;
    if (!is_amd(read) || max < LEAF_AMD_SIZES) {
        return;
    }
    if (max >= LEAF_AMD_LEVELS) {
        leaf_read(read, &amd_types, &ret->leaf_80000026);
    }
    const struct cpuid_result sizes = read(LEAF_AMD_SIZES, 0);
    ret->amd_cpus = (uint16_t)((sizes.ecx & 0xff) + 1);
    ret->amd_shift = sizes.ecx >> 12 & 0xf;
    if (max < LEAF_AMD_TOPOLOGY || !(read(LEAF_AMD_FEATURES, 0).ecx >> AMD_ECX_TOPOLOGY & 1)) {
        return;
    }
    const struct cpuid_result topology = read(LEAF_AMD_TOPOLOGY, 0);
    ret->has_1e = true;
    ret->amd_id = topology.eax;
    ret->amd_core = (uint8_t)topology.ebx;
    ret->amd_threads = (uint16_t)((topology.ebx >> 8 & 0xff) + 1);
    ret->amd_node = (uint8_t)topology.ecx;
    ret->amd_nodes = (uint16_t)((topology.ecx >> 8 & 7) + 1);
}

void topology_read(cpuid_reader *read, struct topology_words *ret)
{
    const uint32_t max = read(0, 0).eax;
    const struct cpuid_result features = read(LEAF_FEATURES, 0);
    *ret = (struct topology_words){.leaf1_id = features.ebx >> 24, .leaf1_cpus = 1};
    if (features.edx >> FEATURES_EDX_HTT & 1) {
        ret->leaf1_cpus = (uint8_t)(features.ebx >> 16);
    }
    if (max >= LEAF_CACHE) {
        const struct cpuid_result cache = read(LEAF_CACHE, 0);
        ret->leaf4_cores = cache.eax & 0x1f ? (uint8_t)((cache.eax >> 26) + 1) : 0;
    }
    if (max >= LEAF_TOPOLOGY) {
        leaf_read(read, &leaf_b_types, &ret->leaf_b);
    }
    if (max >= LEAF_TOPOLOGY_V2) {
        leaf_read(read, &leaf_1f_types, &ret->leaf_1f);
    }
    if (max >= LEAF_HYBRID && read(LEAF_EXTENDED_FEATURES, 0).edx >> EXTENDED_EDX_HYBRID & 1) {
        ret->kind = (uint8_t)(read(LEAF_HYBRID, 0).eax >> 24);
    }
    amd_read(read, ret);
}

/* --- the place that it names --- */

static uint32_t bits_for(uint32_t count)
{
    uint32_t bits = 0;
    while (bits < SHIFT_MAX && (UINT32_C(1) << bits) < count) {
        bits++;
    }
    return bits;
}

/* Bits [low, high) of the APIC ID. */
static uint32_t field(uint32_t apic_id, uint32_t low, uint32_t high)
{
    return high <= low ? 0 : apic_id >> low & (uint32_t)((UINT64_C(1) << (high - low)) - 1);
}

static void decode_leaf(const struct topology_leaf *leaf, struct topology_row *ret)
{
    uint32_t low = 0;
    ret->apic_id = leaf->apic_id;
    for (uint32_t n = 0; n < leaf->count; n++) {
        const uint32_t level = leaf->type[n] - 1u;
        ret->id[level] = field(leaf->apic_id, low, leaf->shift[n]);
        ret->levels |= (uint8_t)(1 << level);
        low = leaf->shift[n] > low ? leaf->shift[n] : low;
    }
    ret->id[TOPOLOGY_PACKAGE] = leaf->apic_id >> low;
}

static void decode_shifts(uint32_t apic_id, uint32_t thread_bits, uint32_t package_bits,
                          struct topology_row *ret)
{
    ret->apic_id = apic_id;
    ret->id[TOPOLOGY_THREAD] = field(apic_id, 0, thread_bits);
    ret->id[TOPOLOGY_CORE] = field(apic_id, thread_bits, package_bits);
    ret->id[TOPOLOGY_PACKAGE] =
        apic_id >> (package_bits > thread_bits ? package_bits : thread_bits);
    ret->levels = 1 << TOPOLOGY_THREAD | 1 << TOPOLOGY_CORE;
}

static void decode_amd(const struct topology_words *words, struct topology_row *ret)
{
    const uint32_t package = words->amd_shift ? words->amd_shift : bits_for(words->amd_cpus);
    const uint32_t thread = words->has_1e ? bits_for(words->amd_threads) : 0;
    /* An emulator was seen to tell one extended ID for all CPUs. */
    const bool sound = words->has_1e && (words->amd_id & 0xff) == words->leaf1_id;
    decode_shifts(sound ? words->amd_id : words->leaf1_id, thread, package, ret);
}

/* SDM vol. 3A, 9.9.3: threads in a package by leaf 1, cores by leaf 4. */
static void decode_legacy(const struct topology_words *words, struct topology_row *ret)
{
    const uint32_t package = bits_for(words->leaf1_cpus);
    const uint32_t cores = bits_for(words->leaf4_cores ? words->leaf4_cores : 1);
    decode_shifts(words->leaf1_id, package > cores ? package - cores : 0, package, ret);
}

uint32_t topology_shift(const struct topology_leaf *leaf, enum topology_level level)
{
    uint32_t shift = 0;
    for (uint32_t n = 0; n < leaf->count; n++) {
        if (leaf->type[n] - 1u < (uint32_t)level) {
            shift = leaf->shift[n];
        }
    }
    return shift;
}

/* Leaf 0xB, older and everywhere, must tell the same ID, threads and packages: what lies between is
 * all that is new. */
static bool amd_tells_levels(const struct topology_words *words)
{
    const struct topology_leaf *b = &words->leaf_b, *amd = &words->leaf_80000026;
    return b->offered && amd->offered && b->apic_id == amd->apic_id &&
           topology_shift(b, TOPOLOGY_CORE) == topology_shift(amd, TOPOLOGY_CORE) &&
           topology_shift(b, TOPOLOGY_PACKAGE) == topology_shift(amd, TOPOLOGY_PACKAGE);
}

void topology_decode(const struct topology_words *words, struct topology_row *ret)
{
    *ret = (struct topology_row){.domain = CPU_NONE, .kind = words->kind};
    if (amd_tells_levels(words)) {
        ret->source = TOPOLOGY_BY_AMD_LEVELS;
        decode_leaf(&words->leaf_80000026, ret);
    } else if (words->leaf_1f.offered) {
        ret->source = TOPOLOGY_BY_LEAF_1F;
        decode_leaf(&words->leaf_1f, ret);
    } else if (words->leaf_b.offered) {
        ret->source = TOPOLOGY_BY_LEAF_B;
        decode_leaf(&words->leaf_b, ret);
    } else if (words->amd_cpus) {
        ret->source = TOPOLOGY_BY_AMD;
        decode_amd(words, ret);
    } else {
        ret->source = TOPOLOGY_BY_LEAF_1;
        decode_legacy(words, ret);
    }
    ret->levels |= 1 << TOPOLOGY_PACKAGE;
}

/* --- all of them --- */

/* By place, the widest level first; CPU indices decide between CPUs in one place. */
static bool stands_before(const struct topology *topology, uint32_t a, uint32_t b)
{
    const struct topology_row *left = &topology->rows[a], *right = &topology->rows[b];
    for (uint32_t level = TOPOLOGY_LEVELS; level-- > 0;) {
        if (left->id[level] != right->id[level]) {
            return left->id[level] < right->id[level];
        }
    }
    return a < b;
}

/* One step of heapsort: what stands at `root` sinks to where no child stands behind it. */
static void sink(const struct topology *topology, uint32_t *order, uint32_t root, uint32_t end)
{
    for (uint32_t child = 2 * root + 1; child < end; child = 2 * root + 1) {
        if (child + 1 < end && stands_before(topology, order[child], order[child + 1])) {
            child++;
        }
        if (!stands_before(topology, order[root], order[child])) {
            return;
        }
        const uint32_t moved = order[root];
        order[root] = order[child];
        order[child] = moved;
        root = child;
    }
}

static void sort(const struct topology *topology, uint32_t *order, uint32_t count)
{
    for (uint32_t root = count / 2; root-- > 0;) {
        sink(topology, order, root, count);
    }
    for (uint32_t end = count; end-- > 1;) {
        const uint32_t last = order[0];
        order[0] = order[end];
        order[end] = last;
        sink(topology, order, 0, end);
    }
}

void topology_sort(struct topology *topology)
{
    uint32_t known = 0;
    for (uint32_t index = 0; index < topology->count; index++) {
        if (topology->rows[index].source != TOPOLOGY_UNKNOWN) {
            topology->order[known++] = index;
        }
    }
    topology->known = known;
    sort(topology, topology->order, known);
}

/* The place of another CPU, in the words of this one. */
static void suppose(struct topology_words words, uint32_t apic_id, struct topology_row *ret)
{
    words.leaf_1f.apic_id = words.leaf_b.apic_id = words.leaf_80000026.apic_id = apic_id;
    words.amd_id = words.leaf1_id = apic_id;
    topology_decode(&words, ret);
    ret->source = TOPOLOGY_UNKNOWN;
    ret->levels = ret->kind = 0;
}

void topology_seat(struct topology *topology, const struct topology_words *words,
                   const struct inventory *inventory)
{
    for (uint32_t index = 0; index < topology->count; index++) {
        topology->seats[index] = index;
        if (topology->rows[index].source == TOPOLOGY_UNKNOWN) {
            suppose(*words, inventory->rows[index].apic_id, &topology->rows[index]);
        }
    }
    sort(topology, topology->seats, topology->count);
}

bool topology_same(const struct topology_row *a, const struct topology_row *b,
                   enum topology_level level)
{
    for (uint32_t n = TOPOLOGY_LEVELS; n-- > (uint32_t)level;) {
        if (a->id[n] != b->id[n]) {
            return false;
        }
    }
    return true;
}

uint32_t topology_count(const struct topology *topology, enum topology_level level)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < topology->known; n++) {
        count += n == 0 || !topology_same(&topology->rows[topology->order[n - 1]],
                                          &topology->rows[topology->order[n]], level);
    }
    return count;
}

const char *topology_level_name(enum topology_level level)
{
    static const char *const names[TOPOLOGY_LEVELS] = {"thread", "core",      "module", "tile",
                                                       "die",    "die group", "package"};
    return names[level];
}

const char *topology_source_name(enum topology_source source)
{
    static const char *const names[TOPOLOGY_SOURCES] = {
        "nothing",
        "MP Services",
        "CPUID leaves 1 and 4",
        "CPUID leaves 0x80000008 and 0x8000001e",
        "CPUID leaf 0xb",
        "CPUID leaf 0x1f",
        "CPUID leaf 0x80000026",
    };
    return names[source];
}
