#include "bench.h"
#include "announce.h"
#include "floor.h"
#include "launch.h"
#include "registers.h"
#include <muster/arrival.h>

enum { ROUNDS = 5 };

static uint32_t last_online(const struct fleet *fleet)
{
    uint32_t last = 0;

    for (uint32_t index = 1; index < fleet->count; index++) {
        uint32_t online = arrival_online_us(&fleet->arrivals[index]);
        last = online > last ? online : last;
    }
    return last;
}

static uint32_t median(uint32_t values[ROUNDS])
{
    for (int n = 1; n < ROUNDS; n++) {
        for (int at = n; at > 0 && values[at - 1] > values[at]; at--) {
            uint32_t moved = values[at];
            values[at] = values[at - 1];
            values[at - 1] = moved;
        }
    }
    return values[ROUNDS / 2];
}

void bench_bring_up(struct run *run)
{
    struct fleet *fleet = &run->fleet;
    uint32_t floor[ROUNDS], up[ROUNDS];

    uint64_t begin = tsc_read();

    if (!run->handoff->options.bench)
        return;
    enum time_use before = spend(&run->time, TIME_BENCH);
    /* The trampoline is laid once: code that is written anew is code to be fetched anew. */
    launch_prepare(fleet, run->slots, "");
    for (int n = 0; n < ROUNDS; n++) {
        floor[n] = floor_measure(fleet);
        launch_all(fleet, "");
        up[n] = last_online(fleet);
    }
    announce_bench(run, "bench", clock_us(&fleet->clock, tsc_read() - begin));
    announce_bench(run, "startup-all-aps", run->handoff->bench.startup_all_aps_us);
    announce_bench(run, "bring-up-first", up[0]);
    announce_bench(run, "floor", median(floor));
    announce_bench(run, "bring-up", median(up));
    spend(&run->time, before);
}
