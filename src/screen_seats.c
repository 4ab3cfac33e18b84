/* In which order the CPUs stand on the screen. */
#include "screen_parts.h"

uint32_t seats_run(const struct seats *seats, uint32_t first)
{
    const struct topology *topology = seats->topology;
    uint32_t seat = first + 1;
    if (seats->most == seats->count) {
        return seats->count - first;
    }
    while (seat < seats->count &&
           topology_same(&topology->rows[topology->seats[first]],
                         &topology->rows[topology->seats[seat]], TOPOLOGY_PACKAGE)) {
        seat++;
    }
    return seat - first;
}

struct seats seats_of(const struct report *report)
{
    const struct topology *topology = report->topology;
    uint32_t count = report->cpus_claimed > 0 ? report->cpus_claimed : 1, most = 0;
    if (!topology || topology->known == 0 || topology->count != count) {
        return (struct seats){count, count, NULL};
    }
    struct seats seats = {.count = count, .topology = topology};
    for (uint32_t first = 0, run; first < count; first += run) {
        run = seats_run(&seats, first);
        most = run > most ? run : most;
    }
    seats.most = most;
    return seats;
}
