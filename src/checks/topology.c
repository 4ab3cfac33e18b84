#include "topology.h"
#include "registers.h"
#include "work.h"

struct cpuid_result topology_cpuid(uint32_t leaf, uint32_t subleaf)
{
    const struct cpuid r = cpuid(leaf, subleaf);

    return (struct cpuid_result){r.eax, r.ebx, r.ecx, r.edx};
}

bool topology_take(struct run *run)
{
    struct topology *topology = &run->topology;
    struct arena *arena = &run->handoff->arena;
    const uint32_t count = run->handoff->inventory.count;

    topology->count = count;
    topology->rows = arena_take(arena, count * sizeof *topology->rows, 16);
    topology->order = arena_take(arena, count * sizeof *topology->order, 16);
    topology->seats = arena_take(arena, count * sizeof *topology->seats, 16);
    run->report.topology = topology;
    return topology->rows && topology->order && topology->seats;
}

/* Each CPU into its own row. */
static void record_here(struct cpu *cpu, void *context)
{
    const struct topology *topology = context;
    struct topology_words words;

    topology_read(topology_cpuid, &words);
    topology_decode(&words, &topology->rows[cpu->index]);
}

void topology_record(struct run *run)
{
    struct cpuset lost = {{0}};
    struct topology_words words;

    work_run(&run->fleet, &run->fleet.online, record_here, &run->topology, &lost);
    cpuset_for_each(index, &lost)
    {
        run->fleet.arrivals[index].lost = true;
        run->fleet.arrivals[index].waited_us = STALL_US;
        cpuset_add(&run->report.lost, index);
        sinks_look(&run->sinks, index, LOOK_LOST);
    }
    topology_add_domains(&run->topology, &run->handoff->claims.srat);
    topology_sort(&run->topology);
    topology_read(topology_cpuid, &words);
    topology_seat(&run->topology, &words, &run->handoff->inventory);
}

static void add_line(void *context, const char *line)
{
    struct run *run = context;

    text_format(sinks_text(&run->sinks), "# topology: %s\n", line);
    sinks_tell(&run->sinks);
}

void topology_announce(struct run *run)
{
    topology_tell(&run->topology, add_line, run);
}
