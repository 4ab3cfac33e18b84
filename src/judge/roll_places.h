/* What roll.topology compares with CPUID, source by source. */
#ifndef MUSTER_ROLL_PLACES_H
#define MUSTER_ROLL_PLACES_H

#include <muster/crowd.h>
#include <muster/topology.h>

/* Tells a FAIL of one CPU. */
void roll_tell_one(struct teller *teller, uint32_t index, const struct words *words);

/* A FAIL of CPU `index`, which by CPUID is in the `same` place as `other`, or is not; `says` is who
 * has it the other way round: "MP Services say". */
struct place_dispute {
    uint32_t index, other;
    enum topology_level level;
    bool same;
    const char *says, *means;
};
void roll_tell_place(struct teller *teller, const struct place_dispute *dispute);

/* The packages of the PPTT, and the domains of the SRAT. */
void roll_compare_tables(const struct crowd *crowd, const struct cpuset *sound,
                         struct teller *teller);

#endif
