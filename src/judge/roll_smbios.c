/* roll.smbios. Sections are those of SMBIOS 3.7. */
#include <muster/judge_places.h>
#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

enum {
    CENTRAL = 3,
    POPULATED = 1 << 6,
    STATUS_MASK = 7,
    ENABLED = 1,
    DISABLED_BY_USER = 2,
    DISABLED_BY_FIRMWARE = 3,
    LONG_RESERVED = 0xffff
};

/* 7.5.6: two bytes repeat the one byte up to 255, and stand for it above. */
static bool differ(uint8_t brief, uint16_t full)
{
    return full != 0 && full != LONG_RESERVED && brief != (full > 0xff ? 0xff : full);
}

static void tell_pair(struct text *seen, const struct smbios_socket *socket, const char *name,
                      uint8_t brief, uint16_t full)
{
    if (socket->has_long && differ(brief, full)) {
        clause_begin(seen);
        text_format(seen, "type 4, handle 0x%x: %s %u in one byte, %u in two", socket->handle, name,
                    brief, full);
    }
}

static void tell_socket(struct text *seen, const struct smbios_socket *socket)
{
    tell_pair(seen, socket, "cores", socket->cores_short, socket->cores_long);
    tell_pair(seen, socket, "enabled cores", socket->enabled_short, socket->enabled_long);
    tell_pair(seen, socket, "threads", socket->threads_short, socket->threads_long);
    if (socket->cores > 0 && socket->enabled > socket->cores) {
        clause_begin(seen);
        text_format(seen, "type 4, handle 0x%x: %u of %u cores enabled", socket->handle,
                    socket->enabled, socket->cores);
    }
}

static uint32_t sockets_with(const struct smbios_claims *smbios, uint32_t end, uint16_t handle)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < end; n++) {
        count += smbios->sockets[n].handle == handle;
    }
    return count;
}

static void tell_handles(struct text *seen, const struct smbios_claims *smbios)
{
    struct id_list twice = {0}, dangling = {0};
    for (uint32_t n = 0; n < smbios->socket_count; n++) {
        if (sockets_with(smbios, n, smbios->sockets[n].handle) == 1) {
            id_list_add(&twice, smbios->sockets[n].handle);
        }
    }
    for (uint32_t n = 0; n < smbios->extra_count && smbios->socket_beyond == 0; n++) {
        if (sockets_with(smbios, smbios->socket_count, smbios->extras[n].refers_to) == 0) {
            id_list_add(&dangling, smbios->extras[n].refers_to);
        }
    }
    if (twice.count > 0) {
        clause_begin(seen);
        text_add(seen, "two processors (type 4) with handle ");
        id_list_print(seen, &twice);
    }
    if (dangling.count > 0) {
        clause_begin(seen);
        text_add(seen, "type 44 refers to a handle that is no processor's: ");
        id_list_print(seen, &dangling);
    }
}

/* Some firmware (U-Boot) calls its processor enabled and forgets that the socket is populated. */
bool smbios_in_use(const struct smbios_socket *socket)
{
    const uint32_t status = socket->status & STATUS_MASK;
    return socket->type == CENTRAL &&
           (status == ENABLED || (socket->status & POPULATED && status != DISABLED_BY_USER &&
                                  status != DISABLED_BY_FIRMWARE));
}

/* This ran on a CPU: one socket at least is in use. */
static bool any_in_use(const struct smbios_claims *smbios)
{
    for (uint32_t n = 0; n < smbios->socket_count; n++) {
        if (smbios_in_use(&smbios->sockets[n])) {
            return true;
        }
    }
    return smbios->socket_beyond > 0;
}

enum verdict judge_roll_smbios(const struct claims *claims, struct words *ret)
{
    static const char tools[] =
        "an operating system boots all the same; inventory, licensing and management tools count "
        "CPUs by these structures, and are told of others than there are";
    const struct smbios_claims *smbios = &claims->smbios;
    struct text seen;
    *ret = (struct words){0};
    if (roll_quote(&claims->notes, "roll.smbios", ret)) {
        return roll_fail(ret,
                         "an entry point and structures as SMBIOS 3.7, 5.2 and 6.1 lay them out",
                         "an operating system ignores SMBIOS (Linux: no DMI), and with it the "
                         "quirks that are chosen by it; inventory tools find no processor");
    }
    if (!smbios->present) {
        return roll_skip(ret, "no SMBIOS in the configuration table");
    }
    if (smbios->socket_count == 0) {
        return roll_skip(ret, "SMBIOS has no Processor Information (type 4)");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    for (uint32_t n = 0; n < smbios->socket_count && !seen.cut; n++) {
        tell_socket(&seen, &smbios->sockets[n]);
    }
    tell_handles(&seen, smbios);
    if (!any_in_use(smbios)) {
        clause_begin(&seen);
        text_format(&seen, "none of %u processors (type 4) is populated and enabled",
                    smbios->socket_count);
    }
    return seen.length == 0
               ? VERDICT_PASS
               : roll_fail(ret,
                           "type 4: counts that agree, a handle each, one populated and enabled; "
                           "type 44: a type 4's handle",
                           tools);
}
