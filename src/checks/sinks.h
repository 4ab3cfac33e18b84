/* Where the report goes as it is made: every sink takes what it is given and none can stop the run.
 */
#ifndef CHECKS_SINKS_H
#define CHECKS_SINKS_H

#include "framebuffer.h"
#include "uart.h"
#include <muster/closing.h>
#include <muster/document.h>
#include <muster/handoff.h>
#include <muster/screen.h>
#include <muster/tap.h>
#include <muster/time_account.h>

enum { SINKS_PIECE = 256, SINKS_KEPT = RECORD_WHY_MAX + 32 };

struct sinks {
    struct uart uart;
    struct time_account *time; /* what is spent here is accounted there */
    bool tap, json;            /* what goes to the UART: either, or both */
    struct document document;  /* where `json` */
    char piece[SINKS_PIECE];   /* of the document */
    struct framebuffer framebuffer;
    bool has_screen;
    struct screen screen;
    struct screen_model model;
    struct failures_page page; /* model.page */
    char kept[SINKS_KEPT];     /* model.kept */
    uint8_t *looks;            /* model.looks */
    struct text text;          /* scratch for renderers, TAP_TEXT_MAX bytes */
};

/* Bytes of arena that sinks_prepare() takes. */
uint64_t sinks_size(uint32_t cpus, const struct framebuffer_claim *claim);

/* Takes memory for scratch text, cells and looks; opens the UART. The framebuffer is not touched
 * yet. BSP. False when the arena is exhausted. */
bool sinks_prepare(struct sinks *sinks, struct handoff *handoff, const struct report *report);
/* From here on the framebuffer is mapped and used. */
void sinks_open_screen(struct sinks *sinks, const struct handoff *handoff);

/* For JSON writers, with a struct sinks: a piece that goes to the UART as it is. */
json_send sinks_send;
/* An empty text to render into. sinks_tell() sends it in every format: lines that begin with "# "
 * are remarks of the document, others belong to TAP alone; sinks_tell_tap() sends it as TAP only.
 */
struct text *sinks_text(struct sinks *sinks);
void sinks_tell(struct sinks *sinks);
void sinks_tell_tap(struct sinks *sinks);
/* How one CPU looks on the screen from now on. */
void sinks_look(struct sinks *sinks, uint32_t cpu, enum cpu_look look);
/* What the screen is to say of what comes next, and of the record. Phase: the run is over. */
void sinks_close(struct sinks *sinks, const struct handoff *handoff,
                 const struct record_kept *record);
/* Draws the screen anew; `doing` is the running check or step. */
void sinks_show(struct sinks *sinks, const char *doing);

#endif
