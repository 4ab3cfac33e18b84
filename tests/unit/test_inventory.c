#include "unit.h"

#include "machine.h"

#include <muster/inventory.h>

static struct claims claims;
static struct inventory inventory;

static int fresh(void **state)
{
    (void)state;
    machine_make(&claims, 4);
    memset(&inventory, 0x5a, sizeof(inventory));
    return 0;
}

static void assert_ids(uint32_t count, const uint32_t *ids)
{
    assert_int_equal(inventory.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(inventory.rows[i].apic_id, ids[i]);
        assert_int_equal(inventory_find(&inventory, ids[i]), i);
    }
}

static void merges_both_sources(void **state)
{
    (void)state;
    inventory_merge(&claims, &inventory);
    assert_ids(4, (const uint32_t[]){0, 2, 4, 6});
    assert_int_equal(inventory.disabled, 0);
    assert_int_equal(inventory.rows[0].claimed_by,
                     CLAIMED_BY_ITSELF | CLAIMED_BY_MPS | CLAIMED_BY_MADT);
    assert_int_equal(inventory.rows[3].claimed_by, CLAIMED_BY_MPS | CLAIMED_BY_MADT);
    assert_int_equal(inventory.rows[3].uid, 0x103);
    assert_int_equal(inventory.rows[3].package, 0);
    assert_int_equal(inventory.rows[3].core, 3);
    assert_int_equal(inventory.rows[3].thread, 0);
    assert_int_equal(inventory_find(&inventory, 1), CPU_NONE);
}

static void the_bsp_comes_first(void **state)
{
    (void)state;
    claims.bsp_apic_id = 4;
    inventory_merge(&claims, &inventory);
    assert_ids(4, (const uint32_t[]){4, 0, 2, 6});
    assert_int_equal(inventory.rows[0].uid, 0x102);
    assert_int_equal(inventory.rows[0].core, 2);
}

static void the_bsp_is_there_even_unlisted(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    claims.bsp_apic_id = 0x1234;
    inventory_merge(&claims, &inventory);
    assert_ids(1, (const uint32_t[]){0x1234});
    assert_int_equal(inventory.rows[0].claimed_by, CLAIMED_BY_ITSELF);
    assert_int_equal(inventory.rows[0].uid, CPU_NONE);
    assert_int_equal(inventory.rows[0].package, CPU_NONE);
    assert_int_equal(inventory.rows[0].core, CPU_NONE);
    assert_int_equal(inventory.rows[0].thread, CPU_NONE);
}

static void the_madt_alone_is_enough(void **state)
{
    (void)state;
    memset(&claims.mps, 0, sizeof(claims.mps));
    claims.madt.cpus[2].enabled = false;
    claims.madt.cpus[2].online_capable = true;
    inventory_merge(&claims, &inventory);
    assert_ids(3, (const uint32_t[]){0, 2, 6});
    assert_int_equal(inventory.rows[1].claimed_by, CLAIMED_BY_MADT);
    assert_int_equal(inventory.rows[1].core, CPU_NONE);
    assert_int_equal(inventory.disabled, 0);
    assert_int_equal(inventory.spare, 1);
    assert_int_equal(inventory.spare_online_capable, 1);
}

static void cpus_of_one_source_are_called(void **state)
{
    (void)state;
    machine_add_madt(&claims, 9, true);
    machine_add_mps(&claims, 11, true);
    inventory_merge(&claims, &inventory);
    assert_ids(6, (const uint32_t[]){0, 2, 4, 6, 11, 9});
    assert_int_equal(inventory.rows[4].claimed_by, CLAIMED_BY_MPS);
    assert_int_equal(inventory.rows[4].uid, CPU_NONE);
    assert_int_equal(inventory.rows[5].claimed_by, CLAIMED_BY_MADT);
}

static void cpus_that_mp_services_disables_are_not(void **state)
{
    (void)state;
    claims.mps.cpus[2].enabled = false;
    inventory_merge(&claims, &inventory);
    assert_ids(3, (const uint32_t[]){0, 2, 6});
    assert_int_equal(inventory.disabled, 1);
}

static void cpus_that_the_madt_disables_are_if_mp_services_enables_them(void **state)
{
    (void)state;
    claims.madt.cpus[2].enabled = false;
    inventory_merge(&claims, &inventory);
    assert_ids(4, (const uint32_t[]){0, 2, 4, 6});
    assert_int_equal(inventory.rows[2].claimed_by, CLAIMED_BY_MPS);
}

