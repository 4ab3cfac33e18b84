# Targets that use the program: run it under QEMU, put it on a stick, measure it, test it.

QEMU     ?=
FIRMWARE ?=
BOARD    ?=
TIMEOUT  ?=
RUN      := $(BUILD)/run

# No __pycache__: a clone stays as it was cloned.
export PYTHONDONTWRITEBYTECODE := 1

# One package installation at a time, also under make -j.
setup-run setup-image: | $(BUILD)/.setup

.PHONY: run
run: setup-run $(BUILD)/muster.efi
	@mkdir -p $(RUN)
	@tools/muster-qemu --efi $(BUILD)/muster.efi --smp '$(SMP)' --cpu '$(CPU)' --args '$(ARGS)' \
	  --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --machine '$(BOARD)' $(if $(TIMEOUT),--timeout $(TIMEOUT)) \
	  --tap $(RUN)/muster.tap --junit $(RUN)/muster.xml --log $(RUN)/muster.log \
	  --screenshot $(RUN)/screen.png

.PHONY: image
image: setup-image $(BUILD)/muster.img $(BUILD)/muster.iso

.PHONY: setup-image
setup-image:
	@tools/setup image

$(BUILD)/muster.img $(BUILD)/muster.iso &: $(BUILD)/muster.efi $(BUILD)/muster.man startup.nsh tools/make-image \
                                           $(wildcard tools/muster_qemu/*.py) | setup-image
	tools/make-image $(BUILD)/muster.efi $(BUILD)/muster.img $(BUILD)/muster.iso

.PHONY: bench
bench: setup-run $(BUILD)/muster.efi
	@tools/bench --efi $(BUILD)/muster.efi

# All that the tests run, boot or look at.
.PHONY: test-programs
test-programs: all faults image unit-programs fuzz-programs $(BUILD)/muster.man $(BUILD)/host/checks-doc \
               $(BUILD)/preview/preview $(addprefix $(H)/tests/,json/sample_json json/sample_record tap/sample_tap)

# T="…" are words for pytest: T="-k smp-4", T="-m record", T="--lf".
.PHONY: check check-all lint smoke
check:
	@tests/check $(T)

check-all:
	@tests/check --suite=all $(T)

lint: all $(BUILD)/host/checks-doc | $(BUILD)/.setup-check
	@tests/pytest -m lint

smoke: all unit-programs | $(BUILD)/.setup-check
	@tests/pytest -n 2 -m 'unit or smoke'

.PHONY: help
help:
	@sed -n 's/^#? //p' tools/host.mk

#? make            builds build/muster.efi
#? make run        boots it under QEMU and prints its report; the files go to build/run/
#?                 SMP=255  CPU=qemu64  ARGS="--only df.*"  BOARD=pc  FIRMWARE=u-boot  QEMU=…  TIMEOUT=…
#? make image      build/muster.img for a USB stick (dd, or any image writer) and build/muster.iso
#? make smoke      builds, unit tests and one boot, in less than a minute
#? make unit       the unit tests alone; make lint: the lints alone
#? make check      what a change must pass: unit, fuzz, host, lints, boots; ends with "N passed, N failed, N skipped"
#?                 T="-k smp-4"  T="-m record"  T="--lf": only some of them (words for pytest)
#? make check-all  besides, all that `make check` proves in another way: each planted defect in a boot of its own, …
#? make bench      how fast the CPUs come up, as ratios, and what takes time, at 4, 64 and 255 CPUs
#? make clean      removes build/
#? On Debian and Ubuntu each target first installs what it needs (with sudo if it must).
