/* spoil.efi WORD...: from here on this firmware misbehaves as each WORD says; the table below is
 * the list. Nothing is pretended: what muster meets is what it would meet on a machine that is
 * built so. The next reset cures all of it. */
#include "spoil.h"
#include "words.h"

static const struct fault {
    char word[16];
    spoiler *spoil;
    const char *what;
} faults[] = {
    {"no-mps", spoil_no_mps, "MP Services are gone"},
    {"mps-bsp", spoil_mps_bsp, "MP Services mark processor 1 as the BSP"},
    {"ap-unhealthy", spoil_ap_unhealthy, "MP Services say that processor 1 failed its self-test"},
    {"ap-disabled", spoil_ap_disabled, "MP Services disable processor 1"},
    {"mps-count", spoil_mps_count, "MP Services count one processor more"},
    {"mps-phantom", spoil_mps_phantom, "MP Services tell of a processor that is not there"},
    {"mps-apic-id", spoil_mps_apic_id, "GetProcessorInfo gives processor 1 APIC ID 0x63"},
    {"mps-bare", spoil_mps_bare, "GetProcessorInfo never fills ExtendedInformation"},
    {"mps-finished", spoil_mps_finished, "StartupThisAP calls an AP done whose time is up"},
    {"mps-who", spoil_mps_who, "WhoAmI says 2 on processor 1"},
    {"mps-error", spoil_mps_error, "GetProcessorInfo returns a wrong error code"},
    {"mps-from-ap", spoil_mps_from_ap, "GetNumberOfProcessors serves APs"},
    {"mps-if-off", spoil_mps_if_off, "GetProcessorInfo leaves interrupts off after an error"},
    {"mps-lvt", spoil_mps_lvt, "GetNumberOfProcessors masks LINT1 after an error"},
    {"mps-no-disable", spoil_mps_no_disable, "EnableDisableAP has no effect"},
    {"mps-switch-tpl", spoil_mps_switch_tpl, "SwitchBSP leaves the TPL raised"},
    {"mps-switched", spoil_mps_switched, "SwitchBSP says EFI_SUCCESS and does nothing"},
    {"mps-moved", spoil_mps_moved, "SwitchBSP goes on on processor 1, whatever was asked"},
    {"mps-moved-off", spoil_mps_moved_off, "the same, and it does not switch back"},
    {"mps-hang", spoil_mps_hang, "StartupAllAPs never returns"},
    {"mps-hang-off", spoil_mps_hang_off, "StartupAllAPs, one by one, hangs with interrupts off"},
    {"mps-hang-late", spoil_mps_hang_late, "StartupThisAP never returns after a timeout"},
    {"mps-no-tick", spoil_mps_no_tick, "StartupAllAPs with an event stops the platform's timer"},
    {"mps-no-timeout", spoil_mps_no_timeout, "StartupAllAPs knows no timeout"},
    {"mps-list", spoil_mps_list, "FailedCpuList names another processor"},
    {"mps-list-end", spoil_mps_list_end, "FailedCpuList has no end"},
    {"mps-list-twice", spoil_mps_list_twice, "FailedCpuList names a processor twice"},
    {"mps-late-gone", spoil_mps_late_gone, "APs that were late do not come back"},
    {"mps-in-turn", spoil_mps_in_turn, "StartupAllAPs always runs one AP after the other"},
    {"mps-at-once", spoil_mps_at_once, "StartupAllAPs always runs all APs at once"},
    {"mps-success", spoil_mps_success, "StartupAllAPs always returns EFI_SUCCESS"},
    {"mps-other", spoil_mps_other, "StartupThisAP takes processor 1 for 2, and 2 for 1"},
    {"mps-short", spoil_mps_short, "MP Services count one processor less"},
    {"mps-swap", spoil_mps_swap, "GetProcessorInfo swaps the APIC IDs of processors 0 and 1"},
    {"mps-no-enable", spoil_mps_no_enable, "EnableDisableAP is not supported"},
    {"mps-count-hang", spoil_mps_count_hang, "GetNumberOfProcessors never returns"},
    {"mps-info-hang", spoil_mps_info_hang, "GetProcessorInfo never returns"},
    {"mps-info-off", spoil_mps_info_off, "GetProcessorInfo hangs with interrupts off"},
    {"mps-quiet", spoil_mps_quiet, "StartupAllAPs runs at TPL_NOTIFY"},
    {"mps-quiet-off", spoil_mps_quiet_off, "StartupAllAPs runs with interrupts off"},
    {"no-acpi", spoil_no_acpi, "no ACPI tables are published"},
    {"no-gop", spoil_no_gop, "no graphics output protocol"},
    {"blt-only", spoil_blt_only, "the graphics mode has no framebuffer"},
    {"madt-cut", spoil_madt_cut, "the MADT ends within its last entry"},
    {"madt-zero", spoil_madt_zero, "the MADT's last entry has length 0"},
    {"madt-sum", spoil_madt_sum, "the MADT's checksum is wrong"},
    {"madt-duplicate", spoil_madt_duplicate, "the MADT lists APIC ID 1 twice"},
    {"madt-4097", spoil_madt_4097, "the MADT lists 4097 CPUs more"},
    {"madt-wide", spoil_madt_wide, "the MADT enables APIC IDs 256 and 255, which are nobody's"},
    {"madt-phantom", spoil_madt_phantom, "the MADT enables APIC ID 99, which is nobody's"},
    {"madt-missing", spoil_madt_missing, "the MADT does not list APIC ID 1"},
    {"madt-disabled", spoil_madt_disabled, "the MADT calls APIC ID 1 disabled"},
    {"madt-uid", spoil_madt_uid, "the MADT gives APIC ID 1 the UID of the boot CPU"},
    {"madt-order", spoil_madt_order, "the MADT lists the boot CPU second"},
    {"madt-mixed", spoil_madt_mixed, "the MADT lists APIC ID 1 in an x2APIC entry, others not"},
    {"madt-online", spoil_madt_online, "the MADT calls APIC ID 1 enabled and online capable"},
    {"madt-later", spoil_madt_later, "the MADT knows two CPUs that can come, with one UID"},
    {"mps-more", spoil_mps_more, "MP Services count one processor more than there is"},
    {"mps-place", spoil_mps_place, "MP Services put processor 1 into package 7"},
    {"srat-missing", spoil_srat_missing, "the SRAT calls the entry of APIC ID 1 unused"},
    {"srat-phantom", spoil_srat_phantom, "the SRAT knows APIC ID 99, which is nobody's"},
    {"srat-twice", spoil_srat_twice, "the SRAT puts APIC ID 1 into two domains"},
    {"srat-cut", spoil_srat_cut, "the SRAT ends within its last entry"},
    {"pptt-good", spoil_pptt_good, "a PPTT of one package, for all CPUs"},
    {"pptt-halves", spoil_pptt_halves, "a PPTT of two packages, each with half of the CPUs"},
    {"pptt-circle", spoil_pptt_circle, "a PPTT whose package's parent is a leaf of its own"},
    {"pptt-range", spoil_pptt_range, "a PPTT with a parent beyond its end"},
    {"pptt-cut", spoil_pptt_cut, "a PPTT that ends within its last node"},
    {"pptt-uid", spoil_pptt_uid, "a PPTT whose second leaf is nobody's"},
    {"pptt-package", spoil_pptt_package, "a PPTT without a physical package"},
    {"smbios-sum", spoil_smbios_sum, "the SMBIOS entry point's checksum is wrong"},
    {"smbios-cores", spoil_smbios_cores, "SMBIOS counts one core more than there is"},
    {"smbios-extra", spoil_smbios_extra, "SMBIOS has a type 44 that refers to nobody"},
    {"smbios-cut", spoil_smbios_cut, "SMBIOS ends within a structure"},
    {"low-taken", spoil_low_taken, "all memory below 1 MiB is in use by boot services"},
    {"low-none", spoil_low_none, "all memory below 1 MiB is reserved"},
    {"crumbs", spoil_crumbs, "free memory below 4 GiB is in pieces of 1 MiB"},
    {"la57", spoil_la57, "ExitBootServices() ends in 5-level paging"},
    {"exit-3", spoil_exit_3, "the memory map changes in the first 3 ExitBootServices()"},
    {"ap-misc-enable", spoil_ap_misc_enable, "IA32_MISC_ENABLE differs on processor 1"},
    {"ap-xcr0", spoil_ap_xcr0, "XCR0 differs on processor 1"},
    {"ap-x2apic", spoil_ap_x2apic, "processor 1 alone is in x2APIC mode"},
    {"bsp-x2apic", spoil_bsp_x2apic, "the BSP alone is in x2APIC mode"},
    {"bsp-dr7", spoil_bsp_dr7, "a breakpoint is left armed on the BSP"},
    {"store-full", spoil_store_full, "half of the variable store is full"},
    {"store-half", spoil_store_half, "nearly half of the variable store is full"},
    {"get-fail", spoil_get_fail, "GetVariable() cannot read a piece of a record"},
    {"volume-gone", spoil_volume_gone, "files of a record cannot be opened: no media"},
    {"set-refuse", spoil_set_refuse, "SetVariable() refuses, after ExitBootServices()"},
    {"set-hang", spoil_set_hang, "SetVariable() hangs, after ExitBootServices()"},
    {"set-full-later", spoil_set_full_later,
     "SetVariable() refuses all but deleting after three marks"},
    {"set-hang-later", spoil_set_hang_later, "SetVariable() hangs after three marks"},
    {"set-fault", spoil_set_fault, "SetVariable() raises #UD, after ExitBootServices()"},
    {"reset-fault", spoil_reset_fault, "ResetSystem() raises #UD, after ExitBootServices()"},
    {"exit-always", spoil_exit_always, "the memory map changes in every ExitBootServices()"},
    {"map-overlap", spoil_map_overlap,
     "the memory map calls the end of a free range reserved, too"},
    {"map-unaligned", spoil_map_unaligned, "a range of the memory map begins within a page"},
    {"map-empty", spoil_map_empty, "a range of the memory map has no pages"},
    {"map-endless", spoil_map_endless, "a range of the memory map ends behind all addresses"},
    {"map-type", spoil_map_type, "a range of the memory map has type 0x2a"},
    {"map-apic", spoil_map_apic, "the memory map calls the local APIC's page free"},
    {"map-runtime", spoil_map_runtime, "runtime data is not marked EFI_MEMORY_RUNTIME"},
    {"mat-wx", spoil_mat_wx, "an attributes table entry is writable and executable"},
    {"mat-stray", spoil_mat_stray, "an attributes table entry is about video memory"},
    {"mat-short", spoil_mat_short, "an attributes table entry is a page short"},
    {"mat-cut", spoil_mat_cut, "the attributes table ends before its entries do"},
    {"mat-version", spoil_mat_version, "the attributes table has version 7"},
    {"no-mat", spoil_no_mat, "no Memory Attributes Table"},
    {"tsc-ahead", spoil_tsc_ahead, "processor 1's TSC is 5000000 ticks ahead"},
    {"no-pm-timer", spoil_no_pm_timer, "the FADT calls the hardware reduced"},
    {"pat", spoil_pat, "processor 1 has another PAT"},
    {"mca", spoil_mca, "a bank of processor 1 holds an uncorrected error"},
    {"mca-corrected", spoil_mca_corrected, "a bank of processor 1 holds a corrected error"},
    {"mca-off", spoil_mca_off, "a bank of processor 1 is switched off"},
    {"mcip", spoil_mcip, "processor 1 believes that a machine check is being handled"},
    {"timer", spoil_timer, "ExitBootServices() leaves the BSP's APIC timer running"},
    {"pending", spoil_pending, "ExitBootServices() leaves an interrupt pending on the BSP"},
    {"in-service", spoil_in_service, "ExitBootServices() leaves an interrupt without its end"},
    {"ioapic-live", spoil_ioapic_live, "pin 13 of the I/O APIC is unmasked"},
    {"ioapic-gone", spoil_ioapic_gone, "the MADT's I/O APIC is not there"},
    {"ioapic-memory", spoil_ioapic_memory, "the MADT's I/O APIC lies in memory"},
    {"madt-lint", spoil_madt_lint, "the MADT calls LINT0 the NMI line"},
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

static const struct fault *fault_find(const CHAR16 *word)
{
    for (unsigned n = 0; n < FAULTS; n++) {
        if (word_is(word, faults[n].word)) {
            return &faults[n];
        }
    }
    return NULL;
}

static EFI_STATUS list(EFI_SYSTEM_TABLE *system)
{
    for (unsigned n = 0; n < FAULTS; n++) {
        say(system, "spoil", faults[n].word, faults[n].what);
    }
    return EFI_INVALID_PARAMETER;
}

static EFI_STATUS spoil_one(EFI_SYSTEM_TABLE *system, const struct fault *fault)
{
    const EFI_STATUS status = fault->spoil(system);
    say(system, EFI_ERROR(status) ? "spoil failed" : "spoil", fault->word, fault->what);
    return status;
}

/* The entry point: the firmware that loaded the image has relocated it, too. */
EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    const EFI_SHELL_PARAMETERS_PROTOCOL *shell = words_from_shell(image, system);
    EFI_STATUS status = shell == NULL || shell->Argc < 2 ? list(system) : EFI_SUCCESS;
    for (UINTN n = 1; !EFI_ERROR(status) && n < shell->Argc; n++) {
        const struct fault *fault = fault_find(shell->Argv[n]);
        status = fault != NULL ? spoil_one(system, fault) : list(system);
    }
    leave(image, system, status);
}
