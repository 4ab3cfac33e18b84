"""The command line of muster-qemu, read into plain data."""
from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from .errors import SetupError

EXIT_WORDS = """\
exit status:
  0  every check passed: the plan is complete and the last line says PASS
  1  a check failed
  2  usage or set-up: something is missing, or muster refused its options
  3  no verdict: crash, reset, hang; the last line says where
"""
EXAMPLES = """
examples:
  tools/muster-qemu --smp 4
  tools/muster-qemu --smp 8,sockets=2,cores=2,threads=2 --args "--only df.*"
  tools/muster-qemu --args "--break df.guard-page" --junit muster.xml --screenshot screen.png
  tools/muster-qemu --snapshots build/snapshots --args "--only df.*"
  tools/muster-qemu --args --list
"""

# These make muster print something and return, instead of running the checks.
ASKING = {"-h", "--help", "-?", "--version", "--list", "--dry-run", "--collect"}

RESULTS = {"tap": "the TAP report", "json": "the document muster/1 (docs/JSON.md)",
           "summary": "what muster-qemu made of it, as JSON",
           "junit": "JUnit XML for GitLab or Jenkins", "screenshot": "the final screen as PNG",
           "log": "everything the console and the emulator said"}


@dataclass
class Settings:
    """What is to be booted, and where the results go."""

    smp: str = "4"
    cpu: str = "max"
    qemu: str = "qemu-system-x86_64"
    machine: str = ""
    memory_mib: int = 0
    firmware: str = "ovmf"
    boot: str = ""
    efi: Path = Path("build/muster.efi")
    args: str = ""
    before: list[str] = field(default_factory=list)
    disk: Optional[Path] = None
    files: list[tuple[Path, str]] = field(default_factory=list)
    serial: bool = True
    qemu_args: list[str] = field(default_factory=list)
    snapshots: Optional[Path] = None  # a folder
    timeout: float = 0.0
    silence: float = math.inf
    tap: Optional[Path] = None
    json: Optional[Path] = None
    summary: Optional[Path] = None
    junit: Optional[Path] = None
    screenshot: Optional[Path] = None
    log: Optional[Path] = None
    remark: str = ""  # what was decided without the user; he is told

    @property
    def cpus(self) -> int:
        return smp_cpus(self.smp)

    @property
    def asks(self) -> bool:
        """Whether muster is only to print something: no TAP is due then."""
        return bool(ASKING & set(self.args.split()))

    @property
    def stays(self) -> bool:
        """Whether the machine is to stay on after the report: muster's default is to wait."""
        return bool(re.search(r"--then\s+(wait|halt)\b", self.muster_args) or self.disk)

    @property
    def muster_args(self) -> str:
        """What muster gets: the user's arguments, and what they leave open: how the run ends, and
        the document beside TAP where it is to be written."""
        if self.asks or self.disk:
            return self.args
        then = "" if "--then" in self.args else " --then shutdown"
        form = " --format tap,json" if self.json and "--format" not in self.args else ""
        return f"{self.args}{form}{then}".strip()


def read_settings(argv: list[str]) -> Settings:
    """Reads the command line; argparse prints usage errors and exits with status 2."""
    words = _parser().parse_args(joined(argv))
    settings = Settings(
        smp=words.smp, cpu=words.cpu or "max", qemu=words.qemu or "qemu-system-x86_64",
        machine=words.machine or "", memory_mib=words.memory, firmware=words.firmware or "ovmf",
        boot=words.boot or "", efi=words.efi, args=words.args, before=words.before,
        disk=words.disk, files=[extra_file(word) for word in words.file], serial=words.serial == "com1",
        qemu_args=words.qemu_arg, snapshots=words.snapshots, timeout=words.timeout,
        silence=words.silence, tap=words.tap, json=words.json, summary=words.summary,
        junit=words.junit, screenshot=words.screenshot, log=words.log)
    return _completed(settings)


def smp_cpus(smp: str) -> int:
    """The number of CPUs that QEMU's -smp value starts with."""
    values = dict(part.partition("=")[::2] for part in smp.split(",")[1:])
    first = smp.split(",")[0]
    count = first[len("cpus="):] if first.startswith("cpus=") else first
    count = values.get("cpus", count)
    if not count.isdigit() or int(count) == 0:
        raise SetupError(f"--smp {smp}: does not begin with a number of CPUs, "
                         "like 4 or 8,sockets=2,cores=2,threads=2")
    return int(count)


def _completed(settings: Settings) -> Settings:
    """Fills what the user left open, and refuses what cannot be."""
    u_boot = "u-boot" in settings.firmware
    if settings.disk:
        _check_disk(settings)
        settings.boot = "disk"
    elif not settings.boot:
        settings.boot = _default_boot(settings, u_boot)
    if u_boot and settings.boot not in ("esp", "disk"):
        raise SetupError(f"--boot {settings.boot}: U-Boot has no shell and takes no -kernel image; "
                         "only --boot esp works")
    if settings.before and settings.boot != "shell":
        raise SetupError(f"--before: only a shell can do that, not --boot {settings.boot}")
    if settings.files and settings.boot == "kernel":
        raise SetupError("--file needs a volume: use --boot esp or --boot shell")
    settings.machine = settings.machine or ("pc" if u_boot else "q35")
    settings.memory_mib = settings.memory_mib or 256 + settings.cpus
    settings.timeout = settings.timeout or 120 + settings.cpus
    return settings


