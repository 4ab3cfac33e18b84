# muster: see `make help`. One folder, one layer: what a folder may include is its -I list below.

VERSION := 0.1
BUILD   ?= build
SMP     ?= 4
CPU     ?=
ARGS    ?=
# All cores, unless -j says otherwise; `make clean all` goes one after the other.
ifeq ($(filter -j% --jobserver%,$(MAKEFLAGS))$(filter clean,$(MAKECMDGOALS)),)
MAKEFLAGS += -j$(shell nproc)
endif
# make V=1 shows each command
Q := $(if $(V),,@)

CC      := gcc
LD      := ld
OBJCOPY := objcopy
PYTHON  := python3
GNUEFI_INC := /usr/include/efi
FONT    := /usr/share/consolefonts/Uni2-VGA16.psf.gz

# What runs after ExitBootServices owns the registers: no SSE (firmware may leave it off), no red zone
# (interrupts arrive on the running stack), no stack protector (it reads through FS).
MACHINE  := -ffreestanding -fPIC -include include/muster/hidden.h -fshort-wchar -mgeneral-regs-only -mno-red-zone \
            -fno-stack-protector -fno-asynchronous-unwind-tables -fno-jump-tables -fcf-protection=none
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
            -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough -Wframe-larger-than=2048
# GCC 12's -Oz saves 4 KiB more.
SMALL    := $(shell $(CC) -Oz -E -x c /dev/null >/dev/null 2>&1 && echo -Oz || echo -Os)
CFLAGS   := -std=c11 $(SMALL) -g $(MACHINE) $(WARNINGS) -MMD -MP
ASFLAGS  := -g -fPIC -mno-red-zone -MMD -MP

GEN := $(BUILD)/gen
O   := $(BUILD)/obj

# folder -> include path (docs/ARCHITECTURE.md, "Rooms")
INC_efi        := -Iinclude -I$(GEN)/version -isystem $(GNUEFI_INC) -isystem $(GNUEFI_INC)/x86_64 -DGNU_EFI_USE_MS_ABI
INC_src        := -Iinclude -I$(GEN)/qr
INC_src/judge  := -Iinclude
INC_src/x86    := -Iinclude -Isrc/x86 -I$(GEN)/font
INC_src/smp    := -Iinclude -Isrc/x86 -Isrc/smp -I$(GEN)/asm
INC_src/checks := -Iinclude -Isrc/x86 -Isrc/smp -I$(GEN)/version

PURE_C := $(wildcard src/*.c src/judge/*.c)
CORE_C := $(PURE_C) $(wildcard src/x86/*.c src/smp/*.c src/checks/*.c)
CORE_S := $(filter-out src/smp/trampoline.S,$(wildcard src/x86/*.S src/smp/*.S src/checks/*.S))
EFI_C  := $(wildcard efi/*.c)
CORE_O := $(CORE_C:%.c=$(O)/%.o) $(CORE_S:%.S=$(O)/%.S.o) $(O)/font.o $(O)/qrcodegen.o $(O)/trampoline.o
EFI_O  := $(EFI_C:%.c=$(O)/%.o)

.PHONY: all
all: $(BUILD)/muster.efi

-include $(wildcard $(O)/*.d $(O)/*/*.d $(O)/*/*/*.d)

# --- set-up: a new machine has none of the tools -------------------------------------------------
.PHONY: setup-build setup-run setup-check
setup-build setup-run setup-check:
	@tools/setup $(@:setup-%=%)

# Everything compiled needs gnu-efi, so the set-up runs once before the first compilation.
$(BUILD)/.setup: tools/setup
	@mkdir -p $(BUILD)
	@tools/setup build
	@touch $@

