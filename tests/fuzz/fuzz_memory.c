/* Any bytes for a memory map, a Memory Attributes Table and a MADT's I/O APICs: nothing outside
 * them is read, and what comes of them keeps its bounds, in the claims and the words of every
 * judge. The first byte is the map's stride, the second its number of descriptors; the table
 * follows. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../samples/mem_judges.h"
#include <muster/memory_claims.h>
#include <muster/memory_map.h>
#include <muster/runtime_regions.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct handoff handoff;

static void check_map(const struct memory_map *map)
{
    assert(map->count <= MEMORY_REGION_MAX);
    assert(map->beyond == 0 || map->count == MEMORY_REGION_MAX);
    for (uint32_t i = 0; i < map->count; i++) {
        assert(map->regions[i].size > 0);
        assert(map->regions[i].base <= UINT64_MAX - map->regions[i].size);
    }
}

static void check_judge(judge_of_memory *by)
{
    struct words words;
    memset(&words, 'x', sizeof(words));
    const enum verdict verdict = by(&handoff, &words);
    assert(memchr(words.expected, '\0', sizeof(words.expected)));
    assert(memchr(words.seen, '\0', sizeof(words.seen)));
    assert(memchr(words.means, '\0', sizeof(words.means)));
    assert((verdict == VERDICT_PASS) == (words.seen[0] == '\0'));
    assert((verdict == VERDICT_FAIL) == (words.means[0] != '\0'));
}

static void check_kept(const uint8_t *data, uint32_t size)
{
    handoff.kept.count = 0;
    kept_add_io_apics(&handoff.kept, data, size);
    assert(handoff.kept.count <= KEPT_MAX);
    for (uint32_t i = 0; i < handoff.kept.count; i++) {
        assert(handoff.kept.places[i].base != 0);
    }
}

/* What would be mapped after the door and is in no runtime range of the memory map. */
static void check_regions(void)
{
    for (uint32_t i = 0; i < handoff.runtime.regions.count; i++) {
        const struct memory_region *region = &handoff.runtime.regions.regions[i];
        const struct memory_region *within = memory_map_find(&handoff.memory, region->base);
        assert(within != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const size_t map_size = (size_t)data[0] * data[1];
    const size_t held = map_size < size - 2 ? map_size : size - 2;
    const size_t rest = size - 2 - held;
    uint8_t *map = malloc(held + 1), *table = malloc(rest + 1);
    memcpy(map, data + 2, held);
    memcpy(table, data + 2 + held, rest);
    map = realloc(map, held > 0 ? held : 1);
    table = realloc(table, rest > 0 ? rest : 1);
    handoff.self.size = handoff.arena.size = 0x1000;
    handoff.low.pages = 1;
    memory_map_read(map, held, data[0], &handoff.memory);
    attributes_read(table, rest, &handoff.attributes);
    runtime_regions_read(table, rest, &handoff.memory, &handoff.runtime);
    check_map(&handoff.memory);
    check_map(&handoff.attributes.list);
    check_regions();
    check_kept(table, (uint32_t)rest);
    check_judge(judge_mem_own);
    for (uint32_t n = 0; n < MEM_JUDGES; n++) {
        check_judge(mem_judges[n].judge);
    }
    free(map);
    free(table);
    return 0;
}
