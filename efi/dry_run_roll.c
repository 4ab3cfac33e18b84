#include "dry_run_roll.h"
#include "console.h"

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static const char *yes_no(bool yes)
{
    return yes ? "yes" : "no";
}

static const struct mps_claim *mps_find(const struct claims *claims, uint32_t apic_id)
{
    for (uint32_t i = 0; i < claims->mps.count; i++) {
        if (claims->mps.cpus[i].apic_id == apic_id) {
            return &claims->mps.cpus[i];
        }
    }
    return NULL;
}

static const struct madt_claim *madt_find(const struct claims *claims, uint32_t apic_id)
{
    for (uint32_t i = 0; i < claims->madt.count; i++) {
        if (claims->madt.cpus[i].apic_id == apic_id) {
            return &claims->madt.cpus[i];
        }
    }
    return NULL;
}

static void add_mps(struct text *out, const struct mps_claim *mps)
{
    if (mps == NULL) {
        text_format(out, "%-37s", "-");
        return;
    }
    text_format(out, "%-8s %-8s %-4s %3u/%u/%-8u", mps->enabled ? "enabled" : "disabled",
                mps->healthy ? "healthy" : "FAILING", mps->bsp ? "BSP" : "AP", mps->package,
                mps->core, mps->thread);
}

static void add_madt(struct text *out, const struct madt_claim *madt)
{
    if (madt == NULL) {
        text_add(out, "-");
        return;
    }
    text_format(out, "%s UID 0x%x %s%s", madt->type == 9 ? "x2APIC" : "APIC", madt->uid,
                madt->enabled ? "enabled" : "disabled",
                madt->online_capable ? ", can go online" : "");
}

static void print_cpu(struct firmware *firmware, const char *index, uint32_t apic_id,
                      const struct mps_claim *mps, const struct madt_claim *madt)
{
    char buffer[CONSOLE_LINE_MAX];
    struct text line;
    text_init(&line, buffer, sizeof(buffer));
    text_format(&line, "%5s  0x%-6x  ", index, apic_id);
    add_mps(&line, mps);
    add_madt(&line, madt);
    console_format(firmware, "%s\n", buffer);
}

static void print_inventory(struct firmware *firmware, const struct handoff *handoff)
{
    const struct inventory *inventory = &handoff->inventory;
    console_format(firmware, "  CPU  APIC ID   MP Services (package/core/thread)    MADT\n");
    for (uint32_t i = 0; i < inventory->count; i++) {
        char buffer[16];
        struct text index;
        const uint32_t apic_id = inventory->rows[i].apic_id;
        text_init(&index, buffer, sizeof(buffer));
        text_format(&index, "%u", i);
        print_cpu(firmware, buffer, apic_id, mps_find(&handoff->claims, apic_id),
                  madt_find(&handoff->claims, apic_id));
    }
}

/* What no row stands for: CPUs left asleep, and a second claim to an APIC ID. */
static void print_beside_inventory(struct firmware *firmware, const struct handoff *handoff)
{
    const struct claims *claims = &handoff->claims;
    for (uint32_t i = 0; i < claims->mps.count; i++) {
        const struct mps_claim *mps = &claims->mps.cpus[i];
        if (inventory_find(&handoff->inventory, mps->apic_id) == CPU_NONE) {
            print_cpu(firmware, "-", mps->apic_id, mps, madt_find(claims, mps->apic_id));
        } else if (mps_find(claims, mps->apic_id) != mps) {
            print_cpu(firmware, "again", mps->apic_id, mps, NULL);
        }
    }
    for (uint32_t i = 0; i < claims->madt.count; i++) {
        const struct madt_claim *madt = &claims->madt.cpus[i];
        const bool first = madt_find(claims, madt->apic_id) == madt;
        if (!first) {
            print_cpu(firmware, "again", madt->apic_id, NULL, madt);
        } else if (inventory_find(&handoff->inventory, madt->apic_id) == CPU_NONE &&
                   mps_find(claims, madt->apic_id) == NULL) {
            print_cpu(firmware, "-", madt->apic_id, NULL, madt);
        }
    }
}

static void print_nmis(struct firmware *firmware, const struct madt_claims *madt)
{
    for (uint32_t i = 0; i < madt->nmi_count; i++) {
        const struct madt_nmi *nmi = &madt->nmis[i];
        if (nmi->uid == 0xff || nmi->uid == 0xffffffff) {
            console_format(firmware, "NMI: LINT%u of all CPUs, flags 0x%x\n", nmi->lint,
                           nmi->flags);
        } else {
            console_format(firmware, "NMI: LINT%u of UID 0x%x, flags 0x%x\n", nmi->lint, nmi->uid,
                           nmi->flags);
        }
    }
}

static void print_sources(struct firmware *firmware, const struct claims *claims)
{
    const struct mps_claims *mps = &claims->mps;
    const struct madt_claims *madt = &claims->madt;
    if (mps->present) {
        console_format(firmware,
                       "MP Services: %lu processor%s, %lu enabled; the BSP is number %u\n",
                       (unsigned long)mps->total, plural(mps->total), (unsigned long)mps->enabled,
                       mps->who_am_i);
    } else {
        console_write(firmware, "MP Services: none\n");
    }
    if (!madt->present) {
        console_write(firmware, "MADT: none\n");
        return;
    }
    console_format(firmware, "MADT: %u processor%s; local APIC at 0x%lx; 8259 PICs: %s\n",
                   madt->count, plural(madt->count), (unsigned long)madt->apic_base,
                   yes_no(madt->pcat_compat));
    if (madt->mailbox != 0) {
        console_format(firmware, "MADT: wake-up mailbox at 0x%lx\n", (unsigned long)madt->mailbox);
    }
    print_nmis(firmware, madt);
}

void dry_run_print_roll(struct firmware *firmware, const struct handoff *handoff)
{
    print_inventory(firmware, handoff);
    print_beside_inventory(firmware, handoff);
    print_sources(firmware, &handoff->claims);
}
