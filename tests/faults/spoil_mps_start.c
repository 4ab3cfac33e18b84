/* MP Services whose StartupAllAPs and StartupThisAP do not keep the specification. */
#include "spoil_mps.h"

#include <stdbool.h>
#include <stdint.h>

/* PI 1.8 vol. 2, 13.4.4. */
#define END_OF_CPU_LIST UINT64_C(0xffffffff)

static EFI_STATUS EFIAPI all_hang(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                  BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                  VOID *argument, UINTN **failed)
{
    if (timeout == 0 && event == NULL) {
        for (;;) {
            __asm__ volatile("pause");
        }
    }
    return mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument,
                                      failed);
}

EFI_STATUS spoil_mps_hang(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_hang);
}

static EFI_STATUS EFIAPI all_hang_off(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                      BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                      VOID *argument, UINTN **failed)
{
    for (; one_by_one;) {
        __asm__ volatile("cli\n\thlt");
    }
    return mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument,
                                      failed);
}

EFI_STATUS spoil_mps_hang_off(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_hang_off);
}

/* The platform's timer (PI 1.8 vol. 2, 12.11). */
struct timer_arch {
    void *register_handler;
    EFI_STATUS(EFIAPI *set_timer_period)(struct timer_arch *this, UINT64 period_100ns);
};

/* Firmware that looks after its APs at each tick has none to signal the event from. */
static EFI_STATUS EFIAPI all_stop_ticks(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                        BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                        VOID *argument, UINTN **failed)
{
    EFI_GUID guid = {0x26baccb3, 0x6f42, 0x11d4, {0xbc, 0xe7, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81}};
    struct timer_arch *timer = NULL;
    if (event != NULL && !EFI_ERROR(mps_boot->LocateProtocol(&guid, NULL, (void **)&timer))) {
        timer->set_timer_period(timer, 0);
    }
    return mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument,
                                      failed);
}

EFI_STATUS spoil_mps_no_tick(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_stop_ticks);
}

static EFI_STATUS EFIAPI this_hangs(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                    UINTN number, EFI_EVENT event, UINTN timeout, VOID *argument,
                                    BOOLEAN *finished)
{
    const EFI_STATUS status =
        mps_original.StartupThisAP(this, procedure, number, event, timeout, argument, finished);
    for (; status == EFI_TIMEOUT;) {
        __asm__ volatile("pause");
    }
    return status;
}

EFI_STATUS spoil_mps_hang_late(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupThisAP, this_hangs);
}

static EFI_STATUS EFIAPI all_wait_for_ever(EFI_MP_SERVICES_PROTOCOL *this,
                                           EFI_AP_PROCEDURE procedure, BOOLEAN one_by_one,
                                           EFI_EVENT event, UINTN timeout, VOID *argument,
                                           UINTN **failed)
{
    (void)timeout;
    return mps_original.StartupAllAPs(this, procedure, one_by_one, event, 0, argument, failed);
}

EFI_STATUS spoil_mps_no_timeout(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_wait_for_ever);
}

/* Names another AP in the place of the first that failed. */
static EFI_STATUS EFIAPI all_blame_another(EFI_MP_SERVICES_PROTOCOL *this,
                                           EFI_AP_PROCEDURE procedure, BOOLEAN one_by_one,
                                           EFI_EVENT event, UINTN timeout, VOID *argument,
                                           UINTN **failed)
{
    const EFI_STATUS status =
        mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    if (status == EFI_TIMEOUT && failed != NULL) {
        (*failed)[0]++;
    }
    return status;
}

EFI_STATUS spoil_mps_list(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_blame_another);
}

/* Names the first that failed once more. */
static EFI_STATUS EFIAPI all_list_twice(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                        BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                        VOID *argument, UINTN **failed)
{
    const EFI_STATUS status =
        mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    UINTN count = 0, *list = NULL;
    if (status != EFI_TIMEOUT || failed == NULL) {
        return status;
    }
    while ((*failed)[count++] != END_OF_CPU_LIST) {
        continue;
    }
    mps_boot->AllocatePool(EfiBootServicesData, (count + 1) * sizeof(*list), (void **)&list);
    list[0] = (*failed)[0];
    mps_boot->CopyMem(list + 1, *failed, count * sizeof(*list));
    mps_boot->FreePool(*failed);
    *failed = list;
    return status;
}

