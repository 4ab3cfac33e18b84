#include "record.h"
#include "catalogue.h"
#include "console.h"
#include "pages.h"
#include "processor.h"
#include "record_files.h"
#include "record_store.h"

#include <muster/memory.h>
#include <muster/memory_map.h>
#include <muster/record_document.h>
#include <muster/summary.h>

enum { LINE = RECORD_DEATH_MAX, NAME_MAX = 128 };

#define BELOW UINT64_C(0x100000000)

/* All that collecting works on; pages of its own. */
struct collecting {
    struct record_variables variables;
    struct record_large large;
    struct record_contents contents;
    uint8_t room[RECORD_STREAM_MAX];
    char scratch[TAP_TEXT_MAX];
};

/* --- what becomes a file --- */

struct passing {
    bool (*take)(void *context, const void *bytes, uint32_t size);
    void *context;
};

static bool pass_text(void *context, const char *text)
{
    const struct passing *passing = context;
    return passing->take(passing->context, text, (uint32_t)string_length(text));
}

static bool tell_tap(const struct record_text *text,
                     bool (*take)(void *context, const void *bytes, uint32_t size), void *context)
{
    const struct catalogue catalogue = catalogue_of_checks();
    struct passing passing = {take, context};
    return record_tap(text->subject, &catalogue, text->scratch, pass_text, &passing);
}

static bool tell_document(const struct record_text *text,
                          bool (*take)(void *context, const void *bytes, uint32_t size),
                          void *context)
{
    const struct catalogue catalogue = catalogue_of_checks();
    struct passing passing = {take, context};
    return record_document(text->subject, &catalogue, text->scratch, pass_text, &passing);
}

/* The variables as they are: size (32 bits) and contents, one after the other. */
static bool tell_raw(const struct record_text *text,
                     bool (*take)(void *context, const void *bytes, uint32_t size), void *context)
{
    const struct collecting *collecting = text->subject;
    for (uint32_t n = 0; n < RECORD_PIECES; n++) {
        const uint32_t size = collecting->variables.sizes[n];
        const uint8_t *large = collecting->large.at[n];
        if (!take(context, &size, sizeof(size)) ||
            !take(context, large ? large : collecting->variables.bytes[n], size)) {
            return false;
        }
    }
    return true;
}

static bool print_text(void *context, const char *text)
{
    console_write(context, text);
    return true;
}

/* --- collecting --- */

static void tell_run(struct firmware *firmware, const struct record_contents *contents)
{
    char buffer[LINE];
    struct text line;
    const struct catalogue catalogue = catalogue_of_checks();
    text_init(&line, buffer, sizeof(buffer));
    if (contents->state == RECORD_DIED) {
        record_death(&line, contents, &catalogue);
    } else if (contents->state == RECORD_ENDED) {
        text_add(&line, "the previous run ended: ");
        summary_add(&line, &contents->report);
    } else {
        text_format(&line,
                    contents->other ? "the record is of version %u, this program reads version %u"
                                    : "the record is damaged: nothing in it can be read",
                    contents->other, RECORD_VERSION);
    }
    console_format(firmware, "muster: %s\n", buffer);
}

static bool keep(struct firmware *firmware, struct collecting *collecting, const char *why,
                 struct refusal *refusal)
{
    const struct catalogue catalogue = catalogue_of_checks();
    if (collecting->contents.state != RECORD_UNREADABLE) {
        record_tap(&collecting->contents, &catalogue, collecting->scratch, print_text, firmware);
    }
    return refuse(refusal, EFI_ABORTED, "muster: %s; the record is kept%s", why,
                  collecting->contents.state == RECORD_UNREADABLE ? "" : ", and printed above");
}

static bool remove_record(struct firmware *firmware, struct refusal *refusal)
{
    return record_store_remove(firmware) ||
           refuse(refusal, EFI_DEVICE_ERROR,
                  "muster: the firmware did not remove the record's variables");
}

static bool write_and_remove(struct firmware *firmware, struct collecting *collecting,
                             struct refusal *refusal)
{
    const struct record_contents *contents = &collecting->contents;
    char name_buffer[NAME_MAX], why_buffer[LINE];
    struct text name, why;
    struct record_text texts[3];
    uint32_t count = 0;
    text_init(&name, name_buffer, sizeof(name_buffer));
    text_init(&why, why_buffer, sizeof(why_buffer));
    if (contents->state != RECORD_UNREADABLE) {
        texts[count++] = (struct record_text){".tap", tell_tap, contents, collecting->scratch};
        texts[count++] =
            (struct record_text){".json", tell_document, contents, collecting->scratch};
    }
    /* One file at least: what is in none is not removed. */
    if (contents->state == RECORD_UNREADABLE || contents->damaged || contents->other ||
        contents->foreign || contents->states_of_others) {
        texts[count++] = (struct record_text){".bin", tell_raw, collecting, NULL};
    }
    if (!record_files_write(firmware, contents, texts, count, &name, &why)) {
        return keep(firmware, collecting, why_buffer, refusal);
    }
    for (uint32_t n = 0; n < count; n++) {
        console_format(firmware, "muster: written: %s%s\n", name_buffer, texts[n].ending);
    }
    return remove_record(firmware, refusal);
}