static void sleepers_are_counted_once(void **state)
{
    (void)state;
    machine_add_mps(&claims, 8, false);
    machine_add_madt(&claims, 8, false);
    machine_add_madt(&claims, 8, false);
    machine_add_madt(&claims, 10, false);
    machine_add_mps(&claims, 12, false);
    machine_add_madt(&claims, 12, true);
    inventory_merge(&claims, &inventory);
    assert_int_equal(inventory.count, 4);
    assert_int_equal(inventory.disabled, 2);
    assert_int_equal(inventory.spare, 1);
}

/* Filler, and room for CPUs to be added: MP Services list a CPU that is there, if only as disabled.
 */
static void entries_without_a_cpu_are_spare(void **state)
{
    (void)state;
    claims.madt.cpus[3].enabled = false; /* enabled by MP Services, and called */
    machine_add_madt(&claims, 8, false);
    machine_add_madt(&claims, 10, false);
    machine_add_madt(&claims, 10, false);
    claims.madt.cpus[5].online_capable = true;
    machine_add_madt(&claims, 12, false);
    machine_add_madt(&claims, 12, true);
    inventory_merge(&claims, &inventory);
    assert_ids(5, (const uint32_t[]){0, 2, 4, 6, 12});
    assert_int_equal(inventory.disabled, 0);
    assert_int_equal(inventory.spare, 2);
    assert_int_equal(inventory.spare_online_capable, 1);
    assert_true(inventory_is_spare(&claims, &inventory, 8));
    assert_true(inventory_is_spare(&claims, &inventory, 10));
    assert_false(inventory_is_spare(&claims, &inventory, 6));
    assert_false(inventory_is_spare(&claims, &inventory, 12));
    assert_false(inventory_is_spare(&claims, &inventory, 14));
}

static void duplicates_are_merged(void **state)
{
    (void)state;
    machine_add_mps(&claims, 4, true);
    machine_add_madt(&claims, 4, true);
    claims.mps.cpus[4].core = 77;
    inventory_merge(&claims, &inventory);
    assert_ids(4, (const uint32_t[]){0, 2, 4, 6});
    assert_int_equal(inventory.rows[2].uid, 0x102);
    assert_int_equal(inventory.rows[2].core, 2);
}

static void a_disabled_bsp_is_awake_all_the_same(void **state)
{
    (void)state;
    claims.mps.cpus[0].enabled = false;
    inventory_merge(&claims, &inventory);
    assert_int_equal(inventory.rows[0].claimed_by, CLAIMED_BY_ITSELF | CLAIMED_BY_MADT);
    assert_int_equal(inventory.rows[0].uid, 0x100);
    claims.madt.cpus[0].enabled = false;
    inventory_merge(&claims, &inventory);
    assert_ids(4, (const uint32_t[]){0, 2, 4, 6});
    assert_int_equal(inventory.rows[0].claimed_by, CLAIMED_BY_ITSELF);
    assert_int_equal(inventory.disabled, 0);
}

static void nobody_is_called_by_the_broadcast_id(void **state)
{
    (void)state;
    machine_add_mps(&claims, 0xffffffff, true);
    inventory_merge(&claims, &inventory);
    assert_int_equal(inventory.count, 4);
}

static void holds_4096_cpus(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    claims.bsp_apic_id = 0xabcdef;
    for (uint32_t i = 0; i < CPU_MAX; i++) {
        machine_add_madt(&claims, i, true);
    }
    inventory_merge(&claims, &inventory);
    assert_int_equal(inventory.count, CPU_MAX);
    assert_int_equal(inventory.rows[0].apic_id, 0xabcdef);
    assert_int_equal(inventory.rows[CPU_MAX - 1].apic_id, CPU_MAX - 2);
    assert_int_equal(inventory.spare, 0); /* the last had no room */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(merges_both_sources, fresh),
        cmocka_unit_test_setup(the_bsp_comes_first, fresh),
        cmocka_unit_test_setup(the_bsp_is_there_even_unlisted, fresh),
        cmocka_unit_test_setup(the_madt_alone_is_enough, fresh),
        cmocka_unit_test_setup(cpus_of_one_source_are_called, fresh),
        cmocka_unit_test_setup(cpus_that_mp_services_disables_are_not, fresh),
        cmocka_unit_test_setup(cpus_that_the_madt_disables_are_if_mp_services_enables_them, fresh),
        cmocka_unit_test_setup(sleepers_are_counted_once, fresh),
        cmocka_unit_test_setup(entries_without_a_cpu_are_spare, fresh),
        cmocka_unit_test_setup(duplicates_are_merged, fresh),
        cmocka_unit_test_setup(a_disabled_bsp_is_awake_all_the_same, fresh),
        cmocka_unit_test_setup(nobody_is_called_by_the_broadcast_id, fresh),
        cmocka_unit_test_setup(holds_4096_cpus, fresh),
    };
    return RUN(tests);
}
