#include "services.h"

void services_seal(EFI_BOOT_SERVICES *boot)
{
    UINT32 crc = 0;
    boot->Hdr.CRC32 = 0;
    boot->CalculateCrc32(boot, boot->Hdr.HeaderSize, &crc);
    boot->Hdr.CRC32 = crc;
}
