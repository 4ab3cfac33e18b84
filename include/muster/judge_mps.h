/* Judges of mps.*: did MP Services keep the PI specification? Pure; any phase. */
#ifndef MUSTER_JUDGE_MPS_H
#define MUSTER_JUDGE_MPS_H

#include <muster/observe_mps.h>
#include <muster/verdict.h>

enum mps_check {
    MPS_CHECK_COUNT,
    MPS_CHECK_COUNT_ERRORS,
    MPS_CHECK_INFO,
    MPS_CHECK_INFO_ERRORS,
    MPS_CHECK_INFO_EXTENDED,
    MPS_CHECK_WHO,
    MPS_CHECK_APIC_ID,
    MPS_CHECK_ALL,
    MPS_CHECK_TOGETHER,
    MPS_CHECK_SINGLE,
    MPS_CHECK_LATE,
    MPS_CHECK_BACK,
    MPS_CHECK_EVENT,
    MPS_CHECK_EVENT_LATE,
    MPS_CHECK_THIS,
    MPS_CHECK_THIS_LATE,
    MPS_CHECK_THIS_EVENT,
    MPS_CHECK_START_ERRORS,
    MPS_CHECK_BUSY,
    MPS_CHECK_THIS_BUSY,
    MPS_CHECK_FROM_AP,
    MPS_CHECK_DISABLE,
    MPS_CHECK_DISABLE_ERRORS,
    MPS_CHECK_NOT_STARTED,
    MPS_CHECK_SWITCH_ERRORS,
    MPS_CHECK_SWITCH_STATE,
    MPS_CHECK_SWITCH,
    MPS_CHECK_STATE,
    MPS_CHECKS
};

/* "mps.count" and so on. */
const char *mps_check_id(enum mps_check check);

/* PASS, or another verdict with `ret` filled; SKIP leaves its reason in ret->seen. */
enum verdict mps_judge(const struct mps_record *record, enum mps_check check, struct words *ret);

/* "StartupAllAPs, blocking, ..." and the check that judges it. */
const char *mps_call_words(enum mps_call call);
enum mps_check mps_call_check(enum mps_call call);

#endif
