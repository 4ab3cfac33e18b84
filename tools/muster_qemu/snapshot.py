"""Starts from a stopped machine: booted to the UEFI shell's prompt once, written to a file, and
restored from it for each run.

When the machine is stopped, its disk holds nothing, so firmware has read nothing of it that could
go stale: no file system is known on it, and no block is kept. A run puts its own disk in that place.
`connect -r` then lets the file system's driver look at it for the first time, `map -r` gives it its
FSx: and adds that to the shell's path, where startup.nsh is found. The flash is part of what QEMU
writes; on restoring it goes into the run's own copy of the variables.
"""
from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Optional

from .console import LineReader
from .firmware import find_firmware
from .guest import Guest
from .machine import IMAGE, make_store, qemu_command, qemu_program, qemu_words
from .qmp import QmpError, QmpRefused
from .settings import Settings
from .snapshot_store import Store, Unrestored
from .volumes import make_blank

FORMAT = 1  # of all that is done below: a snapshot made in another way is another machine's
BOOT_S = 180.0  # to the shell's prompt, whatever the run that follows is given
WRITE_S, ARRIVE_S = 120.0, 60.0  # some tenths of a second each, on a host that has the time
ANSWER_S = 60.0  # for a line typed into the shell
BEGIN_S = 60.0  # from the start of the script to the first word of muster's
_QUIET_S = 0.3
_LOCKED_S = 60.0  # more than it may take to make a snapshot
_VERSION_S = 30.0
_TAKES_THE_DISK = ("connect -r", "map -r")
_RUNS = "startup.nsh"
_PROMPT = re.compile(r"(Shell|FS\d+:\\.*)> *$")
_COUNTDOWN = "any other key to continue"

# Words for QEMU's command line that define a machine and nothing else: no file whose contents a
# stopped machine may have read, and no connection to anything outside.
_DEFINING = {"-device", "-global", "-machine", "-numa", "-object", "-vga"}
_OUTSIDE = re.compile(r"(file|path|drive|chardev|netdev|kernel|initrd|dtb|firmware)=")


def usable(settings: Settings) -> bool:
    """Whether this is a machine to be started from a snapshot: by the shell, typed over COM1."""
    options = [word for word in settings.qemu_args if word.startswith("-")]
    return bool(settings.snapshots and settings.boot == "shell" and settings.serial
                and _DEFINING.issuperset(options)
                and not any(_OUTSIDE.search(word) for word in settings.qemu_args))


def restored(settings: Settings, folder: Path, heard: Callable[[bytes], None]) -> Guest:
    """A machine that has just been told to run its startup.nsh; its disk and flash lie in `folder`."""
    store = Store(settings.snapshots, machine_of(settings))
    try:
        _provide(settings, store)
        return _restore(settings, store, folder, heard)
    except OSError as error:
        raise Unrestored(f"{error.filename}: {error.strerror}") from error


