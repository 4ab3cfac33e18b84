#include "graphics.h"

#include <muster/graphics_mode.h>

_Static_assert((int)GRAPHICS_RGBX == (int)PixelRedGreenBlueReserved8BitPerColor, "UEFI 2.10, 12.9");
_Static_assert((int)GRAPHICS_BGRX == (int)PixelBlueGreenRedReserved8BitPerColor, "UEFI 2.10, 12.9");
_Static_assert((int)GRAPHICS_MASKS == (int)PixelBitMask, "UEFI 2.10, 12.9");
_Static_assert((int)GRAPHICS_BLT_ONLY == (int)PixelBltOnly, "UEFI 2.10, 12.9");

static const EFI_GUID graphics_output = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;

static bool read_mode(const struct firmware *firmware, EFI_HANDLE handle,
                      struct framebuffer_claim *ret)
{
    const EFI_GRAPHICS_OUTPUT_PROTOCOL *graphics =
        firmware_protocol(firmware, handle, &graphics_output);
    if (graphics == NULL || graphics->Mode == NULL || graphics->Mode->Info == NULL) {
        return false;
    }
    const EFI_GRAPHICS_OUTPUT_MODE_INFORMATION *info = graphics->Mode->Info;
    const struct graphics_mode mode = {
        .format = info->PixelFormat,
        .red_mask = info->PixelInformation.RedMask,
        .green_mask = info->PixelInformation.GreenMask,
        .blue_mask = info->PixelInformation.BlueMask,
        .width = info->HorizontalResolution,
        .height = info->VerticalResolution,
        .stride = info->PixelsPerScanLine,
        .base = graphics->Mode->FrameBufferBase,
        .size = graphics->Mode->FrameBufferSize,
    };
    return graphics_mode_read(&mode, ret);
}

void graphics_find(const struct firmware *firmware, struct framebuffer_claim *ret)
{
    EFI_HANDLE *handles = NULL;
    UINTN count = 0;
    *ret = (struct framebuffer_claim){.order = PIXEL_NONE};
    if (read_mode(firmware, firmware->system->ConsoleOutHandle, ret)) {
        return;
    }
    if (EFI_ERROR(firmware->boot->LocateHandleBuffer(ByProtocol, (EFI_GUID *)&graphics_output, NULL,
                                                     &count, &handles))) {
        return;
    }
    for (UINTN i = 0; i < count && !read_mode(firmware, handles[i], ret); i++) {
    }
    firmware->boot->FreePool(handles);
}
