/* iobm.*: the I/O permission bitmap of this CPU's TSS, put to ring 3 at ports whose reading does no
 * harm: 0x80 (POST code) and, where an access must straddle two bytes of the bitmap, 0x87 and 0x88.
 */
#include "step.h"

enum {
    PORT = 0x80,
    STRADDLE = 0x87, /* its bit is the last of a byte */
    MAP_AT = offsetof(struct tss_block, io_map),
    LIMIT = sizeof(struct tss_block) - 1,
    PORT_BYTE = PORT / 8,
};

#define IOPL_3 UINT64_C(0x3000)

/* --- the bitmap --------------------------------------------------------------------------------
 */

static uint8_t *map_byte(struct cpu *cpu, uint32_t port)
{
    return (uint8_t *)cpu->tss + cpu->tss->tss.io_map_base + port / 8;
}

static void open_ports(struct cpu *cpu, uint32_t first, uint32_t count)
{
    for (uint32_t port = first; port < first + count; port++)
        *map_byte(cpu, port) &= (uint8_t) ~(1u << port % 8);
}

static void close_all(struct cpu *cpu)
{
    tss_close_ports(cpu->tss);
}

/* --- steps -------------------------------------------------------------------------------------
 */

static struct step in_step(const char *what, uint32_t port, uint32_t width)
{
    struct step step = {
        .what = what, .code = user_in8, .rip = user_in8_rip, .vector = VECTOR_GP, .argument = port};

    if (width == 2) {
        step.code = user_in16;
        step.rip = user_in16_rip;
    } else if (width == 4) {
        step.code = user_in32;
        step.rip = user_in32_rip;
    }
    return step;
}

static struct step out_step(const char *what, uint32_t port)
{
    return (struct step){.what = what,
                         .code = user_out8,
                         .rip = user_out8_rip,
                         .vector = VECTOR_GP,
                         .argument = port};
}

static struct step in_compat_mode(struct step step)
{
    step.compat = true;
    return step;
}

static void begin(struct cpu *cpu, struct observation *ret)
{
    steps_begin(cpu, ret, RING_PORTS, FEATURE_NONE);
}

/* --- iobm.allowed, iobm.denied -----------------------------------------------------------------
 */

static void observe_allowed(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        step_allowed(in_step("IN, bit clear", PORT, 1)),
        step_allowed(out_step("OUT, bit clear", PORT)),
        step_allowed(in_compat_mode(in_step("IN in 32-bit code, bit clear", PORT, 1))),
    };

    begin(cpu, ret);
    if (!cpu->planted)
        open_ports(cpu, PORT, 1);
    steps_take(cpu, ret, STEPS(steps));
    close_all(cpu);
}

static void observe_denied(struct cpu *cpu, struct observation *ret)
{
    const struct step steps[] = {
        in_step("IN, bit set", PORT, 1),
        out_step("OUT, bit set", PORT),
        in_compat_mode(in_step("IN in 32-bit code, bit set", PORT, 1)),
    };

    begin(cpu, ret);
    /* Both neighbours are open: a CPU that is one bit off shows. */
    open_ports(cpu, PORT - 1, 1);
    open_ports(cpu, PORT + 1, 1);
    if (cpu->planted)
        open_ports(cpu, PORT, 1);
    steps_take(cpu, ret, STEPS(steps));
    close_all(cpu);
}

/* --- iobm.straddle -----------------------------------------------------------------------------
 */

static bool straddle(struct cpu *cpu, struct observation *ret, struct step step, uint32_t first,
                     uint32_t count)
{
    open_ports(cpu, first, count);
    bool went = step_take(cpu, ret, &step);
    close_all(cpu);
    return went;
}

/* A word or doubleword needs the bits of all its ports; the CPU reads two bytes of the bitmap for
 * each access (SDM vol. 1, 19.5.2). */
static void observe_straddle(struct cpu *cpu, struct observation *ret)
{
    const struct step word = in_step("word over two bytes, both bits clear", STRADDLE, 2);
    const struct step first = in_step("word over two bytes, its first bit clear", STRADDLE, 2);
    const struct step second = in_step("word over two bytes, its second bit clear", STRADDLE, 2);
    const struct step part = in_step("doubleword, three of four bits clear", STRADDLE - 2, 4);
    const struct step one = in_step("word, one bit of one byte clear", PORT, 2);

    begin(cpu, ret);
    if (straddle(cpu, ret, step_allowed(word), STRADDLE, 2) &&
        straddle(cpu, ret, first, STRADDLE, cpu->planted ? 2 : 1) &&
        straddle(cpu, ret, second, STRADDLE + 1, 1) && straddle(cpu, ret, part, STRADDLE - 2, 3))
        straddle(cpu, ret, one, PORT, 1);
}

