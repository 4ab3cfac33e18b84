/* tsc.rate: the BSP measures its TSC against every reference, and asks CPUID. */
#include "check.h"
#include "reference.h"

static void observe_rate(struct cpu *cpu, struct observation *ret)
{
    const struct platform_claim *platform = &cpu->fleet->handoff->platform;
    struct rate *rates = ret->rate.rates;

    ret->rate.percent = rate_percent();
    for (uint32_t n = 0; n < RATE_SOURCES; n++)
        rates[n] = rate_by(n, platform);
    /* As if CPUID told twice what was measured. */
    for (uint32_t n = 0; cpu->planted && n < RATE_MEASURED; n++) {
        if (rates[n].hz)
            rates[RATE_LEAF_15] = (struct rate){rates[n].hz * 2, 0};
    }
}

static void tally_rate(const struct observation *seen, struct report *to)
{
    for (uint32_t n = 0; n < RATE_SOURCES; n++)
        to->time.rates[n] = seen->rate.rates[n];
}

static const struct check rows[] = {
    {.info = {.id = "tsc.rate",
              .claim = "the TSC has one rate by PM timer, HPET and PIT, each the median of five "
                       "windows, by CPUID 0x15 and a hypervisor's leaf 0x40000010, within 1 % (10 "
                       "% under QEMU's software emulation) and "
                       "the error of the measurement",
              .source = "SDM vol. 3B, 18.17; ACPI 6.5, 4.8.3.3; IA-PC HPET 1.0a, 2.3",
              .needs = "",
              .defect = "CPUID tells twice the rate",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .bsp_only = true,
     .planting = PLANTED_INSIDE,
     .observe = observe_rate,
     .judge = judge_rate,
     .tally = tally_rate},
};

FAMILY(tsc_rate_family, rows);
