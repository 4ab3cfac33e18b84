#include <muster/bytes.h>
#include <muster/file_path.h>
#include <muster/ucs2.h>

/* Layout of a device path node: type at 0, sub-type at 1, length with this header at 2. */
enum {
    NODE_HEADER = 4,
    TYPE_MEDIA = 4,
    SUBTYPE_FILE_PATH = 4,
    TYPE_END = 0x7f,
};

static void print_node(struct text *out, const uint8_t *node, uint32_t length)
{
    if (out->length > 0 && out->at[out->length - 1] != '\\') {
        text_char(out, '\\');
    }
    ucs2_print(out, node + NODE_HEADER, (length - NODE_HEADER) / 2, '?');
}

void file_path_print(struct text *out, const void *nodes, uint32_t size)
{
    const uint8_t *node = nodes;
    while (size >= NODE_HEADER && node[0] != TYPE_END) {
        const uint32_t length = bytes_u16(node + 2);
        if (length < NODE_HEADER || length > size) {
            return;
        }
        if (node[0] == TYPE_MEDIA && node[1] == SUBTYPE_FILE_PATH) {
            print_node(out, node, length);
        }
        node += length;
        size -= length;
    }
}

const char *file_path_name(const char *path)
{
    const char *name = path;
    for (; *path != '\0'; path++) {
        if (*path == '\\' || *path == '/') {
            name = path + 1;
        }
    }
    return name;
}

bool file_path_beside(struct text *path, const char *name)
{
    path->length = (size_t)(file_path_name(path->at) - path->at);
    path->at[path->length] = '\0';
    if (path->length == 0) {
        text_char(path, '\\');
    }
    text_add(path, name);
    return !path->cut;
}
