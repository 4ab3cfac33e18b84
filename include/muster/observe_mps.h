/* What MP Services (PI 1.8 vol. 2, 13.4) did when they were asked, before the door: plain data. */
#ifndef MUSTER_OBSERVE_MPS_H
#define MUSTER_OBSERVE_MPS_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>

/* Every call that is made; `src/judge/mps_calls.c` says what each must return. Processors are meant
 * by the handle number that MP Services gives them, never by CPU index. */
enum mps_call {
    MPS_GET_COUNT,
    MPS_COUNT_NULL_TOTAL,
    MPS_COUNT_NULL_ENABLED,
    MPS_COUNT_NULL_BOTH,
    MPS_GET_INFO,
    MPS_GET_EXTENDED,
    MPS_INFO_NULL,
    MPS_INFO_BEYOND,
    MPS_INFO_FAR,
    MPS_WHO,
    MPS_WHO_NULL,
    MPS_ALL, /* the first of the trials */
    MPS_ALL_TOGETHER,
    MPS_ALL_SINGLE,
    MPS_ALL_LATE,
    MPS_ALL_BACK,
    MPS_ALL_EVENT,
    MPS_ALL_EVENT_LATE,
    MPS_ALL_WITHOUT,
    MPS_ALL_AGAIN,
    MPS_THIS,
    MPS_THIS_LATE,
    MPS_THIS_EVENT_LATE,
    MPS_THIS_EVENT, /* the last of them */
    MPS_ALL_NULL,
    MPS_THIS_NULL,
    MPS_THIS_BEYOND,
    MPS_THIS_BSP,
    MPS_THIS_DISABLED,
    MPS_THIS_HELD, /* with an event, so that the two calls below meet a busy AP */
    MPS_ALL_BUSY,
    MPS_THIS_BUSY,
    MPS_ALL_NONE,
    MPS_FROM_AP, /* what takes the calls below to an AP */
    MPS_AP_COUNT,
    MPS_AP_INFO,
    MPS_AP_ALL,
    MPS_AP_THIS,
    MPS_AP_ENABLE,
    MPS_DISABLE,
    MPS_ENABLE,
    MPS_DISABLE_BSP,
    MPS_DISABLE_BEYOND,
    MPS_SWITCH_SELF,
    MPS_SWITCH_BEYOND,
    MPS_SWITCH_DISABLED,
    MPS_SWITCH_THERE,
    MPS_SWITCH_BACK,
    MPS_CALLS
};

enum { MPS_TRIALS = MPS_THIS_EVENT - MPS_ALL + 1 };

/* EFI_STATUS in a byte: the number of an error, 0 for success, or MPS_STATUS_OTHER (UEFI 2.10,
 * appendix D). */
enum mps_status {
    MPS_SUCCESS = 0,
    MPS_INVALID_PARAMETER = 2,
    MPS_UNSUPPORTED = 3,
    MPS_NOT_READY = 6,
    MPS_DEVICE_ERROR = 7,
    MPS_NOT_FOUND = 14,
    MPS_TIMEOUT = 18,
    MPS_NOT_STARTED = 19,
    MPS_STATUS_OTHER = 0xff,
};

/* Of a call that does not return: after the first, the APs that muster holds are let go; after the
 * second, MP Services are given up. */
enum { MPS_PATIENCE_S = 10, MPS_NEVER_S = 2 * MPS_PATIENCE_S };

enum mps_ending {
    MPS_NOT_ASKED,
    MPS_RETURNED,
    MPS_RELEASED, /* only when it had taken so long that the APs had been let go */
    MPS_NEVER,
};

struct mps_answer {
    uint8_t ending; /* enum mps_ending */
    uint8_t status; /* enum mps_status */
};

/* What *FailedCpuList led to. */
enum mps_list {
    MPS_LIST_NULL,
    MPS_LIST_SOUND,
    MPS_LIST_ENDLESS, /* no END_OF_CPU_LIST behind as many entries as there are processors */
    MPS_LIST_ALIEN,   /* an entry is no processor's number */
    MPS_LIST_TWICE,   /* a processor is in it more than once */
    MPS_LIST_NOWHERE, /* the pointer leads to no memory */
    MPS_LIST_UNFREED, /* FreePool() refused it */
};

/* One run of a procedure on APs. */
struct mps_trial {
    struct cpuset asked;      /* those that must run it */
    struct cpuset ran, again; /* those that did, and those that did more than once */
    struct cpuset unfinished; /* asked, and not at its end when the call returned or signalled */
    struct cpuset late;       /* those that were held in it until the time was up */
    struct cpuset listed;     /* in FailedCpuList */
    uint8_t list;             /* enum mps_list */
    bool signalled;           /* WaitEvent came */
    bool too_early;           /* WaitEvent came while an AP was held */
    bool finished;            /* StartupThisAP's *Finished */
    bool disorder;            /* not in ascending order of handle number */
    uint32_t strangers;       /* CPUs that ran it and are no processor's */
    uint32_t most_inside;     /* at one time */
    uint32_t on_bsp;          /* times the BSP ran it */
};

/* The state of the BSP that a call must not change. */
enum mps_state_part {
    MPS_STATE_IF,
    MPS_STATE_TPL,
    MPS_STATE_CR8,
    MPS_STATE_LVT_TIMER,
    MPS_STATE_LVT_THERMAL,
    MPS_STATE_LVT_PERF,
    MPS_STATE_LVT_LINT0,
    MPS_STATE_LVT_LINT1,
    MPS_STATE_LVT_ERROR,
    MPS_STATE_TIMER_COUNT,
    MPS_STATE_TIMER_DIVIDE,
    MPS_STATE_PARTS
};

