"""Bochs, an x86 that shares no code with QEMU: its command line, configuration, running process.

It boots OVMF since 3.1 (its fw_cfg device). The CPUs take turns on one core of the host. Its time
is what it executes: IPS instructions are one second, and the TSC counts them; how busy the host is
shows nowhere.
"""
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Optional

from .console import LineReader
from .errors import SetupError
from .firmware import find_firmware
from .guest import Emulator
from .machine import IMAGE, volume_files
from .session import Program
from .settings import EXIT_WORDS, Settings, add_results, add_silence, extra_file, joined, seconds
from .verdict import Ending
from .volumes import make_fat

ROOT = Path(__file__).resolve().parents[2]
FLASH, CONFIGURATION = "flash.fd", "bochsrc"
FLASH_END = 1 << 32
# Fewer make firmware's waits shorter: with 50 million, Bochs's default, it takes three times as
# long to come to the application; with fewer, a microsecond is no longer some instructions.
IPS = 10_000_000

# An MSR that Bochs does not know is #GP, as on silicon, but for models whose CPUID offers what the
# MSRs are missing for: OVMF reads a Ryzen's SEV_STATUS.
LACKS_MSRS = {"ryzen"}

# Where several CPUs never come out of an instruction breakpoint: see "A second opinion" in
# docs/ARCHITECTURE.md.
NEVER_END = ("fault.db-code", "fault.rf", "debug.instruction")
_CHOSEN_BY_USER = re.compile("|".join(["--only", "--skip", *map(re.escape, NEVER_END)]))
_SKIP = f"--skip {','.join(NEVER_END)}"
_SKIP_WORDS = f"""\
With more than one CPU Bochs never ends an instruction breakpoint. Unless --args
names these checks, or has --only or --skip, there is added to it:
  {_SKIP}

"""

# No PCI VGA: its display library stops at 32-bit graphics. The rfb library is the one that needs
# neither a terminal nor an X server; nobody has to connect to it.
_CONFIGURATION = """\
romimage: file={flash}, address={flash_base:#x}
vgaromimage: file=$BXSHARE/VGABIOS-lgpl-latest
fw_cfg: enabled=1
pci: enabled=1, chipset=i440fx
memory: guest={memory}, host={memory}
cpu: model={cpu}, count={cpus}:1:1, ips={ips}, reset_on_triple_fault=0, ignore_bad_msrs={ignore}
clock: sync=none
com1: enabled=1, mode=file, dev=/dev/fd/{serial}
ata0-master: type=disk, path={image}, mode=flat
boot: disk
display_library: rfb, options="timeout=0"
sound: driver=dummy
speaker: enabled=0
log: -
panic: action=report
error: action=report
warn: action=report
info: action=ignore, pc_system=report
"""

_POWER_OFF = "ACPI control: soft power off"
_TRIPLE_FAULT = re.compile(r"exception\(\): 3rd \(\d+\) exception with no resolution")
_RESET = "Reset(HARDWARE) called"  # also told once at power-on


class Log:
    """What Bochs says of itself. It has no monitor: this alone tells what became of the machine."""

    def __init__(self) -> None:
        self._reader = LineReader()
        self._resets = 0

    def hear(self, data: bytes) -> Optional[Ending]:
        """How the machine ended, where `data` tells that."""
        endings = [self._ending_told_by(line) for line in self._reader.feed(data)]
        return next(filter(None, endings), None)

    def _ending_told_by(self, line: str) -> Optional[Ending]:
        """A triple fault shuts one CPU down here; a PC's chipset makes a reset of that."""
        self._resets += _RESET in line
        if _POWER_OFF in line:
            return Ending.SHUTDOWN
        if self._resets > 1 or _TRIPLE_FAULT.search(line):
            return Ending.RESET
        return None


class Bochs(Emulator):
    """One Bochs."""

    def __init__(self, settings: Settings, folder: Path, heard: Callable[[bytes], None]) -> None:
        self._log = Log()
        near, far = os.pipe()
        try:
            super().__init__(_command(settings, folder, far), near, [far], heard)
        finally:
            os.close(far)

    def status_words(self) -> str:
        """The message Bochs closes with stands in the middle of its banners."""
        said = self.errors.decode(errors="replace")
        message = re.search(r"exiting with the following message:\n(.*)", said)
        return message[1] if message else super().status_words()

    def _read_errors(self) -> None:
        known = len(self.errors)
        super()._read_errors()
        told = self._log.hear(self.errors[known:])
        self.ending = self.ending or told


