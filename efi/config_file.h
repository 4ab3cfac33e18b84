/* muster.cfg, which lies beside the binary. */
#ifndef EFI_CONFIG_FILE_H
#define EFI_CONFIG_FILE_H

#include "firmware.h"
#include "refusal.h"

#include <muster/text.h>

#define CONFIG_FILE_NAME "muster.cfg"

/* Appends the file's text; nothing where there is no such file, or no file system where the program
 * came from. False when it is there and cannot be read, is larger than 16 KiB, or is no text. */
bool config_file_read(struct firmware *firmware, struct text *out, struct refusal *ret_refusal);

#endif
