#include "option_table.h"

#include <muster/memory.h>
#include <muster/spelling.h>

#include "option_value.h"

static const struct option_row rows[] = {
    {"--help", "h?", "", "this text", option_set_help},
    {"--version", "", "", "the version and the build", option_set_version},
    {"--list", "", "", "every check, one a line", option_set_list},
    {"--page", "b", "", "stop after each screenful (in the UEFI shell)", option_set_page},
    {"--cpus", "", "SET", "examine these CPUs only, by index: 0-3,8", option_set_cpus},
    {"--only", "", "GLOB,...", "run these checks only: df.*,gdt.loaded", option_set_only},
    {"--skip", "", "GLOB,...", "leave these checks out", option_set_skip},
    {"--repeat", "", "N", "put each check N times", option_set_repeat},
    {"--smi-watch", "", "MS", "how long smi.* look for SMIs (100)", option_set_smi_watch},
    {"--dry-run", "", "", "tell what firmware claims, then return", option_set_dry_run},
    {"--bench", "", "", "print the times of bring-up, too", option_set_bench},
    {"--switch-bsp", "", "", "let MP Services make an AP the BSP, and back", option_set_switch_bsp},
    {"--record", "", "", "keep the report in firmware's non-volatile variables", option_set_record},
    {"--collect", "", "", "write such a record to files, remove it, return", option_set_collect},
    {"--baseline", "", "", "tell, too, what stays the same between boots", option_set_baseline},
    {"--format", "", "LIST", "what goes to the serial line: tap, json (tap)", option_set_format},
    {"--console", "", "LIST", "where to report: serial,screen (both)", option_set_console},
    {"--serial", "", "LINE[,BAUD]", "com1, com2, ioport:0x3f8, mmio:0xfe001000, none",
     option_set_serial},
    {"--then", "", "WHAT", "afterwards: wait, reset, shutdown, halt, debug-exit", option_set_then},
    {"--break", "", "ID", "plant the defect that this check must find", option_set_break},
    {"--self-test", "", "[=each]", "plant every defect in turn; =each: on each CPU",
     option_set_self_test},
};

uint32_t option_row_count(void)
{
    return sizeof(rows) / sizeof(rows[0]);
}

const struct option_row *option_row_get(uint32_t n)
{
    return &rows[n];
}

static bool has_letter(const struct option_row *row, char letter)
{
    for (const char *at = row->letters; *at != '\0'; at++) {
        if (*at == letter) {
            return true;
        }
    }
    return false;
}

const struct option_row *option_row_find(const char *word, size_t length)
{
    for (uint32_t n = 0; n < option_row_count(); n++) {
        const struct option_row *row = option_row_get(n);
        if (string_length(row->name) == length && memcmp(row->name, word, length) == 0) {
            return row;
        }
        if (length == 2 && word[0] == '-' && has_letter(row, word[1])) {
            return row;
        }
    }
    return NULL;
}

const struct option_row *option_row_guess(const char *word, size_t length)
{
    char name[OPTION_ID_MAX];
    const struct option_row *guess = NULL;
    unsigned least = OPTION_ID_MAX;
    while (length > 0 && *word == '-') {
        word++;
        length--;
    }
    string_copy(name, length < sizeof(name) ? length + 1 : sizeof(name), word);
    for (uint32_t n = 0; n < option_row_count(); n++) {
        const char *other = option_row_get(n)->name + 2;
        const unsigned distance = spelling_distance(name, other);
        if (distance < least && spelling_near(name, other)) {
            least = distance;
            guess = option_row_get(n);
        }
    }
    return guess;
}

static void help_row(struct text *out, const struct option_row *row)
{
    char buffer[40];
    struct text left;
    text_init(&left, buffer, sizeof(buffer));
    for (const char *letter = row->letters; *letter != '\0'; letter++) {
        text_format(&left, "-%c, ", *letter);
    }
    const bool apart = row->argument[0] != '\0' && row->argument[0] != '[';
    text_format(&left, "%s%s%s", row->name, apart ? " " : "", row->argument);
    text_format(out, "  %-21s %s\n", buffer, row->help);
}

void options_help(struct text *out)
{
    text_add(out, "Usage: muster.efi [OPTION]...\n"
                  "Calls every CPU to muster, makes each take real faults, says what is wrong.\n"
                  "\n");
    for (uint32_t n = 0; n < option_row_count(); n++) {
        help_row(out, option_row_get(n));
    }
    text_add(out,
             "\n"
             "Options may stand in muster.cfg, too. A run ends boot services until a reset.\n");
}
