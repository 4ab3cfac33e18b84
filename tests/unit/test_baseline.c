/* The facts: grouped, in one order, each a line of its own where that is asked for. */
#include "unit.h"

#include <muster/baseline.h>

static struct report report;
static struct handoff handoff;
static struct state_record states[8];
static struct cpuid_record cpuids[8];
static struct topology_row places[8];
static uint32_t order[8];
static struct topology topology = {.count = 8, .rows = places, .order = order};
static struct json json;
static struct baseline baseline;
static char told[65536], buffer[64];

static void keep(void *context, const char *piece)
{
    (void)context;
    assert_in_range(strlen(told) + strlen(piece), 0, sizeof(told) - 1);
    strcat(told, piece);
}

static void cpuid_set(uint32_t cpu, uint32_t row, uint32_t leaf, uint32_t ebx, uint32_t ecx)
{
    cpuids[cpu].rows[row] = (struct cpuid_row){leaf, 0, {0, ebx, ecx, 0}};
    cpuids[cpu].count = row + 1;
}

/* Eight CPUs; CPU 5 was never heard. */
static int fresh(void **state)
{
    (void)state;
    told[0] = '\0';
    memset(&report, 0, sizeof(report));
    memset(&handoff, 0, sizeof(handoff));
    memset(states, 0, sizeof(states));
    memset(cpuids, 0, sizeof(cpuids));
    memset(places, 0, sizeof(places));
    report.cpus_claimed = handoff.inventory.count = 8;
    report.states = states;
    report.cpuids = cpuids;
    report.topology = &topology;
    topology.known = 7;
    for (uint32_t cpu = 0; cpu < 8; cpu++) {
        if (cpu == 5) {
            continue;
        }
        state_set(&states[cpu], STATE_CR4, cpu == 2 ? 0x268 : 0x668);
        state_set(&states[cpu], STATE_SMI_COUNT, cpu);
        places[cpu].source = TOPOLOGY_BY_LEAF_B;
        places[cpu].levels = 1 << TOPOLOGY_PACKAGE;
        places[cpu].domain = CPU_NONE;
        cpuid_set(cpu, 0, 7, 1, 1 << 4);
    }
    json_init(&json, buffer, sizeof(buffer), keep, NULL);
    baseline = (struct baseline){.json = &json, .report = &report, .handoff = &handoff};
    return 0;
}

static void write(void)
{
    baseline_write(&baseline);
    json_flush(&json);
}

static void assert_fact(const char *fact)
{
    const char *at = strstr(told, fact);
    assert_non_null(at);
    assert_null(strstr(at + 1, fact));
}

static void equal_values_are_told_together(void **state)
{
    (void)state;
    write();
    assert_fact("{\"name\":\"state.cr4\",\"cpus\":\"0-1,3-4,6-7\",\"value\":\"0x668\"}\n"
                ",{\"name\":\"state.cr4\",\"cpus\":\"2\",\"value\":\"0x268\"}\n");
}

static void what_changes_from_boot_to_boot_is_not_told(void **state)
{
    (void)state;
    write();
    assert_null(strstr(told, "smi-count"));
}

static void words_of_cpuid_are_told_where_any_cpu_has_them(void **state)
{
    (void)state;
    cpuid_set(6, 1, 0x14, 0, 9);
    write();
    assert_fact("{\"name\":\"cpuid.7.0.ebx\",\"cpus\":\"0-4,6-7\",\"value\":\"0x1\"}\n");
    assert_fact("{\"name\":\"cpuid.14.0.ecx\",\"cpus\":\"0-4,7\",\"value\":\"0x0\"}\n"
                ",{\"name\":\"cpuid.14.0.ecx\",\"cpus\":\"6\",\"value\":\"0x9\"}\n");
    /* OSPKE says what was switched on, not what there is. */
    assert_null(strstr(told, "cpuid.7.0.ecx"));
    assert_null(strstr(told, "cpuid.7.0.eax"));
}

