/* The planted defects of mps.*: lies put into what MP Services answered. */
#ifndef MUSTER_MPS_PLANT_H
#define MUSTER_MPS_PLANT_H

#include <muster/observe_mps.h>

/* Alters `record` as a wrong firmware would have made it, so that the check `break_id` must fail
 * and no other; any other id changes nothing. Where the check was not asked, it still is not. */
void mps_plant(const char *break_id, struct mps_record *record);

#endif
