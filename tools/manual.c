/* Prints muster.man, which the UEFI shell shows for `muster -?` and `help muster` (UEFI Shell 2.2,
 * 3.7): what --help prints, under the headings that the shell's help command can be asked for. */
#include <stdio.h>
#include <stdlib.h>

#include <muster/options.h>

enum { HELP_MAX = 16384 };

/* A line that begins with a dot would be a heading; the help text must have none. */
static void print_body(const char *help)
{
    for (const char *at = help; *at; at++) {
        if (*at == '.' && (at == help || at[-1] == '\n')) {
            fputs("muster-manual: a line of --help begins with a dot\n", stderr);
            exit(1);
        }
        if (*at == '\n')
            putchar('\r');
        putchar(*at);
    }
}

int main(void)
{
    static char buffer[HELP_MAX];
    struct text help;

    text_init(&help, buffer, sizeof buffer);
    options_help(&help);
    fputs(".TH muster 0 \"calls every CPU to muster and makes it take real faults\"\r\n"
          ".SH NAME\r\n"
          "muster - can an operating system trust the CPUs this firmware hands over?\r\n"
          ".SH SYNOPSIS\r\n"
          "muster [OPTION]...\r\n"
          ".SH OPTIONS\r\n",
          stdout);
    print_body(buffer);
    fputs(".SH RETURNVALUES\r\n"
          "  SHELL_SUCCESS            The words that were asked for were printed.\r\n"
          "  SHELL_INVALID_PARAMETER  An option, a CPU set or a pattern is wrong; one line says "
          "which.\r\n"
          "  A run does not return: its verdict is in its report.\r\n"
          ".SH EXAMPLES\r\n"
          "  muster                   every check on every CPU\r\n"
          "  muster --dry-run -b      what firmware claims, page by page; nothing is changed\r\n"
          "  muster --only df.*       double faults alone\r\n",
          stdout);
    return 0;
}
