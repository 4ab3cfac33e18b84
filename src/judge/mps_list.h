/* What GetNumberOfProcessors, GetProcessorInfo and WhoAmI say, one against the other. */
#ifndef JUDGE_MPS_LIST_H
#define JUDGE_MPS_LIST_H

#include <muster/judge_mps.h>

/* Each fills expected and seen of `ret` and returns true when something is wrong. */
bool mps_count_wrong(const struct mps_record *record, struct words *ret);
bool mps_info_wrong(const struct mps_record *record, struct words *ret);
bool mps_extended_wrong(const struct mps_record *record, struct words *ret);
bool mps_who_wrong(const struct mps_record *record, struct words *ret);
bool mps_apic_id_wrong(const struct mps_record *record, struct words *ret);
bool mps_disable_wrong(const struct mps_record *record, struct words *ret);
bool mps_switch_obeyed(const struct mps_record *record, struct words *ret);
bool mps_switch_wrong(const struct mps_record *record, struct words *ret);

#endif
