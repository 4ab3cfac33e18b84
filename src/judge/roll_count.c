/* roll.count: SMBIOS type 4 (SMBIOS 3.7, 7.5) against the CPUs that answered. Which socket is which
 * package is not told, so sums are compared. */
#include <muster/judge_places.h>
#include <muster/judge_roll_cpu.h>
#include <muster/text.h>

#include "id_list.h"

/* What the sockets in use say together; and what there is. */
struct sums {
    uint32_t sockets, cores, cores_in_all, threads, threads_enabled;
    bool all_cores, all_threads, all_threads_enabled; /* every one of them told it */
    bool all_one;                                     /* says_one() of every one */
};

/* What much firmware writes on machines where all cores are enabled: Core Enabled 1 of several, and
 * Thread Count 2 or unknown. */
static bool says_one(const struct smbios_socket *socket)
{
    return socket->cores > 1 && socket->enabled == 1 &&
           (socket->threads == 0 || socket->threads == 2);
}

static struct sums sum_of(const struct smbios_claims *smbios)
{
    struct sums sums = {
        .all_cores = true, .all_threads = true, .all_threads_enabled = true, .all_one = true};
    for (uint32_t n = 0; n < smbios->socket_count; n++) {
        const struct smbios_socket *socket = &smbios->sockets[n];
        const uint16_t cores = socket->enabled ? socket->enabled : socket->cores;
        if (!smbios_in_use(socket)) {
            continue;
        }
        sums.sockets++;
        sums.cores += cores;
        sums.cores_in_all += socket->cores;
        sums.all_one = sums.all_one && says_one(socket);
        sums.threads += socket->threads;
        sums.threads_enabled += socket->threads_enabled;
        sums.all_cores = sums.all_cores && cores > 0;
        sums.all_threads = sums.all_threads && socket->threads > 0;
        sums.all_threads_enabled = sums.all_threads_enabled && socket->threads_enabled > 0;
    }
    return sums;
}

static const struct topology_row *row_of(const struct crowd *crowd, uint32_t index)
{
    return &crowd_seen(crowd, index)->place.row;
}

static bool is_first(const struct crowd *crowd, uint32_t index, enum topology_level level)
{
    cpuset_for_each(other, &crowd->cpus)
    {
        if (other == index) {
            return true;
        }
        if (topology_same(row_of(crowd, other), row_of(crowd, index), level)) {
            return false;
        }
    }
    return true;
}

static uint32_t count_of(const struct crowd *crowd, enum topology_level level)
{
    uint32_t count = 0;
    cpuset_for_each(index, &crowd->cpus)
    {
        count += is_first(crowd, index, level);
    }
    return count;
}

/* The legacy leaves tell cores from threads by inference alone. */
static bool cores_are_known(const struct crowd *crowd)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (row_of(crowd, index)->source < TOPOLOGY_BY_LEAF_B) {
            return false;
        }
    }
    return true;
}

/* `asleep` CPUs were listed and not called: they may be counted or not. */
static void compare(struct text *seen, const char *name, uint32_t told, uint32_t found,
                    uint32_t asleep)
{
    if (told < found || told > found + asleep) {
        clause_begin(seen);
        text_format(seen, "%u %s, and %u answered", told, name, found);
    }
}

/* Before 8.2, QEMU gives the threads of one core for those of the socket (hw/smbios/smbios.c,
 * smbios_build_type_4_table(): thread_count = ms->smp.threads). */
static bool is_qemu_deviation(const struct crowd *crowd, const struct sums *sums, uint32_t cores)
{
    const uint32_t cpus = cpuset_count(&crowd->cpus);
    return crowd->handoff->claims.smbios.by_qemu && cores > 0 &&
           sums->threads == sums->sockets * ((cpus + cores - 1) / cores);
}

static const char *reason_to_skip(const struct crowd *crowd)
{
    const struct handoff *handoff = crowd->handoff;
    if (!handoff->claims.smbios.present || handoff->claims.smbios.socket_count == 0) {
        return "SMBIOS has no Processor Information (type 4)";
    }
    if (handoff->claims.smbios.socket_beyond > 0) {
        return "more sockets in SMBIOS than muster holds";
    }
    if (!handoff->claims.mps.present && !handoff->claims.madt.present) {
        return "neither MP Services nor a MADT: the BSP alone was examined";
    }
    return cpuset_count(&crowd->cpus) < handoff->inventory.count
               ? "not every CPU was called, or answered: there is nothing to count"
               : NULL;
}

static void skip(struct teller *teller, const char *reason)
{
    const struct cpuset all = {{0}};
    struct words words = {0};
    string_copy(words.seen, sizeof(words.seen), reason);
    teller->tell(teller, &all, VERDICT_SKIP, &words);
}

static void tell(struct teller *teller, enum verdict verdict, struct words *words,
                 const char *means)
{
    const struct cpuset machine = {{0}};
    string_copy(words->expected, sizeof(words->expected),
                "sockets, enabled cores and threads of SMBIOS type 4 as many as there are");
    string_copy(words->means, sizeof(words->means), means);
    teller->tell(teller, &machine, verdict, words);
}

void judge_roll_count(const struct crowd *crowd, struct teller *teller)
{
    const struct sums sums = sum_of(&crowd->handoff->claims.smbios);
    const char *reason = reason_to_skip(crowd);
    struct words words = {0};
    struct text seen;
    if (reason == NULL && (sums.sockets == 0 || !sums.all_cores)) {
        reason = "SMBIOS does not tell the cores of each socket";
    }
    if (reason != NULL) {
        skip(teller, reason);
        return;
    }
    const uint32_t asleep = crowd->handoff->inventory.disabled + crowd->handoff->inventory.spare;
    const uint32_t cores = count_of(crowd, TOPOLOGY_CORE), cpus = cpuset_count(&crowd->cpus);
    const bool one = sums.all_one && cores > sums.sockets && cores <= sums.cores_in_all;
    text_init(&seen, words.seen, sizeof(words.seen));
    compare(&seen, "sockets", sums.sockets, count_of(crowd, TOPOLOGY_PACKAGE), asleep);
    if (!one && cores_are_known(crowd)) {
        compare(&seen, "enabled cores", sums.cores, cores, asleep);
    }
    if (sums.all_threads_enabled) {
        compare(&seen, "enabled threads", sums.threads_enabled, cpus, asleep);
    }
    const bool few_threads = sums.all_threads && sums.threads < cpus;
    if (few_threads && (seen.length > 0 || !(one || is_qemu_deviation(crowd, &sums, cores)))) {
        compare(&seen, "threads", sums.threads, cpus, asleep);
    }
    if (seen.length > 0) {
        tell(teller, VERDICT_FAIL, &words,
             "an operating system uses the CPUs it finds all the same; inventory, licensing and "
             "management tools, which count by SMBIOS, report another machine");
    } else if (one) {
        compare(&seen, "enabled cores", sums.cores, cores, 0);
        tell(teller, VERDICT_DEVIATION, &words,
             "much firmware leaves Core Enabled at 1, where SMBIOS 3.7, 7.5.7 wants what is "
             "enabled; operating systems do not ask");
    } else if (few_threads) {
        compare(&seen, "threads", sums.threads, cpus, asleep);
        tell(teller, VERDICT_DEVIATION, &words,
             "QEMU before 8.2: Thread Count is that of one core, where SMBIOS 3.7, 7.5.8 wants the "
             "socket's");
    }
}
