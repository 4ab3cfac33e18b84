/* Firmware behind one pointer: what every step before the door is given. */
#ifndef EFI_FIRMWARE_H
#define EFI_FIRMWARE_H

#include <efi.h>

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>

enum { PAGE_SIZE = 4096, PAGES_TAKEN_MAX = 16 };

struct firmware {
    EFI_HANDLE image;
    EFI_SYSTEM_TABLE *system;
    EFI_BOOT_SERVICES *boot;
    EFI_LOADED_IMAGE *loaded;    /* NULL: firmware does not tell where the program came from */
    bool spoken;                 /* something was printed */
    bool paging;                 /* the shell stops after each screenful */
    uint64_t timer_period_100ns; /* of the ticks that boot_timer_stop() stopped; 0: they go on */
    struct range taken[PAGES_TAKEN_MAX];
    uint32_t taken_count;
    bool holds_on; /* it may still write to what was taken, or run muster's code */
};

/* Before the door, as everything in efi/. */
void firmware_init(struct firmware *firmware, EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

/* The protocol `guid` on `handle`, or NULL (UEFI 2.10, 7.3.7). `handle` may be NULL. */
void *firmware_protocol(const struct firmware *firmware, EFI_HANDLE handle, const EFI_GUID *guid);

/* The only or first protocol `guid` of the system, or NULL (UEFI 2.10, 7.3.16). */
void *firmware_locate(const struct firmware *firmware, const EFI_GUID *guid);

/* The configuration table `guid`, or NULL (UEFI 2.10, 4.6). */
void *firmware_table(const struct firmware *firmware, const EFI_GUID *guid);

/* "Not Found", or "status" for one without a name. */
const char *firmware_status_name(EFI_STATUS status);

/* Ends the program: gives back all pages and returns `status` to whoever started it. Where firmware
 * `holds_on`, it gives back none and says that the machine is to be reset: Exit() unloads the image
 * all the same (UEFI 2.10, 7.4.5). */
_Noreturn void firmware_leave(struct firmware *firmware, EFI_STATUS status);

#endif
