#include "config_file.h"
#include "pages.h"
#include "volume.h"

#include <muster/ucs2.h>

enum { FILE_MAX = 16384 };

static bool is_folder(EFI_FILE_PROTOCOL *file)
{
    static const EFI_GUID file_info = EFI_FILE_INFO_ID;
    struct {
        EFI_FILE_INFO info; /* ends in the file's name */
        CHAR16 name[VOLUME_PATH_MAX];
    } buffer;
    UINTN size = sizeof(buffer);
    return !EFI_ERROR(file->GetInfo(file, (EFI_GUID *)&file_info, &size, &buffer)) &&
           buffer.info.Attribute & EFI_FILE_DIRECTORY;
}

/* Reads until the end of the file or the end of the buffer: one Read() may return less. */
static EFI_STATUS read_all(EFI_FILE_PROTOCOL *file, uint8_t *buffer, UINTN capacity,
                           UINTN *ret_size)
{
    UINTN size = 0;
    while (size < capacity) {
        UINTN piece = capacity - size;
        const EFI_STATUS status = file->Read(file, &piece, buffer + size);
        if (EFI_ERROR(status)) {
            return status;
        }
        if (piece == 0) {
            break;
        }
        size += piece;
    }
    *ret_size = size;
    return EFI_SUCCESS;
}

static bool read_text(struct firmware *firmware, EFI_FILE_PROTOCOL *file, struct text *out,
                      struct refusal *refusal)
{
    UINTN size;
    uint8_t *buffer = pages_take(firmware, FILE_MAX + 1, UINT32_MAX);
    if (buffer == NULL) {
        return refuse(refusal, EFI_OUT_OF_RESOURCES,
                      "muster: " CONFIG_FILE_NAME ": no memory to read it");
    }
    const EFI_STATUS status = read_all(file, buffer, FILE_MAX + 1, &size);
    if (EFI_ERROR(status)) {
        return refuse(refusal, EFI_INVALID_PARAMETER,
                      "muster: " CONFIG_FILE_NAME ": cannot be read (%s); mend or remove it",
                      firmware_status_name(status));
    }
    if (size > FILE_MAX) {
        return refuse(refusal, EFI_INVALID_PARAMETER,
                      "muster: " CONFIG_FILE_NAME ": larger than %u KiB; shorten it",
                      FILE_MAX / 1024);
    }
    const long bad = ucs2_print_file(out, buffer, (uint32_t)size);
    if (bad >= 0) {
        return refuse(refusal, EFI_INVALID_PARAMETER,
                      "muster: " CONFIG_FILE_NAME
                      ": byte 0x%x at offset %ld is no text; write plain text",
                      buffer[bad], bad);
    }
    return true;
}

static bool open_and_read(struct firmware *firmware, EFI_FILE_PROTOCOL *root, struct text *out,
                          struct refusal *refusal)
{
    CHAR16 path[VOLUME_PATH_MAX];
    EFI_FILE_PROTOCOL *file = NULL;
    if (!volume_path(firmware, CONFIG_FILE_NAME, path)) {
        return true;
    }
    const EFI_STATUS status = root->Open(root, &file, path, EFI_FILE_MODE_READ, 0);
    if (status == EFI_NOT_FOUND) {
        return true;
    }
    if (EFI_ERROR(status)) {
        return refuse(refusal, EFI_INVALID_PARAMETER,
                      "muster: " CONFIG_FILE_NAME ": cannot be opened (%s); mend or remove it",
                      firmware_status_name(status));
    }
    const bool read = is_folder(file)
                          ? refuse(refusal, EFI_INVALID_PARAMETER,
                                   "muster: " CONFIG_FILE_NAME ": is a folder; rename or remove it")
                          : read_text(firmware, file, out, refusal);
    file->Close(file);
    return read;
}

bool config_file_read(struct firmware *firmware, struct text *out, struct refusal *ret_refusal)
{
    EFI_FILE_PROTOCOL *root = volume_open(firmware);
    if (root == NULL) {
        return true;
    }
    const bool read = open_and_read(firmware, root, out, ret_refusal);
    root->Close(root);
    return read;
}
