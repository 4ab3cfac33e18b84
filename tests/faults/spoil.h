/* Every way in which spoil.efi makes a firmware misbehave. */
#ifndef FAULTS_SPOIL_H
#define FAULTS_SPOIL_H

#include <efi.h>

/* Spoils one thing, for the rest of this boot. */
typedef EFI_STATUS spoiler(EFI_SYSTEM_TABLE *system);

/* spoil_protocols.c */
spoiler spoil_no_mps, spoil_mps_bsp, spoil_ap_disabled, spoil_ap_unhealthy, spoil_no_acpi,
    spoil_no_gop, spoil_blt_only;

/* spoil_mps.c */
spoiler spoil_mps_count, spoil_mps_phantom, spoil_mps_apic_id, spoil_mps_who, spoil_mps_error,
    spoil_mps_bare, spoil_mps_finished, spoil_mps_from_ap, spoil_mps_if_off, spoil_mps_lvt,
    spoil_mps_no_disable, spoil_mps_switch_tpl;

/* spoil_mps_start.c */
spoiler spoil_mps_hang, spoil_mps_hang_off, spoil_mps_hang_late, spoil_mps_no_tick,
    spoil_mps_no_timeout, spoil_mps_list, spoil_mps_list_end, spoil_mps_list_twice,
    spoil_mps_late_gone, spoil_mps_in_turn, spoil_mps_at_once, spoil_mps_success, spoil_mps_other;

/* spoil_mps_switch.c */
spoiler spoil_mps_switched, spoil_mps_moved, spoil_mps_moved_off;

/* spoil_mps_who.c */
spoiler spoil_mps_short, spoil_mps_swap, spoil_mps_no_enable, spoil_mps_count_hang,
    spoil_mps_info_hang, spoil_mps_info_off;

/* spoil_mps_quiet.c */
spoiler spoil_mps_quiet, spoil_mps_quiet_off;

/* spoil_madt.c */
spoiler spoil_madt_cut, spoil_madt_zero, spoil_madt_sum, spoil_madt_duplicate, spoil_madt_4097,
    spoil_madt_phantom, spoil_madt_wide, spoil_madt_missing, spoil_madt_disabled;

/* spoil_memory.c */
spoiler spoil_low_taken, spoil_low_none, spoil_crumbs;

/* spoil_paging.c */
spoiler spoil_la57;

/* spoil_exit.c */
spoiler spoil_exit_3, spoil_exit_always;

/* spoil_map.c */
spoiler spoil_map_overlap, spoil_map_unaligned, spoil_map_empty, spoil_map_endless, spoil_map_type,
    spoil_map_apic, spoil_map_runtime;

/* spoil_attributes.c */
spoiler spoil_mat_wx, spoil_mat_stray, spoil_mat_short, spoil_mat_cut, spoil_mat_version,
    spoil_no_mat;
/* spoil_roll.c */
spoiler spoil_madt_uid, spoil_madt_order, spoil_madt_mixed, spoil_madt_online, spoil_madt_later,
    spoil_mps_more, spoil_mps_place;

/* spoil_places.c */
spoiler spoil_srat_missing, spoil_srat_phantom, spoil_srat_twice, spoil_srat_cut, spoil_pptt_good,
    spoil_pptt_halves, spoil_pptt_circle, spoil_pptt_range, spoil_pptt_cut, spoil_pptt_uid,
    spoil_pptt_package;

/* spoil_smbios.c */
spoiler spoil_smbios_sum, spoil_smbios_cores, spoil_smbios_extra, spoil_smbios_cut;
/* spoil_time.c */
spoiler spoil_tsc_ahead, spoil_no_pm_timer;
/* spoil_msr.c */
spoiler spoil_pat, spoil_mca, spoil_mca_corrected, spoil_mca_off, spoil_mcip;

/* spoil_apic.c */
spoiler spoil_timer, spoil_pending, spoil_in_service, spoil_ioapic_live, spoil_ioapic_gone,
    spoil_ioapic_memory, spoil_madt_lint;

/* spoil_state.c */
spoiler spoil_ap_misc_enable, spoil_ap_xcr0, spoil_ap_x2apic, spoil_bsp_x2apic, spoil_bsp_dr7;

/* spoil_record.c */
spoiler spoil_volume_gone, spoil_store_full, spoil_store_half, spoil_get_fail, spoil_set_refuse,
    spoil_set_hang, spoil_set_fault, spoil_reset_fault, spoil_set_full_later, spoil_set_hang_later;

#endif
