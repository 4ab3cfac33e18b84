#include "record_files.h"
#include "volume.h"

#include <muster/memory.h>

enum { NAME_MAX = 128, NUMBER_MAX = 99 };

/* A file has this name until it is whole. */
static const char part_name[] = "muster.part";

#define MODE_READ   EFI_FILE_MODE_READ
#define MODE_WRITE  (EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE)
#define MODE_CREATE (MODE_WRITE | EFI_FILE_MODE_CREATE)

struct writing {
    EFI_FILE_PROTOCOL *file;
    EFI_STATUS status;
};

static bool write_bytes(void *context, const void *bytes, uint32_t size)
{
    struct writing *writing = context;
    const uint8_t *at = bytes;
    while (size > 0 && !EFI_ERROR(writing->status)) {
        UINTN piece = size;
        writing->status = writing->file->Write(writing->file, &piece, (void *)at);
        /* UEFI 2.10, 13.5: a short write is an error; one of nothing would go on for ever. */
        if (!EFI_ERROR(writing->status) && (piece == 0 || piece > size)) {
            writing->status = EFI_VOLUME_FULL;
        }
        at += piece;
        size -= (uint32_t)piece;
    }
    return !EFI_ERROR(writing->status);
}

static EFI_STATUS open_beside(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                              const char *name, UINT64 mode, EFI_FILE_PROTOCOL **ret)
{
    CHAR16 path[VOLUME_PATH_MAX];
    return volume_path(firmware, name, path) ? root->Open(root, ret, path, mode, 0)
                                             : EFI_INVALID_PARAMETER;
}

/* EFI_SUCCESS: there is such a file; EFI_NOT_FOUND: there is none; else nobody knows. */
static EFI_STATUS look_for(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                           const char *name)
{
    EFI_FILE_PROTOCOL *file = NULL;
    const EFI_STATUS status = open_beside(firmware, root, name, MODE_READ, &file);
    if (EFI_ERROR(status)) {
        return status;
    }
    file->Close(file);
    return EFI_SUCCESS;
}

/* Gives the open file its name (UEFI 2.10, 13.5: SetInfo moves a file whose name changes). */
static EFI_STATUS rename(EFI_FILE_PROTOCOL *file, const char *name)
{
    static const EFI_GUID file_info = EFI_FILE_INFO_ID;
    struct {
        EFI_FILE_INFO info; /* ends in the file's name */
        CHAR16 name[VOLUME_PATH_MAX];
    } buffer;
    UINTN size = sizeof(buffer);
    const EFI_STATUS status = file->GetInfo(file, (EFI_GUID *)&file_info, &size, &buffer);
    if (EFI_ERROR(status)) {
        return status;
    }
    CHAR16 *to = (CHAR16 *)((uint8_t *)&buffer + SIZE_OF_EFI_FILE_INFO);
    size_t length = string_length(name) + 1;
    for (size_t i = 0; i < length; i++) {
        to[i] = (CHAR16)name[i];
    }
    buffer.info.Size = SIZE_OF_EFI_FILE_INFO + length * sizeof(CHAR16);
    return file->SetInfo(file, (EFI_GUID *)&file_info, buffer.info.Size, &buffer);
}

static EFI_STATUS write_one(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                            const char *name, const struct record_text *text)
{
    struct writing writing = {.status = EFI_SUCCESS};
    EFI_FILE_PROTOCOL *old = NULL;
    if (!EFI_ERROR(open_beside(firmware, root, part_name, MODE_WRITE, &old))) {
        old->Delete(old); /* of a run that did not come to its end; Delete() closes it, too */
    }
    EFI_STATUS status = open_beside(firmware, root, part_name, MODE_CREATE, &writing.file);
    if (EFI_ERROR(status)) {
        return status;
    }
    text->tell(text, write_bytes, &writing);
    status = writing.status;
    if (!EFI_ERROR(status)) {
        status = writing.file->Flush(writing.file);
    }
    if (!EFI_ERROR(status)) {
        status = rename(writing.file, name);
    }
    if (EFI_ERROR(status)) {
        writing.file->Delete(writing.file);
        return status;
    }
    return writing.file->Close(writing.file);
}

static void full_name(char ret[NAME_MAX], const char *name, const char *ending)
{
    struct text text;
    text_init(&text, ret, NAME_MAX);
    text_add(&text, name);
    text_add(&text, ending);
}

static EFI_STATUS look_for_any(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                               const struct record_text *texts, uint32_t count, const char *name,
                               struct text *why)
{
    for (uint32_t n = 0; n < count; n++) {
        char full[NAME_MAX];
        full_name(full, name, texts[n].ending);
        const EFI_STATUS status = look_for(firmware, root, full);
        if (status != EFI_NOT_FOUND) {
            if (EFI_ERROR(status)) {
                text_format(why, "%s cannot be looked for (%s)", full,
                            firmware_status_name(status));
            }
            return status;
        }
    }
    return EFI_NOT_FOUND;
}

/* A name that none of the files has yet. */
static bool find_name(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                      const struct record_contents *contents, const struct record_text *texts,
                      uint32_t count, struct text *ret_name, struct text *why)
{
    for (uint32_t number = 1; number <= NUMBER_MAX; number++) {
        text_init(ret_name, ret_name->at, ret_name->size);
        record_file_name(ret_name, contents, number);
        const EFI_STATUS status = look_for_any(firmware, root, texts, count, ret_name->at, why);
        if (status != EFI_SUCCESS) {
            return status == EFI_NOT_FOUND;
        }
    }
    text_format(why, "%u files of this name are there", NUMBER_MAX);
    return false;
}

static bool write_all(const struct firmware *firmware, EFI_FILE_PROTOCOL *root,
                      const struct record_text *texts, uint32_t count, const char *name,
                      struct text *why)
{
    for (uint32_t n = 0; n < count; n++) {
        char full[NAME_MAX];
        full_name(full, name, texts[n].ending);
        const EFI_STATUS status = write_one(firmware, root, full, &texts[n]);
        if (EFI_ERROR(status)) {
            text_format(why, "%s cannot be written (%s)", full, firmware_status_name(status));
            return false;
        }
    }
    return true;
}

bool record_files_write(struct firmware *firmware, const struct record_contents *contents,
                        const struct record_text *texts, uint32_t count, struct text *ret_name,
                        struct text *ret_why)
{
    EFI_FILE_PROTOCOL *root = volume_open(firmware);
    if (root == NULL) {
        text_add(ret_why, "the program was not loaded from a file system");
        return false;
    }
    const bool written = find_name(firmware, root, contents, texts, count, ret_name, ret_why) &&
                         write_all(firmware, root, texts, count, ret_name->at, ret_why);
    root->Close(root);
    return written;
}
