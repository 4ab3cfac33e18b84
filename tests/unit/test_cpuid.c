#include "unit.h"

#include <muster/cpuid.h>

/* The CPU under test, leaf by leaf. */
static struct {
    uint32_t max, extended_max;
    struct cpuid_result leaf1, leaf_b, leaf_1f, leaf_21, leaf_8000001f;
    uint64_t sev_status;
    int msr_reads;
} cpu;

static struct cpuid_result read_leaf(uint32_t leaf, uint32_t subleaf)
{
    assert_int_equal(subleaf, 0);
    switch (leaf) {
    case 0:
        return (struct cpuid_result){.eax = cpu.max};
    case 1:
        return cpu.leaf1;
    case 0xb:
        assert_true(cpu.max >= 0xb);
        return cpu.leaf_b;
    case 0x1f:
        assert_true(cpu.max >= 0x1f);
        return cpu.leaf_1f;
    case 0x21:
        assert_true(cpu.max >= 0x21);
        return cpu.leaf_21;
    case 0x80000000:
        return (struct cpuid_result){.eax = cpu.extended_max};
    case 0x8000001f:
        assert_true(cpu.extended_max >= 0x8000001f);
        return cpu.leaf_8000001f;
    }
    fail_msg("leaf 0x%x was asked for", leaf);
    return (struct cpuid_result){0};
}

static uint64_t read_msr(uint32_t msr)
{
    assert_int_equal(msr, 0xc0010131);
    cpu.msr_reads++;
    return cpu.sev_status;
}

static int reset(void **state)
{
    (void)state;
    memset(&cpu, 0, sizeof(cpu));
    cpu.max = 0xd;
    cpu.extended_max = 0x80000008;
    return 0;
}

static void be_sev_guest(uint64_t status)
{
    cpu.leaf1.ecx = 1u << 31;
    cpu.extended_max = 0x8000001f;
    cpu.leaf_8000001f.eax = 2;
    cpu.sev_status = status;
}

static void be_tdx_guest(void)
{
    cpu.leaf1.ecx = 1u << 31;
    cpu.max = 0x21;
    memcpy(&cpu.leaf_21.ebx, "Inte", 4);
    memcpy(&cpu.leaf_21.edx, "lTDX", 4);
    memcpy(&cpu.leaf_21.ecx, "    ", 4);
}

static void apic_id_comes_from_leaf_1f_first(void **state)
{
    (void)state;
    cpu.max = 0x20;
    cpu.leaf1.ebx = 0x12000000;
    cpu.leaf_b = (struct cpuid_result){.ebx = 1, .edx = 0x112};
    cpu.leaf_1f = (struct cpuid_result){.ebx = 1, .edx = 0x10112};
    assert_int_equal(cpuid_apic_id(read_leaf), 0x10112);
}

static void apic_id_comes_from_leaf_b_where_1f_is_empty_or_absent(void **state)
{
    (void)state;
    cpu.max = 0x20;
    cpu.leaf_b = (struct cpuid_result){.ebx = 2, .edx = 0x112};
    assert_int_equal(cpuid_apic_id(read_leaf), 0x112);
    cpu.max = 0xb;
    assert_int_equal(cpuid_apic_id(read_leaf), 0x112);
}

static void apic_id_comes_from_leaf_1_last(void **state)
{
    (void)state;
    cpu.leaf1.ebx = 0xfe010800;
    cpu.leaf_b.edx = 0x112;
    assert_int_equal(cpuid_apic_id(read_leaf), 0xfe);
    cpu.max = 1;
    assert_int_equal(cpuid_apic_id(read_leaf), 0xfe);
}

static void bare_metal_is_no_guest_even_with_the_sev_leaf(void **state)
{
    (void)state;
    be_sev_guest(7);
    cpu.leaf1.ecx = 0;
    assert_null(cpuid_confidential_guest(read_leaf, read_msr));
    assert_int_equal(cpu.msr_reads, 0);
}

static void an_ordinary_guest_is_spared_and_its_msr_not_read(void **state)
{
    (void)state;
    cpu.leaf1.ecx = 1u << 31;
    assert_null(cpuid_confidential_guest(read_leaf, read_msr));
    cpu.extended_max = 0x8000001f;
    cpu.leaf_8000001f.eax = 1; /* SME only */
    assert_null(cpuid_confidential_guest(read_leaf, read_msr));
    assert_int_equal(cpu.msr_reads, 0);
}

static void sev_that_is_offered_but_off_is_spared(void **state)
{
    (void)state;
    be_sev_guest(0);
    assert_null(cpuid_confidential_guest(read_leaf, read_msr));
    assert_int_equal(cpu.msr_reads, 1);
}

static void confidential_guests_are_named(void **state)
{
    (void)state;
    be_sev_guest(1);
    assert_string_equal(cpuid_confidential_guest(read_leaf, read_msr), "SEV");
    be_sev_guest(3);
    assert_string_equal(cpuid_confidential_guest(read_leaf, read_msr), "SEV-ES");
    be_sev_guest(7);
    assert_string_equal(cpuid_confidential_guest(read_leaf, read_msr), "SEV-SNP");
    be_tdx_guest();
    assert_string_equal(cpuid_confidential_guest(read_leaf, read_msr), "TDX");
}

static void another_signature_in_leaf_21_is_no_tdx(void **state)
{
    (void)state;
    be_tdx_guest();
    cpu.leaf_21.ecx = 0;
    assert_null(cpuid_confidential_guest(read_leaf, read_msr));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(apic_id_comes_from_leaf_1f_first, reset),
        cmocka_unit_test_setup(apic_id_comes_from_leaf_b_where_1f_is_empty_or_absent, reset),
        cmocka_unit_test_setup(apic_id_comes_from_leaf_1_last, reset),
        cmocka_unit_test_setup(bare_metal_is_no_guest_even_with_the_sev_leaf, reset),
        cmocka_unit_test_setup(an_ordinary_guest_is_spared_and_its_msr_not_read, reset),
        cmocka_unit_test_setup(sev_that_is_offered_but_off_is_spared, reset),
        cmocka_unit_test_setup(confidential_guests_are_named, reset),
        cmocka_unit_test_setup(another_signature_in_leaf_21_is_no_tdx, reset),
    };
    return RUN(tests);
}
