#include "recorder.h"
#include "announce.h"
#include "registers.h"
#include "runtime_call.h"
#include <muster/record.h>
#include <muster/record_name.h>

#define STATUS_ERROR UINT64_C(0x8000000000000000)

uint64_t recorder_size(void)
{
    return RECORD_STREAM_MAX + RECORD_VARIABLE_MAX + 32;
}

bool recorder_prepare(struct recorder *recorder, struct handoff *handoff)
{
    if (!handoff->record.kept)
        return true;
    recorder->stream = arena_take(&handoff->arena, RECORD_STREAM_MAX, 16);
    recorder->variable = arena_take(&handoff->arena, RECORD_VARIABLE_MAX, 16);
    recorder->on = recorder->stream && recorder->variable;
    recorder->marked = "";
    return recorder->on;
}

static uint32_t write_stream(struct run *run, enum record_kind kind, const char *doing,
                             bool last_mark, uint32_t size)
{
    const struct catalogue catalogue = {
        .count = catalogue_count(), .get = catalogue_get, .breakable = catalogue_breakable};
    const struct record_source source = {.handoff = run->handoff,
                                         .report = &run->report,
                                         .catalogue = &catalogue,
                                         .doing = doing,
                                         .last_mark = last_mark};

    return record_write(&source, kind, run->recorder.stream, size);
}

/* SetVariable, with a deadline; returns firmware's status. Attributes and size 0 delete (UEFI 2.10,
 * 8.2.3). */
static uint64_t set_variable(struct run *run, uint32_t index, uint32_t attributes, uint32_t size)
{
    struct recorder *recorder = &run->recorder;
    uint16_t name[RECORD_NAME_MAX];
    uint64_t begin = tsc_read();

    record_name(name, index);
    recorder->calling = true;
    runtime_call_begin(run, RECORD_WRITE_US);
    uint64_t status = run->handoff->runtime.set_variable(name, record_vendor, attributes, size,
                                                         recorder->variable);
    runtime_call_end(run);
    recorder->calling = false;
    uint64_t us = clock_us(&run->fleet.clock, tsc_read() - begin);
    if (us > recorder->slowest_us)
        recorder->slowest_us = (uint32_t)us;
    recorder->writes++;
    recorder->spent += size + RECORD_OVERHEAD;
    return status;
}

static bool write_piece(struct run *run, uint32_t index, uint32_t length)
{
    struct recorder *recorder = &run->recorder;
    const struct record_claim *claim = &run->handoff->record;
    uint32_t size = record_piece_make(recorder->variable, claim->piece, index, claim->id,
                                      recorder->stream, length);
    uint64_t status = set_variable(run, index, RECORD_ATTRIBUTES, size);

    if (!(status & STATUS_ERROR))
        return true;
    announce_record(run, "SetVariable refused piece %u with status %lu", index,
                    (unsigned long)(status & ~STATUS_ERROR));
    return false;
}

static bool write_mark(struct run *run, const char *doing, bool last)
{
    uint32_t room = run->handoff->record.piece - RECORD_HEADER;
    enum time_use before = spend(&run->time, TIME_RECORD);
    bool taken = write_piece(run, 0, write_stream(run, RECORD_MARK, doing, last, room));

    spend(&run->time, before);
    return taken;
}

static bool may_mark(const struct run *run, uint32_t more)
{
    const struct recorder *recorder = &run->recorder;
    const struct record_claim *claim = &run->handoff->record;

    return record_may_mark(claim, recorder->spent + more * (claim->piece + RECORD_OVERHEAD),
                           recorder->marks + more);
}

static uint32_t failures(const struct run *run)
{
    return report_count(&run->report, VERDICT_FAIL) + report_count(&run->report, VERDICT_ERROR);
}

/* The store may be full of what edk2 clears up before the door only. What will be written at the
 * end may be smaller. */
static void tell_refused(struct run *run)
{
    if (run->recorder.marks)
        announce_record(run,
                        "nothing is marked from here on: if the machine dies, it will be told to "
                        "have died in %s",
                        run->recorder.marked);
    else
        announce_record(run, "nothing is marked: if the machine dies, nothing will be told");
}

void recorder_mark(struct run *run, const char *doing)
{
    struct recorder *recorder = &run->recorder;

    if (!recorder->on || recorder->refused || !may_mark(run, 0))
        return;
    recorder->failures = failures(run);
    recorder->refused = !write_mark(run, doing, !may_mark(run, 1));
    if (recorder->refused) {
        tell_refused(run);
        return;
    }
    recorder->marked = doing;
    recorder->marks++;
}

