/* The volume that the program was loaded from, and paths of files beside the program. */
#ifndef EFI_VOLUME_H
#define EFI_VOLUME_H

#include "firmware.h"

enum { VOLUME_PATH_MAX = 256 };

/* Its root folder, or NULL where firmware does not tell, or has no file system there: the program
 * came by network, or from firmware's own memory. The caller closes it. */
EFI_FILE_PROTOCOL *volume_open(const struct firmware *firmware);

/* The path of the file `name` in the program's own folder. False where it is too long. */
bool volume_path(const struct firmware *firmware, const char *name,
                 CHAR16 ret_path[VOLUME_PATH_MAX]);

#endif
