/* JSON (RFC 8259) written piece by piece: a document may be larger than any buffer. */
#ifndef MUSTER_JSON_H
#define MUSTER_JSON_H

#include <muster/cpuset.h>
#include <muster/text.h>

/* Takes the next piece of the text, terminated; it is gone afterwards. */
typedef void json_send(void *context, const char *piece);

struct json {
    struct text piece; /* what was not sent yet */
    json_send *send;
    void *context;
    const char *prefix; /* stands at the beginning of each line, "" for none */
    bool inside;        /* a value stands before the next one, on its own level */
    bool at_margin;     /* a new line has just begun */
};

/* `buffer` of `size` bytes, at least 16, belongs to the writer from now on. Pure; any phase. */
void json_init(struct json *json, char *buffer, size_t size, json_send *send, void *context);

/* Ends the line. The comma before a value that may follow stands at the head of its own line, so
 * that the lines so far need nothing but closing brackets to be JSON, wherever a run may die. */
void json_break(struct json *json);
/* Sends what was not sent yet. */
void json_flush(struct json *json);
/* A line of its own that is no JSON: "--- muster/1 begin ---". */
void json_marker(struct json *json, const char *line);

/* `key` names the value inside an object, and is NULL inside an array and at the top. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);

/* UTF-8 is told as the characters it means; a byte that is none as U+0080 to U+00FF: nothing is
 * lost, whatever encoding was meant. NULL is null. */
void json_string(struct json *json, const char *key, const char *value);
/* Nothing for an empty string, or NULL. */
void json_words(struct json *json, const char *key, const char *value);
/* The first `length` bytes at `value`, of whatever kind. */
void json_piece(struct json *json, const char *key, const char *value, size_t length);
/* A count or a time, below 2^53: many readers keep numbers as doubles. */
void json_number(struct json *json, const char *key, uint64_t value);
/* An address or a register, of up to 64 bits: the string "0x1f". */
void json_hex(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* A number, or null for CPU_NONE: firmware did not say. */
void json_known(struct json *json, const char *key, uint32_t value);
/* The string "0-3,7". */
void json_cpus(struct json *json, const char *key, const struct cpuset *cpus);

#endif
