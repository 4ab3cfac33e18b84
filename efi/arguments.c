#include "arguments.h"
#include "catalogue.h"
#include "config_file.h"
#include "pages.h"

#include <muster/command_line.h>
#include <muster/file_path.h>
#include <muster/selection.h>
#include <muster/ucs2.h>

enum { LINE_MAX = 16384, NAME_MAX = 256, FILE_PATH_MAX = 4096, PASSED_OVER_MAX = 120 };

/* Complaints about the command line need no more of an address. */
static const char command_line[] = "";

/* One source of options on its way into the handoff. */
struct reading {
    struct handoff *handoff;
    struct arguments_origin *origin;
    struct refusal *refusal;
};

/* Reads one text, and checks at once what it selects, so that a complaint names its source. */
static bool take_text(const struct reading *reading, enum option_source source,
                      const char *source_name, const char *line, struct text *passed_over)
{
    struct options *options = &reading->handoff->options;
    const struct cpuset cpus_before = options->cpus;
    struct option_error error;
    const struct catalogue catalogue = catalogue_of_checks();
    if (!options_read(options, source, line, passed_over, &error) ||
        !selection_check(options, &catalogue, source_name, &error)) {
        return refuse(reading->refusal, EFI_INVALID_PARAMETER, "%s", error.message);
    }
    if (!cpuset_equal(&cpus_before, &options->cpus)) {
        reading->origin->cpus = source_name;
    }
    return true;
}

static bool read_config_file(struct firmware *firmware, const struct reading *reading,
                             struct text *line)
{
    return config_file_read(firmware, line, reading->refusal) &&
           take_text(reading, OPTION_SOURCE_FILE, CONFIG_FILE_NAME, line->at, NULL);
}

static void print_argument(struct text *line, const CHAR16 *argument)
{
    char buffer[OPTION_VALUE_MAX + 1];
    struct text word;
    text_init(&word, buffer, sizeof(buffer));
    ucs2_print(&word, argument, UINT16_MAX, UCS2_NOT_AN_OPTION);
    command_line_add(line, buffer);
}

/* Argv[0] is the program as it was called. */
static bool read_shell(const struct reading *reading, const EFI_SHELL_PARAMETERS_PROTOCOL *shell,
                       struct text *line)
{
    for (UINTN i = 1; i < shell->Argc; i++) {
        print_argument(line, shell->Argv[i]);
    }
    return take_text(reading, OPTION_SOURCE_SHELL, command_line, line->at, NULL);
}

static void note_passed_over(struct notes *notes, const struct text *words)
{
    if (words->length > 0) {
        note_add(notes, "", "load options: passed over, not for muster: %s%s", words->at,
                 words->cut ? "..." : "");
    }
}

static bool read_load_options(const struct firmware *firmware, const struct reading *reading,
                              struct text *line)
{
    const EFI_LOADED_IMAGE *loaded = firmware->loaded;
    char name[NAME_MAX], words[PASSED_OVER_MAX];
    struct text path, passed_over;
    struct notes *notes = &reading->handoff->claims.notes;
    text_init(&path, name, sizeof(name));
    text_init(&passed_over, words, sizeof(words));
    if (loaded == NULL || loaded->LoadOptions == NULL) {
        return true;
    }
    if (!ucs2_is_text(loaded->LoadOptions, loaded->LoadOptionsSize)) {
        note_add(notes, "", "load options: %u bytes that are no text; passed over",
                 loaded->LoadOptionsSize);
        return true;
    }
    if (loaded->FilePath != NULL) {
        file_path_print(&path, loaded->FilePath, FILE_PATH_MAX);
    }
    ucs2_print(line, loaded->LoadOptions, loaded->LoadOptionsSize / 2, UCS2_NOT_AN_OPTION);
    const char *options = command_line_options(line->at, file_path_name(path.at));
    if (!take_text(reading, OPTION_SOURCE_LOADER, command_line, options, &passed_over)) {
        return false;
    }
    note_passed_over(notes, &passed_over);
    return true;
}

static bool read_command_line(const struct firmware *firmware, const struct reading *reading,
                              struct text *line)
{
    static const EFI_GUID shell_parameters = EFI_SHELL_PARAMETERS_PROTOCOL_GUID;
    const EFI_SHELL_PARAMETERS_PROTOCOL *shell =
        firmware_protocol(firmware, firmware->image, &shell_parameters);
    const bool read = shell != NULL ? read_shell(reading, shell, line)
                                    : read_load_options(firmware, reading, line);
    if (read && line->cut) {
        return refuse(reading->refusal, EFI_INVALID_PARAMETER,
                      "muster: command line longer than %u characters; shorten it, or "
                      "use " CONFIG_FILE_NAME,
                      LINE_MAX - 1);
    }
    return read;
}

bool arguments_read(struct firmware *firmware, struct handoff *handoff,
                    struct arguments_origin *ret_origin, struct refusal *ret_refusal)
{
    const struct reading reading = {handoff, ret_origin, ret_refusal};
    struct text line;
    char *buffer = pages_take(firmware, LINE_MAX, UINT32_MAX);
    if (buffer == NULL) {
        return refuse(ret_refusal, EFI_OUT_OF_RESOURCES,
                      "muster: memory: no %u KiB below 4 GiB for options", LINE_MAX / 1024);
    }
    ret_origin->cpus = command_line;
    options_default(&handoff->options);
    text_init(&line, buffer, LINE_MAX);
    if (!read_config_file(firmware, &reading, &line)) {
        return false;
    }
    text_init(&line, buffer, LINE_MAX);
    return read_command_line(firmware, &reading, &line);
}
