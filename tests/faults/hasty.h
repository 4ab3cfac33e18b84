/* hasty.efi is muster with less patience, for rows of the boot matrix that are about what comes
 * after:
 *
 *   MP Services   3 and 6 s for a call that does not return, in place of 10 and 20
 *   bring-up      1 s for CPUs that have been called, in place of 3
 *
 * Read before every file that knows how long it waits. */
#ifndef FAULTS_HASTY_H
#define FAULTS_HASTY_H

#include <muster/observe_mps.h>
#if __has_include(<launch.h>)
#    include <launch.h>
#endif

#define MPS_PATIENCE_S     3
#define MPS_NEVER_S        (2 * MPS_PATIENCE_S)
#define LAUNCH_DEADLINE_US 1000000

#endif
