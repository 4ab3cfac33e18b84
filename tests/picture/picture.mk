# Invented runs drawn by the program's own code and font, for looking at. `make preview` writes
# build/preview/*.png; PREVIEWS chooses SAMPLE-CPUS-WIDTHxHEIGHT.

PREVIEWS ?= waking-64-1280x800 running-16-1280x800 pass-4-1280x800 fail-255-1280x800 \
            lost-4-800x600 packages-40-1280x800 fail-4096-1280x800 fail-64-3840x2160

PREVIEW_C := tests/picture/preview.c tests/samples/sample.c src/x86/framebuffer.c

$(BUILD)/preview/preview: $(PREVIEW_C) tests/samples/sample.h $(H)/pure.a $(O)/font.o
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -Isrc/x86 -o $@ $(PREVIEW_C) $(O)/font.o $(H)/pure.a

$(BUILD)/preview/%.png: $(BUILD)/preview/preview tests/picture/ppm-to-png
	$< $(subst -, ,$(subst x, ,$*)) | tests/picture/ppm-to-png > $@

.PHONY: preview
preview: $(PREVIEWS:%=$(BUILD)/preview/%.png)

# The framebuffer sink needs the font, which only the program has; it is tested with the unit tests.
$(H)/tests/picture/test_framebuffer: tests/picture/test_framebuffer.c src/x86/framebuffer.c \
                                     $(wildcard src/x86/f*.h) $(O)/font.o $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -Isrc/x86 -o $@ $(filter %.c %.o %.a,$^) -lcmocka

unit-programs: $(H)/tests/picture/test_framebuffer
