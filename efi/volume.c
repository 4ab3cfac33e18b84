#include "volume.h"

#include <muster/file_path.h>

enum { DEVICE_PATH_MAX = 4096 };

EFI_FILE_PROTOCOL *volume_open(const struct firmware *firmware)
{
    static const EFI_GUID file_system = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
    if (firmware->loaded == NULL) {
        return NULL;
    }
    EFI_FILE_IO_INTERFACE *volume =
        firmware_protocol(firmware, firmware->loaded->DeviceHandle, &file_system);
    EFI_FILE_PROTOCOL *root = NULL;
    if (volume == NULL || EFI_ERROR(volume->OpenVolume(volume, &root))) {
        return NULL;
    }
    return root;
}

bool volume_path(const struct firmware *firmware, const char *name,
                 CHAR16 ret_path[VOLUME_PATH_MAX])
{
    char buffer[VOLUME_PATH_MAX];
    struct text path;
    text_init(&path, buffer, sizeof(buffer));
    if (firmware->loaded->FilePath != NULL) {
        file_path_print(&path, firmware->loaded->FilePath, DEVICE_PATH_MAX);
    }
    if (!file_path_beside(&path, name)) {
        return false;
    }
    for (size_t i = 0; i <= path.length; i++) {
        ret_path[i] = (CHAR16)path.at[i];
    }
    return true;
}
