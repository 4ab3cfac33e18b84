/* hasty.efi is muster with less patience for calls of MP Services that do not return: for rows of the
 * boot matrix that are about what comes after. Read before every file that knows how long it waits. */
#ifndef FAULTS_HASTY_H
#define FAULTS_HASTY_H

#include <muster/observe_mps.h>

#define MPS_PATIENCE_S 3
#define MPS_NEVER_S    (2 * MPS_PATIENCE_S)

#endif
