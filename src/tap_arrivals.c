/* Bring-up as TAP comments: who is here, who is lost and where, and how long it took.
 *
 * Few CPUs get a line each. Many are told as groups, so that the text stays bounded for any number:
 * a set of all CPUs, however scattered, takes less than 21,000 characters. */
#include <muster/arrival.h>
#include <muster/cpu_words.h>
#include <muster/tap.h>

enum { LINES_MAX = 16, SLOWEST_MAX = 3, WHOLE_SET = 32768 };

static void identity_add(struct text *out, const struct report *report)
{
    if (!report->version[0]) {
        return;
    }
    text_format(out, "# muster %s build %s; firmware \"%s\" 0x%x; ", report->version, report->build,
                report->firmware, report->firmware_revision);
    cpu_words_count(out, report->cpus_claimed);
    text_add(out, " claimed");
    if (report_called(report)) {
        text_format(out, ", %u answered", report->cpus_answered);
    }
    text_char(out, '\n');
    if (report->hypervisor[0]) {
        text_format(out, "# hypervisor: \"%s\"\n", report->hypervisor);
    }
    if (report->break_id && report->break_id[0]) {
        text_format(out, "# planted defect: %s\n", report->break_id);
    }
}

static void retries_add(struct text *out, uint32_t retries)
{
    text_format(out, "%u %s", retries, retries == 1 ? "retry" : "retries");
}

/* --- lost CPUs --- */

static void lost_add(struct text *out, uint32_t cpu, const struct arrival *arrival)
{
    text_format(out, "# lost: CPU %u (APIC ID %u) at ", cpu, arrival->apic_id);
    stage_print(out, arrival->first_stage, arrival->stage);
    text_format(out, ": %s; waited %u ms, ", stage_sentence(arrival->stage),
                arrival->waited_us / 1000);
    retries_add(out, arrival->retries);
    text_char(out, '\n');
}

/* STAGE_COUNT: numbers that are no stage. */
static void lost_group_add(struct text *out, const struct report *report, uint32_t from,
                           uint32_t stage)
{
    struct cpuset group;
    cpuset_clear(&group);
    for (uint32_t cpu = from; cpu < report->cpus_claimed; cpu++) {
        const struct arrival *arrival = &report->arrivals[cpu];
        uint32_t at = arrival->stage < STAGE_COUNT ? arrival->stage : STAGE_COUNT;
        if (arrival->lost && at == stage) {
            cpuset_add(&group, cpu);
        }
    }
    if (cpuset_empty(&group)) {
        return;
    }
    text_add(out, "# lost: ");
    cpu_words_name(out, &group, WHOLE_SET);
    text_format(out, " at stage %s: %s\n", stage_id(stage), stage_sentence(stage));
}

/* The first ones a line each, the rest by the stage they stopped at. */
static void all_lost_add(struct text *out, const struct report *report)
{
    uint32_t lines = 0, cpu = 0;
    for (; cpu < report->cpus_claimed && lines < LINES_MAX; cpu++) {
        if (report->arrivals[cpu].lost) {
            lost_add(out, cpu, &report->arrivals[cpu]);
            lines++;
        }
    }
    for (uint32_t stage = 0; stage <= STAGE_COUNT; stage++) {
        lost_group_add(out, report, cpu, stage);
    }
}

/* --- CPUs that needed a second call --- */

static void all_retried_add(struct text *out, const struct report *report)
{
    uint32_t lines = 0;
    struct cpuset more;
    cpuset_clear(&more);
    for (uint32_t cpu = 0; cpu < report->cpus_claimed; cpu++) {
        const struct arrival *arrival = &report->arrivals[cpu];
        if (arrival->lost || arrival->retries == 0) {
            continue;
        }
        if (lines++ >= LINES_MAX) {
            cpuset_add(&more, cpu);
            continue;
        }
        text_format(out, "# retried: CPU %u (APIC ID %u) answered after ", cpu, arrival->apic_id);
        retries_add(out, arrival->retries);
        if (arrival->first_stage != STAGE_NONE) {
            text_format(out, "; first stage %s", stage_id(arrival->first_stage));
        }
        text_char(out, '\n');
    }
    if (!cpuset_empty(&more)) {
        text_add(out, "# retried: ");
        cpu_words_name(out, &more, WHOLE_SET);
        text_add(out, "\n");
    }
}

/* --- how long it took: the CPUs that were called and came --- */