struct mps_state {
    uint64_t parts[MPS_STATE_PARTS];
};

/* The first call that changed something; `after` is what muster then put back to `before`. */
struct mps_change {
    uint32_t calls; /* that changed something, in all; 0: none */
    uint32_t first; /* enum mps_call */
    struct mps_state before, after;
};

/* One processor as GetProcessorInfo tells it, and what it told itself when it ran as an AP. */
struct mps_processor {
    uint64_t id;             /* ProcessorId */
    uint32_t flags;          /* StatusFlag */
    uint32_t cpu_id;         /* the APIC ID that the CPU read itself, by CPUID */
    uint64_t who;            /* what WhoAmI said on it */
    uint8_t status;          /* of GetProcessorInfo */
    uint8_t extended;        /* of it with CPU_V2_EXTENDED_TOPOLOGY */
    bool extended_differs;   /* ProcessorId or StatusFlag were not the same with it */
    bool extended_unfilled;  /* ExtendedInformation was left as it had been */
    uint8_t who_status;      /* of WhoAmI on it */
    uint8_t who_null_status; /* of WhoAmI(NULL) on it */
    uint8_t runs;            /* CPUs that ran MPS_ALL as this one */
};

enum { MPS_FLAG_BSP = 1, MPS_FLAG_ENABLED = 2, MPS_FLAG_HEALTHY = 4, MPS_FLAGS = 7 };

/* EnableDisableAP and its effect on one processor. */
struct mps_disabling {
    uint32_t number;
    uint64_t total_before, total_off, total_on;       /* as GetNumberOfProcessors said: before, */
    uint64_t enabled_before, enabled_off, enabled_on; /* while it was disabled, and after */
    uint32_t flags_before, flags_off, flags_on;
    uint32_t flags_wanted_off; /* the health status was given with the call */
};

/* A real SwitchBSP to an AP and back. */
struct mps_switching {
    uint32_t number;              /* the AP that became the BSP */
    uint64_t who_there, who_back; /* WhoAmI after each switch */
    uint32_t id_there, id_back;   /* APIC ID by CPUID */
    bool flag_there, flag_back;   /* GetProcessorInfo calls that one the BSP */
    bool obeyed;         /* a SwitchBSP that must be refused was not; no other is asked then */
    uint8_t obeyed_call; /* enum mps_call */
    uint32_t obeyed_id;  /* APIC ID of the CPU that came back from it */
};

struct mps_record {
    bool asked;          /* a check of mps.* was chosen */
    bool present;        /* there is the protocol */
    bool switch_wanted;  /* --switch-bsp */
    bool bsp_flag_fixed; /* IA32_APIC_BASE.BSP stays set whatever is written */
    bool gentle;         /* no AP is called by a broadcast: see mps_start.c */
    bool crowded;        /* too many APs to call one by one, and no broadcast either while one is
                            disabled */
    uint32_t count; /* entries in `processors`: as many as GetNumberOfProcessors said, and those
                       that GetProcessorInfo tells of behind them; at most CPU_MAX */
    uint64_t total, enabled;
    uint32_t bsp; /* its handle number; CPU_NONE: no processor has its APIC ID, and no WhoAmI */
    uint32_t bsp_id;
    uint64_t bsp_who;
    struct mps_answer answers[MPS_CALLS];
    struct mps_trial trials[MPS_TRIALS];
    struct mps_change changed, switch_changed; /* by SwitchBSP, and by any other call */
    struct mps_disabling disabling;
    struct mps_switching switching;
    struct mps_processor processors[CPU_MAX];
};

/* The record of trial `call`, MPS_ALL to MPS_THIS_EVENT. */
static inline struct mps_trial *mps_trial(struct mps_record *record, enum mps_call call)
{
    return &record->trials[call - MPS_ALL];
}

/* What one CPU wrote down when it ran MPS_ALL. */
struct mps_ticket {
    uint32_t cpu_id;
    uint64_t who;
    uint8_t who_status, who_null_status;
};

/* Finds out which processor each of `count` tickets is from. Where WhoAmI gave every CPU a number
 * of its own, by that, the BSP too: who said nothing of itself cannot be asked, so that it is
 * ProcessorId which is wrong then. Else by its APIC ID, and where no processor has that, by what
 * WhoAmI said. Fills who ran in record->processors and the MPS_ALL trial. Pure. */
void mps_census(struct mps_record *record, const struct mps_ticket *tickets, uint32_t count);

/* The first number that is nobody's, if what firmware said is true. */
static inline uint64_t mps_beyond(const struct mps_record *record)
{
    return record->total > record->count ? record->total : record->count;
}

/* Why `call` must not be made: it may change a processor that is not meant, make the BSP one that
 * the way back would restart, or wake too many at once. NULL where it may. The census and
 * MPS_INFO_BEYOND come before. Pure. */
const char *mps_unsafe(const struct mps_record *record, enum mps_call call);

/* Reads what *FailedCpuList points at, of which `readable` bytes are memory: at most one entry for
 * each of `processors`, and the end. MPS_LIST_SOUND, _ENDLESS, _ALIEN, _TWICE or _NOWHERE; `ret`
 * has what was read. Pure. */
enum mps_list mps_failed_list(const uint64_t *list, uint64_t readable, uint32_t processors,
                              struct cpuset *ret);

#endif
