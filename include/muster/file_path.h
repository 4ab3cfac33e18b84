/* The name and the neighbours of the file that a UEFI device path names. */
#ifndef MUSTER_FILE_PATH_H
#define MUSTER_FILE_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

/* Appends the file path of the device path at `nodes`: its File Path nodes, with one '\' between
 * (UEFI 2.10, 10.3.1 and 10.3.5.4). At most `size` bytes are read; a node shorter than its own
 * header or running past the end ends the walk. Nothing is appended where there is no such node. */
void file_path_print(struct text *out, const void *nodes, uint32_t size);

/* What follows the last '\' or '/' of `path`. */
const char *file_path_name(const char *path);

/* Makes `path` the path of `name` in the same folder: "\EFI\BOOT\BOOTX64.EFI" and "muster.cfg" give
 * "\EFI\BOOT\muster.cfg". False when it does not fit. */
bool file_path_beside(struct text *path, const char *name);

#endif
