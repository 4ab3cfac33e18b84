# Programs that spoil a firmware for the rest of the boot, so that muster meets it: `make faults`.

FAULTS := $(BUILD)/faults

# They are UEFI applications like muster.efi itself, and are made the same way.
INC_tests/faults := -Itests/faults -Iefi $(INC_efi)

FAULTS_SHARED := $(addprefix $(O)/tests/faults/,words.o services.o resident.o tables.o) \
                 $(O)/src/memory.o
FAULTS_mailbox := $(addprefix $(O)/tests/faults/,mailbox.o parking.o parking_ap.S.o)
FAULTS_spoil := $(patsubst %.c,$(O)/%.o,$(wildcard tests/faults/spoil*.c)) \
                $(O)/tests/faults/spoil_paging_code.S.o

.PHONY: faults
faults: $(FAULTS)/mailbox.efi $(FAULTS)/spoil.efi $(FAULTS)/blind.efi $(FAULTS)/hasty.efi

$(FAULTS)/mailbox.so: $(FAULTS_mailbox)
$(FAULTS)/spoil.so: $(FAULTS_spoil)

# muster itself, but for what blind.c replaces.
BLIND := judge_gdt judge_idt judge_roll_madt judge_ist fleet_neighbour
$(O)/tests/faults/blind.o: INC_tests/faults := $(INC_src/checks)
$(FAULTS)/blind-core.o: $(BUILD)/core.o $(O)/tests/faults/blind.o
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) $(addprefix --weaken-symbol=,$(BLIND)) $< $@

$(FAULTS)/blind.so: $(EFI_O) $(FAULTS)/blind-core.o $(O)/tests/faults/blind.o efi/muster.lds
	$(Q)$(LINK) $@ $(filter %.o,$^)

# muster itself, but for how long it waits (hasty.h).
HASTY_C := $(shell grep -lE 'MPS_(PATIENCE|NEVER)_S|LAUNCH_DEADLINE_US|STALL_US|RECORD_WRITE_US' $(EFI_C) $(CORE_C))
HASTY_O := $(HASTY_C:%.c=$(FAULTS)/hasty/%.o)
$(FAULTS)/hasty/%.o: %.c tests/faults/hasty.h | $(GENERATED) $(BUILD)/.setup
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(INC_$(patsubst %/,%,$(dir $<))) -include tests/faults/hasty.h -c -o $@ $<

$(FAULTS)/hasty.so: $(filter-out $(HASTY_C:%.c=$(O)/%.o),$(EFI_O) $(CORE_O)) $(HASTY_O) efi/muster.lds
	$(Q)$(LINK) $@ $(filter %.o,$^)

$(FAULTS)/%.so: $(FAULTS_SHARED) efi/muster.lds
	@mkdir -p $(@D)
	$(Q)$(LINK) $@ $(filter %.o,$^)

$(FAULTS)/%.efi: $(FAULTS)/%.so tools/pe-finish
	$(Q)$(FINISH) $< $@.part
	tools/pe-finish $< $@.part
	mv $@.part $@

-include $(HASTY_O:.o=.d)

.SECONDARY: $(HASTY_O) $(FAULTS)/mailbox.so $(FAULTS)/spoil.so