/* --- iobm.last-byte, iobm.trailing, iobm.beyond ------------------------------------------------
 */

/* The bitmap is moved, not the limit: the bit asked for comes to lie at the end of the segment. */
static void with_map_at(struct cpu *cpu, struct observation *ret, uint32_t base,
                        const struct step *step)
{
    begin(cpu, ret);
    cpu->tss->tss.io_map_base = (uint16_t)base;
    /* Within the segment or behind it, but always in this CPU's page. */
    uint8_t *byte = map_byte(cpu, PORT);
    uint8_t was = *byte;
    *byte = (uint8_t)~1u;
    step_take(cpu, ret, step);
    *byte = was;
    close_all(cpu);
}

static void observe_last_byte(struct cpu *cpu, struct observation *ret)
{
    const struct step step = step_allowed(in_step("IN, the byte before the last", PORT, 1));

    with_map_at(cpu, ret, LIMIT - PORT_BYTE - (cpu->planted ? 0 : 1), &step);
}

/* The second byte of the two lies beyond the limit: what the byte of ones behind every bitmap is
 * for. */
static void observe_trailing(struct cpu *cpu, struct observation *ret)
{
    const struct step step = in_step("IN, no byte behind the bit's own", PORT, 1);

    with_map_at(cpu, ret, LIMIT - PORT_BYTE - (cpu->planted ? 1 : 0), &step);
}

static void observe_beyond(struct cpu *cpu, struct observation *ret)
{
    const struct step step = in_step("IN, no bitmap", PORT, 1);

    with_map_at(cpu, ret, cpu->planted ? MAP_AT : LIMIT + 1, &step);
}

/* --- iobm.iopl ---------------------------------------------------------------------------------
 */

static void observe_iopl(struct cpu *cpu, struct observation *ret)
{
    struct step steps[] = {
        step_allowed(in_step("IN with IOPL 3, bit set", PORT, 1)),
        step_allowed((struct step){.what = "CLI with IOPL 3", .code = user_cli}),
        in_step("IN with IOPL 0 again", PORT, 1),
    };

    if (!cpu->planted)
        steps[0].rflags = steps[1].rflags = PROBE_RFLAGS | IOPL_3;
    begin(cpu, ret);
    steps_take(cpu, ret, STEPS(steps));
}

#define BITMAP "SDM vol. 1, 19.5.2; vol. 3A, 8.7; APM vol. 2, 12.2.4"

static const struct check rows[] = {
    STEP_CHECK("iobm.allowed", "ring 3 reaches a port whose bit is clear", BITMAP, "the bit set",
               ROUNDS_TOGETHER, observe_allowed, STEP_NEEDS),
    STEP_CHECK("iobm.denied", "a port whose bit is set is refused to ring 3, by #GP(0)", BITMAP,
               "the bit clear", ROUNDS_TOGETHER, observe_denied, STEP_NEEDS),
    STEP_CHECK("iobm.straddle",
               "an access to several ports needs all their bits clear, in whatever bytes they lie",
               BITMAP, "all bits clear", ROUNDS_TOGETHER, observe_straddle, STEP_NEEDS),
    STEP_CHECK("iobm.last-byte", "the last bits before the closing byte of the bitmap count",
               BITMAP, "a bitmap that ends one byte too early", ROUNDS_TOGETHER, observe_last_byte,
               STEP_NEEDS),
    STEP_CHECK(
        "iobm.trailing",
        "a bit in the last byte of the segment is refused, since a byte behind it is missing",
        BITMAP, "a byte behind it", ROUNDS_TOGETHER, observe_trailing, STEP_NEEDS),
    STEP_CHECK("iobm.beyond",
               "with its base beyond the TSS limit there is no bitmap: every port is "
               "refused",
               BITMAP, "the base within the limit", ROUNDS_TOGETHER, observe_beyond, STEP_NEEDS),
    STEP_CHECK("iobm.iopl", "with IOPL 3 the bitmap is not asked, and CLI is allowed",
               "SDM vol. 1, 19.5.1 and 19.5.2; APM vol. 2, 3.1.6", "IOPL 0", ROUNDS_TOGETHER,
               observe_iopl, STEP_NEEDS),
};

FAMILY(iobm_family, rows);
