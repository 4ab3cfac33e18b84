/* Prints docs/CHECKS.md: what the program itself knows of its checks, in Markdown. `make docs`. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/check.h>
#include <muster/stage.h>
#include <muster/verdict.h>

#include "checks-families.h"

struct deviation {
    const char *id;
    const char *where;
    const char *what;
};

#define EXT_WORDS                                                                                  \
    "error codes lack EXT (7.2, 10.0), and have the vector times 16 where the manual has times 8 " \
    "(7.2)"
#define VECTOR_WORDS "error codes have the vector times 16 where the manual has times 8 (7.2)"
#define RSVD_WORDS   "the error code has RSVD without P (7.2, 10.0)"

static const struct deviation deviations[] = {
    {"state.mtrr", "QEMU with software emulation (TCG)",
     "INIT clears the MTRRs of an AP (7.2, 10.0)"},
    {"mps.this-busy", "EDK II and firmware made of it",
     "StartupThisAPWorker() in MpLib.c does not look whether the AP is busy (edk2-stable202211, "
     "202502 and later): EFI_SUCCESS"},
    {"mps.switch-state", "EDK II and firmware made of it",
     "SwitchBSPWorker() in MpLib.c masks the APIC timer, LINT0 and LINT1 and turns interrupts off "
     "before it looks at the arguments, and its error paths do not undo that (same versions)"},
    {"roll.count", "QEMU", "Thread Count is that of one core (before 8.2)"},
    {"roll.count", "much firmware",
     "Core Enabled is 1 of several in every socket, and Thread Count 2 or unknown"},
    {"df.benign", "QEMU with software emulation (TCG)",
     "the error code of the #NP lacks EXT (7.2, 10.0), and has the vector times 16 where the "
     "manual has times 8 (7.2)"},
    {"df.table-ud", "QEMU with software emulation (TCG)", EXT_WORDS},
    {"df.table-bp", "QEMU with software emulation (TCG)", VECTOR_WORDS},
    {"df.table-nm", "QEMU with software emulation (TCG)", EXT_WORDS},
    {"fault.db-int1", "QEMU with software emulation (TCG)", "INT1 is #UD (7.2)"},
    {"fault.xm", "QEMU with software emulation (TCG)",
     "SSE exceptions are never raised (7.2, 10.0)"},
    {"fault.np-gate", "QEMU with software emulation (TCG)", VECTOR_WORDS},
    {"fault.np-ext", "QEMU with software emulation (TCG)", EXT_WORDS},
    {"fault.ss-zero", "QEMU with software emulation (TCG)",
     "every non-canonical address is #GP, on the stack, too (7.2, 10.0)"},
    {"fault.gp-idt", "QEMU with software emulation (TCG)", VECTOR_WORDS},
    {"fault.gp-ext", "QEMU with software emulation (TCG)", EXT_WORDS},
    {"fault.pf-reserved", "QEMU with software emulation (TCG)", RSVD_WORDS},
    {"fault.pf-reserved-write", "QEMU with software emulation (TCG)", RSVD_WORDS},
    {"fault.ac", "QEMU with software emulation (TCG)", "#AC is never raised (7.2, 10.0)"},
    {"fault.rf", "QEMU with software emulation (TCG)",
     "RF is clear in every frame (before 9.1), or set in that of an interrupt, too (since)"},
    {"debug.general-detect", "QEMU with software emulation (TCG) before 9.1",
     "DR7.GD is ignored: a MOV from a debug register goes through"},
    {"ring3.gate-dpl", "QEMU with software emulation (TCG)",
     "the error code of the #GP has the vector times 16 where the manual has times 8 (7.2)"},
    {"ring3.wbinvd", "QEMU with software emulation (TCG)",
     "WBINVD is not refused to ring 3 (10.0)"},
    {"ring3.syscall-flags", "QEMU with software emulation (TCG)",
     "SYSCALL clears all arithmetic flags and DF, whatever IA32_FMASK names (7.2, 10.0)"},
};

/* A check that stands behind one of a higher hazard, and what it would miss before. */
static const struct late {
    const char *id;
    const char *why;
} late[] = {
    {"mem.trampoline", "it asks who wrote to muster's pages below 1 MiB up to the end of the run"},
};

