#include <muster/text.h>

/* One conversion of a format: "%-08lx". */
struct conversion {
    bool left, zero;
    bool has_precision;
    size_t width, precision;
    unsigned longs; /* 'l' seen; both l, ll and z mean 64 bits here */
    char letter;
};

/* A va_list that functions can pass on by address, whatever type it is. */
struct arguments {
    va_list list;
};

void text_init(struct text *text, char *buffer, size_t size)
{
    *text = (struct text){.at = buffer, .size = size};
    buffer[0] = '\0';
}

void text_char(struct text *text, char c)
{
    if (text->length + 1 >= text->size) {
        text->cut = true;
        return;
    }
    text->at[text->length++] = c;
    text->at[text->length] = '\0';
}

static void add_repeated(struct text *text, char c, size_t count)
{
    /* A mistaken width must not cost more than the buffer is long. */
    for (size_t i = 0; i < count && i <= text->size; i++) {
        text_char(text, c);
    }
}

static void add_bytes(struct text *text, const char *string, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        text_char(text, string[i]);
    }
}

void text_add(struct text *text, const char *string)
{
    add_bytes(text, string, string_length(string));
}

/* `sign` stands before zeros, but after spaces. */
static void add_padded(struct text *text, const struct conversion *how, const char *sign,
                       const char *string, size_t length)
{
    const size_t wide = length + string_length(sign);
    const size_t padding = how->width > wide ? how->width - wide : 0;
    if (!how->left && !how->zero) {
        add_repeated(text, ' ', padding);
    }
    text_add(text, sign);
    if (!how->left && how->zero) {
        add_repeated(text, '0', padding);
    }
    add_bytes(text, string, length);
    if (how->left) {
        add_repeated(text, ' ', padding);
    }
}

static void add_number(struct text *text, const struct conversion *how, const char *sign,
                       uint64_t value, unsigned base)
{
    char digits[20]; /* 2^64 - 1 in decimal */
    size_t first = sizeof(digits);
    do {
        digits[--first] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    add_padded(text, how, sign, digits + first, sizeof(digits) - first);
}

static void add_string(struct text *text, const struct conversion *how, const char *string)
{
    struct conversion spaces = *how;
    spaces.zero = false;
    if (!string) {
        string = "(none)";
    }
    size_t length = 0;
    while ((!how->has_precision || length < how->precision) && string[length] != '\0') {
        length++;
    }
    add_padded(text, &spaces, "", string, length);
}

static const char *read_count(const char *format, struct arguments *args, size_t *ret)
{
    *ret = 0;
    if (*format == '*') {
        const int count = va_arg(args->list, int);
        *ret = count > 0 ? (size_t)count : 0;
        return format + 1;
    }
    for (; *format >= '0' && *format <= '9'; format++) {
        *ret = *ret * 10 + (size_t)(*format - '0');
    }
    return format;
}

/* `format` stands after the '%'; returns where the conversion ends. */
static const char *read_conversion(const char *format, struct arguments *args,
                                   struct conversion *ret)
{
    *ret = (struct conversion){0};
    for (; *format == '-' || *format == '0'; format++) {
        *(*format == '-' ? &ret->left : &ret->zero) = true;
    }
    format = read_count(format, args, &ret->width);
    if (*format == '.') {
        ret->has_precision = true;
        format = read_count(format + 1, args, &ret->precision);
    }
    for (; *format == 'l' || *format == 'z'; format++) {
        ret->longs++;
    }
    ret->letter = *format;
    return *format == '\0' ? format : format + 1;
}

static void add_signed(struct text *text, const struct conversion *how, struct arguments *args)
{
    const int64_t value = how->longs ? va_arg(args->list, long) : va_arg(args->list, int);
    const uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    add_number(text, how, value < 0 ? "-" : "", size, 10);
}

static void add_unsigned(struct text *text, const struct conversion *how, struct arguments *args)
{
    const uint64_t value =
        how->longs ? va_arg(args->list, unsigned long) : va_arg(args->list, unsigned);
    add_number(text, how, "", value, how->letter == 'x' ? 16 : 10);
}

static void add_conversion(struct text *text, const struct conversion *how, struct arguments *args)
{
    switch (how->letter) {
    case 'c': {
        const char c = (char)va_arg(args->list, int);
        add_padded(text, how, "", &c, 1);
        break;
    }
    case 's':
        add_string(text, how, va_arg(args->list, const char *));
        break;
    case 'd':
        add_signed(text, how, args);
        break;
    case 'u':
    case 'x':
        add_unsigned(text, how, args);
        break;
    case '\0': /* the format ends in a lone '%' */
    case '%':
        text_char(text, '%');
        break;
    default: /* not in the subset: shown, so that a test sees it */
        text_char(text, '%');
        text_char(text, how->letter);
        break;
    }
}

void text_vformat(struct text *text, const char *format, va_list list)
{
    struct arguments args;
    va_copy(args.list, list);
    while (*format != '\0') {
        if (*format != '%') {
            text_char(text, *format++);
            continue;
        }
        struct conversion how;
        format = read_conversion(format + 1, &args, &how);
        add_conversion(text, &how, &args);
    }
    va_end(args.list);
}

void text_format(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vformat(text, format, args);
    va_end(args);
}

size_t string_length(const char *string)
{
    size_t length = 0;
    while (string[length] != '\0') {
        length++;
    }
    return length;
}

bool string_equal(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

bool string_starts(const char *string, const char *prefix)
{
    while (*prefix != '\0' && *string == *prefix) {
        string++;
        prefix++;
    }
    return *prefix == '\0';
}

bool string_copy(char *to, size_t size, const char *from)
{
    struct text text;
    text_init(&text, to, size);
    text_add(&text, from);
    return !text.cut;
}
