#include "spend.h"
#include "run.h"

void spend_waiting(struct run *run)
{
    const struct fleet *fleet = &run->fleet;
    const uint64_t now = tsc_read();
    uint64_t last = run->time.since;

    cpuset_for_each(index, &fleet->online)
    {
        /* On the CPU's own TSC, which may be anything. */
        uint64_t came = fleet_cpu(fleet, index)->stage_tsc[STAGE_ONLINE];
        if (index && came > last && came < now)
            last = came;
    }
    time_account_turn(&run->time, TIME_WAITING, last);
}

void spend_told(struct run *run, uint32_t result)
{
    uint64_t ticks = run->time.ticks[TIME_CHECKS];

    run->report.results[result].us = clock_us(&run->fleet.clock, ticks - run->told_ticks);
    run->told_ticks = ticks;
}

void spend_end(struct run *run)
{
    struct report *report = &run->report;
    uint64_t named = 0;

    spend(&run->time, TIME_OTHER);
    report->elapsed_us = clock_us(&run->fleet.clock, run->time.since - run->door_tsc);
    for (enum time_use use = TIME_OTHER + 1; use < TIME_USES; use++) {
        report->spent.us[use] = clock_us(&run->fleet.clock, run->time.ticks[use]);
        named += report->spent.us[use];
    }
    report->spent.us[TIME_OTHER] = report->elapsed_us - named;
    report->spent.known = true;
}
