/* Prints an invented run as the document muster/1, or what stands on standard input as JSON
 * strings: what tests/json gives to independent readers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/document.h>

#include "../samples/sample.h"

static void print(void *context, const char *piece)
{
    (void)context;
    fputs(piece, stdout);
}

/* Two threads a core; two more than `cpus` are disabled, and CPU 5. */
static void claims_make(struct claims *claims, uint32_t cpus)
{
    claims->mps.present = claims->madt.present = true;
    claims->mps.count = claims->mps.total = claims->mps.enabled = cpus;
    claims->madt.count = cpus + 1 < CPU_MAX ? cpus + 2 : cpus;
    for (uint32_t cpu = 0; cpu < claims->madt.count; cpu++) {
        claims->mps.cpus[cpu] = (struct mps_claim){.apic_id = cpu * 2,
                                                   .bsp = cpu == 0,
                                                   .enabled = cpu != 5,
                                                   .package = cpu / 64,
                                                   .core = cpu / 2 % 32,
                                                   .thread = cpu % 2};
        claims->madt.cpus[cpu] = (struct madt_claim){
            .apic_id = cpu * 2, .uid = cpu + 1, .enabled = cpu<cpus, .online_capable = cpu> cpus};
    }
}

static void map_make(struct memory_map *map)
{
    static const struct memory_region regions[] = {
        {0, 0xa0000, 0, MEMORY_CONVENTIONAL},
        {0x100000, UINT64_C(0x7fffffff000), 0, 4},
        {0x7e000000, 0x100000, MEMORY_ATTRIBUTE_RUNTIME, MEMORY_RUNTIME_CODE},
        {0x7f000000, 0x1000, 0, 0x80000001},
    };
    map->count = sizeof(regions) / sizeof(regions[0]);
    memcpy(map->regions, regions, sizeof(regions));
}

static struct handoff *handoff_make(uint32_t cpus)
{
    struct handoff *handoff = calloc(1, sizeof(*handoff));
    options_default(&handoff->options);
    handoff->options.baseline = true;
    handoff->serial.decided_by = "SPCR";
    claims_make(&handoff->claims, cpus);
    inventory_merge(&handoff->claims, &handoff->inventory);
    map_make(&handoff->memory);
    return handoff;
}

static int print_document(const char *name, uint32_t cpus, size_t room)
{
    static struct sample sample;
    static struct document document;
    static char buffer[4096];
    if (cpus < 1 || cpus > CPU_MAX || room < 16 || room > sizeof(buffer) ||
        !sample_make(&sample, name, cpus)) {
        fprintf(stderr, "usage: sample_json SAMPLE CPUS BUFFER\nsamples: %s\n", sample_names);
        return 2;
    }
    struct handoff *handoff = handoff_make(cpus);
    document_of_run(&document, &sample.report, handoff);
    json_init(&document.json, buffer, room, print, NULL);
    document_write(&document, sample.report.ended ? NULL : "cut \"off\"");
    free(handoff);
    return 0;
}

/* Each line of the input is one string, as hexadecimal digits. */
static int print_strings(size_t room)
{
    static char buffer[4096], line[8192], bytes[4096];
    struct json json;
    json_init(&json, buffer, room, print, NULL);
    json_array(&json, NULL);
    while (fgets(line, sizeof(line), stdin)) {
        size_t count = strcspn(line, "\n") / 2;
        for (size_t n = 0; n < count; n++) {
            sscanf(line + 2 * n, "%2hhx", (unsigned char *)&bytes[n]);
        }
        json_piece(&json, NULL, bytes, count);
    }
    json_array_end(&json);
    json_flush(&json);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "strings") == 0) {
        return print_strings((size_t)atoi(argv[2]));
    }
    if (argc != 4) {
        return print_document("", 0, 0);
    }
    return print_document(argv[1], (uint32_t)atoi(argv[2]), (size_t)atoi(argv[3]));
}
