#include <muster/json.h>

enum { RANGE_MAX = 16 }; /* "4000-4095", a comma, the terminator */

void json_init(struct json *json, char *buffer, size_t size, json_send *send, void *context)
{
    *json = (struct json){.send = send, .context = context, .prefix = "", .at_margin = true};
    text_init(&json->piece, buffer, size);
}

void json_flush(struct json *json)
{
    if (json->piece.length > 0) {
        json->send(json->context, json->piece.at);
    }
    text_init(&json->piece, json->piece.at, json->piece.size);
}

static void put(struct json *json, char c)
{
    if (json->piece.length + 1 >= json->piece.size) {
        json_flush(json);
    }
    text_char(&json->piece, c);
}

static void put_all(struct json *json, const char *string)
{
    for (; *string; string++) {
        put(json, *string);
    }
}

/* The prefix comes with the line's first character, so that no line is left empty. */
static void put_margin(struct json *json)
{
    if (json->at_margin) {
        put_all(json, json->prefix);
        json->at_margin = false;
    }
}

void json_break(struct json *json)
{
    if (json->at_margin) {
        return;
    }
    put(json, '\n');
    json->at_margin = true;
}

void json_marker(struct json *json, const char *line)
{
    json_break(json);
    put_margin(json);
    put_all(json, line);
    json_break(json);
    json_flush(json);
    json->inside = false;
}

/* Bytes of the UTF-8 character at `at`, of which `left` bytes are there, and its code point; 0
 * where there is none of two bytes or more (RFC 3629, 4: shortest form, no surrogates). */
static size_t utf8_read(const unsigned char *at, size_t left, uint32_t *ret)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    uint32_t code = at[0] & (0x7fu >> length);

    if (at[0] < 0xc0 || at[0] >= 0xf8 || length > left) {
        return 0;
    }
    for (size_t n = 1; n < length; n++) {
        if ((at[n] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (at[n] & 0x3f);
    }
    *ret = code;
    return code < least[length] || code > 0x10ffff || (code >> 11) == 0x1b ? 0 : length;
}

static void put_unit(struct json *json, uint32_t unit)
{
    put_all(json, "\\u");
    for (uint32_t shift = 16; shift > 0; shift -= 4) {
        put(json, "0123456789abcdef"[unit >> (shift - 4) & 15]);
    }
}

/* RFC 8259, 7: what is beyond 16 bits is a surrogate pair. */
static void put_escape(struct json *json, uint32_t code)
{
    if (code > 0xffff) {
        put_unit(json, 0xd800 + ((code - 0x10000) >> 10));
        put_unit(json, 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
        put_unit(json, code);
    }
}

/* RFC 8259, 7: quotation mark, reverse solidus and U+0000 to U+001F must be escaped; DEL and what
 * is beyond ASCII are, too, so that a terminal does as little with the text as a reader. */
static void put_quoted(struct json *json, const char *string, size_t length)
{
    const unsigned char *at = (const unsigned char *)string, *end = at + length;

    put(json, '"');
    while (at < end) {
        uint32_t code = *at;
        size_t taken = code < 0x80 ? 0 : utf8_read(at, (size_t)(end - at), &code);
        at += taken ? taken : 1;
        if (taken == 0) {
            code = at[-1];
        }
        if (code < ' ' || code > '~') {
            put_escape(json, code);
            continue;
        }
        if (code == '"' || code == '\\') {
            put(json, '\\');
        }
        put(json, (char)code);
    }
    put(json, '"');
}

static void begin(struct json *json, const char *key)
{
    put_margin(json);
    if (json->inside) {
        put(json, ',');
    }
    json->inside = true;
    if (key) {
        put_quoted(json, key, string_length(key));
        put(json, ':');
    }
}

static void open(struct json *json, const char *key, char bracket)
{
    begin(json, key);
    put(json, bracket);
    json->inside = false;
}

static void close(struct json *json, char bracket)
{
    put_margin(json);
    put(json, bracket);
    json->inside = true;
}

void json_object(struct json *json, const char *key)
{
    open(json, key, '{');
}

void json_object_end(struct json *json)
{
    close(json, '}');
}

void json_array(struct json *json, const char *key)
{
    open(json, key, '[');
}

void json_array_end(struct json *json)
{
    close(json, ']');
}

void json_null(struct json *json, const char *key)
{
    begin(json, key);
    put_all(json, "null");
}

void json_piece(struct json *json, const char *key, const char *value, size_t length)
{
    begin(json, key);
    put_quoted(json, value, length);
}

void json_string(struct json *json, const char *key, const char *value)
{
    if (value) {
        json_piece(json, key, value, string_length(value));
    } else {
        json_null(json, key);
    }
}

void json_words(struct json *json, const char *key, const char *value)
{
    if (value && value[0]) {
        json_string(json, key, value);
    }
}

static void add_formatted(struct json *json, const char *format, uint64_t value)
{
    char buffer[24];
    struct text text;

    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, format, value);
    put_all(json, buffer);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
    begin(json, key);
    add_formatted(json, "%lu", value);
}

void json_hex(struct json *json, const char *key, uint64_t value)
{
    begin(json, key);
    add_formatted(json, "\"0x%lx\"", value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin(json, key);
    put_all(json, value ? "true" : "false");
}

void json_known(struct json *json, const char *key, uint32_t value)
{
    if (value == CPU_NONE) {
        json_null(json, key);
    } else {
        json_number(json, key, value);
    }
}

static void put_range(struct json *json, const char *comma, uint32_t first, uint32_t last)
{
    char buffer[RANGE_MAX];
    struct text text;

    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, first == last ? "%s%u" : "%s%u-%u", comma, first, last);
    put_all(json, buffer);
}

void json_cpus(struct json *json, const char *key, const struct cpuset *cpus)
{
    const char *comma = "";

    begin(json, key);
    put(json, '"');
    for (uint32_t first = cpuset_next(cpus, 0), last; first != CPU_NONE;
         first = cpuset_next(cpus, last + 1)) {
        for (last = first; cpuset_has(cpus, last + 1);) {
            last++;
        }
        put_range(json, comma, first, last);
        comma = ",";
    }
    put(json, '"');
}
