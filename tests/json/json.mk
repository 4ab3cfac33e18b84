# The document as independent readers see it: Python's json, and Debian's jsonschema. `make json`.

$(H)/tests/json/sample_json: tests/json/sample_json.c tests/samples/sample.c tests/samples/sample.h $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -o $@ $(filter %.c,$^) $(H)/pure.a

$(H)/tests/json/sample_record: tests/json/sample_record.c tests/samples/sample.c tests/samples/sample.h $(H)/pure.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -o $@ $(filter %.c,$^) $(H)/pure.a

# Debian's own Python has Debian's packages.
.PHONY: json
json: $(H)/tests/json/sample_json $(H)/tests/json/sample_record $(H)/tests/tap/sample_tap
	TAP_SAMPLE=$(lastword $^) DOCUMENT_SAMPLE=$< RECORD_SAMPLE=$(word 2,$^) /usr/bin/python3 -B -m unittest discover -s tests/json
