#include <muster/qr.h>

#include <muster/summary.h>
#include <muster/text.h>

#include <qr-offered.h>

/* FAIL and ERROR, worst first; then what is known of an emulator is left to the serial report. */
static const enum verdict told[] = {VERDICT_FAIL, VERDICT_ERROR};

static const struct finding *finding_of(const struct report *report,
                                        const struct check_result *result, uint32_t n)
{
    return &report->findings[result->first_finding + n];
}

static uint32_t count_kept(const struct report *report, const struct check_result *result)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < result->finding_count; n++) {
        count += finding_of(report, result, n)->verdict >= VERDICT_ERROR;
    }
    return count;
}

/* Failures of all checks: each finding, and each check that failed where the report had no room for
 * one. `dropped`: those findings, too, that it had no room for beside others of the check. */
static uint32_t count_told(const struct report *report, bool dropped)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        uint32_t kept = count_kept(report, result);
        count += kept > 0 ? kept : result->verdict >= VERDICT_ERROR;
        count += dropped && kept > 0 ? result->findings_dropped : 0;
    }
    return count;
}

/* "gs.base CPU 2: 0x1"; `why` is NULL where that is not told. */
static void add_failure(struct text *out, struct qr_share *room, const char *id,
                        const struct cpuset *cpus, const struct words *why)
{
    if (room->named == 0) {
        return;
    }
    text_add(out, id);
    if (!cpuset_empty(cpus)) {
        text_add(out, " CPU ");
        cpuset_print(out, cpus);
    }
    if (why && room->explained > 0) {
        text_format(out, ": %s", why->seen[0] ? why->seen : why->means);
    }
    text_add(out, "\n");
    room->named--;
    room->explained -= room->explained > 0;
}

static void add_failures(struct text *out, const struct report *report, enum verdict verdict,
                         struct qr_share *room)
{
    for (uint32_t r = 0; r < report->result_count; r++) {
        const struct check_result *result = &report->results[r];
        if (result->verdict == verdict && count_kept(report, result) == 0) {
            add_failure(out, room, result->id, &result->failed, NULL);
        }
        for (uint32_t n = 0; n < result->finding_count; n++) {
            const struct finding *finding = finding_of(report, result, n);
            if (finding->verdict == verdict) {
                add_failure(out, room, result->id, &finding->cpus, &finding->words);
            }
        }
    }
}

static void add_machine(struct text *out, const struct report *report)
{
    text_format(out, "%s 0x%x", report->firmware, report->firmware_revision);
    if (report->hypervisor[0] != '\0') {
        text_format(out, "; hypervisor %s", report->hypervisor);
    }
    text_add(out, "\n");
}

/* One that missed nothing gives way where room is short, as the machine does. */
static void add_self_test(struct text *out, const struct self_test *test, bool machine)
{
    enum { NAMES_MAX = 60 };
    if (test && (machine || !self_test_passed(test))) {
        text_add(out, "teeth: ");
        self_test_summary(out, test, NAMES_MAX);
        text_add(out, "\n");
    }
}

void qr_text(struct text *out, const struct report *report, const struct qr_share *share)
{
    uint32_t all = count_told(report, true);
    struct qr_share room = *share;
    text_format(out, "muster %s %s ", report->version, report->build);
    summary_add(out, report);
    text_add(out, "\n");
    if (share->machine) {
        add_machine(out, report);
    }
    add_self_test(out, report->self_test, share->machine);
    for (uint32_t n = 0; n < sizeof(told) / sizeof(told[0]); n++) {
        add_failures(out, report, told[n], &room);
    }
    all -= share->named - room.named;
    if (all > 0) {
        text_format(out, "+%u more\n", all);
    }
}

#if MUSTER_QR

#    include <qrcodegen.h>

/* qrcodegen.c is compiled to call this for strchr(): nothing else here needs one. */
char *qr_strchr(const char *string, int c);

char *qr_strchr(const char *string, int c)
{
    for (;; string++) {
        if (*string == (char)c) {
            return (char *)(uintptr_t)string;
        }
        if (*string == '\0') {
            return NULL;
        }
    }
}

bool qr_offered(void)
{
    return true;
}

static bool encode(struct qr *qr, uint32_t modules)
{
    uint32_t version = modules < QR_SIZE_MAX ? (modules - 17) / 4 : QR_VERSION_MAX;
    return qrcodegen_encodeText(qr->text, qr->scratch, qr->code, qrcodegen_Ecc_LOW, 1, (int)version,
                                qrcodegen_Mask_0, false);
}

static bool try_one(struct qr *qr, const struct report *report, uint32_t modules,
                    const struct qr_share *share)
{
    struct text text;
    text_init(&text, qr->text, sizeof(qr->text));
    qr_text(&text, report, share);
    return !text.cut && encode(qr, modules);
}

/* Leaves out one thing more, the least important first; false: nothing is left to leave out. */
static bool share_less(struct qr_share *share)
{
    if (share->explained > 0) {
        share->explained--;
    } else if (share->machine) {
        share->machine = false;
    } else if (share->named > 0) {
        share->named--;
    } else {
        return false;
    }
    return true;
}

bool qr_of_report(struct qr *qr, const struct report *report, uint32_t modules)
{
    enum { SMALLEST = 21, MOST = 20 };
    uint32_t most = count_told(report, false);
    most = most < MOST ? most : MOST;
    struct qr_share share = {.named = most, .explained = most, .machine = true};
    if (modules < SMALLEST) {
        return false;
    }
    while (!try_one(qr, report, modules, &share)) {
        if (!share_less(&share)) {
            return false;
        }
    }
    qr->named = share.named;
    qr->failures = count_told(report, true);
    return true;
}

uint32_t qr_size(const struct qr *qr)
{
    return (uint32_t)qrcodegen_getSize(qr->code);
}

bool qr_dark(const struct qr *qr, uint32_t x, uint32_t y)
{
    return qrcodegen_getModule(qr->code, (int)x, (int)y);
}

#else

bool qr_offered(void)
{
    return false;
}

bool qr_of_report(struct qr *qr, const struct report *report, uint32_t modules)
{
    (void)qr;
    (void)report;
    (void)modules;
    return false;
}

uint32_t qr_size(const struct qr *qr)
{
    (void)qr;
    return 0;
}

bool qr_dark(const struct qr *qr, uint32_t x, uint32_t y)
{
    (void)qr;
    (void)x;
    (void)y;
    return false;
}

#endif
