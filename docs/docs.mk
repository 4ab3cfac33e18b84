# Documents made from the program itself. `make docs`.

# core.o is the program without its firmware half; asked here, none of its machine code runs.
$(BUILD)/host/checks-doc: tools/checks-doc.c $(BUILD)/core.o tools/checks-families.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -g -O1 $(WARNINGS) -Iinclude -z noexecstack -o $@ $(filter-out %.h,$^)

# For the UEFI shell: `muster -?`.
$(BUILD)/host/manual: tools/manual.c $(BUILD)/core.o
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -g -O1 $(WARNINGS) -Iinclude -z noexecstack -o $@ $^

$(BUILD)/muster.man: $(BUILD)/host/manual
	$(Q)$< > $@.part && mv $@.part $@

.PHONY: docs
docs: $(BUILD)/host/checks-doc
	$(Q)$< > $(BUILD)/CHECKS.md && mv $(BUILD)/CHECKS.md docs/CHECKS.md
