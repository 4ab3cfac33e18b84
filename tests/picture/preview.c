/* Draws invented runs as a framebuffer of any size would show them, through the program's own code
 * and font, and writes a PPM: for looking at. */
#include <framebuffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../samples/sample.h"

static void ppm_write(const struct framebuffer_claim *claim, const uint32_t *pixels)
{
    printf("P6\n%u %u\n255\n", claim->width, claim->height);
    for (uint32_t n = 0; n < claim->width * claim->height; n++) {
        putchar(pixels[n] >> 16 & 0xff);
        putchar(pixels[n] >> 8 & 0xff);
        putchar(pixels[n] & 0xff);
    }
}

static void show(const struct framebuffer_claim *claim, const struct screen_model *model)
{
    struct framebuffer fb;
    struct screen screen;
    framebuffer_cells(claim, &screen.columns, &screen.rows);
    size_t cells = (size_t)screen.columns * screen.rows;
    struct cell *shown = calloc(cells + 1, sizeof(*shown));
    screen.cells = calloc(cells + 1, sizeof(*screen.cells));
    framebuffer_open(&fb, claim, shown);
    if (cells > 0) {
        screen_draw(&screen, model);
        framebuffer_show(&fb, &screen);
    }
    free(shown);
    free(screen.cells);
}

int main(int argc, char **argv)
{
    static struct sample sample;
    uint32_t cpus = argc == 5 ? (uint32_t)atoi(argv[2]) : 0;
    if (cpus < 1 || cpus > CPU_MAX || !sample_make(&sample, argv[1], cpus)) {
        fprintf(stderr, "usage: preview SAMPLE CPUS WIDTH HEIGHT > FILE.ppm\nsamples: %s\n",
                sample_names);
        return 2;
    }
    if (sample.report.ended) {
        memset(sample.report.df.state, DF_AS_WANTED, sizeof(sample.report.df.state));
    }
    struct framebuffer_claim claim = {.order = PIXEL_BGRX};
    claim.width = claim.stride = (uint32_t)atoi(argv[3]);
    claim.height = (uint32_t)atoi(argv[4]);
    claim.size = (uint64_t)claim.width * claim.height * 4;
    uint32_t *pixels = malloc(claim.size);
    claim.base = (uint64_t)(uintptr_t)pixels;
    show(&claim, &sample.model);
    ppm_write(&claim, pixels);
    free(pixels);
    return 0;
}
