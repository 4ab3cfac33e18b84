#include <muster/record_name.h>
#include <muster/text.h>

const uint8_t record_vendor[16] = {0x6e, 0x3c, 0x0a, 0x5d, 0x41, 0x8f, 0x7a, 0x4b,
                                   0x9c, 0x1e, 0x6d, 0x75, 0x73, 0x74, 0x65, 0x72};

void record_name(uint16_t ret[RECORD_NAME_MAX], uint32_t index)
{
    char name[RECORD_NAME_MAX];
    struct text text;
    text_init(&text, name, sizeof(name));
    text_format(&text, "MusterRecord%u", index);
    for (size_t i = 0; i <= text.length; i++) {
        ret[i] = (uint8_t)name[i];
    }
}