enum {
    FAMILIES = sizeof families / sizeof families[0],
    DEVIATIONS = sizeof deviations / sizeof deviations[0],
    LATE = sizeof late / sizeof late[0]
};

static _Noreturn void die(const char *what, const char *id)
{
    fprintf(stderr, "checks-doc: %s: %s\n", what, id);
    exit(1);
}

/* Sentences of the table are plain text: nothing in them is Markdown. */
static void put_plain(const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_<>[]|", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void put_item(const char *name, const char *text)
{
    printf("- **%s:** ", name);
    put_plain(text);
    putchar('\n');
}

static bool belongs_to(const char *id, const struct family *family)
{
    size_t length = strlen(family->prefix);

    return strncmp(id, family->prefix, length) == 0 && id[length] == '.';
}

static const struct family *family_of(const char *id)
{
    for (size_t n = 0; n < FAMILIES; n++) {
        if (belongs_to(id, &families[n]))
            return &families[n];
    }
    die("the family of this check has no introduction in tools/checks-doc.c", id);
}

static bool check_exists(const char *id)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (strcmp(catalogue_get(n)->id, id) == 0)
            return true;
    }
    return false;
}

static bool is_late(const char *id)
{
    for (size_t n = 0; n < LATE; n++) {
        if (strcmp(late[n].id, id) == 0)
            return true;
    }
    return false;
}

/* What the head of the document says of the order. */
static void check_order(void)
{
    enum check_hazard highest = HAZARD_READS;
    size_t found = 0;

    for (uint32_t n = 0; n < catalogue_count(); n++) {
        const struct check_info *check = catalogue_get(n);
        if (check->hazard >= highest)
            highest = check->hazard;
        else if (is_late(check->id))
            found++;
        else
            die("behind a higher hazard in src/checks/table.c, and not in late[]", check->id);
    }
    if (found != LATE)
        die("names a check that is not late", "late[]");
}

static void check_planting(void)
{
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (catalogue_planting(n) == PLANTED_NOHOW)
            die("its row says nothing, or two things, of how its defect is planted",
                catalogue_get(n)->id);
    }
}

/* "a.b,c.d" as code, with spaces between. */
static void put_needs(const char *needs)
{
    printf("- **Needs:** ");
    if (!*needs)
        printf("nothing");
    for (const char *at = needs; *at;) {
        size_t length = strcspn(at, ",");
        printf("%s`%.*s`", at == needs ? "" : ", ", (int)length, at);
        at += length + (at[length] == ',');
    }
    putchar('\n');
}

static void put_check(const struct check_info *check)
{
    printf("\n### `%s`\n\n", check->id);
    put_item("Claim", check->claim);
    put_item("Source", check->source);
    put_item("Put to", scope_name(check->scope));
    put_item("Hazard", hazard_name(check->hazard));
    put_needs(check->needs);
    printf("- **Planted defect** (`--break %s`)**:** ", check->id);
    put_plain(check->defect);
    putchar('\n');
}

