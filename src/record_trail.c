#include <muster/crc32.h>
#include <muster/record.h>
#include <muster/record_trail.h>

static uint32_t step_crc(const struct trail_step *step, uint32_t run_id)
{
    return crc32_add(run_id, step, offsetof(struct trail_step, crc));
}

static struct trail_step *step_of(struct record_trail *trail, uint32_t sequence)
{
    return &trail->steps[sequence % TRAIL_STEPS];
}

static uint32_t newest(const struct record_trail *trail)
{
    uint32_t sequence = 0;
    for (uint32_t n = 0; n < TRAIL_STEPS; n++) {
        if (trail->steps[n].sequence > sequence) {
            sequence = trail->steps[n].sequence;
        }
    }
    return sequence;
}

struct trail_step *trail_begin(struct record_trail *trail, uint32_t run_id, uint32_t result,
                               const struct cpuset *asked)
{
    const uint32_t sequence = newest(trail) + 1;
    struct trail_step *step = step_of(trail, sequence);
    step->crc = 0;
    cpuset_clear(&step->heard);
    step->sequence = sequence;
    step->result = result;
    step->asked = *asked;
    __atomic_store_n(&step->crc, step_crc(step, run_id), __ATOMIC_RELEASE);
    return step;
}

const struct trail_step *trail_read(const struct record_trail *trail, uint32_t run_id)
{
    const struct trail_step *found = NULL;
    for (uint32_t n = 0; n < TRAIL_STEPS; n++) {
        const struct trail_step *step = &trail->steps[n];
        if (step->sequence != 0 && step->crc == step_crc(step, run_id) &&
            (found == NULL || step->sequence > found->sequence)) {
            found = step;
        }
    }
    return found;
}

void record_follow(struct record_contents *contents, const struct record_trail *trail)
{
    const struct trail_step *step = trail_read(trail, contents->id);
    struct report *report = &contents->report;
    if (!step || contents->state != RECORD_DIED || contents->end_lost) {
        return;
    }
    if (step->result == TRAIL_ENDED) {
        contents->end_lost = true;
        return;
    }
    const bool self_testing = step->result >= TRAIL_SELF_TEST;
    const uint32_t result = step->result - (self_testing ? TRAIL_SELF_TEST : 0);
    if (result >= report->result_count) {
        return;
    }
    contents->trailed = true;
    contents->self_testing = self_testing;
    string_copy(contents->doing, sizeof(contents->doing), report->results[result].id);
    contents->done = self_testing ? report->result_count : result;
    contents->not_heard = step->asked;
    cpuset_subtract(&contents->not_heard, &step->heard);
}
