/* Any bytes for a SRAT, a PPTT, an SMBIOS entry point or SMBIOS structures; the first byte says
 * which. Nothing outside them is read, and what comes of them keeps its bounds, in the claims and
 * in the words of every judge. */
#include <assert.h>
#include <string.h>

#include <muster/judge_places.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct claims claims;

/* CPUs to compare with, of both types and states. */
static void make_madt(void)
{
    enum { CPUS = 16 };
    claims.madt.present = true;
    claims.madt.revision = 5;
    claims.madt.count = CPUS;
    for (uint32_t n = 0; n < CPUS; n++) {
        claims.madt.cpus[n] = (struct madt_claim){
            .apic_id = n, .uid = n, .type = n < 8 ? 0 : 9, .enabled = n % 5 != 4};
    }
}

static void check_notes(void)
{
    assert(claims.notes.count <= NOTE_MAX);
    for (uint32_t n = 0; n < claims.notes.count; n++) {
        assert(memchr(claims.notes.list[n].text, '\0', NOTE_TEXT_MAX));
        assert(!strncmp(claims.notes.list[n].check, "roll.", 5));
    }
}

static void check_claims(void)
{
    const struct pptt_claims *pptt = &claims.pptt;
    assert(claims.srat.count <= CPU_MAX && pptt->count <= PPTT_NODE_MAX);
    assert(claims.smbios.socket_count <= SMBIOS_SOCKET_MAX);
    assert(claims.smbios.extra_count <= SMBIOS_SOCKET_MAX);
    for (uint32_t n = 0; n < pptt->count; n++) {
        assert(n == 0 || pptt->nodes[n - 1].offset < pptt->nodes[n].offset);
        assert(pptt_find(pptt, pptt->nodes[n].offset) == &pptt->nodes[n]);
    }
}

static void check_judge(enum verdict (*judge)(const struct claims *claims, struct words *ret))
{
    struct words words;
    memset(&words, 'x', sizeof(words));
    const enum verdict verdict = judge(&claims, &words);
    assert(memchr(words.expected, '\0', sizeof(words.expected)));
    assert(memchr(words.seen, '\0', sizeof(words.seen)));
    assert(memchr(words.means, '\0', sizeof(words.means)));
    assert((verdict == VERDICT_PASS) == (words.seen[0] == '\0'));
    assert((verdict == VERDICT_FAIL) == (words.means[0] != '\0'));
}

static void check_judges(void)
{
    check_judge(judge_roll_types);
    check_judge(judge_roll_online_capable);
    check_judge(judge_roll_srat);
    check_judge(judge_roll_pptt);
    check_judge(judge_roll_smbios);
}

static void read_smbios(const uint8_t *data, uint32_t size)
{
    const struct smbios_entry entry = {.major = 3, .size = size};
    smbios_read(&entry, data, size, &claims.smbios, &claims.notes);
}

static void read_entry(const uint8_t *data, uint32_t size)
{
    struct smbios_entry entry;
    if (smbios_read_entry(data, size, &entry, &claims.notes)) {
        smbios_read(&entry, data, size, &claims.smbios, &claims.notes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    memset(&claims.notes, 0, sizeof(claims.notes));
    claims.srat.present = claims.pptt.present = claims.smbios.present = false;
    make_madt();
    const uint32_t rest = (uint32_t)size - 1;
    switch (data[0] % 4) {
    case 0:
        srat_read(data + 1, rest, &claims.srat, &claims.notes);
        break;
    case 1:
        pptt_read(data + 1, rest, &claims.pptt, &claims.notes);
        break;
    case 2:
        read_smbios(data + 1, rest);
        break;
    default:
        read_entry(data + 1, rest);
        break;
    }
    check_notes();
    check_claims();
    check_judges();
    claims.notes.count = 0; /* a checksum that is wrong must not hide what is behind it */
    check_judges();
    return 0;
}
