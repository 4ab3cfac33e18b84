"""The words for tools/muster-qemu and tools/muster-bochs that a row of the matrix asks for."""
from __future__ import annotations

import shlex
from pathlib import Path
from typing import Callable

from rows import Row

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
EFI = BUILD / "muster.efi"
FASTEST = "fastest"  # a newer Debian's firmware boots in a third of the time; this machine's own will do
NEWER = ("qemu", "firmware", "bochs")  # the keys that take "newer"
# Where machines are kept that were stopped at the shell's prompt (tools/muster-qemu --snapshots).
SNAPSHOTS = BUILD / "snapshots"


def command(row: Row, work: Path, cold: bool, program: Callable[[str, str], str]) -> list[str]:
    """`work` is the row's folder; `program` turns "newer" into what is meant."""
    def filled(text: str) -> str:
        return text.replace("{work}", str(work)).replace("{image}", str(BUILD))

    words = [str(ROOT / "tools" / ("muster-bochs" if row.get("bochs") else "muster-qemu"))]
    efi = BUILD / "faults" / row.get("program") if row.get("program") else EFI
    words += ["--efi", str(efi), *results(row, work)]
    for key in ("smp", "cpu", "machine", "memory", "boot", "serial", "disk", "timeout", "silence"):
        if row.get(key):
            words += [f"--{key}", filled(row.get(key))]
    for key in NEWER:
        if row.get(key):
            words += [f"--{key}", program(key, row.get(key))]
    for word in shlex.split(filled(row.get("qemu_args"))):
        words += ["--qemu-arg", word]
    for word in row.get("files").split():
        words += ["--file", filled(word)]
    for line in row.lines("faults"):
        words += ["--file", str(BUILD / "faults" / line.split()[0]), "--before", line]
    if not cold:
        words += ["--snapshots", str(SNAPSHOTS)]
    args = [row.get("args"), "--only " + ",".join(row.narrow) if row.narrow else ""]
    return [*words, "--args", " ".join(filter(None, args))] if any(args) else words


def results(row: Row, work: Path) -> list[str]:
    """What is written."""
    words = ["--tap", f"{work}/muster.tap", "--summary", f"{work}/summary.json",
             "--junit", f"{work}/muster.xml", "--log", f"{work}/muster.log"]
    if row.get("document"):
        words += ["--json", f"{work}/document.json"]
    looked_at = any(row.get(key) for key in ("picture", "qr", "shows")) or "xres=" in row.get("qemu_args")
    return [*words, "--screenshot", f"{work}/screen.png"] if looked_at and not row.get("bochs") else words
