# Pure code on the host: every test program with cmocka, AddressSanitizer and UBSan. `make unit`;
# tests/unit/test_unit.py runs them.

H := $(BUILD)/host

SANITIZE    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HOST_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Werror -Wshadow -Wvla -Iinclude -I$(GEN)/qr -MMD -MP $(SANITIZE)

UNIT_TESTS := $(patsubst %.c,$(H)/%,$(wildcard tests/unit/test_*.c))

$(BUILD)/.setup-check: tools/setup
	@mkdir -p $(BUILD)
	@tools/setup check
	@touch $@

$(H)/%.o: %.c | $(BUILD)/.setup-check $(GEN)/qr/qr-offered.h
	@mkdir -p $(@D)
	$(CC) $(HOST_CFLAGS) -c -o $@ $<

# Code that is not pure, on an invented machine.
$(H)/tests/unit/test_launch.o $(H)/tests/unit/test_mailbox.o: HOST_CFLAGS += -Isrc/x86 -Isrc/smp

# The program's own memcpy and so on, beside the host's: under other names.
$(H)/memory-own.o: src/memory.c | $(BUILD)/.setup-check
	@mkdir -p $(@D)
	$(CC) $(HOST_CFLAGS) -ffreestanding -Dmemcpy=own_memcpy -Dmemmove=own_memmove \
	  -Dmemset=own_memset -Dmemcmp=own_memcmp -c -o $@ $<

$(H)/qrcodegen.o: $(GEN)/qr/qr-offered.h | $(BUILD)/.setup-check
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HOST_CFLAGS)) -w -c -o $@ $(GEN)/qr/qrcodegen.c

# An archive, so that a test links only what it calls and may stand in for the rest.
$(H)/pure.a: $(PURE_C:%.c=$(H)/%.o) $(H)/memory-own.o $(H)/qrcodegen.o
	@rm -f $@
	@ar -qcs $@ $^ # not -r: src/ and src/judge/ may both have a stack.o

$(H)/tests/unit/test_%: $(H)/tests/unit/test_%.o $(H)/pure.a
	$(CC) $(SANITIZE) -o $@ $^ -lcmocka

.PHONY: unit unit-programs
unit-programs: $(UNIT_TESTS)
unit: unit-programs
	@tests/pytest -m unit

.SECONDARY: $(UNIT_TESTS:%=%.o)
-include $(wildcard $(H)/*.d $(H)/src/*.d $(H)/src/judge/*.d $(H)/tests/unit/*.d)