/* The page is read only where it is free memory now: then it can be had. It is given back, since
 * the next run's trail is likely to be the same page. */
static void follow_trail(struct firmware *firmware, struct record_contents *contents)
{
    if (contents->trail != 0 && contents->trail % PAGE_SIZE == 0 && contents->trail < BELOW &&
        pages_take_at(firmware, contents->trail, TRAIL_BYTES)) {
        record_follow(contents, (const struct record_trail *)(uintptr_t)contents->trail);
        pages_give_back_last(firmware);
    }
}

/* `quiet`: says nothing where there is nothing. */
static bool collect(struct firmware *firmware, bool quiet, struct refusal *refusal)
{
    struct collecting *collecting = pages_take(firmware, sizeof(*collecting), UINT32_MAX);
    const struct catalogue catalogue = catalogue_of_checks();
    if (collecting == NULL) {
        return refuse(refusal, EFI_OUT_OF_RESOURCES, "muster: memory: no %u KiB for a record",
                      (unsigned)(sizeof(*collecting) / 1024));
    }
    struct record_contents *contents = &collecting->contents;
    if (!record_store_read(firmware, &collecting->variables, &collecting->large, refusal)) {
        return false;
    }
    record_read(&collecting->variables, &catalogue, contents, collecting->room);
    follow_trail(firmware, contents);
    if (contents->state == RECORD_NONE || contents->state == RECORD_LEFTOVER) {
        if (!quiet) {
            console_write(firmware, "muster: no record of an earlier run\n");
        }
        return contents->state == RECORD_NONE || remove_record(firmware, refusal);
    }
    tell_run(firmware, contents);
    return write_and_remove(firmware, collecting, refusal);
}

bool record_collect(struct firmware *firmware, struct refusal *ret_refusal)
{
    return collect(firmware, false, ret_refusal);
}

/* --- making room --- */

/* In the middle of the largest free range: what firmware takes at the next start, it takes from an
 * end. Nowhere, if that is not to be had. */
static void take_trail(struct firmware *firmware, struct handoff *handoff)
{
    const uint64_t at = memory_map_middle_free(&handoff->memory, BELOW);
    if (at != 0 && pages_take_at(firmware, at, TRAIL_BYTES)) {
        memset((void *)(uintptr_t)at, 0, TRAIL_BYTES);
        handoff->record.trail = at;
    }
}

static void read_time(const struct firmware *firmware, struct record_time *ret)
{
    EFI_TIME time;
    *ret = (struct record_time){0};
    if (!EFI_ERROR(firmware->system->RuntimeServices->GetTime(&time, NULL))) {
        *ret = (struct record_time){.year = time.Year,
                                    .month = time.Month,
                                    .day = time.Day,
                                    .hour = time.Hour,
                                    .minute = time.Minute,
                                    .second = time.Second};
    }
}

void record_look(const struct firmware *firmware, struct handoff *handoff)
{
    read_time(firmware, &handoff->record.began);
    handoff->record.id = (uint32_t)(processor_rdtsc() * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    record_store_plan(firmware, &handoff->record);
}

void record_name_system(struct handoff *handoff)
{
    const struct identity *identity = &handoff->claims.smbios.identity;
    const char *product = identity->name[IDENTITY_PRODUCT];
    string_copy(handoff->record.system, sizeof(handoff->record.system),
                product[0] ? product : identity->name[IDENTITY_VENDOR]);
}

void record_prepare(struct firmware *firmware, struct handoff *handoff)
{
    struct refusal refusal = {.status = EFI_SUCCESS, .message = ""};
    struct record_claim *claim = &handoff->record;
    if (!handoff->options.record) {
        return;
    }
    if (collect(firmware, true, &refusal)) {
        record_look(firmware, handoff);
    } else {
        console_format(firmware, "%s\n", refusal.message);
        string_copy(claim->why_not, sizeof(claim->why_not),
                    "one of an earlier run could not be collected and is kept");
    }
    if (claim->kept) {
        take_trail(firmware, handoff);
    } else {
        note_add(&handoff->claims.notes, "", "no record is kept: %s", claim->why_not);
    }
}
