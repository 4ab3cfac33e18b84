/* QR codes (ISO/IEC 18004), by Debian's qrcodegen: a phone takes the report home. Pure; any phase.
 */
#ifndef MUSTER_QR_H
#define MUSTER_QR_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/report.h>

/* A code has 17 + 4 * version modules a side; 20 is as much as a phone reads off a screen. */
enum { QR_VERSION_MAX = 20, QR_SIZE_MAX = 17 + 4 * QR_VERSION_MAX, QR_QUIET = 4 };
enum { QR_BYTES = (QR_SIZE_MAX * QR_SIZE_MAX + 7) / 8 + 1, QR_TEXT_MAX = 860 };

struct qr {
    uint8_t code[QR_BYTES]; /* qrcodegen's own form */
    uint8_t scratch[QR_BYTES];
    char text[QR_TEXT_MAX];
    uint32_t named, failures; /* how many failures the code names, of all */
};

/* Whether the program was built with qrcodegen. */
bool qr_offered(void);

/* Makes the smallest code for what the report says, at most `modules` a side (without the quiet
 * zone of QR_QUIET around it): verdict and machine, then which checks failed on which CPUs,
 * with the values seen, as far as there is room. False where not even the verdict fits, or without
 * qrcodegen. */
bool qr_of_report(struct qr *qr, const struct report *report, uint32_t modules);

/* Modules a side. */
uint32_t qr_size(const struct qr *qr);
bool qr_dark(const struct qr *qr, uint32_t x, uint32_t y);

/* What of a report goes into a code. */
struct qr_share {
    uint32_t named;     /* failures, of all; */
    uint32_t explained; /* … of these with the value seen */
    bool machine;       /* firmware and hypervisor */
};

/* The text of such a code. Failures that are not named are counted. */
void qr_text(struct text *out, const struct report *report, const struct qr_share *share);

#endif
