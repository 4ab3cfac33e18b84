/* hasty.efi is muster with less patience, for rows of the boot matrix that are about what comes
 * after:
 *
 *   MP Services   2 and 4 s for a call that does not return, in place of 10 and 20
 *   bring-up      1 s for CPUs that have been called, in place of 3
 *   work          3 s for CPUs at work that show no heartbeat, in place of 10
 *   record        3 s for a call of SetVariable, in place of 10
 *
 * Read before every file that knows how long it waits. */
#ifndef FAULTS_HASTY_H
#define FAULTS_HASTY_H

#include "../../src/checks/recorder.h"
#include <muster/observe_mps.h>
#if __has_include(<launch.h>)
#    include <launch.h>
#    include <work.h>
#    define LAUNCH_DEADLINE_US 1000000
#    define STALL_US           3000000
#endif

#define MPS_PATIENCE_S  2
#define MPS_NEVER_S     (2 * MPS_PATIENCE_S)
#define RECORD_WRITE_US 3000000

#endif
