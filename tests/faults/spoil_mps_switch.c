/* MP Services whose SwitchBSP obeys where it must refuse.
 *
 * No emulator can make a switch by INIT, so processor 1 only lends its hands: it comes back from
 * the call on the caller's stack, and the BSP waits on another one until it is called back. */
#include "spoil_mps.h"

#include "resident.h"

#include <stdbool.h>
#include <stdint.h>

enum { THE_AP = 1, STACK_SIZE = 4096 };

static EFI_STATUS EFIAPI switch_nothing(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                        BOOLEAN enable_old)
{
    (void)this;
    (void)number;
    (void)enable_old;
    return EFI_SUCCESS;
}

EFI_STATUS spoil_mps_switched(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, SwitchBSP, switch_nothing);
}

static struct {
    void *there[5], *back[5], *own[5]; /* where the AP goes on, the BSP, and the AP again */
    volatile bool away, called_back;
    bool one_way;
    char stack[STACK_SIZE] __attribute__((aligned(16)));
} lent;

static void wait_for(const volatile bool *what)
{
    while (!*what) {
        __asm__ volatile("pause");
    }
}

static __attribute__((noinline)) _Noreturn void go_on(void **at)
{
    __builtin_longjmp(at, 1);
}

/* The AP, for as long as it lends its hands. */
static VOID EFIAPI lend(VOID *unused)
{
    (void)unused;
    if (__builtin_setjmp(lent.own) == 0) {
        wait_for(&lent.away);
        go_on(lent.there);
    }
    __asm__ volatile("cli" : : : "memory");
    lent.away = false;
    lent.called_back = true;
}

/* The BSP, on a stack of its own. */
static __attribute__((used)) _Noreturn void wait_away(void)
{
    lent.away = true;
    wait_for(&lent.called_back);
    lent.called_back = false;
    go_on(lent.back);
}

static EFI_STATUS take_hands(EFI_MP_SERVICES_PROTOCOL *this)
{
    EFI_EVENT event;
    EFI_STATUS status = mps_boot->CreateEvent(0, 0, NULL, NULL, &event);
    if (!EFI_ERROR(status)) {
        status = mps_original.StartupThisAP(this, resident(lend), THE_AP, event, 0, NULL, NULL);
    }
    if (EFI_ERROR(status)) {
        return status;
    }
    if (__builtin_setjmp(lent.there) == 0) {
        __asm__ volatile("cli\n\t"
                         "mov %0, %%rsp\n\t"
                         "call wait_away"
                         :
                         : "r"(lent.stack + STACK_SIZE)
                         : "memory");
        __builtin_unreachable();
    }
    return EFI_SUCCESS;
}

static EFI_STATUS give_back(void)
{
    if (lent.one_way) {
        return EFI_DEVICE_ERROR;
    }
    if (__builtin_setjmp(lent.back) == 0) {
        go_on(lent.own);
    }
    __asm__ volatile("sti" : : : "memory");
    return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI switch_hands(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                      BOOLEAN enable_old)
{
    (void)number;
    (void)enable_old;
    return lent.away ? give_back() : take_hands(this);
}

EFI_STATUS spoil_mps_moved(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, SwitchBSP, switch_hands);
}

EFI_STATUS spoil_mps_moved_off(EFI_SYSTEM_TABLE *system)
{
    lent.one_way = true;
    return spoil_mps_moved(system);
}
