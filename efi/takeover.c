#include "takeover.h"
#include "console.h"
#include "memory.h"
#include "runtime.h"

enum { ATTEMPTS = 8 };

/* Firmware's stack is in memory that the far side does not map. Interrupts are off from here on. */
static _Noreturn void enter(struct handoff *handoff, char *stack_top)
{
    __asm__ volatile("cli\n\t"
                     "cld\n\t"
                     "mov %[stack], %%rsp\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "call muster_main\n\t"
                     "ud2"
                     :
                     : [stack] "r"(stack_top), "D"(handoff)
                     : "memory");
    __builtin_unreachable();
}

/* All that may change with the memory map is decided from the same map that the key stands for. */
static bool read_final_map(struct firmware *firmware, struct handoff *handoff,
                           struct map_buffer *map, struct refusal *refusal)
{
    const EFI_STATUS status = map_buffer_read(firmware, map, &handoff->memory);
    if (EFI_ERROR(status)) {
        return refuse(refusal, status, "muster: GetMemoryMap failed: %s",
                      firmware_status_name(status));
    }
    runtime_read(firmware, handoff);
    return memory_settle_low(handoff, refusal);
}

/* An event may change the map between the two calls: then only GetMemoryMap and another try are
 * allowed. */
static bool leave_boot_services(struct firmware *firmware, struct handoff *handoff,
                                struct map_buffer *map, struct refusal *refusal)
{
    EFI_STATUS status = EFI_INVALID_PARAMETER;
    unsigned attempt = 0;
    while (status == EFI_INVALID_PARAMETER && attempt < ATTEMPTS) {
        if (!read_final_map(firmware, handoff, map, refusal)) {
            return false;
        }
        state_read(&handoff->bsp_state[MOMENT_BEFORE]);
        status = firmware->boot->ExitBootServices(firmware->image, map->key);
        attempt++;
    }
    if (!EFI_ERROR(status)) {
        /* The table of runtime services stays, but not always what stands in it: U-Boot puts other
         * functions there now. */
        runtime_take_services(firmware, &handoff->runtime);
        state_read(&handoff->bsp_state[MOMENT_AFTER]);
        return true;
    }
    return refuse(refusal, status,
                  "muster: ExitBootServices failed, attempt %u of %u: %s; reset the "
                  "machine before anything else is started",
                  attempt, ATTEMPTS, firmware_status_name(status));
}

void takeover(struct firmware *firmware, struct handoff *handoff, struct map_buffer *map,
              struct refusal *ret_refusal)
{
    char *stack = arena_take(&handoff->arena, DOOR_STACK_SIZE, PAGE_SIZE);
    if (stack == NULL) {
        refuse(ret_refusal, EFI_OUT_OF_RESOURCES, "muster: memory: the arena holds no stack");
        return;
    }
    firmware->boot->SetWatchdogTimer(0, 0, 0, NULL);
    console_format(firmware, "muster: leaving boot services with %u CPU%s claimed\n",
                   handoff->inventory.count, handoff->inventory.count == 1 ? "" : "s");
    if (leave_boot_services(firmware, handoff, map, ret_refusal)) {
        enter(handoff, stack + DOOR_STACK_SIZE);
    }
}
