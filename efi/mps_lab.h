/* MP Services on the bench: what every file mps_*.c works with. */
#ifndef EFI_MPS_LAB_H
#define EFI_MPS_LAB_H

#include "firmware.h"
#include "mp_services.h"
#include "refusal.h"

#include <muster/memory.h>
#include <muster/observe_mps.h>

/* Of APs that are called one by one: each costs 10 ms where firmware wakes by INIT and SIPI. */
enum { ONE_BY_ONE_MAX = 64 };

/* Long enough that no AP is late by itself where the machine is idle; where one was, the trial is
 * done again with four times as much. */
enum { LATE_US = 20000, LATE_TRIES = 4 };

/* What one processor left when it ran a procedure. */
struct mps_desk {
    uint32_t runs, ends;
    uint32_t turn; /* how many had begun before */
};

struct mps_lab {
    struct firmware *firmware;
    EFI_MP_SERVICES_PROTOCOL *mps;
    struct mps_record *record;
    const struct memory_map *map;

    uint64_t announced; /* a bit for each enum mps_check that was begun */
    EFI_EVENT watch;
    volatile uint32_t looks; /* of the watch at the call that is being made */
    uint64_t left_100ns;     /* from its first look to its second */
    void *escape[5];         /* where the watch goes when a call does not return */
    struct mps_state before;
    struct mps_answer aside; /* the answer that mps_aside_end() puts back */

    /* Written by APs, with atomic additions; desks each by its own processor. */
    volatile uint32_t release; /* whoever is held in a procedure may end it */
    volatile uint32_t turns, inside, most_inside, strangers, on_bsp;
    volatile uint32_t tickets_taken;
    volatile uint32_t let_go; /* an AP went by itself, in the call that is being made */
    uint64_t second_ticks;    /* of the TSC */
    uint64_t patience_ticks;  /* how long an AP stays at most */
    struct cpuset held;       /* those that stay in the procedure until `release` */
    bool meet;                /* the first one stays until there is a second, or `release` */

    /* Firmware may write here as long as an event has not come. */
    UINTN *failed;
    volatile BOOLEAN finished;

    struct cpuset aps; /* enabled, not the BSP, and seen to run */
    struct mps_desk desks[CPU_MAX];
    struct mps_ticket tickets[CPU_MAX];
};

/* mps_watch.c: every call stands between these two. The first notes the state of the BSP and sets
 * the watch; the second takes down how the call ended, and puts back what it changed. The watch
 * lets the held APs go after MPS_PATIENCE_S, and after as long again leaves the call for good. */
bool mps_watch_open(struct mps_lab *lab);
void mps_watch_close(struct mps_lab *lab);
void mps_call_begin(struct mps_lab *lab, enum mps_call call);
EFI_STATUS mps_call_end(struct mps_lab *lab, enum mps_call call, EFI_STATUS status);
/* About a call that no check judges: only whether it returns. Its answer stays as it was. */
void mps_aside_begin(struct mps_lab *lab, enum mps_call call);
void mps_aside_end(struct mps_lab *lab, enum mps_call call);
/* Waits for `event` as long as for a call; true when it came. */
bool mps_wait(struct mps_lab *lab, EFI_EVENT event);
uint8_t mps_status_of(EFI_STATUS status);

/* mps_state.c */
void mps_state_read(const struct mps_lab *lab, struct mps_state *ret);
void mps_state_restore(const struct mps_lab *lab, const struct mps_state *was,
                       const struct mps_state *is);
/* Ends what the local APIC has in service. */
void mps_interrupts_end(void);

/* mps_procedure.c: what APs run. `argument` is the lab. */
void EFIAPI mps_procedure_nothing(void *argument);
void EFIAPI mps_procedure_ticket(void *argument);
void EFIAPI mps_procedure_work(void *argument);
void EFIAPI mps_procedure_ask(void *argument);
/* Clears the desks for a trial of `asked`, of whom `held` stay until released. */
void mps_desks_clear(struct mps_lab *lab, const struct cpuset *held);
/* Takes down who ran and who did not end. */
void mps_desks_read(struct mps_lab *lab, enum mps_call call, const struct cpuset *asked);

/* The groups of calls, each in a file of its own. */
void mps_ask_list(struct mps_lab *lab);   /* mps_ask.c: who is there */
void mps_ask_wrong(struct mps_lab *lab);  /* mps_wrong.c: what must be refused */
void mps_start_all(struct mps_lab *lab);  /* mps_start.c: StartupAllAPs */
void mps_start_late(struct mps_lab *lab); /* mps_late.c: timeouts that expire */
void mps_start_this(struct mps_lab *lab); /* mps_this.c: StartupThisAP, and busy APs */
void mps_disable(struct mps_lab *lab);    /* mps_disable.c: EnableDisableAP */
void mps_switch(struct mps_lab *lab);     /* mps_switch.c: SwitchBSP */

/* mps_switch.c: a SwitchBSP that must be refused, where it is safe. If firmware obeys, the way back
 * is taken at once; if there is none, all of it is left, since muster is on another CPU. */
void mps_switch_refused(struct mps_lab *lab, enum mps_call call, UINTN number);
/* Whether a switch can be undone at all; before the first that might need it. */
void mps_switch_prepare(struct mps_lab *lab);

/* One StartupAllAPs of mps_procedure_work, blocking, recorded as trial `call`. */
EFI_STATUS mps_start_trial(struct mps_lab *lab, enum mps_call call, BOOLEAN one_by_one,
                           const struct cpuset *asked);

/* Closes `event` unless firmware may still signal it: then it is left alone, and so is what was
 * taken for muster, as firmware may write there, too. */
void mps_event_close(struct mps_lab *lab, EFI_EVENT event, bool done);

/* The last of the APs that run, or CPU_NONE. */
uint32_t mps_last_ap(const struct mps_lab *lab);

/* What calls are made with: NULL where there is no protocol, or no memory for it. */
struct mps_lab *mps_lab_take(struct firmware *firmware, struct handoff *handoff);

/* mps_watched.c: says `words`, and then makes the calls of `ask` under the watch, each between a
 * _begin() and an _end(). False where one of them did not return, or where nothing was asked: there
 * is no timer event, or MP Services were given up before. */
typedef void mps_asking(struct mps_lab *lab, void *context);
bool mps_watched(struct mps_lab *lab, const char *words, mps_asking *ask, void *context);
/* The call that did not return, or MPS_CALLS. */
enum mps_call mps_given_up(const struct mps_record *record);

/* Puts MP Services to the test where a check of mps.* was chosen; fills handoff->mps. Refuses where
 * firmware left muster on another CPU. */
bool mps_take(struct mps_lab *lab, struct handoff *handoff, struct refusal *refusal);

#endif
