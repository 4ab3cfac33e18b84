#include "unit.h"

#include "descriptors.h"

#include "../samples/mem_judges.h"
#include <muster/memory_claims.h>
#include <muster/text.h>

#define RUNTIME MEMORY_ATTRIBUTE_RUNTIME
#define XP      MEMORY_ATTRIBUTE_XP
#define RO      MEMORY_ATTRIBUTE_RO

static struct handoff handoff;
static struct words words;

static void entry_add(uint32_t type, uint64_t base, uint64_t size, uint64_t attribute)
{
    map_add(&handoff.attributes.list, type, base, size, attribute);
    handoff.attributes.entries++;
}

/* A sound machine: muster's handoff at 0x200000, its arena at 0x300000, its image at 0x400000. */
static int fresh(void **state)
{
    (void)state;
    struct memory_map *map = &handoff.memory;
    memset(&handoff, 0, sizeof(handoff));
    memset(&words, 'x', sizeof(words));
    map_add(map, MEMORY_BOOT_CODE, 0, 0x1000, 0xf);
    map_add(map, MEMORY_CONVENTIONAL, 0x1000, 0x9d000, 0xf);
    map_add(map, MEMORY_LOADER_DATA, 0x9e000, 0x2000, 0xf);
    map_add(map, MEMORY_CONVENTIONAL, 0x100000, 0x100000, 0xf);
    map_add(map, MEMORY_LOADER_DATA, 0x200000, 0x180000, 0xf);
    map_add(map, MEMORY_LOADER_CODE, 0x400000, 0x40000, 0xf);
    map_add(map, MEMORY_RUNTIME_CODE, 0x500000, 0x5000, RUNTIME | 0xf);
    map_add(map, MEMORY_RUNTIME_DATA, 0x600000, 0x4000, RUNTIME | 0xf);
    map_add(map, MEMORY_BOOT_DATA, 0x700000, 0x1000, 0xf);
    handoff.low = (struct low_memory){.base = 0x9e000, .pages = 2};
    handoff.self = (struct range){0x200000, 0x100000};
    handoff.arena = (struct arena){.base = 0x300000, .size = 0x80000};
    handoff.image.base = 0x400000;
    handoff.image.data = (struct range){0x430000, 0x10000};
    handoff.runtime.set_variable = (runtime_set_variable *)(uintptr_t)0x500100;
    handoff.runtime.reset_system = (runtime_reset_system *)(uintptr_t)0x501000;
    handoff.attributes.present = true;
    handoff.attributes.version = 2;
    handoff.attributes.stride = 48;
    handoff.attributes.readable = 0x1000;
    entry_add(MEMORY_RUNTIME_DATA, 0x500000, 0x1000, RUNTIME | XP);
    entry_add(MEMORY_RUNTIME_CODE, 0x501000, 0x2000, RUNTIME | RO);
    entry_add(MEMORY_RUNTIME_DATA, 0x503000, 0x2000, RUNTIME | XP);
    kept_add(&handoff.kept,
             &(struct kept_place){.what = "the local APIC", .base = 0xfee00000, .size = 0x1000});
    kept_add(&handoff.kept, &(struct kept_place){
                                .what = "the MADT", .base = 0x700100, .size = 0x80, .table = true});
    return 0;
}

static void assert_passes(judge_of_memory *by)
{
    assert_int_equal(by(&handoff, &words), VERDICT_PASS);
    assert_string_equal(words.expected, "");
    assert_string_equal(words.seen, "");
    assert_string_equal(words.means, "");
}

/* Words are whole sentences: none may have been cut to its buffer's size. */
static void assert_fails(judge_of_memory *by, const char *seen)
{
    assert_int_equal(by(&handoff, &words), VERDICT_FAIL);
    assert_string_equal(words.seen, seen);
    assert_in_range(strlen(words.expected), 20, sizeof(words.expected) - 2);
    assert_in_range(strlen(words.means), 40, sizeof(words.means) - 2);
}

static void assert_other(judge_of_memory *by, enum verdict verdict)
{
    assert_int_equal(by(&handoff, &words), verdict);
    assert_in_range(strlen(words.seen), 5, sizeof(words.seen) - 2);
    assert_string_equal(words.means, "");
}

static void a_sound_machine_passes(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < MEM_JUDGES; n++) {
        assert_passes(mem_judges[n].judge);
    }
}

static void every_planted_defect_fails_its_check_alone(void **state)
{
    uint32_t planted = 0;
    for (; planted < MEM_JUDGES; planted++) {
        fresh(state);
        const struct mem_judge *by = &mem_judges[planted];
        by->falsify(&handoff);
        assert_int_equal(by->judge(&handoff, &words), VERDICT_FAIL);
        for (uint32_t n = 0; n < MEM_JUDGES; n++) {
            if (n != planted) {
                assert_passes(mem_judges[n].judge);
            }
        }
    }
    assert_int_equal(planted, 7);
}