EFI_STATUS spoil_mps_list_twice(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_list_twice);
}

static EFI_STATUS EFIAPI all_end_no_list(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                         BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                         VOID *argument, UINTN **failed)
{
    const EFI_STATUS status =
        mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    UINTN *list = NULL;
    if (status != EFI_TIMEOUT || failed == NULL ||
        EFI_ERROR(mps_boot->AllocatePool(EfiBootServicesData, 4096, (void **)&list))) {
        return status;
    }
    for (unsigned n = 0; n < 512; n++) {
        list[n] = 1;
    }
    mps_boot->FreePool(*failed);
    *failed = list;
    return status;
}

EFI_STATUS spoil_mps_list_end(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_end_no_list);
}

/* Who was late in the last call with a timeout is left out of all that have none: a timeout that a
 * busy host made too short is tried again. Not by EnableDisableAP: EDK II's broadcast wakes
 * disabled APs, too, and what becomes of them then is chance. */
enum { LATE_MAX = 64 };

static struct {
    EFI_MP_SERVICES_PROTOCOL *mps;
    EFI_AP_PROCEDURE procedure;
    VOID *argument;
    bool left_out[LATE_MAX];
} losing;

static VOID EFIAPI run_unless_late(VOID *unused)
{
    UINTN self = LATE_MAX;
    (void)unused;
    mps_original.WhoAmI(losing.mps, &self);
    if (self >= LATE_MAX || !losing.left_out[self]) {
        losing.procedure(losing.argument);
    }
}

static void note_late(const UINTN *failed)
{
    for (UINTN n = 0; n < LATE_MAX; n++) {
        losing.left_out[n] = false;
    }
    for (UINTN n = 0; failed != NULL && failed[n] < LATE_MAX; n++) {
        losing.left_out[failed[n]] = true;
    }
}

static EFI_STATUS EFIAPI all_lose_late(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                       BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                       VOID *argument, UINTN **failed)
{
    if (procedure == NULL || event != NULL) {
        return mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument,
                                          failed);
    }
    if (timeout != 0) {
        const EFI_STATUS status = mps_original.StartupAllAPs(this, procedure, one_by_one, event,
                                                             timeout, argument, failed);
        note_late(status == EFI_TIMEOUT && failed != NULL ? *failed : NULL);
        return status;
    }
    losing.mps = this;
    losing.procedure = procedure;
    losing.argument = argument;
    return mps_original.StartupAllAPs(this, run_unless_late, one_by_one, event, timeout, NULL,
                                      failed);
}

EFI_STATUS spoil_mps_late_gone(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_lose_late);
}

static EFI_STATUS EFIAPI all_in_turn(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                     BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                     VOID *argument, UINTN **failed)
{
    (void)one_by_one;
    return mps_original.StartupAllAPs(this, procedure, event == NULL && timeout == 0, event,
                                      timeout, argument, failed);
}

EFI_STATUS spoil_mps_in_turn(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_in_turn);
}

static EFI_STATUS EFIAPI all_at_once(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                     BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                     VOID *argument, UINTN **failed)
{
    (void)one_by_one;
    return mps_original.StartupAllAPs(this, procedure, FALSE, event, timeout, argument, failed);
}

EFI_STATUS spoil_mps_at_once(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_at_once);
}

static EFI_STATUS EFIAPI all_succeed(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                     BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                     VOID *argument, UINTN **failed)
{
    mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    return EFI_SUCCESS;
}

EFI_STATUS spoil_mps_success(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_succeed);
}

/* The neighbour of the AP that is meant: 1 for 2 and the other way round. */
static EFI_STATUS EFIAPI this_is_another(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                         UINTN number, EFI_EVENT event, UINTN timeout,
                                         VOID *argument, BOOLEAN *finished)
{
    const UINTN other = number == 1 || number == 2 ? 3 - number : number;
    return mps_original.StartupThisAP(this, procedure, other, event, timeout, argument, finished);
}

EFI_STATUS spoil_mps_other(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupThisAP, this_is_another);
}
