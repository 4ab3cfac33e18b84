# TAP as an independent parser sees it.

$(H)/tests/tap/sample_tap: tests/tap/sample_tap.c tests/samples/sample.c tests/samples/sample.h $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -o $@ $(filter %.c,$^) $(H)/pure.a