# --- generated: assembly offsets, version, font --------------------------------------------------
$(GEN)/asm/asm-offsets.h: src/smp/offsets.awk src/smp/asm-offsets.c.in $(wildcard include/muster/*.h src/x86/*.h src/smp/*.h) | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(CFLAGS)) -Iinclude -Isrc/x86 -Isrc/smp -S -x c -o $(GEN)/asm-offsets.s src/smp/asm-offsets.c.in
	awk -f src/smp/offsets.awk $(GEN)/asm-offsets.s > $@

SOURCES := $(sort $(CORE_C) $(CORE_S) src/smp/trampoline.S $(EFI_C) $(wildcard include/muster/*.h src/*/*.h efi/*.h) Makefile)
$(GEN)/version/version.h: $(SOURCES)
	@mkdir -p $(@D)
	@printf '#define MUSTER_VERSION "%s"\n#define MUSTER_BUILD "%.8s"\n' $(VERSION) \
	  "$$(cat $^ | sha256sum)" > $@

$(GEN)/font/font.bin: tools/font-extract | $(BUILD)/.setup
	@mkdir -p $(@D)
	tools/font-extract $(FONT) $@

# QR codes are drawn by qrcodegen, compiled with this program's flags from the source of Debian's package:
# the library as packaged uses SSE and the stack protector. QR=0, or no source: a screen without a code.
QR ?= 1
$(GEN)/qr/qr-offered.h: tools/newer-packages
	@mkdir -p $(@D)
	@rm -f $(@D)/qrcodegen.*
	@if [ '$(QR)' = 1 ] && folder=$$(tools/newer-packages qrcodegen); then \
	  cp $$folder/qrcodegen.c $$folder/qrcodegen.h $(@D) && echo '#define MUSTER_QR 1' > $@; \
	else echo 'building without QR codes'; : > $(@D)/qrcodegen.c; echo '#define MUSTER_QR 0' > $@; fi

# What it needs of a C library: builtins, and two functions of ours.
QR_FLAGS := -w -DNDEBUG -Dabs=__builtin_abs -Dlabs=__builtin_labs -Dstrlen=string_length -Dstrchr=qr_strchr

$(O)/qrcodegen.o: $(GEN)/qr/qr-offered.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP $(WARNINGS),$(CFLAGS)) $(QR_FLAGS) -c -o $@ $(GEN)/qr/qrcodegen.c

$(O)/font.o: src/x86/font.S.in $(GEN)/font/font.bin
	@mkdir -p $(@D)
	$(Q)$(CC) $(ASFLAGS) -x assembler-with-cpp -DFONT_FILE='"$(GEN)/font/font.bin"' -c -o $@ $<

# The trampoline is its own flat blob: it runs at an address nobody knows before the door.
$(BUILD)/trampoline.bin: src/smp/trampoline.S src/smp/trampoline.lds $(GEN)/asm/asm-offsets.h
	@mkdir -p $(O)
	$(Q)$(CC) -g -Iinclude -Isrc/x86 -Isrc/smp -I$(GEN)/asm -c -o $(O)/trampoline-code.o $<
	$(Q)$(LD) -T src/smp/trampoline.lds -o $(BUILD)/trampoline.elf $(O)/trampoline-code.o
	$(OBJCOPY) -O binary $(BUILD)/trampoline.elf $@

$(O)/trampoline.o: src/smp/trampoline-blob.S.in $(BUILD)/trampoline.bin
	$(Q)$(CC) $(ASFLAGS) -x assembler-with-cpp -DTRAMPOLINE_FILE='"$(BUILD)/trampoline.bin"' -c -o $@ $<

# --- the program ---------------------------------------------------------------------------------
GENERATED := $(GEN)/qr/qr-offered.h $(GEN)/asm/asm-offsets.h $(GEN)/version/version.h $(GEN)/font/font.bin

$(O)/%.o: %.c | $(GENERATED) $(BUILD)/.setup
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC  $<')
	$(Q)$(CC) $(CFLAGS) $(INC_$(patsubst %/,%,$(dir $<))) -c -o $@ $<

$(O)/%.S.o: %.S | $(GENERATED) $(BUILD)/.setup
	@mkdir -p $(@D)
	$(Q)$(CC) $(ASFLAGS) $(INC_$(patsubst %/,%,$(dir $<))) -I$(GEN)/asm -c -o $@ $<

# Everything outside efi/ links alone: an undefined symbol would be a way back into boot services.
$(BUILD)/core.o: $(CORE_O)
	$(Q)$(LD) -r -o $@ $^
	@if nm -u $@ | grep .; then echo 'error: the code outside efi/ needs the symbols above' >&2; rm -f $@; exit 1; fi

# From linked program to UEFI application; tests/faults/ makes its programs the same way.
LINK  = $(LD) -nostdlib -shared -Bsymbolic -zdefs -ztext -T efi/muster.lds -o
FINISH = $(OBJCOPY) --strip-all -j .text -j .rodata -j .data -j .reloc --target=efi-app-x86_64 --subsystem=10 \
           --section-alignment=4096

$(BUILD)/muster.so: $(EFI_O) $(BUILD)/core.o efi/muster.lds
	$(Q)$(LINK) $@ $(EFI_O) $(BUILD)/core.o

$(BUILD)/muster.efi: $(BUILD)/muster.so tools/pe-finish
	$(FINISH) $< $@.part
	tools/pe-finish $< $@.part
	mv $@.part $@

# --- tests on the host ----------------------------------------------------------------------------
-include tests/unit/unit.mk tests/fuzz/fuzz.mk tests/tap/tap.mk tests/json/json.mk tests/picture/picture.mk

# --- run, image, bench, check, help ---------------------------------------------------------------
-include tests/faults/faults.mk
-include tools/host.mk

# --- documents -------------------------------------------------------------------------------------
-include docs/docs.mk

.PHONY: clean
clean:
	rm -rf $(BUILD)
