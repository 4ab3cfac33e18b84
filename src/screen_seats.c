/* In which order the CPUs stand on the screen. */
#include "screen_parts.h"

/* CPUs of the package that seat `first` belongs to. */
static uint32_t package_size(const struct topology *topology, uint32_t first)
{
    const struct topology_row *row = &topology->rows[topology->order[first]];
    uint32_t seat = first;
    while (seat < topology->count &&
           topology_same(row, &topology->rows[topology->order[seat]], TOPOLOGY_PACKAGE)) {
        seat++;
    }
    return seat - first;
}

struct seats seats_of(const struct report *report)
{
    const struct topology *topology = report->topology;
    uint32_t count = report->cpus_claimed > 0 ? report->cpus_claimed : 1;
    struct seats seats = {.count = count, .run = count};
    if (!topology || topology->known != seats.count || topology->count != seats.count) {
        return seats;
    }
    seats.order = topology->order;
    uint32_t run = package_size(topology, 0);
    for (uint32_t first = 0; first < seats.count; first += run) {
        if (package_size(topology, first) != run) {
            return seats;
        }
    }
    seats.run = run;
    return seats;
}