def _default_boot(settings: Settings, u_boot: bool) -> str:
    """What the other options need; else the quickest."""
    if settings.before or (settings.asks and not u_boot):
        return "shell"
    if u_boot or settings.files:
        return "esp"
    return "shell" if settings.snapshots and settings.serial else "kernel"


def _check_disk(settings: Settings) -> None:
    if settings.args or settings.files or settings.boot:
        raise SetupError("--disk: a finished image takes no --args, --file or --boot")
    if not settings.disk.is_file():
        raise SetupError(f"--disk: there is no {settings.disk}: run `make image`")


def extra_file(word: str) -> tuple[Path, str]:
    source, _, target = word.partition(":")
    target = target.replace("\\", "/") or Path(source).name
    if not Path(source).is_file():
        raise SetupError(f"--file: there is no file {source}")
    return Path(source), "/" + target.lstrip("/")


def joined(argv: list[str]) -> list[str]:
    """`--args --list` as `--args=--list`: argparse would take the value for an option."""
    found: list[str] = []
    words = iter(argv)
    for word in words:
        if word in ("--args", "--qemu-arg", "--before"):
            value = next(words, None)
            found.append(word if value is None else f"{word}={value}")
        else:
            found.append(word)
    return found


def _mebibytes(text: str) -> int:
    number, unit = text.rstrip("MGmgiB"), text[len(text.rstrip("MGmgiB")):].upper()
    if not number.isdigit() or unit[:1] not in ("", "M", "G"):
        raise argparse.ArgumentTypeError(f'"{text}" is no amount of memory, like 512 or 2G')
    return int(number) * (1024 if unit.startswith("G") else 1)


def seconds(text: str) -> float:
    """A time on the command line."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f'"{text}" is no time in seconds')
    return number


def add_results(parser: argparse.ArgumentParser, names: set[str]) -> None:
    """The options for what is written, those of `names`."""
    results = parser.add_argument_group("results (TAP also goes to standard output)")
    for name, what in RESULTS.items():
        if name in names:
            results.add_argument(f"--{name}", type=Path, metavar="FILE", help=what)


def add_silence(parser: argparse._ActionsContainer) -> None:
    """--silence, which muster-qemu and muster-bochs have alike."""
    parser.add_argument("--silence", type=seconds, default=math.inf, metavar="S",
                        help="give up when muster has told nothing for S seconds: a hang is known "
                             "before the timeout (default: as long as --timeout)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="muster-qemu", epilog=EXIT_WORDS + EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Boots muster.efi under QEMU, prints its TAP report as it comes, judges it.")
    machine = parser.add_argument_group("the machine")
    machine.add_argument("--smp", default="4", metavar="N[,…]",
                         help="CPUs, as QEMU's -smp takes them (default 4)")
    machine.add_argument("--cpu", metavar="MODEL", help="QEMU's -cpu (default max)")
    machine.add_argument("--machine", metavar="pc|q35", help="QEMU's -machine (default q35)")
    machine.add_argument("--memory", type=_mebibytes, default=0, metavar="MIB",
                         help="memory (default 256 MiB and 1 MiB for each CPU)")
    machine.add_argument("--firmware", metavar="ovmf|u-boot|CODE[:VARS]",
                         help="the firmware (default ovmf)")
    machine.add_argument("--serial", choices=("com1", "none"), default="com1",
                         help="none: a machine without a UART; then only the screen can tell")
    machine.add_argument("--qemu", metavar="PROGRAM", help="the emulator to run")
    machine.add_argument("--qemu-arg", action="append", default=[], metavar="ARG",
                         help="one more word for QEMU's command line; repeatable")
    muster = parser.add_argument_group("muster")
    muster.add_argument("--efi", type=Path, default=Path("build/muster.efi"), metavar="FILE",
                        help="the program (default build/muster.efi)")
    muster.add_argument("--args", default="", metavar='"…"',
                        help="its options; `--then shutdown` is added if there is no --then")
    muster.add_argument("--boot", choices=("kernel", "esp", "shell"),
                        help="straight from the firmware; as BOOTX64.EFI of a disk; typed in the "
                             "UEFI shell (default kernel, or what the other options need)")
    muster.add_argument("--file", action="append", default=[], metavar="SRC[:DST]",
                        help="one more file for the disk; repeatable")
    muster.add_argument("--before", action="append", default=[], metavar="LINE",
                        help="a line for the UEFI shell before muster is started; repeatable")
    muster.add_argument("--disk", type=Path, metavar="IMAGE",
                        help="boot a finished image: a USB stick, or a CD if its name ends in .iso")
    muster.add_argument("--snapshots", type=Path, metavar="FOLDER",
                        help="start from a machine that was stopped at the UEFI shell's prompt and "
                             "kept in FOLDER; made there when missing, some 45 MB each. --boot is "
                             "then shell by default; what is booted otherwise, or has --serial none "
                             "or files in --qemu-arg, starts cold, and so does what cannot be "
                             "restored: that is told")
    muster.add_argument("--timeout", type=seconds, default=0.0, metavar="S",
                        help="give up after S seconds (default 120 and 1 for each CPU)")
    add_silence(muster)
    add_results(parser, set(RESULTS))
    return parser