def machine_of(settings: Settings) -> dict[str, Any]:
    """All that defines the machine, with fixed names for what is a run's own."""
    firmware = find_firmware(settings.firmware)
    files = [path for path in (firmware.code, firmware.vars) if path]
    program = Path(qemu_program(settings))
    return {"format": FORMAT, "qemu": _version(program),
            "program": [program.stat().st_size, program.stat().st_mtime_ns],
            "firmware": [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
            "command": qemu_words(settings, Path("RUN"), Path("LINE"), 0), "host": _host_cpu()}


class Shell:
    """The UEFI shell at the far end of a serial line: types lines, waits for the prompt."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        """`heard` gets what the machine says from the start of its script on."""
        self._heard = heard
        self._reader = LineReader()
        self._listens = False

    def hear(self, data: bytes) -> None:
        """Takes what the machine says."""
        if self._listens:
            self._heard(data)
        else:
            self._reader.feed(data)

    def reach(self, guest: Guest, seconds: float) -> None:
        """The first prompt after power-on; the countdown before it is cut short."""
        key_at = 0.0

        def reached() -> bool:
            nonlocal key_at
            if time.monotonic() > key_at + 1 and _COUNTDOWN in self._reader.pending():
                guest.type(b" ")
                key_at = time.monotonic()
            return self._prompts()

        self._wait(guest, reached, seconds, "the shell did not come to its prompt")
        while guest.pump(_QUIET_S):
            pass

    def run(self, guest: Guest, line: str) -> None:
        """Types a line, and waits until its command has ended."""
        self._type(guest, line)
        self._wait(guest, self._prompts, ANSWER_S, f"no answer to {line}")

    def start(self, guest: Guest, line: str) -> None:
        """Types a line, and listens to what comes of it."""
        self._type(guest, line)
        self._listens = True

    def _type(self, guest: Guest, line: str) -> None:
        """ENTER follows the echo: then no key was lost, and the next prompt is the answer."""
        guest.type(line.encode())
        self._wait(guest, lambda: self._echoes(line), ANSWER_S, f"no echo of {line}")
        guest.type(b"\r")

    def _echoes(self, line: str) -> bool:
        """The shell moves its cursor after each character."""
        return _packed(self._reader.pending()).endswith(_packed(line))

    def _prompts(self) -> bool:
        return _PROMPT.search(self._reader.pending()) is not None

    def _wait(self, guest: Guest, done: Callable[[], bool], seconds: float, trouble: str) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if guest.ending is not None:
                raise Unrestored(f"{trouble}: {guest.ending.value} ({guest.status_words()})")
            if time.monotonic() > deadline:
                raise Unrestored(f"{trouble} within {seconds:.0f} s, but stands at "
                                 f'"{self._reader.pending()[-60:].strip()}"')
            guest.pump(0.1)


def _provide(settings: Settings, store: Store) -> None:
    """Sees to it that there is a snapshot of this machine; made now where there is none that is whole."""
    with store.locked(BOOT_S + WRITE_S + _LOCKED_S):
        if not store.load():
            _make(settings, store)


def _make(settings: Settings, store: Store) -> None:
    """Boots the machine, stops it at the prompt, keeps it."""
    with tempfile.TemporaryDirectory(prefix="muster-qemu.") as name:
        def command(serial: Path, qmp: int) -> list[str]:
            make_store(settings, Path(name))
            make_blank(Path(name) / IMAGE)
            return qemu_words(settings, Path(name), serial, qmp)

        shell = Shell(lambda _: None)
        with Guest(command, shell.hear) as guest:
            shell.reach(guest, BOOT_S)
            _write(guest, store)
    store.keep()


def _write(guest: Guest, store: Store) -> None:
    """What QEMU refuses is noted; anything else may be better the next time."""
    try:
        guest.save(store.unfinished, WRITE_S)
    except QmpError as error:
        reason = f"QEMU does not write this machine to a file: {error}"
        store.discard()
        if isinstance(error, QmpRefused):
            store.refuse(reason)
        raise Unrestored(reason) from error


def _restore(settings: Settings, store: Store, folder: Path, heard: Callable[[bytes], None]) -> Guest:
    """Ends the machine again where it does not come as far as wanted; what QEMU cannot restore is
    thrown away."""
    shell = Shell(heard)
    incoming = ["-incoming", f"exec:cat {shlex.quote(str(store.state))}"]
    guest = Guest(lambda serial, qmp: qemu_command(settings, folder, serial, qmp) + incoming,
                  shell.hear)
    try:
        guest.arrive(ARRIVE_S)
        for line in _TAKES_THE_DISK:
            shell.run(guest, line)
        shell.start(guest, _RUNS)
    except QmpError as error:
        guest.close()
        with store.locked(_LOCKED_S):
            store.discard()
        raise Unrestored(f"{error} (QEMU: {guest.status_words()})") from error
    except BaseException:
        guest.close()
        raise
    return guest


def _packed(text: str) -> str:
    return "".join(text.split())


def _version(program: Path) -> str:
    """In full: two builds of Debian's differ in the last figure alone."""
    try:
        done = subprocess.run([str(program), "--version"], stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, check=True, timeout=_VERSION_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unrestored(f"{program} --version: {error}") from error
    return done.stdout.splitlines()[0] if done.stdout else ""


def _host_cpu() -> Optional[str]:
    """The guest's TSC is the host's, and firmware has measured it."""
    try:
        match = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        return None
    return match[1] if match else None
