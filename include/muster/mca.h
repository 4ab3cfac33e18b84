/* What a machine-check bank's status says, in words (SDM vol. 3B, 16.3.2 and 16.9). Pure. */
#ifndef MUSTER_MCA_H
#define MUSTER_MCA_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

/* IA32_MCG_CAP, IA32_MCG_STATUS. */
#define MCG_CAP_COUNT   UINT64_C(0xff)
#define MCG_CAP_CTL     (UINT64_C(1) << 8)
#define MCG_CAP_CMCI    (UINT64_C(1) << 10)
#define MCG_STATUS_MCIP (UINT64_C(1) << 2)

/* IA32_MCi_STATUS. */
#define MCI_STATUS_VAL      (UINT64_C(1) << 63)
#define MCI_STATUS_OVER     (UINT64_C(1) << 62)
#define MCI_STATUS_UC       (UINT64_C(1) << 61)
#define MCI_STATUS_EN       (UINT64_C(1) << 60)
#define MCI_STATUS_MISCV    (UINT64_C(1) << 59)
#define MCI_STATUS_ADDRV    (UINT64_C(1) << 58)
#define MCI_STATUS_PCC      (UINT64_C(1) << 57)
#define MCI_STATUS_DEFERRED (UINT64_C(1) << 44) /* AMD: APM vol. 2, 9.3.2.1 */

/* What MCACOD says went wrong: "L2 cache, data read". AMD's codes of these forms say the same (APM
 * vol. 2, 9.3.3.1). */
void mca_print_code(struct text *out, uint16_t code);

/* Whether hardware put it right, so that nothing was lost. `amd`: bit 44 is Deferred. */
bool mca_corrected(uint64_t status, bool amd);

/* "uncorrected, context corrupt, an earlier one overwritten: memory controller, read, channel 3" */
void mca_print_status(struct text *out, uint64_t status, bool amd);

struct obs_mca;
struct mca_leftover;

/* Counts `left` among mca->leftovers and keeps it where there is room, or where it was not
 * corrected and one that was can give way. */
void mca_keep(struct obs_mca *mca, const struct mca_leftover *left);

#endif