static uint32_t online_us(const struct report *report, uint32_t cpu)
{
    return cpu == 0 ? 0 : arrival_online_us(&report->arrivals[cpu]);
}

static uint32_t count_online(const struct report *report, uint32_t within_us)
{
    uint32_t count = 0;
    for (uint32_t cpu = 0; cpu < report->cpus_claimed; cpu++) {
        uint32_t us = online_us(report, cpu);
        count += us > 0 && us <= within_us;
    }
    return count;
}

static void arrival_add(struct text *out, uint32_t cpu, const struct arrival *arrival)
{
    const char *before = "";
    text_format(out, "# arrived: CPU %u (APIC ID %u) in %u us: ", cpu, arrival->apic_id,
                arrival_online_us(arrival));
    for (uint32_t stage = STAGE_REAL_MODE; stage < STAGE_COUNT; stage++) {
        if (arrival->stage_us[stage] > 0) {
            text_format(out, "%s%s %u", before, stage_id(stage), arrival->stage_us[stage]);
            before = ", ";
        }
    }
    text_char(out, '\n');
}

/* The CPU that is `rank`-th (from 1) to come online: bisection over the time, since there is no
 * memory to sort in. */
static uint32_t cpu_by_rank(const struct report *report, uint32_t rank)
{
    uint32_t low = 1, high = UINT32_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (count_online(report, middle) >= rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    for (uint32_t cpu = 0; cpu < report->cpus_claimed; cpu++) {
        if (online_us(report, cpu) == low) {
            return cpu;
        }
    }
    return CPU_NONE;
}

static void ranked_add(struct text *out, const struct report *report, const char *before,
                       uint32_t rank)
{
    uint32_t cpu = cpu_by_rank(report, rank);
    text_format(out, "%s %u us (CPU %u)", before, online_us(report, cpu), cpu);
}

static void spread_add(struct text *out, const struct report *report, uint32_t count)
{
    text_add(out, "# arrived: ");
    cpu_words_count(out, count);
    ranked_add(out, report, ": first", 1);
    ranked_add(out, report, ", median", (count + 1) / 2);
    ranked_add(out, report, ", last", count);
    text_char(out, '\n');
}

/* "# slow: CPU 7 (APIC ID 14) online after 9000 us; longest step: real-mode, 7000 us" */
static void slow_add(struct text *out, uint32_t cpu, const struct arrival *arrival)
{
    uint32_t longest = 0, longest_stage = STAGE_ONLINE, before_us = 0;
    for (uint32_t stage = STAGE_REAL_MODE; stage < STAGE_COUNT; stage++) {
        uint32_t us = arrival->stage_us[stage];
        if (us > before_us && us - before_us > longest) {
            longest = us - before_us;
            longest_stage = stage;
        }
        before_us = us > 0 ? us : before_us;
    }
    text_format(out, "# slow: CPU %u (APIC ID %u) online after %u us; longest step: %s, %u us\n",
                cpu, arrival->apic_id, arrival_online_us(arrival), stage_id(longest_stage),
                longest);
}

/* Each of the slowest once, even where several took equally long. */
static void slowest_add(struct text *out, const struct report *report)
{
    struct cpuset told;
    cpuset_clear(&told);
    for (uint32_t n = 0; n < SLOWEST_MAX; n++) {
        uint32_t slowest = CPU_NONE, slowest_us = 0;
        for (uint32_t cpu = 0; cpu < report->cpus_claimed; cpu++) {
            if (online_us(report, cpu) > slowest_us && !cpuset_has(&told, cpu)) {
                slowest = cpu;
                slowest_us = online_us(report, cpu);
            }
        }
        if (slowest != CPU_NONE) {
            cpuset_add(&told, slowest);
            slow_add(out, slowest, &report->arrivals[slowest]);
        }
    }
}

static void timings_add(struct text *out, const struct report *report)
{
    uint32_t count = count_online(report, UINT32_MAX);
    if (report->cpus_claimed > LINES_MAX) {
        if (count > 0) {
            spread_add(out, report, count);
            slowest_add(out, report);
        }
        return;
    }
    for (uint32_t cpu = 0; cpu < report->cpus_claimed; cpu++) {
        if (online_us(report, cpu) > 0) {
            arrival_add(out, cpu, &report->arrivals[cpu]);
        }
    }
}

void tap_arrivals(struct text *out, const struct report *report)
{
    identity_add(out, report);
    if (!report->arrivals) {
        return;
    }
    all_lost_add(out, report);
    all_retried_add(out, report);
    timings_add(out, report);
}
