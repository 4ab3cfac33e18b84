/* The judges of what could still interrupt at hand-off. Pure. */
#ifndef MUSTER_JUDGE_APIC_H
#define MUSTER_JUDGE_APIC_H

#include <muster/crowd.h>
#include <muster/judge.h>

/* No local interrupt source is live. */
judge judge_lapic_lvt;
/* No interrupt is pending, none is in service. */
judge judge_lapic_pending;
/* What the MADT calls an NMI line is not set up for anything else: by CPU 0's local APIC. */
judge_of_crowd judge_lint;
/* No pin of an I/O APIC is live, and every I/O APIC of the MADT is there. */
judge_of_crowd judge_ioapic;

#endif
