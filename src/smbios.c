/* SMBIOS: an entry point, and structures with strings behind each. Sections are those of SMBIOS
 * 3.7 (DSP0134). */
#include <muster/bytes.h>
#include <muster/claims.h>
#include <muster/memory.h>
#include <muster/text.h>

#include "smbios_string.h"

#define SMBIOS_CHECK "roll.smbios" /* the check that judges the notes taken here */

enum {
    ENTRY_3_SIZE = 24, /* 5.2.2 */
    ENTRY_2_SIZE = 31, /* 5.2.1; version 2.1 tells 30 by mistake */
    STRUCTURE_HEADER = 4,
    TYPE_PROCESSOR = 4,
    TYPE_EXTRA = 44,
    TYPE_END = 127,
    STRUCTURES_MAX = 65536, /* handles have 16 bits */
    /* 7.5: offsets in a structure of type 4, and its length in SMBIOS 2.5, 3.0, 3.6. */
    SOCKET_TYPE = 5,
    SOCKET_MANUFACTURER = 7,
    SOCKET_STATUS = 0x18,
    SOCKET_SIZE = 0x19 + 1,
    SOCKET_CORES = 0x23,
    SOCKET_CORES_SIZE = 0x26,
    SOCKET_LONG = 0x2a,
    SOCKET_LONG_SIZE = 0x30,
    SOCKET_THREADS_ENABLED = 0x30,
    SOCKET_THREADS_ENABLED_SIZE = 0x32,
};

/* --- the entry point --- */

static void check_sum(const char *name, const uint8_t *at, uint32_t size, struct notes *notes)
{
    const uint8_t sum = bytes_sum(at, size);
    if (sum != 0) {
        note_add(notes, SMBIOS_CHECK, "SMBIOS %s: checksum: its %u bytes sum to 0x%02x, not to 0",
                 name, size, sum);
    }
}

static bool read_entry_3(const uint8_t *at, uint32_t size, struct smbios_entry *ret,
                         struct notes *notes)
{
    if (at[6] < ENTRY_3_SIZE || at[6] > size) {
        note_add(notes, SMBIOS_CHECK,
                 "SMBIOS entry point \"_SM3_\": length %u, wanted %u; not used", at[6],
                 ENTRY_3_SIZE);
        return false;
    }
    check_sum("entry point \"_SM3_\"", at, at[6], notes);
    *ret = (struct smbios_entry){
        .major = at[7],
        .minor = at[8],
        .size = bytes_u32(at + 12),
        .address = bytes_u64(at + 16),
    };
    return true;
}

static bool read_entry_2(const uint8_t *at, uint32_t size, struct smbios_entry *ret,
                         struct notes *notes)
{
    const uint32_t length = at[5];
    if (size < ENTRY_2_SIZE || length + 1 < ENTRY_2_SIZE || length > size ||
        memcmp(at + 16, "_DMI_", 5) != 0) {
        note_add(notes, SMBIOS_CHECK,
                 "SMBIOS entry point \"_SM_\": length %u, wanted %u, and \"_DMI_\" in it; not used",
                 length, ENTRY_2_SIZE);
        return false;
    }
    check_sum("entry point \"_SM_\"", at, length < ENTRY_2_SIZE ? ENTRY_2_SIZE : length, notes);
    check_sum("entry point \"_DMI_\"", at + 16, 15, notes);
    *ret = (struct smbios_entry){
        .major = at[6],
        .minor = at[7],
        .size = bytes_u16(at + 22),
        .address = bytes_u32(at + 24),
        .count = bytes_u16(at + 28),
    };
    return true;
}

bool smbios_read_entry(const void *entry, uint32_t size, struct smbios_entry *ret,
                       struct notes *notes)
{
    const uint8_t *at = entry;
    if (at != NULL && size >= ENTRY_3_SIZE && memcmp(at, "_SM3_", 5) == 0) {
        return read_entry_3(at, size, ret, notes);
    }
    if (at != NULL && size >= ENTRY_3_SIZE && memcmp(at, "_SM_", 4) == 0) {
        return read_entry_2(at, size, ret, notes);
    }
    note_add(
        notes, SMBIOS_CHECK,
        "no SMBIOS entry point can be read where the configuration table points: %u bytes there",
        size);
    return false;
}

/* --- the structures --- */

struct smbios_walk {
    const uint8_t *bytes;
    uint32_t size;
    struct smbios_claims *ret;
    struct notes *notes;
};

/* The offset behind the structure at `offset` and its strings, which two zero bytes end (6.1.3); 0
 * where they do not. `length` bytes of it are there. */
static uint32_t structure_end(const struct smbios_walk *walk, uint32_t offset, uint32_t length)
{
    for (uint32_t at = offset + length; at + 1 < walk->size; at++) {
        if (walk->bytes[at] == 0 && walk->bytes[at + 1] == 0) {
            return at + 2;
        }
    }
    return 0;
}

const char *smbios_string(const uint8_t *bytes, uint32_t n)
{
    const char *at = (const char *)bytes + bytes[1];
    while (n > 1 && *at != '\0') {
        while (*at != '\0') {
            at++;
        }
        at++;
        n--;
    }
    return n == 1 ? at : "";
}

