"""iasl and muster read the same tables of the same machine, and must have read the same.

A machine with two NUMA nodes and free sockets runs `muster.efi --dry-run` and stops; its memory is
saved, MADT, SRAT and PPTT are cut out of it, and disassembled by ACPICA's iasl. What that says of the
CPUs is compared with what muster printed.
"""
from __future__ import annotations

import re
import shutil
import struct
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest
from muster_qemu.guest import Guest
from muster_qemu.machine import qemu_command, shell_answer
from muster_qemu.settings import read_settings
from newer_debian import fastest_firmware

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEMORY_MIB = 240, 260
NODES = ["-object", "memory-backend-ram,id=m0,size=130M", "-numa", "node,memdev=m0,cpus=0-3",
         "-object", "memory-backend-ram,id=m1,size=130M", "-numa", "node,memdev=m1,cpus=4-5"]
Cpu = tuple[str, int, int, bool]  # entry, APIC ID, UID, enabled


class Trouble(Exception):
    """The comparison could not be made."""


def boot(folder: Path, efi: Path) -> list[str]:
    """Boots, leaves the machine's memory in folder/memory, returns what muster printed."""
    spoil = efi.parent / "faults/spoil.efi"
    words = ["--smp", "4,maxcpus=6", "--firmware", fastest_firmware(), "--memory", str(MEMORY_MIB),
             "--efi", str(efi), "--args", "--dry-run", "--file", str(spoil),
             "--before", "spoil.efi pptt-good madt-mixed"]
    for word in NODES:
        words += ["--qemu-arg", word]
    settings = read_settings(words)
    deadline = time.monotonic() + SECONDS
    with Guest(lambda serial, qmp: qemu_command(settings, folder, serial, qmp),
               lambda heard: None) as guest:
        while guest.ending is None:
            if time.monotonic() > deadline:
                raise Trouble(f"the machine did not stop within {SECONDS} s")
            guest.pump(0.5)
        guest.save_memory(folder / "memory", MEMORY_MIB << 20)
    return shell_answer(folder)[0]


def tables(memory: bytes) -> dict[str, bytes]:
    """The tables that a sound RSDP leads to, by signature."""
    for found in re.finditer(rb"RSD PTR ", memory):
        rsdp = memory[found.start():found.start() + 36]
        if len(rsdp) < 36 or sum(rsdp[:20]) % 256 or sum(rsdp) % 256:
            continue
        xsdt = table_at(memory, struct.unpack_from("<Q", rsdp, 24)[0])
        if xsdt[:4] == b"XSDT":
            addresses = struct.unpack_from(f"<{(len(xsdt) - 36) // 8}Q", xsdt, 36)
            listed = [table_at(memory, address) for address in addresses]
            return wanted({table[:4].decode(): table for table in listed if table})
    raise Trouble("no RSDP that leads to an XSDT in the machine's memory")


def wanted(found: dict[str, bytes]) -> dict[str, bytes]:
    missing = [name for name in ("APIC", "SRAT", "PPTT") if name not in found]
    if missing:
        raise Trouble(f"the machine has no {', '.join(missing)}; it has {', '.join(sorted(found))}")
    return found


def table_at(memory: bytes, address: int) -> bytes:
    if address + 36 > len(memory):
        return b""
    length, = struct.unpack_from("<I", memory, address + 4)
    return memory[address:address + length]


def disassembled(folder: Path, name: str, table: bytes) -> str:
    """What iasl makes of a table."""
    (folder / f"{name}.dat").write_bytes(table)
    done = subprocess.run(["iasl", "-d", f"{name}.dat"], cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Trouble(f"iasl -d {name}.dat: {done.stderr.strip()}")
    return (folder / f"{name}.dsl").read_text()


def entries(text: str, kind: str) -> Iterator[dict[str, str]]:
    """The subtables of one kind as `field: value`."""
    for part in re.split(r"\n(?=.*Subtable Type : )", text)[1:]:
        if f"[{kind}]" in part.splitlines()[0]:
            yield {name.strip(): value.strip() for name, value in
                   re.findall(r"^(?:\[.*?\])?\s*([A-Za-z0-9 ()]+?) : (.*)$", part, re.MULTILINE)}


def by_iasl(text: str) -> set[Cpu]:
    plain = {("APIC", int(entry["Local Apic ID"], 16), int(entry["Processor ID"], 16),
              entry["Processor Enabled"] == "1") for entry in entries(text, "Processor Local APIC")}
    wide = {("x2APIC", int(entry["Processor x2Apic ID"], 16), int(entry["Processor UID"], 16),
             entry["Processor Enabled"] == "1")
            for entry in entries(text, "Processor Local x2APIC")}
    return plain | wide


def by_muster(lines: list[str]) -> set[Cpu]:
    row = re.compile(r"\s*[\d-]+\s+0x([0-9a-f]+) .*\b(x2APIC|APIC) UID 0x([0-9a-f]+) (\w+)")
    return {(found[2], int(found[1], 16), int(found[3], 16), found[4] == "enabled")
            for found in map(row.match, lines) if found}


def counts(folder: Path, found: dict[str, bytes]) -> list[str]:
    """The lines that muster should print of SRAT and PPTT, by what iasl reads."""
    near = list(entries(disassembled(folder, "srat", found["SRAT"]),
                        "Processor Local APIC/SAPIC Affinity"))
    enabled = sum(entry["Enabled"] == "1" for entry in near)
    text = disassembled(folder, "pptt", found["PPTT"])
    nodes = list(entries(text, "Processor Hierarchy Node"))
    packages = sum(entry["Physical package"] == "1" for entry in nodes)
    leaves = len(nodes) - packages
    return [f"SRAT: {len(near)} processors, {enabled} enabled",
            f"PPTT: revision {int(re.findall(r'Revision : ([0-9A-F]+)', text)[0], 16)}, "
            f"{len(nodes)} nodes, {packages} package, {leaves} leaves"]


def differences(folder: Path, efi: Path) -> list[str]:
    lines = boot(folder, efi)
    found = tables((folder / "memory").read_bytes())
    iasl, muster = by_iasl(disassembled(folder, "apic", found["APIC"])), by_muster(lines)
    told = [f"iasl reads {sorted(iasl - muster)}, muster {sorted(muster - iasl)}"] \
        if iasl != muster else []
    if len(iasl) < 6:
        told.append(f"iasl reads {len(iasl)} CPUs, wanted 6")
    return told + [f"muster does not print: {line}" for line in counts(folder, found)
                   if line not in lines]


@pytest.mark.skipif(not shutil.which("iasl"), reason="iasl is not installed")
def test_iasl_and_muster_read_the_same(tmp_path: Path) -> None:
    assert differences(tmp_path, ROOT / "build/muster.efi") == []