static void low_wants_a_page_below_1_mib(void **state)
{
    (void)state;
    handoff.memory.regions[1].type = MEMORY_RESERVED;
    assert_passes(judge_mem_low); /* muster's own pages are an OS's later */
    handoff.memory.regions[2].type = MEMORY_RESERVED;
    assert_fails(judge_mem_low, "there: 0x0-0xfff BootCode, 0x1000-0x9dfff Reserved, "
                                "0x9e000-0x9ffff Reserved");
}

static void low_fails_where_the_page_given_is_not_free(void **state)
{
    (void)state;
    handoff.memory.regions[2].type = 10;
    assert_fails(judge_mem_low,
                 "the page that firmware gave muster there is in 0x9e000-0x9ffff ACPINVS");
}

static void map_tells_overlaps(void **state)
{
    (void)state;
    map_add(&handoff.memory, MEMORY_RESERVED, 0x4ff000, 0x1000, 0);
    assert_passes(judge_mem_map);
    map_add(&handoff.memory, MEMORY_RESERVED, 0x504000, 0x2000, 0);
    assert_fails(judge_mem_map,
                 "0x500000-0x504fff RuntimeCode overlaps 0x504000-0x505fff Reserved");
    map_add(&handoff.memory, MEMORY_RESERVED, 0x9f000, 0x1000, 0);
    assert_fails(judge_mem_map,
                 "0x500000-0x504fff RuntimeCode overlaps 0x504000-0x505fff Reserved (+1 more)");
}

static void map_tells_bad_descriptors(void **state)
{
    (void)state;
    map_add(&handoff.memory, MEMORY_RESERVED, 0x800010, 0x1000, 0);
    assert_fails(judge_mem_map, "0x800010-0x80100f Reserved does not begin at a page");
    handoff.memory.regions[9].base = 0x800000;
    handoff.memory.regions[9].type = 0x70000001; /* for makers of firmware */
    assert_passes(judge_mem_map);
    handoff.memory.regions[9].type = 16;
    assert_fails(judge_mem_map, "0x800000-0x800fff Other has type 0x10, which means nothing");
}

static void map_tells_odd_descriptors(void **state)
{
    uint8_t descriptors[3 * 48];
    (void)state;
    put_descriptor(descriptors, 7, 0x1000, 1, 0xf);
    put_descriptor(descriptors + 48, 7, 0x9000, 0, 0xf);
    put_descriptor(descriptors + 96, 7, 0x9000, UINT64_MAX / 4096, 0xf);
    memory_map_read(descriptors, sizeof(descriptors), 48, &handoff.memory);
    assert_int_equal(handoff.memory.count, 1);
    assert_fails(judge_mem_map, "descriptor 1, type 7 at 0x9000, has 0 pages (+1 more)");
    memory_map_read(descriptors + 96, 48, 48, &handoff.memory);
    assert_fails(judge_mem_map, "no descriptor with anything in it (+1 more)");
    memory_map_read(descriptors, sizeof(descriptors), 39, &handoff.memory);
    assert_fails(judge_mem_map, "no descriptor with anything in it");
    memory_map_read(descriptors + 48, 48, 48, &handoff.memory);
    map_add(&handoff.memory, 7, 0x1000, 0x1000, 0);
    handoff.memory.odd[0].pages = 0xfffffffffffff;
    assert_fails(judge_mem_map, "descriptor 0, type 7 at 0x9000, has 0xfffffffffffff pages: past "
                                "the end of the address space");
}

static void a_map_too_large_is_no_verdict(void **state)
{
    (void)state;
    judge_of_memory *const judges[] = {judge_mem_low, judge_mem_map, judge_mem_kept, judge_mem_own,
                                       judge_mem_runtime};
    for (size_t n = 0; n < sizeof(judges) / sizeof(judges[0]); n++) {
        fresh(NULL);
        handoff.memory.beyond = 3;
        assert_other(judges[n], VERDICT_ERROR);
        assert_string_equal(words.seen, "12 descriptors, of which muster holds 9");
        handoff.memory.count = 1;
        assert_other(judges[n], VERDICT_ERROR);
    }
    assert_other(judge_mem_attributes, VERDICT_ERROR);
    assert_passes(judge_mem_wx);
    handoff.attributes.list.beyond = 1;
    assert_other(judge_mem_wx, VERDICT_ERROR);
}

