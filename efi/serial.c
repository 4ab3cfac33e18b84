#include "serial.h"

#include <muster/spcr.h>

enum { COM1 = 0x3f8, COM1_BAUD = 115200 };

/* The option has no word for it: UARTs in PC chipsets that are not I/O ports have 32-bit registers.
 */
static uint32_t register_bytes(const struct options *options)
{
    return options->serial.kind == SERIAL_MMIO ? 4 : 1;
}

static struct serial_claim from_options(const struct options *options,
                                        const struct serial_claim *spcr)
{
    struct serial_claim claim = {
        .kind = options->serial.kind,
        .address = options->serial.address,
        .stride = register_bytes(options),
        .access = register_bytes(options),
        .baud = options->serial.baud,
        .decided_by = "--serial",
    };
    if (spcr->kind == claim.kind && spcr->address == claim.address) {
        claim.stride = spcr->stride;
        claim.access = spcr->access;
    }
    return claim;
}

void serial_decide(const struct options *options, const struct acpi_tables *tables,
                   struct serial_claim *ret)
{
    struct serial_claim spcr = {.kind = SERIAL_NONE};
    const bool named =
        tables->spcr.at != NULL && spcr_read(tables->spcr.at, tables->spcr.size, &spcr);
    if (options->serial.kind != SERIAL_DEFAULT) {
        *ret = from_options(options, &spcr);
    } else if (named) {
        *ret = spcr;
    } else {
        *ret = (struct serial_claim){.kind = SERIAL_PORT,
                                     .address = COM1,
                                     .stride = 1,
                                     .access = 1,
                                     .baud = COM1_BAUD,
                                     .decided_by = "default"};
    }
}
