/* The lies that --break tells in the name of SRAT, PPTT, SMBIOS and the MADT's flags. A table that
 * the machine does not have is made up first, so that the check has something to fail on. */
#include <muster/falsify.h>

enum { ONLINE_CAPABLE = 2, CENTRAL_PROCESSOR = 3, POPULATED_ENABLED = 0x41 };

/* A number that no MADT entry has for its APIC ID or UID. */
static uint32_t free_number(const struct madt_claims *madt)
{
    for (uint32_t number = 1;; number++) {
        uint32_t n = 0;
        while (n < madt->count && madt->cpus[n].apic_id != number && madt->cpus[n].uid != number) {
            n++;
        }
        if (n == madt->count) {
            return number;
        }
    }
}

static struct madt_claim *last_enabled(struct madt_claims *madt)
{
    for (uint32_t n = madt->count; n-- > 0;) {
        if (madt->cpus[n].enabled) {
            return &madt->cpus[n];
        }
    }
    return NULL;
}

void falsify_roll_types(struct claims *claims)
{
    struct madt_claims *madt = &claims->madt;
    struct madt_claim *last = last_enabled(madt), *first = madt->cpus;
    const uint32_t number = free_number(madt);
    while (last != NULL && !first->enabled) {
        first++;
    }
    if (last == NULL) {
        return;
    }
    if (last != first && last->apic_id < 0xff) {
        first->type = 0;
        last->type = 9;
    } else if (madt->count < CPU_MAX) {
        madt->revision = 5;
        madt->cpus[madt->count++] = (struct madt_claim){.apic_id = number,
                                                        .uid = number,
                                                        .type = first->type == 0 ? 9 : 0,
                                                        .online_capable = true,
                                                        .flags = ONLINE_CAPABLE};
    }
}

void falsify_roll_online_capable(struct claims *claims)
{
    struct madt_claim *last = last_enabled(&claims->madt);
    if (last != NULL) {
        last->flags |= ONLINE_CAPABLE;
    }
}

static void add_affinity(struct srat_claims *srat, uint32_t apic_id)
{
    if (srat->count < CPU_MAX) {
        srat->cpus[srat->count++] =
            (struct srat_claim){.apic_id = apic_id, .type = 2, .enabled = true};
    }
}

void falsify_roll_srat(struct claims *claims)
{
    const struct madt_claims *madt = &claims->madt;
    struct srat_claims *srat = &claims->srat;
    for (uint32_t n = 0; !srat->present && n < madt->count; n++) {
        if (madt->cpus[n].enabled) {
            add_affinity(srat, madt->cpus[n].apic_id);
        }
    }
    srat->present = true;
    add_affinity(srat, free_number(madt));
}

/* One package with a leaf for each CPU: the table's layout does not matter, offsets only rise. */
static void make_tree(const struct madt_claims *madt, struct pptt_claims *pptt)
{
    enum { PACKAGE_AT = 36, NODE = 20 };
    *pptt = (struct pptt_claims){.present = true, .revision = 2};
    pptt->nodes[pptt->count++] = (struct pptt_node){.offset = PACKAGE_AT, .flags = PPTT_PACKAGE};
    for (uint32_t n = 0; n < madt->count; n++) {
        if (madt->cpus[n].enabled) {
            pptt->nodes[pptt->count] = (struct pptt_node){.offset = PACKAGE_AT + NODE * pptt->count,
                                                          .parent = PACKAGE_AT,
                                                          .flags = PPTT_LEAF | PPTT_UID_VALID,
                                                          .uid = madt->cpus[n].uid};
            pptt->count++;
        }
    }
}

void falsify_roll_pptt(struct claims *claims)
{
    struct pptt_claims *pptt = &claims->pptt;
    if (!pptt->present) {
        make_tree(&claims->madt, pptt);
    }
    for (uint32_t n = pptt->count; n-- > 0;) {
        for (uint32_t i = 0; i < pptt->count; i++) {
            if (pptt->nodes[i].offset == pptt->nodes[n].parent) {
                pptt->nodes[i].parent = pptt->nodes[n].offset;
                return;
            }
        }
    }
}

static uint16_t free_handle(const struct smbios_claims *smbios)
{
    for (uint16_t handle = 1;; handle++) {
        uint32_t n = 0;
        while (n < smbios->socket_count && smbios->sockets[n].handle != handle) {
            n++;
        }
        if (n == smbios->socket_count) {
            return handle;
        }
    }
}

void falsify_roll_smbios(struct claims *claims)
{
    struct smbios_claims *smbios = &claims->smbios;
    if (!smbios->present || smbios->socket_count == 0) {
        smbios->present = true;
        smbios->socket_count = 1;
        smbios->sockets[0] =
            (struct smbios_socket){.type = CENTRAL_PROCESSOR, .status = POPULATED_ENABLED};
    }
    smbios->extras[0] = (struct smbios_extra){.refers_to = free_handle(smbios)};
    smbios->extra_count = smbios->extra_count > 0 ? smbios->extra_count : 1;
}

/* In all that one socket says, so that it contradicts nothing but the CPUs. */
void falsify_roll_count(struct claims *claims)
{
    struct smbios_socket *socket = &claims->smbios.sockets[0];
    socket->cores++;
    socket->enabled = socket->cores;
    socket->cores_long = socket->enabled_long = socket->cores;
    socket->cores_short = socket->cores > 0xff ? 0xff : (uint8_t)socket->cores;
    socket->enabled_short = socket->cores_short;
}