/* What is seen to be wrong stays wrong, whatever was cut; what is not seen may be in the rest. */
static void a_map_too_large_still_fails(void **state)
{
    (void)state;
    handoff.memory.beyond = 1;
    handoff.memory.regions[4].type = MEMORY_CONVENTIONAL;
    assert_fails(judge_mem_own, "muster's handoff at 0x200000: 0x200000-0x37ffff Free (+1 more)");
    handoff.memory.regions[7].attribute = 0xf;
    assert_fails(judge_mem_runtime, "0x600000-0x603fff RuntimeData lacks EFI_MEMORY_RUNTIME");
    map_add(&handoff.memory, MEMORY_BOOT_DATA, 0xfee00000, 0x1000, 0xf);
    assert_fails(judge_mem_kept,
                 "the local APIC at 0xfee00000 is in 0xfee00000-0xfee00fff BootData");
}

static void kept_tells_what_is_given_away(void **state)
{
    (void)state;
    handoff.framebuffer =
        (struct framebuffer_claim){.order = PIXEL_BGRX, .base = 0x80000000, .size = 0x400000};
    assert_passes(judge_mem_kept);
    map_add(&handoff.memory, MEMORY_CONVENTIONAL, 0x803ff000, 0x1000, 0xf);
    assert_fails(judge_mem_kept, "the framebuffer at 0x80000000 is in 0x803ff000-0x803fffff Free");
    handoff.framebuffer.order = PIXEL_NONE;
    assert_passes(judge_mem_kept);
    handoff.memory.regions[8].type = MEMORY_CONVENTIONAL;
    assert_fails(judge_mem_kept, "the MADT at 0x700100 is in 0x700000-0x700fff Free");
    handoff.memory.regions[8].type = 9;
    map_add(&handoff.memory, MEMORY_BOOT_DATA, 0xfee00000, 0x1000, 0xf);
    assert_fails(judge_mem_kept,
                 "the local APIC at 0xfee00000 is in 0xfee00000-0xfee00fff BootData");
}

static void own_tells_gaps(void **state)
{
    (void)state;
    handoff.memory.regions[4].size = 0x100000;
    assert_fails(judge_mem_own, "muster's arena at 0x300000: not in the map");
    map_add(&handoff.memory, MEMORY_LOADER_DATA, 0x300000, 0x40000, 0xf);
    map_add(&handoff.memory, MEMORY_CONVENTIONAL, 0x340000, 0x40000, 0xf);
    assert_fails(judge_mem_own, "muster's arena at 0x340000: 0x340000-0x37ffff Free");
}

static void runtime_tells_marks(void **state)
{
    (void)state;
    handoff.memory.regions[7].attribute = 0xf;
    assert_fails(judge_mem_runtime, "0x600000-0x603fff RuntimeData lacks EFI_MEMORY_RUNTIME");
    handoff.memory.regions[7].attribute = RUNTIME;
    map_add(&handoff.memory, MEMORY_MAPPED_IO, 0xffc00000, 0x400000, RUNTIME | 1);
    assert_passes(judge_mem_runtime);
    handoff.memory.regions[8].attribute |= RUNTIME;
    assert_fails(judge_mem_runtime, "0x700000-0x700fff BootData has EFI_MEMORY_RUNTIME");
}

static void runtime_tells_services_elsewhere(void **state)
{
    (void)state;
    handoff.runtime.set_variable = NULL; /* --dry-run does not know it yet */
    assert_passes(judge_mem_runtime);
    handoff.runtime.reset_system = (runtime_reset_system *)(uintptr_t)0x700008;
    assert_fails(judge_mem_runtime, "ResetSystem at 0x700008 is in 0x700000-0x700fff BootData "
                                    "without EFI_MEMORY_RUNTIME");
    handoff.runtime.reset_system = (runtime_reset_system *)(uintptr_t)0x900000;
    assert_fails(judge_mem_runtime, "ResetSystem at 0x900000 is in no descriptor");
}

static void attributes_tell_a_bad_header(void **state)
{
    (void)state;
    handoff.attributes.version = 3;
    assert_fails(judge_mem_attributes, "version 3");
    assert_other(judge_mem_wx, VERDICT_SKIP);
    handoff.attributes.version = 1;
    assert_passes(judge_mem_attributes);
    handoff.attributes.stride = 32;
    assert_fails(judge_mem_attributes, "descriptors of 32 bytes");
    handoff.attributes.stride = 48;
    handoff.attributes.readable = 16 + 3 * 48 - 1;
    assert_fails(judge_mem_attributes, "3 entries of 48 bytes, of which memory holds 0x9f bytes");
    handoff.attributes.present = false;
    assert_other(judge_mem_attributes, VERDICT_SKIP);
    assert_other(judge_mem_wx, VERDICT_SKIP);
}

