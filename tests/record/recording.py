"""Boots with a variable store that outlives each of them, ended by muster or by a kill or a reset."""
from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from muster_qemu.console import LineReader
from muster_qemu.firmware import find_firmware
from muster_qemu.guest import Guest
from muster_qemu.machine import IMAGE, qemu_command
from muster_qemu.settings import Settings, read_settings
from muster_qemu.volumes import make_fat
from once import Once, session

VENDOR = "5d0a3c6e-8f41-4b7a-9c1e-6d7573746572"
TIMEOUT_S = 300  # a host with a load of fifty takes two minutes to the shell
_COUNTDOWN = "any other key to continue"
_NEVER_STARTED = "BdsDxe: No bootable option or device was found"
_SCRIPT = """\
@echo -off
for %i in 0 1 2 3 4 5 6 7 8 9
  if exist FS%i:\\startup.nsh then
    FS%i:
    goto FOUND
  endif
endfor
:FOUND
{lines}
reset -s
"""
# Of a script: ends at the second start.
ONCE = ["if exist \\SECOND then", "  reset -s", "endif", "echo x >a \\SECOND"]
# Instead of COLLECT: muster.efi of the volume that has other.txt.
COLLECT_OTHER = [
    "for %j in 0 1 2 3 4 5 6 7 8 9", "  if exist FS%j:\\other.txt then", "    set -v other FS%j",
    "  endif", "endfor", "%other%:\\muster.efi --collect >a \\COLLECT.OUT",
    "echo %lasterror% >a \\COLLECT.STS"]
AGAIN = ["muster.efi --collect >a \\AGAIN.OUT"]
COLLECT = ["muster.efi --collect >a \\COLLECT.OUT", "echo %lasterror% >a \\COLLECT.STS"]


@dataclass
class Interrupt:
    """The machine is stopped `seconds` after a line that matches `trigger`."""

    how: str  # "kill", "quit" or "reset"
    seconds: float
    trigger: str = "TAP version 14"


@dataclass
class Boot:
    """What one boot said on its serial line."""

    lines: list[str] = field(default_factory=list)
    interrupted: bool = False

    def has(self, pattern: str) -> bool:
        return any(re.search(pattern, line) for line in self.lines)

    @property
    def points(self) -> list[str]:
        return points_of(self.lines)

    @property
    def last(self) -> str:
        return next((line for line in reversed(self.lines) if line.startswith("# muster:")), "")


def points_of(lines: list[str]) -> list[str]:
    """The points with their YAML blocks, as they stand; the shell's own lines come before them, or
    after a reset and indented further."""
    begin = lines.index("TAP version 14") if "TAP version 14" in lines else 0
    return [line for line in lines[begin:] if re.match(r"(not )?ok \d|  (  )?\S", line)]


