#include "firmware.h"
#include "console.h"
#include "pages.h"
#include "timer.h"

#include <muster/memory.h>

void firmware_init(struct firmware *firmware, EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    static const EFI_GUID loaded_image = EFI_LOADED_IMAGE_PROTOCOL_GUID;
    *firmware = (struct firmware){.image = image, .system = system, .boot = system->BootServices};
    firmware->loaded = firmware_protocol(firmware, image, &loaded_image);
}

void *firmware_protocol(const struct firmware *firmware, EFI_HANDLE handle, const EFI_GUID *guid)
{
    void *protocol = NULL;
    if (handle == NULL) {
        return NULL;
    }
    const EFI_STATUS status = firmware->boot->HandleProtocol(handle, (EFI_GUID *)guid, &protocol);
    return EFI_ERROR(status) ? NULL : protocol;
}

void *firmware_locate(const struct firmware *firmware, const EFI_GUID *guid)
{
    void *protocol = NULL;
    const EFI_STATUS status = firmware->boot->LocateProtocol((EFI_GUID *)guid, NULL, &protocol);
    return EFI_ERROR(status) ? NULL : protocol;
}

void *firmware_table(const struct firmware *firmware, const EFI_GUID *guid)
{
    const EFI_SYSTEM_TABLE *system = firmware->system;
    for (UINTN i = 0; i < system->NumberOfTableEntries; i++) {
        if (memcmp(&system->ConfigurationTable[i].VendorGuid, guid, sizeof(*guid)) == 0) {
            return system->ConfigurationTable[i].VendorTable;
        }
    }
    return NULL;
}

const char *firmware_status_name(EFI_STATUS status)
{
    static const char names[][24] = {
        "Success",         "Load Error",       "Invalid Parameter", "Unsupported",
        "Bad Buffer Size", "Buffer Too Small", "Not Ready",         "Device Error",
        "Write Protected", "Out of Resources", "Volume Corrupted",  "Volume Full",
        "No Media",        "Media Changed",    "Not Found",         "Access Denied",
        "No Response",     "No Mapping",       "Timeout",           "Not Started",
    };
    const uint64_t code = status & ~(UINT64_C(1) << 63);
    return code < sizeof(names) / sizeof(names[0]) ? names[code] : "unnamed status";
}

_Noreturn void firmware_leave(struct firmware *firmware, EFI_STATUS status)
{
    console_page_end(firmware);
    if (firmware->holds_on) {
        console_write(firmware, "muster: MP Services have not finished with muster's code and "
                                "memory; reset the machine before anything else is started\n");
    } else {
        pages_give_back(firmware);
    }
    timer_start(firmware);
    firmware->boot->Exit(firmware->image, status, 0, NULL);
    for (;;) {
        __asm__ volatile("pause");
    }
}
