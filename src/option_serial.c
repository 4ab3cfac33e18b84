/* --serial: which line the report goes out on. */
#include "option_value.h"

/* A 16550 takes eight ports; physical addresses have at most 52 bits (SDM vol. 3A, 4.1.4). */
static const uint64_t port_max = 0xfff8;
static const uint64_t mmio_max = (UINT64_C(1) << 52) - 8;

/* The UART's divisor is 16 bits of 115200 / baud, without remainder. */
enum { BAUD_MIN = 50, BAUD_BASE = 115200 };

static const char wanted[] = "com1, com2, ioport:ADDRESS or mmio:ADDRESS, each with ,BAUD if you "
                             "like, or none";

struct line {
    const char *name;
    enum serial_kind kind;
    uint64_t address; /* 0: stands behind the name */
    uint64_t max;
};

static const struct line lines[] = {
    {"com1", SERIAL_PORT, 0x3f8, 0},
    {"com2", SERIAL_PORT, 0x2f8, 0},
    {"ioport:", SERIAL_PORT, 0, port_max},
    {"mmio:", SERIAL_MMIO, 0, mmio_max},
};

static const struct line *find_line(const char *value)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (string_starts(value, lines[i].name)) {
            return &lines[i];
        }
    }
    return NULL;
}

/* Reads ",BAUD" where it stands. */
static bool read_baud(const char *at, uint64_t *ret)
{
    *ret = 0;
    if (*at == '\0') {
        return true;
    }
    at++;
    return option_number(&at, BAUD_BASE, ret) && *at == '\0' && *ret >= BAUD_MIN &&
           BAUD_BASE % *ret == 0;
}

bool option_set_serial(struct options *options, const char *value, struct text *problem)
{
    if (string_equal(value, "none")) {
        options->serial.kind = SERIAL_NONE;
        return true;
    }
    const struct line *line = find_line(value);
    if (!line) {
        return option_refuse(problem, value, wanted);
    }
    const char *at = value + string_length(line->name);
    uint64_t address = line->address;
    if (address == 0 && (!option_number(&at, line->max, &address) || address == 0)) {
        return option_refuse(problem, value, "a UART's address such as ioport:0x3f8");
    }
    if (*at != '\0' && *at != ',') {
        return option_refuse(problem, value, wanted);
    }
    uint64_t baud;
    if (!read_baud(at, &baud)) {
        return option_refuse(problem, at + 1, "a baud rate such as 9600 or 115200");
    }
    options->serial.kind = line->kind;
    options->serial.address = address;
    options->serial.baud = (uint32_t)baud;
    return true;
}
