# libFuzzer on what reads other people's bytes. `make fuzz-smoke-TARGET` takes seconds and always
# goes the same way; `make fuzz FUZZ_SECONDS=600` goes on from what earlier runs found, in $(BUILD)/fuzz.

FUZZ_SECONDS ?= 120
FUZZ_RUNS    ?= 10000
FUZZ_FLAGS   := -std=gnu11 -g -O1 -Wall -Wextra -Werror -Iinclude \
                -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

F := $(BUILD)/fuzz

# $(call fuzz-target,NAME,SOURCES,LONGEST INPUT): what it exercises, and how much makes sense.
# Seeds are text that a person can read and change: as they are, or as hexadecimal with # comments.
# Smoke begins with them alone; libFuzzer puts what it finds into the first folder.
define fuzz-target
$(F)/fuzz_$(1): tests/fuzz/fuzz_$(1).c $(2) $(wildcard include/muster/*.h src/*.h src/judge/*.h) | $(BUILD)/.setup-check
	@mkdir -p $(F)
	clang $(FUZZ_FLAGS) -o $$@ tests/fuzz/fuzz_$(1).c $(2)

FUZZ_RUN_$(1) := $(F)/fuzz_$(1) -max_len=$(3) -artifact_prefix=$(F)/$(1)- \
                 $(if $(wildcard tests/fuzz/$(1).dict),-dict=tests/fuzz/$(1).dict)

.PHONY: fuzz-smoke-$(1) fuzz-long-$(1)
fuzz-smoke-$(1): $(F)/fuzz_$(1)
	@rm -rf $(F)/smoke-$(1)
	@$(PYTHON) tests/fuzz/seeds $(F)/smoke-$(1) tests/fuzz/corpus/$(1)/*
	@$$(FUZZ_RUN_$(1)) -seed=1 -runs=$(FUZZ_RUNS) $(F)/smoke-$(1) >$(F)/$(1).log 2>&1 || \
	  { cat $(F)/$(1).log; exit 1; }
	@echo "fuzz $(1): $(FUZZ_RUNS) runs, nothing found"

fuzz-long-$(1): $(F)/fuzz_$(1)
	@$(PYTHON) tests/fuzz/seeds $(F)/corpus-$(1) tests/fuzz/corpus/$(1)/*
	$$(FUZZ_RUN_$(1)) -max_total_time=$(FUZZ_SECONDS) $(F)/corpus-$(1)

fuzz-programs: $(F)/fuzz_$(1)
fuzz: fuzz-long-$(1)
endef

.PHONY: fuzz-programs fuzz
$(eval $(call fuzz-target,madt,$(addprefix src/,madt.c madt_entries.c notes.c claim_state.c inventory.c \
  text.c judge/id_list.c judge/roll.c judge/roll_agree.c judge/roll_unique.c judge/roll_words.c),4096))
$(eval $(call fuzz-target,places,$(addprefix src/,srat.c pptt.c smbios.c identity.c acpi_extent.c notes.c claim_state.c \
  text.c judge/id_list.c judge/roll_words.c judge/roll_flags.c judge/roll_srat.c judge/roll_pptt.c \
  judge/roll_smbios.c),4096))
$(eval $(call fuzz-target,hpet,src/hpet.c,64))
$(eval $(call fuzz-target,mps,$(addprefix src/,mps_census.c mps_failed_list.c mps_unsafe.c cpuset.c \
  text.c \
  $(patsubst src/%,%,$(wildcard src/judge/mps*.c))),1024))
$(eval $(call fuzz-target,options,$(addprefix src/,options.c option_table.c option_value.c \
  option_serial.c spelling.c cpuset.c text.c),1024))
$(eval $(call fuzz-target,memory,$(addprefix src/,memory_map.c memory_claims.c runtime_regions.c text.c judge/flaws.c \
  memory_falsify.c judge/mem_map.c judge/mem_runtime.c judge/mem_trampoline.c),4096))
$(eval $(call fuzz-target,record,$(addprefix src/,record_bytes.c record_pieces.c record_read.c \
  record_read_checks.c record_details.c record_details_read.c record_document.c record_self_test.c record_table.c record_tap.c \
  record_trail.c record_words.c \
  $(patsubst src/%,%,$(wildcard src/document*.c)) $(patsubst src/%,%,$(wildcard src/baseline*.c)) json.c identity.c \
  state.c state_lines.c topology.c topology_claims.c option_value.c cpuid_record.c inventory.c claim_state.c smbios.c notes.c \
  crc32.c cpuset.c cpu_words.c arrival.c df_table.c descriptor.c report.c self_test.c stage.c summary.c time_account.c \
  $(patsubst src/%,%,$(filter-out src/tap_time.c,$(wildcard src/tap*.c))) text.c verdict.c),8192))
