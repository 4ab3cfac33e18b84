# The document as independent readers see it: Python's json, and Debian's jsonschema.

$(H)/tests/json/sample_json: tests/json/sample_json.c tests/samples/sample.c tests/samples/sample.h $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -o $@ $(filter %.c,$^) $(H)/pure.a

$(H)/tests/json/sample_record: tests/json/sample_record.c tests/samples/sample.c tests/samples/sample.h $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -o $@ $(filter %.c,$^) $(H)/pure.a