static bool same_family(const char *a, const char *b)
{
    while (*a == *b && *a && *a != '.') {
        a++;
        b++;
    }
    return *a == *b;
}

void recorder_mark_check(struct run *run, const struct check_info *check)
{
    if (!run->recorder.on)
        return;
    /* The first of all says that bring-up is over, and who was lost in it. */
    if (run->report.results_done == 0 ||
        (check->hazard != HAZARD_READS && (!same_family(run->recorder.marked, check->id) ||
                                           run->recorder.failures != failures(run))))
        recorder_mark(run, check->id);
}

/* Caches do not outlive a reset, memory mostly does. */
static void write_back(const void *from, uint64_t size)
{
    for (uintptr_t at = (uintptr_t)from & ~(uintptr_t)63; at < (uintptr_t)from + size; at += 64)
        cache_line_flush(at);
}

void recorder_ask(struct run *run, uint32_t result, const struct cpuset *asked)
{
    const struct record_claim *claim = &run->handoff->record;

    if (!claim->trail)
        return;
    if (run->self_testing)
        result += TRAIL_SELF_TEST;
    run->recorder.step =
        trail_begin((struct record_trail *)(uintptr_t)claim->trail, claim->id, result, asked);
    write_back(run->recorder.step, sizeof *run->recorder.step);
}

void recorder_heard(const struct recorder *recorder, uint32_t cpu)
{
    struct trail_step *step = recorder->step;

    if (!step)
        return;
    uint64_t *word = &step->heard.bits[cpu / 64];
    __atomic_or_fetch(word, UINT64_C(1) << cpu % 64, __ATOMIC_RELAXED);
    write_back(word, sizeof *word);
}

/* As many pieces as the store still has room for. */
static uint32_t room_for_result(const struct run *run)
{
    const struct record_claim *claim = &run->handoff->record;
    uint32_t left = claim->budget > run->recorder.spent ? claim->budget - run->recorder.spent : 0;
    uint32_t pieces = left / (claim->piece + RECORD_OVERHEAD);

    if (pieces > RECORD_PIECES - 1)
        pieces = RECORD_PIECES - 1;
    return pieces * (claim->piece - RECORD_HEADER);
}

static void write_result(struct run *run)
{
    struct recorder *recorder = &run->recorder;
    uint32_t length = write_stream(run, RECORD_RESULT, "", false, room_for_result(run));
    struct record_kept *kept = &recorder->kept;

    kept->wanted = record_pieces(length, run->handoff->record.piece);
    while (kept->pieces < kept->wanted && write_piece(run, kept->pieces + 1, length))
        kept->pieces++;
    announce_record(run, "%u of %u pieces, %u bytes; %u writes, %u us at most", kept->pieces,
                    kept->wanted, length, recorder->writes, recorder->slowest_us);
}

/* The mark that stands tells of a death. Deleting needs no room: edk2 clears a bit in flash. */
static void remove_mark(struct run *run)
{
    uint64_t status = set_variable(run, 0, 0, 0);

    run->recorder.kept.death = status & STATUS_ERROR;
    if (run->recorder.kept.death)
        announce_record(run,
                        "SetVariable refused to remove the last mark with status %lu: the next "
                        "start will tell of a run that ended in %s",
                        (unsigned long)(status & ~STATUS_ERROR), run->recorder.marked);
    else
        announce_record(run, "no record is kept: the last mark is removed");
}

void recorder_finish(struct run *run)
{
    struct recorder *recorder = &run->recorder;
    const struct cpuset nobody = {{0}};

    recorder_ask(run, TRAIL_ENDED, &nobody);
    if (!recorder->on)
        return;
    /* So that a result that is refused, or never comes to its end, leaves no mark of a death. */
    recorder->kept.end = write_mark(run, "", false);
    write_result(run);
    bool nothing = !recorder->kept.end && !recorder->kept.pieces;
    if (nothing && recorder->marks)
        remove_mark(run);
    else if (nothing)
        announce_record(run, "no record is kept");
    recorder->on = false;
}

void recorder_give_up(struct run *run)
{
    struct recorder *recorder = &run->recorder;
    struct cpu *bsp = fleet_cpu(&run->fleet, 0);

    runtime_call_end(run);
    recorder->calling = false;
    recorder->on = false;
    /* Whether it took what it was called with, nobody knows. */
    recorder->kept.death = true;
    if (bsp->last_words.spoken)
        announce_record(run, "firmware's SetVariable ended in an exception: nothing more is kept");
    else
        announce_record(run,
                        "firmware's SetVariable did not come back in %u s: nothing more is "
                        "kept",
                        RECORD_WRITE_US / 1000000);
    announce_last_words(run, bsp);
    bsp->last_words.spoken = false;
}
