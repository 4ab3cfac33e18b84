#include "bench.h"
#include "mps_lab.h"
#include "processor.h"

enum { ROUNDS = 3, STALL_US = 10000, TIMEOUT_US = 5000000 };

static void EFIAPI do_nothing(void *argument)
{
    (void)argument;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t low = a < b ? a : b;
    const uint64_t high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

static uint64_t stall_ticks(const struct firmware *firmware)
{
    const uint64_t start = processor_rdtsc();
    firmware->boot->Stall(STALL_US);
    return processor_rdtsc() - start;
}

/* TSC ticks of one call, or 0 when it failed. */
static uint64_t startup_ticks(struct mps_lab *lab, EFI_STATUS *ret_status)
{
    mps_aside_begin(lab, MPS_ALL);
    const uint64_t start = processor_rdtsc();
    *ret_status =
        lab->mps->StartupAllAPs(lab->mps, do_nothing, FALSE, NULL, TIMEOUT_US, NULL, NULL);
    const uint64_t ticks = processor_rdtsc() - start;
    mps_aside_end(lab, MPS_ALL);
    return EFI_ERROR(*ret_status) ? 0 : ticks;
}

struct timing {
    uint64_t best_ticks;
    EFI_STATUS status; /* of the last call */
};

static void time_startup(struct mps_lab *lab, void *context)
{
    struct timing *timing = context;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t ticks = startup_ticks(lab, &timing->status);
        if (EFI_ERROR(timing->status)) {
            return;
        }
        timing->best_ticks = ticks < timing->best_ticks ? ticks : timing->best_ticks;
    }
}

void bench_read(struct mps_lab *lab, struct bench_claim *ret, struct notes *notes)
{
    struct timing timing = {.best_ticks = UINT64_MAX, .status = EFI_TIMEOUT};
    ret->startup_all_aps_us = 0;
    if (lab == NULL || mps_given_up(lab->record) < MPS_CALLS) {
        return;
    }
    const struct firmware *firmware = lab->firmware;
    const uint64_t per_stall =
        middle(stall_ticks(firmware), stall_ticks(firmware), stall_ticks(firmware));
    const bool timed = mps_watched(lab, "muster: timing MP Services:", time_startup, &timing);
    if (!timed || EFI_ERROR(timing.status) || per_stall == 0) {
        note_add(notes, "", "bench: StartupAllAPs not timed: %s",
                 timed ? firmware_status_name(timing.status) : "it did not return");
        return;
    }
    const uint64_t us = timing.best_ticks * STALL_US / per_stall;
    ret->startup_all_aps_us = us > 0 ? (uint32_t)us : 1;
}
