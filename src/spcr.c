#include <muster/bytes.h>
#include <muster/spcr.h>

/* Layout of the SPCR: Revision at 8, Interface Type at 36, Base Address (a Generic Address
 * Structure) at 40: address space 40, register width 41, access size 43, address 44. */
enum {
    SPCR_SIZE_MIN = 52,
    INTERFACE_16550 = 0x00,
    INTERFACE_16450 = 0x01,
    INTERFACE_16550_WITH_GAS = 0x12,
    SPACE_MEMORY = 0,
    SPACE_IO = 1,
    ACCESS_UNDEFINED = 0,
    ACCESS_DWORD = 3,
    PORT_LAST = 0xffff - 7,
};

static bool is_16550(uint8_t interface)
{
    return interface == INTERFACE_16550 || interface == INTERFACE_16450 ||
           interface == INTERFACE_16550_WITH_GAS;
}

static struct serial_claim mmio_claim(uint64_t address, uint8_t register_bits, uint8_t access_size)
{
    const bool dword =
        access_size == ACCESS_DWORD || (access_size == ACCESS_UNDEFINED && register_bits == 32);
    return (struct serial_claim){
        .kind = SERIAL_MMIO,
        .address = address,
        .stride = dword || register_bits == 32 ? 4 : 1,
        .access = dword ? 4 : 1,
        .decided_by = "SPCR",
    };
}

bool spcr_read(const void *table, uint32_t size, struct serial_claim *ret)
{
    const uint8_t *at = table;
    if (size < SPCR_SIZE_MIN || !is_16550(at[36])) {
        return false;
    }
    const uint8_t space = at[40];
    const uint64_t address = bytes_u64(at + 44);
    /* Address 0 says that console redirection is turned off. */
    if (address == 0) {
        return false;
    }
    if (space == SPACE_IO && address <= PORT_LAST) {
        *ret = (struct serial_claim){.kind = SERIAL_PORT,
                                     .address = address,
                                     .stride = 1,
                                     .access = 1,
                                     .decided_by = "SPCR"};
        return true;
    }
    if (space == SPACE_MEMORY) {
        *ret = mmio_claim(address, at[41], at[43]);
        return true;
    }
    return false;
}
