#include <muster/cpuid.h>
#include <muster/memory.h>

#include <stddef.h>

enum {
    LEAF_FEATURES = 1,
    LEAF_TOPOLOGY = 0xb,
    LEAF_TOPOLOGY_V2 = 0x1f,
    LEAF_TDX = 0x21,
    FEATURES_ECX_HYPERVISOR = 31,
    MEMORY_ENCRYPTION_EAX_SEV = 1,
};

static const uint32_t leaf_extended_max = 0x80000000;
static const uint32_t leaf_memory_encryption = 0x8000001f;
static const uint32_t msr_sev_status = 0xc0010131;

enum { SEV_STATUS_ENABLED = 1 << 0, SEV_STATUS_ES = 1 << 1, SEV_STATUS_SNP = 1 << 2 };

static bool topology_leaf_id(cpuid_reader *read, uint32_t leaf, uint32_t *ret_id)
{
    if (read(0, 0).eax < leaf) {
        return false;
    }
    const struct cpuid_result result = read(leaf, 0);
    if (result.ebx == 0) {
        return false;
    }
    *ret_id = result.edx;
    return true;
}

uint32_t cpuid_apic_id(cpuid_reader *read)
{
    uint32_t id;
    if (topology_leaf_id(read, LEAF_TOPOLOGY_V2, &id) ||
        topology_leaf_id(read, LEAF_TOPOLOGY, &id)) {
        return id;
    }
    return read(LEAF_FEATURES, 0).ebx >> 24;
}

static bool is_tdx_guest(cpuid_reader *read)
{
    if (read(0, 0).eax < LEAF_TDX) {
        return false;
    }
    const struct cpuid_result result = read(LEAF_TDX, 0);
    const uint32_t signature[3] = {result.ebx, result.edx, result.ecx};
    return memcmp(signature, "IntelTDX    ", sizeof(signature)) == 0;
}

static uint64_t sev_status(cpuid_reader *read, msr_reader *read_msr)
{
    if (read(leaf_extended_max, 0).eax < leaf_memory_encryption) {
        return 0;
    }
    const uint32_t features = read(leaf_memory_encryption, 0).eax;
    return features >> MEMORY_ENCRYPTION_EAX_SEV & 1 ? read_msr(msr_sev_status) : 0;
}

const char *cpuid_confidential_guest(cpuid_reader *read, msr_reader *read_msr)
{
    /* On bare metal the SEV leaf tells what the CPU offers to guests of its own. */
    if (!(read(LEAF_FEATURES, 0).ecx >> FEATURES_ECX_HYPERVISOR & 1)) {
        return NULL;
    }
    if (is_tdx_guest(read)) {
        return "TDX";
    }
    const uint64_t status = sev_status(read, read_msr);
    if (status & SEV_STATUS_SNP) {
        return "SEV-SNP";
    }
    if (status & SEV_STATUS_ES) {
        return "SEV-ES";
    }
    /* Under plain SEV, memory is private only through page tables that set the C-bit (APM vol.
     * 2, 15.34); muster's do not. */
    return status & SEV_STATUS_ENABLED ? "SEV" : NULL;
}
