#include "dry_run_places.h"
#include "catalogue.h"
#include "console.h"
#include "dry_run_verdict.h"
#include "pages.h"

#include <muster/judge_places.h>
#include <muster/memory.h>
#include <muster/topology.h>

enum { NUMBER_KINDS_TOLD = 4 };

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_srat(struct firmware *firmware, const struct srat_claims *srat)
{
    uint32_t enabled = 0;
    for (uint32_t n = 0; n < srat->count; n++) {
        enabled += srat->cpus[n].enabled;
    }
    if (srat->present) {
        console_format(firmware, "SRAT: %u processor%s, %u enabled\n", srat->count,
                       plural(srat->count), enabled);
    } else {
        console_write(firmware, "SRAT: none\n");
    }
}

static void print_pptt(struct firmware *firmware, const struct pptt_claims *pptt)
{
    uint32_t packages = 0, cpus = 0;
    for (uint32_t n = 0; n < pptt->count; n++) {
        packages += (pptt->nodes[n].flags & PPTT_PACKAGE) != 0;
        cpus += (pptt->nodes[n].flags & PPTT_LEAF) != 0;
    }
    if (pptt->present) {
        console_format(firmware, "PPTT: revision %u, %u node%s, %u package%s, %u leaves\n",
                       pptt->revision, pptt->count, plural(pptt->count), packages, plural(packages),
                       cpus);
    } else {
        console_write(firmware, "PPTT: none\n");
    }
}

static void print_smbios(struct firmware *firmware, const struct smbios_claims *smbios)
{
    if (!smbios->present) {
        console_write(firmware, "SMBIOS: none\n");
        return;
    }
    console_format(firmware,
                   "SMBIOS: %u.%u, %u structures, %u processor%s (type 4), %u of type 44\n",
                   smbios->major, smbios->minor, smbios->structures, smbios->socket_count,
                   plural(smbios->socket_count), smbios->extra_count);
    for (uint32_t n = 0; n < smbios->socket_count && n < NUMBER_KINDS_TOLD; n++) {
        const struct smbios_socket *socket = &smbios->sockets[n];
        console_format(firmware, "  handle 0x%x: %s, %u cores, %u enabled, %u threads\n",
                       socket->handle, smbios_in_use(socket) ? "in use" : "not in use",
                       socket->cores, socket->enabled, socket->threads);
    }
    if (smbios->socket_count > NUMBER_KINDS_TOLD) {
        console_format(firmware, "  and %u more\n", smbios->socket_count - NUMBER_KINDS_TOLD);
    }
}

void dry_run_print_places(struct firmware *firmware, const struct claims *claims)
{
    print_srat(firmware, &claims->srat);
    print_pptt(firmware, &claims->pptt);
    print_smbios(firmware, &claims->smbios);
}

static void print_line(void *context, const char *line)
{
    console_format(context, "topology: %s\n", line);
}

void dry_run_print_tree(struct firmware *firmware, const struct handoff *handoff)
{
    const uint32_t count = handoff->inventory.count;
    struct topology topology = {.count = count};
    topology.rows = pages_take(firmware, topology_size(count), UINT32_MAX);
    if (topology.rows == NULL) {
        return;
    }
    memset(topology.rows, 0, topology_size(count));
    topology.order = (uint32_t *)(topology.rows + count);
    topology_from_claims(&handoff->claims, &handoff->inventory, &topology);
    topology_tell(&topology, print_line, firmware);
}

static enum verdict judge_planted(struct firmware *firmware, uint32_t n,
                                  const struct handoff *handoff, struct words *ret)
{
    struct handoff *copy = pages_take(firmware, sizeof(*copy), UINT32_MAX);
    if (copy == NULL) {
        string_copy(ret->seen, sizeof(ret->seen),
                    "no memory for a copy of the hand-off to plant the defect in");
        return VERDICT_ERROR;
    }
    return catalogue_judge_planted(n, handoff, copy, ret);
}

static enum verdict judge(struct firmware *firmware, uint32_t n, const struct handoff *handoff,
                          struct words *ret)
{
    if (!selection_has(&handoff->options, catalogue_get(n)->id)) {
        return VERDICT_NONE;
    }
    return catalogue_breaks(n, &handoff->options) ? judge_planted(firmware, n, handoff, ret)
                                                  : catalogue_judge(n, handoff, ret);
}

void dry_run_print_verdicts(struct firmware *firmware, const struct handoff *handoff)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        const struct check_info *info = catalogue_get(n);
        struct words words = {0};
        const enum verdict verdict = judge(firmware, n, handoff, &words);
        const char *whom = info->scope == SCOPE_EACH_CPU ? " # the BSP, as muster was started" : "";
        dry_run_print_verdict(firmware, info->id, verdict, whom, &words);
    }
}