static void attributes_tell_bad_entries(void **state)
{
    struct memory_map *list = &handoff.attributes.list;
    (void)state;
    list->regions[2].size = 0x3000;
    assert_fails(judge_mem_attributes, "0x503000-0x505fff RuntimeData is within no one runtime "
                                       "range of the memory map (+1 more)");
    list->regions[2].size = 0x1000;
    assert_fails(judge_mem_attributes,
                 "entries describe 0x4000 of 0x5000 bytes of 0x500000-0x504fff RuntimeCode");
    entry_add(MEMORY_RUNTIME_DATA, 0x502000, 0x1000, RUNTIME | XP);
    assert_fails(judge_mem_attributes,
                 "0x501000-0x502fff RuntimeCode overlaps 0x502000-0x502fff RuntimeData");
    list->regions[3].base = 0x504000;
    assert_passes(judge_mem_attributes);
    entry_add(MEMORY_BOOT_DATA, 0x500800, 0x123, 0); /* for future use */
    assert_passes(judge_mem_attributes);
    entry_add(MEMORY_RUNTIME_DATA, 0x600800, 0x1000, RUNTIME | XP);
    assert_fails(judge_mem_attributes,
                 "0x600800-0x6017ff RuntimeData does not begin at a page (+1 more)");
    list->odd_count = 1;
    list->odd[0] = (struct memory_odd){.number = 6, .base = 0x1000};
    assert_fails(judge_mem_attributes, "entry 6 at 0x1000 has 0x0 pages (+2 more)");
}

static void wx_tells_unprotected_entries(void **state)
{
    (void)state;
    handoff.attributes.list.regions[0].attribute = RUNTIME | RO | XP;
    assert_passes(judge_mem_wx);
    handoff.attributes.list.regions[1].attribute = RUNTIME;
    assert_fails(judge_mem_wx, "0x501000-0x502fff RuntimeCode has neither EFI_MEMORY_RO nor "
                               "EFI_MEMORY_XP");
    handoff.attributes.entries = 0;
    assert_other(judge_mem_wx, VERDICT_SKIP);
}

static void trampoline_tells_what_was_written(void **state)
{
    struct observation seen = {.low = {.base = 0x9e000, .size = 0x2000}};
    const struct low_change change = {
        .count = 5, .at = 0x12, .shown = 2, .want = {0xfa, 0xfc}, .seen = {0, 0x90}};
    (void)state;
    memset(&words, 0, sizeof(words));
    assert_int_equal(judge_mem_trampoline(&seen, &words), VERDICT_PASS);
    seen.low.late = change;
    assert_int_equal(judge_mem_trampoline(&seen, &words), VERDICT_FAIL);
    assert_string_equal(words.expected, "0x9e012: fa fc");
    assert_string_equal(words.seen, "0x9e012: 00 90; 5 of 0x2000 bytes at 0x9e000 changed, after "
                                    "the CPUs had come");
    assert_in_range(strlen(words.means), 40, sizeof(words.means) - 2);
    seen.low.early = change;
    assert_int_equal(judge_mem_trampoline(&seen, &words), VERDICT_FAIL);
    assert_non_null(strstr(words.seen, "changed, before the CPUs had come"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_sound_machine_passes, fresh),
        cmocka_unit_test_setup(every_planted_defect_fails_its_check_alone, fresh),
        cmocka_unit_test_setup(low_wants_a_page_below_1_mib, fresh),
        cmocka_unit_test_setup(low_fails_where_the_page_given_is_not_free, fresh),
        cmocka_unit_test_setup(map_tells_overlaps, fresh),
        cmocka_unit_test_setup(map_tells_bad_descriptors, fresh),
        cmocka_unit_test_setup(map_tells_odd_descriptors, fresh),
        cmocka_unit_test_setup(a_map_too_large_is_no_verdict, fresh),
        cmocka_unit_test_setup(a_map_too_large_still_fails, fresh),
        cmocka_unit_test_setup(kept_tells_what_is_given_away, fresh),
        cmocka_unit_test_setup(own_tells_gaps, fresh),
        cmocka_unit_test_setup(runtime_tells_marks, fresh),
        cmocka_unit_test_setup(runtime_tells_services_elsewhere, fresh),
        cmocka_unit_test_setup(attributes_tell_a_bad_header, fresh),
        cmocka_unit_test_setup(attributes_tell_bad_entries, fresh),
        cmocka_unit_test_setup(wx_tells_unprotected_entries, fresh),
        cmocka_unit_test_setup(trampoline_tells_what_was_written, fresh),
    };
    return RUN(tests);
}
