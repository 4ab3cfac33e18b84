/* The framebuffer that stays when boot services go. */
#ifndef EFI_GRAPHICS_H
#define EFI_GRAPHICS_H

#include "firmware.h"

/* The console's own linear framebuffer, else the first there is; PIXEL_NONE without one (UEFI 2.10,
 * 12.9). The mode stays as it is. */
void graphics_find(const struct firmware *firmware, struct framebuffer_claim *ret);

#endif