class Machine:
    """One machine: its firmware's variables and its volume stay from boot to boot."""

    def __init__(self, folder: Path, efi: Path, firmware: str = "ovmf") -> None:
        self.folder, self.efi, self.faults = folder, efi, efi.parent / "faults"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.firmware = find_firmware(firmware)
        self.store = folder / "store.fd"
        self.boots = 0
        self.repeated: list[str] = []
        self.volume, self.path = str(folder / IMAGE), ""  # where muster's files are
        shutil.copyfile(self.firmware.vars, self.store)

    def run(self, args: str, interrupt: Optional[Interrupt] = None) -> Boot:
        """Straight from the firmware, without a volume."""
        return self._boot(self._settings("kernel", args), interrupt)

    def begin(self, args: str) -> Boot:
        """run(), booted once in a session for all machines that begin so: each has the variables that
        it left."""
        alike = f"{self.firmware.code} {self.efi} {args}"
        name = f"begun-{hashlib.sha256(alike.encode()).hexdigest()[:16]}"
        kept = session() / f"{name}.fd"

        def first() -> list[str]:
            lines = self.run(args).lines
            shutil.copyfile(self.store, kept)
            return lines

        boot = Boot(Once(session()).get(name, first))
        (self.folder / "begun.log").write_text("\n".join(boot.lines) + "\n", encoding="utf-8")
        shutil.copyfile(kept, self.store)
        return boot

    def script(self, lines: list[str], interrupt: Optional[Interrupt] = None,
               files: Optional[dict[str, Path]] = None, qemu_args: Optional[list[str]] = None,
               same_volume: bool = False, reboots: bool = False) -> Boot:
        """In the shell, with muster.efi and `files` on a volume: a new one, or that of before."""
        text = _SCRIPT.format(lines="\n".join(lines)).replace("\n", "\r\n")
        (self.folder / "startup.nsh").write_bytes(text.encode())
        settings = self._settings("shell", "", qemu_args)
        settings.files = [(self.folder / "startup.nsh", "/startup.nsh"),
                          *((source, f"/{name}") for name, source in (files or {}).items())]
        volume = self.folder / IMAGE
        saved = volume.rename(self.folder / "saved.img") if same_volume else None
        return self._boot(settings, interrupt, reboots, saved)

    def stick(self, image: Path, interrupt: Interrupt) -> Boot:
        """From a finished USB image, which keeps what is written to it; its files are read then."""
        settings = self._settings("kernel", "")
        settings.boot, settings.disk = "disk", image
        boot = self._boot(settings, interrupt)
        self.volume, self.path = f"{image}@@1M", "EFI/BOOT/"
        return boot

    def collect(self, before: Optional[list[str]] = None, **rest: object) -> Boot:
        return self.script([*(before or []), *COLLECT], **rest)

    # --- volumes ---

    def other_volume(self, full: bool, readonly: bool) -> list[str]:
        """A second disk with muster.efi, for COLLECT_OTHER: what QEMU is to be told."""
        image = self.folder / "other.img"
        make_fat(image, {"/other.txt": b"", "/muster.efi": self.efi.read_bytes()}, 4, fat32=False)
        for size in (65536, 8192, 512) if full else ():
            copies = 0
            while copies < 100 and self._fill(image, f"{size}.{copies}", size):
                copies += 1
        drive = f"if=none,id=other,format=raw,readonly={'on' if readonly else 'off'},file={image}"
        return ["-drive", drive, "-device", "virtio-blk-pci,drive=other"]

    @staticmethod
    def _fill(image: Path, name: str, size: int) -> bool:
        done = subprocess.run(["mcopy", "-i", str(image), "-", f"::/{name}"], input=bytes(size),
                              capture_output=True, check=False)
        return done.returncode == 0

    def names(self) -> list[str]:
        """The files that muster wrote."""
        listed = self._mtools("mdir", "-b", "-i", self.volume, f"::/{self.path}")
        names = [line.split("/")[-1] for line in listed.splitlines() if line.startswith("::/")]
        return sorted(name for name in names if name.startswith("muster")
                      and name not in ("muster.efi", "muster.cfg"))

    def read(self, name: str) -> str:
        return self._mtools("mtype", "-i", self.volume, f"::/{self.path}{name}")

    def told(self) -> str:
        """What --collect printed."""
        return self.read("COLLECT.OUT").replace("\r", "")

    def told_again(self) -> str:
        """What AGAIN printed after COLLECT."""
        return self.read("AGAIN.OUT").replace("\r", "")

    def status(self) -> int:
        return int(self.read("COLLECT.STS").split()[-1], 16)

    def keep_store(self) -> Path:
        """A copy of the variables as they are now."""
        return Path(shutil.copyfile(self.store, self.folder / "kept.fd"))

    @staticmethod
    def _mtools(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout.decode(errors="replace")

    # --- booting ---

    def _settings(self, boot: str, args: str, qemu_args: Optional[list[str]] = None) -> Settings:
        settings = read_settings(["--efi", str(self.efi), "--boot", boot, "--args", args,
                                  "--firmware", f"{self.firmware.code}:{self.store}"])
        settings.qemu_args = qemu_args or []
        return settings

    def _boot(self, settings: Settings, interrupt: Optional[Interrupt], reboots: bool = False,
              volume: Optional[Path] = None) -> Boot:
        """Once more where firmware gave up before muster was started: edk2's shell sometimes finds
        its console busy when the host is."""
        kept = shutil.copyfile(self.store, self.folder / "before.fd")
        boot = self._boot_once(settings, interrupt, reboots, volume)
        if boot.has(_NEVER_STARTED):
            self.repeated.append(f"boot {self.boots}: {_NEVER_STARTED}")
            shutil.copyfile(kept, self.store)
            boot = self._boot_once(settings, interrupt, reboots, volume)
        return boot

    def _boot_once(self, settings: Settings, interrupt: Optional[Interrupt], reboots: bool = False,
              volume: Optional[Path] = None) -> Boot:
        self.boots += 1
        boot = Boot()

        def command(serial: Path, monitor: int) -> list[str]:
            words = qemu_command(settings, self.folder, serial, monitor)
            if volume:
                shutil.copyfile(volume, self.folder / IMAGE)
            words = [word.replace("snapshot=on,", "") for word in words]
            return [word for word in words if not (reboots and word == "-no-reboot")]

        reader = LineReader()
        try:
            with Guest(command, lambda data: boot.lines.extend(reader.feed(data))) as guest:
                self._follow(guest, reader, boot, interrupt)
        finally:
            torn = reader.close()
            boot.lines += [] if boot.interrupted else torn
            log = self.folder / f"boot-{self.boots}.log"
            log.write_text("\n".join(boot.lines) + "\n", encoding="utf-8")
        shutil.copyfile(self.folder / "vars.fd", self.store)
        return boot

    def _follow(self, guest: Guest, reader: LineReader, boot: Boot,
                interrupt: Optional[Interrupt]) -> None:
        """Until the machine ends by itself, or is made to."""
        deadline = time.monotonic() + TIMEOUT_S
        at = key_at = 0.0
        while guest.ending is None:
            now = time.monotonic()
            if boot.has(_NEVER_STARTED):
                return
            if now > deadline:
                raise TimeoutError(f"no end after {TIMEOUT_S} s")
            if interrupt and not boot.interrupted:
                if not at and boot.has(interrupt.trigger):
                    at = now + interrupt.seconds
                if at and now >= at:
                    boot.interrupted = self.stop(guest, reader, interrupt.how)
                    if boot.interrupted and interrupt.how != "reset":
                        return
            if now > key_at + 1 and _COUNTDOWN in reader.pending():
                guest.type(b" ")
                key_at = now
            guest.pump(min(0.2, max(0.0, at - now)) if at and not boot.interrupted else 0.2)

    @staticmethod
    def stop(guest: Guest, reader: LineReader, how: str) -> bool:
        """Whether it was done, and not too late."""
        if how == "kill":
            guest.kill()
        if how != "reset":
            return True
        guest.freeze()
        if guest.ending is None:
            # Half a name is none, and what firmware says next would be taken for its other half.
            reader.close()
            guest.reset()
        guest.thaw()
        return guest.ending is None
