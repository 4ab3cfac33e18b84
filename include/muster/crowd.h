/* What all CPUs of a check recorded, for a judge that compares them with each other. Pure. */
#ifndef MUSTER_CROWD_H
#define MUSTER_CROWD_H

#include <muster/cpuset.h>
#include <muster/handoff.h>
#include <muster/observation.h>
#include <muster/verdict.h>

struct crowd {
    const struct handoff *handoff; /* what firmware said of them */
    struct cpuset cpus;            /* those whose observation is whole */
    const void *first;             /* the observation of CPU 0; the others' lie `stride` apart */
    uint32_t stride;               /* bytes */
};

/* What CPU `index`, one of crowd->cpus, recorded. */
static inline const struct observation *crowd_seen(const struct crowd *crowd, uint32_t index)
{
    return (const struct observation *)((const char *)crowd->first +
                                        (uint64_t)index * crowd->stride);
}

/* Where such a judge puts what it found, as often as it finds something. `cpus` empty: about the
 * machine. VERDICT_SKIP takes these CPUs, or all, out of the examined ones, with the reason in
 * words->seen. */
struct teller {
    void (*tell)(struct teller *teller, const struct cpuset *cpus, enum verdict verdict,
                 const struct words *words);
};

/* Tells nothing when all is well. */
typedef void judge_of_crowd(const struct crowd *crowd, struct teller *teller);

/* How the CPUs of a crowd are compared with each other. */
struct comparison {
    /* Whether these two are to be compared at all; NULL: any two are. Must be an equivalence, like
     * `same`. */
    bool (*akin)(const struct observation *a, const struct observation *b);
    bool (*same)(const struct observation *a, const struct observation *b);
    /* The words for CPUs like `odd`, where `usual` is what most of their kin show: `like` of them
     * `of` all. */
    void (*tell)(const struct observation *usual, const struct observation *odd, uint32_t like,
                 uint32_t of, struct words *ret);
};

/* Tells VERDICT_FAIL for each group of CPUs that differs from most of its kin; of groups equally
 * large, that with the lowest CPU is the usual one. */
void crowd_compare(const struct crowd *crowd, const struct comparison *comparison,
                   struct teller *teller);

#endif
