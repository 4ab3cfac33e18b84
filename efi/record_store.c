#include "record_store.h"

#include <muster/memory.h>
#include <muster/record_name.h>

/* UEFI 2.10, 4.6.2; gnu-efi does not declare it. */
static const EFI_GUID rt_properties_table = {
    0xeb66918a, 0x7eef, 0x402a, {0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9}};

struct rt_properties {
    UINT16 version, length;
    UINT32 supported;
};

enum { SUPPORTED_SET_VARIABLE = 0x40, REVISION_2_0 = 2 << 16 };

static EFI_GUID *vendor(void)
{
    _Static_assert(sizeof(EFI_GUID) == sizeof(record_vendor), "UEFI 2.10, 2.3.1");
    return (EFI_GUID *)(uintptr_t)record_vendor;
}

/* A store that firmware does not offer holds nothing (UEFI 2.10, 8.2.1). */
static bool is_none(EFI_STATUS status)
{
    return status == EFI_NOT_FOUND || status == EFI_UNSUPPORTED;
}

static EFI_STATUS read_one(const struct firmware *firmware, uint32_t n, UINTN *size, uint8_t *ret)
{
    uint16_t name[RECORD_NAME_MAX];
    UINT32 attributes;
    record_name(name, n);
    return firmware->system->RuntimeServices->GetVariable(name, vendor(), &attributes, size, ret);
}

/* `size` is what firmware asked for. */
static EFI_STATUS read_large(const struct firmware *firmware, uint32_t n, UINTN *size,
                             struct record_variables *ret, struct record_large *large)
{
    uint8_t *at = large->bytes + large->used;
    if (*size <= RECORD_VARIABLE_MAX || *size > RECORD_LARGE_BYTES - large->used) {
        return EFI_BUFFER_TOO_SMALL;
    }
    const EFI_STATUS status = read_one(firmware, n, size, at);
    if (EFI_ERROR(status)) {
        return status;
    }
    memcpy(ret->bytes[n], at, *size < RECORD_VARIABLE_MAX ? *size : RECORD_VARIABLE_MAX);
    large->at[n] = at;
    large->used += (uint32_t)*size;
    return EFI_SUCCESS;
}

bool record_store_read(const struct firmware *firmware, struct record_variables *ret,
                       struct record_large *ret_large, struct refusal *ret_refusal)
{
    memset(ret_large->at, 0, sizeof(ret_large->at));
    ret_large->used = 0;
    for (uint32_t n = 0; n < RECORD_PIECES; n++) {
        UINTN size = RECORD_VARIABLE_MAX;
        EFI_STATUS status = read_one(firmware, n, &size, ret->bytes[n]);
        if (status == EFI_BUFFER_TOO_SMALL) {
            status = read_large(firmware, n, &size, ret, ret_large);
        }
        if (EFI_ERROR(status) && !is_none(status)) {
            return refuse(
                ret_refusal, status,
                "muster: the variable MusterRecord%u cannot be read (%s); whatever record "
                "there is is kept",
                n, firmware_status_name(status));
        }
        ret->sizes[n] = is_none(status) ? 0 : (uint32_t)size;
    }
    return true;
}

bool record_store_remove(const struct firmware *firmware)
{
    bool removed = true;
    for (uint32_t n = 0; n < RECORD_PIECES; n++) {
        uint16_t name[RECORD_NAME_MAX];
        record_name(name, n);
        /* UEFI 2.10, 8.2.3: no size and no attributes */
        const EFI_STATUS status =
            firmware->system->RuntimeServices->SetVariable(name, vendor(), 0, 0, NULL);
        removed = removed && (!EFI_ERROR(status) || status == EFI_NOT_FOUND);
    }
    return removed;
}

static bool works_after_the_door(const struct firmware *firmware)
{
    const struct rt_properties *properties = firmware_table(firmware, &rt_properties_table);
    return properties == NULL || properties->length < sizeof(*properties) ||
           properties->supported & SUPPORTED_SET_VARIABLE;
}

static void cannot(struct record_claim *claim, const char *why)
{
    claim->kept = false;
    string_copy(claim->why_not, sizeof(claim->why_not), why);
}

void record_store_plan(const struct firmware *firmware, struct record_claim *claim)
{
    const EFI_RUNTIME_SERVICES *services = firmware->system->RuntimeServices;
    UINT64 size = 0, remaining = 0, most = 0;
    if (services->Hdr.Revision < REVISION_2_0 || services->QueryVariableInfo == NULL) {
        cannot(claim, "the firmware does not tell how large its variable store is");
        return;
    }
    const EFI_STATUS status =
        services->QueryVariableInfo(RECORD_ATTRIBUTES, &size, &remaining, &most);
    claim->store =
        (struct record_store_claim){.size = size, .remaining = remaining, .variable_max = most};
    if (EFI_ERROR(status)) {
        struct text why;
        text_init(&why, claim->why_not, sizeof(claim->why_not));
        text_format(&why, "the firmware does not tell how large its variable store is: %s",
                    firmware_status_name(status));
        claim->kept = false;
    } else if (!works_after_the_door(firmware)) {
        cannot(claim, "the firmware says that SetVariable does not work after ExitBootServices");
    } else {
        record_plan(claim);
    }
}