def _command(settings: Settings, folder: Path, serial: int) -> list[str]:
    """Bochs's command; makes what its configuration names in `folder`."""
    if not settings.efi.is_file():
        raise SetupError(f"there is no {settings.efi}: run `make`, or name it with --efi")
    program = _program(settings.qemu)
    flash = _flash(settings.firmware)
    (folder / FLASH).write_bytes(flash)
    make_fat(folder / IMAGE, volume_files(settings))
    (folder / CONFIGURATION).write_text(
        configuration(settings, folder, FLASH_END - len(flash), serial))
    return [program, "-f", str(folder / CONFIGURATION)]


def configuration(settings: Settings, folder: Path, flash_base: int, serial: int) -> str:
    """The bochsrc; `serial` is the inherited descriptor that COM1 writes to."""
    return _CONFIGURATION.format(
        flash=folder / FLASH, flash_base=flash_base, image=folder / IMAGE, serial=serial,
        memory=settings.memory_mib, cpu=settings.cpu, cpus=settings.cpus, ips=IPS,
        ignore=int(settings.cpu in LACKS_MSRS))


def _program(name: str) -> str:
    """The Bochs that was named, or Debian's newest: a system's own mostly knows no fw_cfg yet."""
    if name:
        if not shutil.which(name):
            raise SetupError(f"--bochs {name}: there is no such program")
        return name
    done = subprocess.run([str(ROOT / "tools" / "newer-packages"), "bochs"], text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"no Bochs: {done.stderr.strip()}; name one with --bochs")
    return done.stdout.strip()


def _flash(name: str) -> bytes:
    """The whole flash as one image that ends at 4 GiB: the variables lie below the code."""
    firmware = find_firmware(name)
    if firmware.is_u_boot or not firmware.vars:
        raise SetupError(f"--firmware {name}: wanted an OVMF, as CODE:VARS")
    return firmware.vars.read_bytes() + firmware.code.read_bytes()


def read_settings(argv: list[str]) -> Settings:
    """Reads the command line; argparse prints usage errors and exits with status 2."""
    words = _parser().parse_args(joined(argv))
    settings = Settings(
        smp=words.cpus, cpu=words.cpu, qemu=words.bochs, machine="i440fx", memory_mib=256,
        firmware=words.firmware, boot="shell" if words.before else "esp", efi=words.efi,
        args=words.args, before=words.before, files=[extra_file(word) for word in words.file],
        timeout=words.timeout, silence=words.silence, tap=words.tap, json=words.json,
        summary=words.summary, junit=words.junit, log=words.log)
    if not words.cpus.isdigit() or int(words.cpus) == 0:
        raise SetupError(f"--cpus {words.cpus}: is no number of CPUs")
    settings.timeout = settings.timeout or 120 + 60 * settings.cpus
    if settings.asks:
        raise SetupError(f"--args {settings.args}: only a shell shows that; see muster-qemu")
    _leave_out(settings)
    return settings


def _leave_out(settings: Settings) -> None:
    """With several CPUs, what never ends: unless the user says himself which checks are run."""
    if settings.cpus == 1 or _CHOSEN_BY_USER.search(settings.args):
        return
    settings.args = f"{settings.args} {_SKIP}".strip()
    settings.remark = (f"{_SKIP} added: with several CPUs Bochs never ends an instruction "
                       "breakpoint; --cpus 1 asks them")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="muster-bochs", epilog=_SKIP_WORDS + EXIT_WORDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Boots muster.efi under Bochs, prints its TAP report as it comes, judges it.")
    parser.add_argument("--cpus", "--smp", default="2", metavar="N", help="CPUs (default 2)")
    parser.add_argument("--cpu", default="corei7_skylake_x", metavar="MODEL",
                        help="Bochs's name of the CPU (default corei7_skylake_x)")
    parser.add_argument("--firmware", default="ovmf", metavar="CODE:VARS",
                        help="an OVMF of 4 MiB (default: this system's)")
    parser.add_argument("--bochs", default="", metavar="PROGRAM",
                        help="the emulator, 3.1 or newer (default: what tools/newer-packages has)")
    parser.add_argument("--efi", type=Path, default=Path("build/muster.efi"), metavar="FILE",
                        help="the program (default build/muster.efi)")
    parser.add_argument("--args", default="", metavar='"…"',
                        help="its options; `--then shutdown` is added if there is no --then")
    parser.add_argument("--file", action="append", default=[], metavar="SRC[:DST]",
                        help="one more file for the disk; repeatable")
    parser.add_argument("--before", action="append", default=[], metavar="LINE",
                        help="a line for the UEFI shell before muster is started; repeatable")
    parser.add_argument("--timeout", type=seconds, default=0.0, metavar="S",
                        help="give up after S seconds (default 120 and 60 for each CPU)")
    add_silence(parser)
    add_results(parser, {"tap", "json", "summary", "junit", "log"})
    return parser


BOCHS = Program("muster-bochs", "Bochs", read_settings, Bochs)
