/* How long each CPU took to come: a bar for each, or for several the slowest. */
#include "screen_parts.h"

#include <muster/arrival.h>

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, BAR_MOST = 8 };

struct latencies {
    const struct report *report;
    uint32_t slowest_us, slowest; /* `slowest` is a CPU index */
    uint32_t bar, cpus_per_bar;   /* dots, and CPUs that share one */
};

static uint32_t online_us(const struct report *report, uint32_t cpu)
{
    return arrival_online_us(&report->arrivals[cpu]);
}

static void measure(struct latencies *latencies)
{
    for (uint32_t cpu = 0; cpu < latencies->report->cpus_claimed; cpu++) {
        uint32_t us = online_us(latencies->report, cpu);
        if (us > latencies->slowest_us) {
            latencies->slowest_us = us;
            latencies->slowest = cpu;
        }
    }
}

/* Dots that the bar at dot `x` is high, of `most`. */
static uint32_t height_at(const struct latencies *latencies, uint32_t x, uint32_t most)
{
    uint32_t first = x / latencies->bar * latencies->cpus_per_bar, us = 0;
    for (uint32_t n = 0; n < latencies->cpus_per_bar; n++) {
        if (first + n < latencies->report->cpus_claimed) {
            uint32_t one = online_us(latencies->report, first + n);
            us = one > us ? one : us;
        }
    }
    /* A gap stands between bars that are wide enough to spare it. */
    bool gap = latencies->bar > 2 && x % latencies->bar == latencies->bar - 1;
    return us == 0 || gap ? 0 : 1 + (uint32_t)((uint64_t)us * (most - 1) / latencies->slowest_us);
}

static void bars_draw(const struct pane *pane, const struct latencies *latencies)
{
    uint32_t most = pane->rows * DOTS_DOWN;
    for (uint32_t column = 0; column < pane->columns; column++) {
        uint32_t heights[DOTS_ACROSS] = {height_at(latencies, column * DOTS_ACROSS, most),
                                         height_at(latencies, column * DOTS_ACROSS + 1, most)};
        for (uint32_t row = 0; row < pane->rows; row++) {
            uint8_t empty = 0;
            for (uint32_t dot = 0; dot < DOTS_ACROSS * DOTS_DOWN; dot++) {
                uint32_t above = most - 1 - (row * DOTS_DOWN + dot / DOTS_ACROSS);
                empty |= (uint8_t)((above >= heights[dot % DOTS_ACROSS]) << dot);
            }
            pane_dots(pane, column, row, INK_ONLINE, empty);
        }
    }
}

static void heading_draw(const struct pane *pane, const struct latencies *latencies)
{
    char buffer[96];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "bring-up by CPU; slowest %u us, CPU %u", latencies->slowest_us,
                latencies->slowest);
    pane_text(pane, 0, 0, INK_DIM, buffer);
}

bool latency_known(const struct report *report)
{
    for (uint32_t cpu = 0; report->arrivals && cpu < report->cpus_claimed; cpu++) {
        if (online_us(report, cpu) > 0) {
            return true;
        }
    }
    return false;
}

bool latency_draw(const struct pane *pane, const struct report *report)
{
    struct latencies latencies = {.report = report};
    uint32_t dots = pane->columns * DOTS_ACROSS, cpus = report->cpus_claimed;
    if (pane->rows < LATENCY_ROWS || pane->columns < LATENCY_COLUMNS || !latency_known(report)) {
        return false;
    }
    measure(&latencies);
    latencies.cpus_per_bar = (cpus + dots - 1) / dots;
    uint32_t bars = (cpus + latencies.cpus_per_bar - 1) / latencies.cpus_per_bar;
    latencies.bar = dots / bars < BAR_MOST ? dots / bars : BAR_MOST;
    heading_draw(pane, &latencies);
    struct pane room =
        pane_part(pane, 0, 1, (bars * latencies.bar + 1) / DOTS_ACROSS, pane->rows - 1);
    bars_draw(&room, &latencies);
    return true;
}