static void put_head(void)
{
    printf("<!-- Generated by `make docs` from the table of checks; edit tools/checks-doc.c, "
           "src/stage.c or src/checks/. -->\n\n"
           "# The checks\n\n"
           "muster puts %u checks to a machine, in this order: what only reads comes before what "
           "takes a fault,\n"
           "and that before what may hang",
           catalogue_count());
    for (size_t n = 0; n < LATE; n++)
        printf("%s `%s`: %s", n ? ";" : ", but for", late[n].id, late[n].why);
    printf(
        ".\n"
        "Their ids are stable; `--only`, `--skip` and `--break` take them, and every report "
        "names them. `up.answer` is put whatever\n"
        "they leave out: all CPUs are called, and a run that loses one must not pass.\n\n"
        "- **Claim:** what holds on a sound machine.\n"
        "- **Source:** the manual that says so. SDM: Intel's Software Developer's Manual, numbered "
        "as in its edition 080 (June 2023); APM: AMD's Architecture Programmer's Manual.\n"
        "- **Put to:** whom it is asked.\n"
        "- **Hazard:** what asking may do.\n"
        "- **Needs:** a CPU that failed one of these is not sent into this check; the report "
        "says so.\n"
        "- **Planted defect:** what `--break ID` does to one CPU, or to one claim. The check "
        "must then fail and name it:\n"
        "  a check that cannot fail proves nothing.\n");
}

static void put_verdict(enum verdict verdict, const char *tap, const char *meaning)
{
    printf("| %s | `%s` | %s |\n", verdict_name(verdict), tap, meaning);
}

static void put_verdicts(void)
{
    printf("\n## Verdicts\n\n"
           "| verdict | in TAP | meaning |\n"
           "|---|---|---|\n");
    put_verdict(VERDICT_PASS, "ok", "the claim held on every CPU that was asked");
    put_verdict(VERDICT_SKIP, "ok … # SKIP reason",
                "it could not be asked here; the reason is told");
    put_verdict(
        VERDICT_DEVIATION, "not ok … # TODO",
        "exactly what a named emulator, or much firmware, is known to do wrong; the run does not "
        "fail for it");
    put_verdict(VERDICT_ERROR, "not ok … # ERROR", "muster could not tell; the run fails");
    put_verdict(VERDICT_FAIL, "not ok", "the machine is wrong; the run fails");
    printf(
        "\nThe worst verdict of all CPUs is the check's, and the worst of all checks is the "
        "run's.\n\n"
        "Known deviations. Anywhere else the same value is a FAIL; so is any other value there.\n"
        "\n");
    for (size_t n = 0; n < DEVIATIONS; n++) {
        if (!check_exists(deviations[n].id))
            die("a deviation of a check that does not exist", deviations[n].id);
        printf("- `%s`, %s: ", deviations[n].id, deviations[n].where);
        put_plain(deviations[n].what);
        printf("\n");
    }
}

static void put_checks(void)
{
    const struct family *running = NULL;

    for (uint32_t n = 0; n < catalogue_count(); n++) {
        const struct check_info *check = catalogue_get(n);
        const struct family *family = family_of(check->id);
        if (family != running)
            printf("\n## %s: %s\n\n%s\n", family->prefix, family->title, family->intro);
        running = family;
        put_check(check);
    }
}

static void put_stages(void)
{
    printf("\n## Stages of bring-up\n\n"
           "Each CPU stores the number of the stage it has reached. `--break up.STAGE` makes one "
           "CPU stop there; `up.answer`\n"
           "must then fail, name that CPU, and say what stands here.\n\n"
           "| `--break` | the CPU… |\n"
           "|---|---|\n");
    for (uint32_t stage = STAGE_INIT_SENT; stage < STAGE_COUNT; stage++) {
        printf("| `up.%s` | ", stage_id(stage));
        put_plain(stage_sentence(stage));
        printf(" |\n");
    }
}

static void put_rehearsals(void)
{
    printf("\n## Rehearsals\n\n"
           "Defects of the run itself: whatever they do, the report must still be told to its "
           "end.\n\n"
           "| `--break` | what happens |\n"
           "|---|---|\n");
    for (uint32_t n = 0; catalogue_rehearsal(n); n++) {
        printf("| `%s` | ", catalogue_rehearsal(n)->id);
        put_plain(catalogue_rehearsal(n)->what);
        printf(" |\n");
    }
}

int main(void)
{
    check_order();
    check_planting();
    put_head();
    put_verdicts();
    put_checks();
    put_stages();
    put_rehearsals();
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
