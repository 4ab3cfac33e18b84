/* The report as one JSON document, "schema": "muster/1" (docs/JSON.md), told as the run goes on:
 * what has been told can be read even if nothing follows. Pure: what it makes goes out through the
 * writer. */
#ifndef MUSTER_DOCUMENT_H
#define MUSTER_DOCUMENT_H

#include <muster/handoff.h>
#include <muster/json.h>
#include <muster/report.h>
#include <muster/state_groups.h>

#define DOCUMENT_BEGIN "--- muster/1 begin ---"
#define DOCUMENT_END   "--- muster/1 end ---"

/* Where the document stands; remarks are listed under another key in each place. */
enum document_place {
    DOCUMENT_CALLING, /* before the CPUs have answered */
    DOCUMENT_GROUND,  /* before the first check */
    DOCUMENT_RUNNING, /* in the row of a check that runs, or of a defect that is planted */
    DOCUMENT_TOLD,    /* in the row of one that has its verdict, or its outcome */
    DOCUMENT_CLOSING, /* behind the checks */
    DOCUMENT_LEAVING, /* behind the self-test */
    DOCUMENT_PLACES
};

/* Before document_begin(), `json` is made by json_init(), and the sources are set. */
struct document {
    struct json json;
    const struct report *report;
    const struct options *options;
    const struct identity *identity;   /* NULL: not known */
    const struct inventory *inventory; /* NULL: not known */
    const struct state_groups *states; /* where report->states is NULL; NULL: not known */
    const struct handoff *handoff;     /* for the baseline; NULL: none is told */
    const struct cpuset *not_heard;    /* died: who had not come back; NULL or empty: not known */
    const char *made_from;             /* "record"; NULL: the run itself tells */
    enum document_place place;
    bool remarking; /* a list of remarks is open */
    bool checking;  /* the list of checks is open */
    bool testing;   /* that of the self-test is */
};

/* Sets the sources to those of the run that tells of itself; `json` stays as it is. */
void document_of_run(struct document *ret, const struct report *report,
                     const struct handoff *handoff);

/* The pieces, in their order. Without arrivals the run itself tells that nobody has come: its BSP
 * was lost before. A check that ends without having begun is begun. Each leaves whole lines, sent.
 */
void document_begin(struct document *document);
void document_arrivals(struct document *document);
void document_check_begin(struct document *document, uint32_t n);
void document_check_end(struct document *document, uint32_t n);
/* A line for a person, anywhere between begin and end. */
void document_remark(struct document *document, const char *line, size_t length);
/* The checks are over: remarks are about the run again. */
void document_closing(struct document *document);
/* --self-test; a planting begins before its defect is made, and ends with its outcome. One that
 * ends without having begun is begun. */
void document_self_test_begin(struct document *document);
void document_planting_begin(struct document *document, uint32_t n);
void document_planting_end(struct document *document, uint32_t n);
void document_self_test_end(struct document *document);
/* `died`: why a run that has not ended did not, or NULL. */
void document_end(struct document *document, const char *died);

/* All of it at once. Of a run that has not ended: the checks that have their verdict, and the one
 * that was running. */
void document_write(struct document *document, const char *died);

#endif
