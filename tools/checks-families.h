/* What docs/CHECKS.md says of each family of checks: words for tools/checks-doc.c alone. */
#ifndef TOOLS_CHECKS_FAMILIES_H
#define TOOLS_CHECKS_FAMILIES_H

struct family {
    const char *prefix; /* of the ids, up to the dot */
    const char *title;
    const char *intro;
};

static const struct family families[] = {
    {"mps", "MP Services, before the door",
     "Firmware's own drivers start code on other CPUs through the MP Services protocol. Each of "
     "its services is called as the PI specification allows, and as it does not, from the BSP and "
     "from an AP; what it returned, who ran, and what it left changed are compared with the "
     "specification's sentences. A call that does not return is left after 20 s. Where an AP has "
     "to be late, it is held by a flag, so that no result hangs on the speed of the machine."},
    {"roll", "who is there",
     "Firmware tells of the CPUs in MP Services, the MADT, SRAT, PPTT and SMBIOS; CPUID tells of "
     "them, too, and so does who answered. Each source is read for errors of its own (`--dry-run` "
     "does that much), and they are compared."},
    {"up", "bring-up",
     "Every CPU is sent INIT and SIPI and must come up by itself, once, under the APIC ID that "
     "firmware claimed for it."},
    {"state", "what was handed over",
     "Before muster changes them, the registers and MSRs of each CPU are taken down: of the BSP as "
     "firmware starts the program, just before and just after ExitBootServices, of each AP in its "
     "first instructions. They are compared from CPU to CPU, within one core type, and with what "
     "the specifications allow at that point. An MSR whose read raises #GP is not implemented."},
    {"gdt", "the GDT",
     "Each CPU has a GDT of its own. It is read back from the register and from memory before "
     "anything relies on it."},
    {"idt", "the IDT",
     "Each CPU has an IDT of its own, since later checks take gates away on one CPU while others "
     "stand."},
    {"tss", "the TSS",
     "The stacks for exceptions come from the TSS. Two CPUs with one stack destroy each other's "
     "frames, so this is known before the first fault is taken."},
    {"stack", "the stacks",
     "Every stack lies in a window of its own between pages that are not mapped, and is painted, "
     "so that whatever is written to it leaves a mark."},
    {"gs", "per-CPU data",
     "GS leads each CPU to its own block. A wrong base mixes the data of two CPUs without a word."},
    {"mem", "the memory around the CPUs",
     "Other CPUs start below 1 MiB, and an operating system gives away all that the memory map "
     "calls free: what the map and the Memory Attributes Table say is held against itself and "
     "against what is known of the machine, and muster's pages below 1 MiB are watched to the "
     "end."},
    {"page", "page tables",
     "What can be written must not be run. That takes tables that say so and, on every CPU, the "
     "bits that enforce them."},
    {"df", "double faults",
     "Each CPU takes real double faults, by several ways that need no change of "
     "ring, and some pairs of faults that must not become one. The exception, its error code, the "
     "whole frame, CR2, the stack it came on and the CPU afterwards are compared with what the "
     "manual says. Most are taken twice: by all CPUs at once, then by each alone. The saved CS:RIP "
     "of a #DF is undefined by the SDM (vol. 3A, 6.15; the APM, vol. 2, 8.2.9, says likewise), yet "
     "every CPU known so far saves the faulting instruction's: another fails the check, and the "
     "finding says that no manual is violated."},
    {"fault", "one exception at a time",
     "Each CPU raises every exception that ring 0 can raise, in every form of its error code. The "
     "vector, the error code, CR2 or DR6, the whole frame, the stack it came on and the CPU "
     "afterwards are compared with what the manual says."},
    {"ist", "interrupt stacks",
     "A gate may name a stack of its own for its vector. Each vector must come on exactly that "
     "stack, also in the handler of another, and a stack in use must not be entered again "
     "unnoticed."},
    {"ring3", "ring 3 and back",
     "Each CPU enters ring 3 by IRETQ and comes back by every way there is: through gates, through "
     "faults, by SYSCALL. The stack is RSP0 of its own TSS, the frame holds what ring 3 ran with, "
     "and nothing of ring 3 stays behind."},
    {"mca", "machine-check banks",
     "What the hardware reported before this boot, or firmware caused itself, stands in the "
     "machine-check banks until somebody clears it. An error that was not corrected fails the "
     "check; one that was is told beside it."},
    {"ipi", "interrupts from CPU to CPU",
     "An OS sends an IPI and relies on it. Every one is counted where it arrives: none lost, none "
     "doubled, none on another CPU, by physical and logical destination and by shorthand; and what "
     "is pending is taken in the order of its priority."},
    {"nmi", "NMIs",
     "A crash dump and a watchdog reach a CPU that hangs with interrupts off by NMI only. Each CPU "
     "takes NMIs from itself and from a neighbour, with interrupts off, halted, and while another "
     "is being handled; then every one from each other CPU is counted, sent to it alone and to "
     "all at once."},
    {"tlb", "what a CPU remembers of page tables",
     "A page that one CPU takes away must be gone on all others once they were told. Each CPU "
     "reads a page, has it mapped elsewhere, forgets it by every way there is, and reads it "
     "again."},
    {"debug", "debug registers",
     "Breakpoints belong to one CPU. All CPUs touch the same words and run the same instructions "
     "at once, each with a breakpoint of its own."},
    {"tsc", "the time-stamp counter",
     "An OS wants to keep time by the TSC, on every CPU alike. Its rate is measured against every "
     "reference there is, and the TSCs of two CPUs against each other, pair by pair, by order "
     "alone: a CPU that a hypervisor holds widens the error bound and fails nothing."},
    {"timer", "the local APIC timer",
     "Each CPU measures its own timer, and arms it in every mode it offers. An interrupt that is "
     "early, lost or doubled fails; a late one is a figure."},
    {"smi", "system management interrupts",
     "Firmware may take all CPUs away at any moment, and no OS can forbid it. The CPUs watch for "
     "gaps in their time, and count what they can. Under a hypervisor, which makes gaps of its "
     "own, they are told and not judged."},
    {"isolation", "apart from each other",
     "What one CPU suffers must not show on another: half of the CPUs watch themselves while the "
     "others take faults."},
    {"storm", "all together",
     "Faults, ring changes, IPIs and NMIs in one heap, drawn by each CPU from a seed that is told; "
     "`--only storm.mixed --repeat 1000` is a soak, each repetition with a seed of its own."},
    {"iobm", "the I/O permission bitmap",
     "Which ports ring 3 may use is a bit each in the TSS of the CPU it runs on. The bitmap is "
     "changed and moved, and ring 3 tries ports whose reading does no harm."},
    {"prot", "protection",
     "Each protection is turned on, tried and found to hold on every CPU, and turned off again "
     "where it can be: then the same access must go through, or it was something else that stopped "
     "it. A CPU that offers one which the BSP does not offer, or the other way round, fails the "
     "check; what no CPU offers is skipped."},
};

#endif