/* 7.5.6 to 7.5.8: 0xFF in the byte says "look at the two bytes", 0xFFFF is reserved. */
static uint16_t joined(uint8_t brief, uint16_t full, bool has_full)
{
    return brief == 0xff && has_full && full != 0xffff ? full : brief;
}

static void add_socket(struct smbios_walk *walk, const uint8_t *at, uint32_t length)
{
    struct smbios_claims *ret = walk->ret;
    if (length < SOCKET_SIZE) {
        note_add(walk->notes, SMBIOS_CHECK,
                 "SMBIOS type 4, handle 0x%x: %u bytes; it has at least %u", bytes_u16(at + 2),
                 length, SOCKET_SIZE);
        return;
    }
    if (ret->socket_count == SMBIOS_SOCKET_MAX) {
        ret->socket_beyond++;
        return;
    }
    struct smbios_socket *socket = &ret->sockets[ret->socket_count++];
    *socket = (struct smbios_socket){
        .handle = bytes_u16(at + 2), .type = at[SOCKET_TYPE], .status = at[SOCKET_STATUS]};
    if (length >= SOCKET_CORES_SIZE) {
        socket->cores_short = at[SOCKET_CORES];
        socket->enabled_short = at[SOCKET_CORES + 1];
        socket->threads_short = at[SOCKET_CORES + 2];
    }
    socket->has_long = length >= SOCKET_LONG_SIZE;
    if (socket->has_long) {
        socket->cores_long = bytes_u16(at + SOCKET_LONG);
        socket->enabled_long = bytes_u16(at + SOCKET_LONG + 2);
        socket->threads_long = bytes_u16(at + SOCKET_LONG + 4);
    }
    socket->cores = joined(socket->cores_short, socket->cores_long, socket->has_long);
    socket->enabled = joined(socket->enabled_short, socket->enabled_long, socket->has_long);
    socket->threads = joined(socket->threads_short, socket->threads_long, socket->has_long);
    if (length >= SOCKET_THREADS_ENABLED_SIZE) {
        socket->threads_enabled = bytes_u16(at + SOCKET_THREADS_ENABLED);
    }
    if (ret->socket_count == 1) {
        ret->by_qemu = string_equal(smbios_string(at, at[SOCKET_MANUFACTURER]), "QEMU");
    }
}

/* 7.45: Referenced Handle is the type 4 it belongs to. */
static void add_extra(struct smbios_walk *walk, const uint8_t *at, uint32_t length)
{
    struct smbios_claims *ret = walk->ret;
    if (length < 6) {
        note_add(walk->notes, SMBIOS_CHECK,
                 "SMBIOS type 44, handle 0x%x: %u bytes; it has at least 6", bytes_u16(at + 2),
                 length);
    } else if (ret->extra_count == SMBIOS_SOCKET_MAX) {
        ret->extra_beyond++;
    } else {
        ret->extras[ret->extra_count++] =
            (struct smbios_extra){.handle = bytes_u16(at + 2), .refers_to = bytes_u16(at + 4)};
    }
}

/* Takes the structure at `offset`; 0 where the table ends there or cannot be read further. */
static uint32_t take_structure(struct smbios_walk *walk, uint32_t offset)
{
    const uint8_t *at = walk->bytes + offset;
    const uint32_t left = walk->size - offset;
    const uint32_t length = left < STRUCTURE_HEADER ? 0 : at[1];
    const uint32_t end =
        length < STRUCTURE_HEADER || length > left ? 0 : structure_end(walk, offset, length);
    if (end == 0) {
        note_add(
            walk->notes, SMBIOS_CHECK,
            "SMBIOS structure at offset 0x%x (type %u): length %u, and its strings end nowhere "
            "in the %u bytes that are left",
            offset, at[0], length, left);
        return 0;
    }
    walk->ret->structures++;
    identity_take(at, length, &walk->ret->identity);
    if (at[0] == TYPE_PROCESSOR) {
        add_socket(walk, at, length);
    } else if (at[0] == TYPE_EXTRA) {
        add_extra(walk, at, length);
    }
    return at[0] == TYPE_END ? 0 : end;
}

void smbios_read(const struct smbios_entry *entry, const void *table, uint32_t size,
                 struct smbios_claims *ret, struct notes *notes)
{
    struct smbios_walk walk = {.bytes = table, .ret = ret, .notes = notes};
    walk.size = table == NULL ? 0 : size < entry->size ? size : entry->size;
    memset(ret, 0, sizeof(*ret));
    /* In 3.x the size is what the structures have at most (5.2.2). */
    if (walk.size < entry->size && (walk.size == 0 || entry->count > 0)) {
        note_add(notes, SMBIOS_CHECK,
                 "SMBIOS structures at 0x%lx: %u bytes, of which %u can be read",
                 (unsigned long)entry->address, entry->size, walk.size);
    }
    if (walk.size == 0) {
        return;
    }
    ret->present = true;
    ret->major = entry->major;
    ret->minor = entry->minor;
    uint32_t offset = 0;
    do {
        offset = take_structure(&walk, offset);
    } while (offset != 0 && offset < walk.size && ret->structures < STRUCTURES_MAX &&
             (entry->count == 0 || ret->structures < entry->count));
}
