/* Any bytes for a record's variables: nothing outside them is read, and the report that comes of
 * them keeps its bounds, in every renderer. The input's first byte says whether the rest are whole
 * variables, each with its length before it, or streams, which get sound pieces around them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <muster/record_document.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHECKS = 12, PIECE = RECORD_VARIABLE_MAX - RECORD_OVERHEAD };

#define CHECK(name)                                                                                \
    {                                                                                              \
        .id = (name), .claim = "a claim", .source = "a manual"                                     \
    }
static const struct check_info infos[CHECKS] = {
    CHECK("a.a"), CHECK("a.b"), CHECK("a.c"), CHECK("b.a"), CHECK("b.b"), CHECK("b.c"),
    CHECK("c.a"), CHECK("c.b"), CHECK("c.c"), CHECK("d.a"), CHECK("d.b"), CHECK("d.c"),
};
static struct record_variables variables;
static struct record_contents contents;
static struct record_trail trail;
static uint8_t room[RECORD_STREAM_MAX];
static char scratch[TAP_TEXT_MAX];

static const struct check_info *get(uint32_t n)
{
    assert(n < CHECKS);
    return &infos[n];
}

/* The next part of the input: its length in two bytes, then as much of it as there is. */
static size_t part(const uint8_t **at, size_t *left, size_t most)
{
    if (*left < 2) {
        *left = 0;
        return 0;
    }
    size_t length = ((*at)[0] | (size_t)(*at)[1] << 8) % (most + 1);
    *at += 2;
    *left -= 2;
    return length < *left ? length : *left;
}

static void take_variables(const uint8_t *at, size_t left)
{
    for (uint32_t n = 0; n < RECORD_PIECES && left > 0; n++) {
        size_t length = part(&at, &left, RECORD_VARIABLE_MAX);
        memcpy(variables.bytes[n], at, length);
        variables.sizes[n] = (uint32_t)length;
        at += length;
        left -= length;
    }
}

static void take_streams(const uint8_t *at, size_t left)
{
    const size_t mark = part(&at, &left, PIECE - RECORD_HEADER);
    variables.sizes[0] = record_piece_make(variables.bytes[0], PIECE, 0, 7, at, (uint32_t)mark);
    at += mark;
    left -= mark;
    const uint32_t length = (uint32_t)(left < RECORD_STREAM_MAX / 2 ? left : RECORD_STREAM_MAX / 2);
    for (uint32_t n = 1; n <= record_pieces(length, PIECE); n++) {
        variables.sizes[n] = record_piece_make(variables.bytes[n], PIECE, n, 7, at, length);
    }
}

static void check_report(const struct report *report)
{
    uint32_t findings = 0;
    assert(report->result_count <= CHECK_MAX && report->finding_count <= FINDING_MAX);
    assert(report->results_done <= report->result_count && report->cpus_claimed <= CPU_MAX);
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        assert(result->verdict <= VERDICT_FAIL && result->id && result->claim);
        assert(strlen(result->note) < RESULT_NOTE_MAX);
        assert(result->first_finding + result->finding_count <= report->finding_count);
        findings += result->finding_count;
    }
    assert(findings == report->finding_count);
}

static bool take(void *context, const char *text)
{
    (void)context;
    for (; *text; text++) {
        assert((*text >= ' ' && *text <= '~') || *text == '\n');
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct catalogue catalogue = {.count = CHECKS, .get = get};
    char name[128];
    struct text text;
    if (size == 0) {
        return 0;
    }
    memset(&variables, 0, sizeof(variables));
    (data[0] & 1 ? take_variables : take_streams)(data + 1, size - 1);
    record_read(&variables, &catalogue, &contents, room);
    struct cpuset asked = {{0xff}};
    trail_begin(&trail, contents.id, data[0], &asked);
    record_follow(&contents, &trail);
    check_report(&contents.report);
    assert(record_tap(&contents, &catalogue, scratch, take, NULL));
    assert(record_document(&contents, &catalogue, scratch, take, NULL));
    text_init(&text, name, sizeof(name));
    record_file_name(&text, &contents, 99);
    assert(!text.cut);
    return 0;
}