static void the_brand_is_text(void **state)
{
    static const char brand[49] = "   muster CPU \xc2\xae";
    (void)state;
    for (uint32_t n = 0; n < 3; n++) {
        struct cpuid_row *row = &cpuids[0].rows[cpuids[0].count++];
        row->leaf = 0x80000002 + n;
        memcpy(row->value, brand + 16 * n, 16);
    }
    write();
    assert_fact("{\"name\":\"brand\",\"value\":\"muster CPU \\u00ae\"}");
    assert_null(strstr(told, "cpuid.80000002"));
}

static void places_are_told_of_those_who_came(void **state)
{
    (void)state;
    places[7].id[TOPOLOGY_PACKAGE] = 3;
    write();
    assert_fact("{\"name\":\"topology\",\"cpus\":\"7\",\"value\":{\"package\":3,\"by\":\"CPUID "
                "leaf 0xb\"}}");
    assert_null(strstr(told, "{\"name\":\"topology\",\"cpus\":\"5\""));
}

static void memory_is_summed_by_what_an_os_gets(void **state)
{
    static const struct memory_region regions[] = {
        {0, 0x1000, 0, 1},       {0x1000, 0x1000, 0, 4},          {0x2000, 0x2000, 0, 7},
        {0x4000, 0x1000, 0, 10}, {0x5000, 0x1000, 0, 0x7fffffff}, {0x6000, 0x3000, 0, 0}};
    (void)state;
    handoff.memory.count = 6;
    memcpy(handoff.memory.regions, regions, sizeof(regions));
    write();
    assert_fact("{\"name\":\"memory.usable\",\"value\":\"0x4000\"}");
    assert_fact("{\"name\":\"memory.acpi_nvs\",\"value\":\"0x1000\"}");
    assert_fact("{\"name\":\"memory.reserved\",\"value\":\"0x3000\"}");
    assert_null(strstr(told, "memory.runtime_code"));
}

static void names_that_are_told_are_told(void **state)
{
    (void)state;
    handoff.claims.smbios.present = true;
    strcpy(handoff.claims.smbios.identity.name[IDENTITY_BIOS_VERSION], "1.2");
    strcpy(handoff.claims.smbios.identity.name[IDENTITY_PRODUCT], "Box");
    write();
    assert_fact("{\"name\":\"system\",\"value\":{\"bios_version\":\"1.2\",\"product\":\"Box\"}}");
}

static void apart_each_fact_is_a_text_of_its_own(void **state)
{
    (void)state;
    json.prefix = "# baseline ";
    baseline.apart = true;
    write();
    assert_null(strstr(told, "\n,"));
    assert_null(strstr(told, "# baseline ,"));
    assert_fact("\n# baseline {\"name\":\"roll.claimed\",\"value\":8}\n# baseline {");
}

static void a_run_that_never_called_tells_what_firmware_claims(void **state)
{
    (void)state;
    report.states = NULL;
    report.cpuids = NULL;
    topology.known = 0;
    write();
    assert_fact("{\"name\":\"roll.claimed\",\"value\":8}");
    assert_null(strstr(told, "state."));
    assert_null(strstr(told, "cpuid."));
    assert_null(strstr(told, "topology"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(equal_values_are_told_together, fresh),
        cmocka_unit_test_setup(what_changes_from_boot_to_boot_is_not_told, fresh),
        cmocka_unit_test_setup(words_of_cpuid_are_told_where_any_cpu_has_them, fresh),
        cmocka_unit_test_setup(the_brand_is_text, fresh),
        cmocka_unit_test_setup(places_are_told_of_those_who_came, fresh),
        cmocka_unit_test_setup(memory_is_summed_by_what_an_os_gets, fresh),
        cmocka_unit_test_setup(names_that_are_told_are_told, fresh),
        cmocka_unit_test_setup(apart_each_fact_is_a_text_of_its_own, fresh),
        cmocka_unit_test_setup(a_run_that_never_called_tells_what_firmware_claims, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
