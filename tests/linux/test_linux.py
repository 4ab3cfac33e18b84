"""Linux and muster look at the same machine, and must have seen the same.

muster tells its baseline; then Debian's kernel boots on the same machine with the same firmware, and
tells who is there, who shares what with whom, every CPUID register that muster told, MSRs that no
kernel changes, the MTRRs, and the TSC's rate. Linux' numbers for CPUs are its own: APIC IDs join them.
"""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

import linux_boot
import pytest
from linux_boot import Seen
from muster_qemu.report_file import Report, parse_cpus, read_report
from newer_debian import newer

ROOT = Path(__file__).resolve().parents[2]
NODES = ["-object", "memory-backend-ram,id=m0,size=256M", "-numa", "node,memdev=m0,cpus=0-3",
         "-object", "memory-backend-ram,id=m1,size=256M", "-numa", "node,memdev=m1,cpus=4-7"]
MACHINES = {
    "intel-dies": ["--cpu", "Skylake-Server", "--smp", "8,sockets=2,dies=2,cores=1,threads=2"],
    "amd-nodes-free-places": ["--cpu", "EPYC", "--smp", "6,maxcpus=8,sockets=2,cores=2,threads=2",
                                *(f"--qemu-arg={word}" for word in NODES)],
}
MEMORY_MIB = 512
MUSTER_SECONDS = 900
# Linux writes none of them but the last: the APIC's mode is its own choice.
MSRS = {"mtrr-cap": 0xfe, "mcg-cap": 0x179, "apic-base": 0x1b}
APIC_EXTD = 1 << 10
REGISTERS = ("eax", "ebx", "ecx", "edx")
# What muster's baseline leaves out, since it tells one CPU from another or what a kernel has enabled:
# APIC IDs, OSXSAVE and OSPKE, sizes by XCR0. The rest must be equal.
OWN_BITS = {"1.0.ebx": 0xff000000, "1.0.ecx": 1 << 27, "7.0.ecx": 1 << 4, "d.0.ebx": ~0,
            "d.1.ebx": ~0, "80000006.0.edx": ~0, "8000001e.0.eax": ~0, "8000001e.0.ebx": 0xff,
            "8000001e.0.ecx": 0xff}
OWN_LEAVES = re.compile(r"(b|1f)\.\d+\.e[abd]x")  # told as topology
RATE_TOLERANCE = 0.02  # two calibrations of some 50 ms each, on a host that has other work


def muster(folder: Path, machine: list[str], efi: Path) -> Report:
    document = folder / "muster.json"
    done = subprocess.run([str(ROOT / "tools/muster-qemu"), "--efi", str(efi), *machine, "--json",
                           str(document), "--args", "--baseline"], capture_output=True, text=True,
                          timeout=MUSTER_SECONDS, check=False)
    if done.returncode != 0:
        raise TimeoutError(f"muster-qemu: exit status {done.returncode}: {done.stdout[-300:]}")
    return read_report(str(document))


def differences(report: Report, linux: Seen) -> list[str]:
    ids = {report.facts["cpu.apic_id", cpu]: cpu for cpu in report.cpus}
    seen = {int(told["apicid"]): told for told in linux.cpus.values()}
    if set(ids) != set(seen):
        return [f"muster's APIC IDs are {sorted(ids)}, Linux' {sorted(seen)}"]
    joined = {ids[apic_id]: told for apic_id, told in seen.items()}
    numbers = {number: ids[int(told["apicid"])] for number, told in linux.cpus.items()}
    return [*free_places(report, linux), *neighbours(report, linux, numbers),
            *cpuid(report, joined), *msrs(report, joined), *mtrrs(report, linux),
            *rate(report, linux)]


def free_places(report: Report, linux: Seen) -> Iterator[str]:
    """CPUs that the MADT tells and that are not there."""
    free = re.findall(r"Allowing \d+ present CPUs plus (\d+) hotplug CPUs", "\n".join(linux.dmesg))
    told = sum(entry["online_capable"] for entry in report.document["inventory"]["spare"])
    if free != [str(told)]:
        yield f"muster tells {told} online-capable entries, Linux {free} free places"


def neighbours(report: Report, linux: Seen, numbers: dict[int, int]) -> Iterator[str]:
    """Who shares a package, a die, a core, a memory node with whom, whatever their numbers are."""
    rows = {row["cpu"]: row for row in report.document["topology"]}
    for level, keys in (("package", ("package",)), ("die", ("package", "die")),
                        ("core", ("package", "die", "core")), ("domain", ("domain",))):
        for number, told in linux.cpus.items():
            mine = rows[numbers[number]]
            muster_says = {cpu for cpu, row in rows.items()
                           if all(row.get(key) == mine.get(key) for key in keys)}
            if level == "domain":
                same = {n for n, other in linux.cpus.items() if other[level] == told[level]}
            else:
                same = set(parse_cpus(told[level]))
            linux_says = {numbers[n] for n in same}
            if muster_says != linux_says:
                yield (f"{level} of CPU {numbers[number]}: muster says {sorted(muster_says)}, "
                       f"Linux {sorted(linux_says)}")


def leaves_of(report: Report) -> list[tuple[int, int]]:
    names = {tuple(name.split(".")[1:3]) for name, _ in report.facts if name.startswith("cpuid.")}
    return sorted((int(leaf, 16), int(subleaf, 16)) for leaf, subleaf in names)


def cpuid(report: Report, joined: dict[int, dict[str, str]]) -> Iterator[str]:
    """A register that is zero on all CPUs is not told by muster."""
    for leaf, subleaf in leaves_of(report):
        for cpu, told in joined.items():
            for register, text in zip(REGISTERS, told[f"cpuid.{leaf:x}.{subleaf:x}"].split()):
                name = f"{leaf:x}.{subleaf:x}.{register}"
                own = ~0 if OWN_LEAVES.fullmatch(name) else OWN_BITS.get(name, 0)
                mine = int(report.facts.get((f"cpuid.{name}", cpu), "0x0"), 16)
                if (mine ^ int(text, 16)) & ~own:
                    yield f"CPUID {name} of CPU {cpu}: muster says {mine:#x}, Linux 0x{text}"


def msrs(report: Report, joined: dict[int, dict[str, str]]) -> Iterator[str]:
    for name, address in MSRS.items():
        for cpu, told in joined.items():
            low, _, high = told[f"msr.{address:x}"].partition(" ")
            linux = None if low == "none" else int(high, 16) << 32 | int(low, 16)
            mine = report.facts.get((f"state.{name}", cpu))
            mine = None if mine is None else int(mine, 16)
            mask = ~APIC_EXTD if name == "apic-base" else ~0
            if (mine is None) != (linux is None) or mine is not None and (mine ^ linux) & mask:
                yield f"{name} of CPU {cpu}: muster says {mine}, Linux {linux}"


def mtrrs(report: Report, linux: Seen) -> Iterator[str]:
    """The BSP's variable ranges; and whether the CPUs' differ, which Linux mends and tells."""
    found = []
    for line in linux.mtrrs:
        base, size = re.search(r"base=0x(\w+) .*size= *(\d+)MB", line).groups()
        found.append((int(base, 16), int(size) << 20))
    width = int(report.facts["cpuid.80000008.0.eax", 0], 16) & 0xff
    values = [int(report.facts.get((f"state.mtrr-variable{n}", 0), "0x0"), 16) for n in range(20)]
    mine = [(base & ~0xfff, (1 << width) - (mask & ~0xfff))
            for base, mask in zip(values[::2], values[1::2]) if mask & 0x800]
    if mine != found:
        yield f"muster's variable MTRRs are {mine}, Linux' {found}"
    differ = any("your CPUs had inconsistent" in line and "MTRR" in line for line in linux.dmesg)
    verdict = report.checks["state.mtrr"]["verdict"]
    if differ != (verdict != "PASS"):
        yield f"state.mtrr: {verdict}, but Linux {'found' if differ else 'did not find'} them unlike"


def rate(report: Report, linux: Seen) -> Iterator[str]:
    mine = re.search(r"TSC (\d+) kHz", "\n".join(report.document["ground"]))
    told = re.search(r"tsc: Detected ([\d.]+) MHz", "\n".join(linux.dmesg))
    if told and abs(float(told[1]) * 1000 / int(mine[1]) - 1) > RATE_TOLERANCE:
        yield f"TSC: muster says {mine[1]} kHz, Linux {told[1]} MHz"


@pytest.fixture(scope="session")
def newest() -> dict[str, str]:
    """Debian's kernel; its newer QEMU, since Linux 6.12 panics under 7.2 one time in three, each time
    elsewhere; and the firmware that comes with it, which starts in a third of the time."""
    found = {}
    for what in ("linux", "qemu", "firmware"):
        found[what], why_not = newer(what)
        if not found[what]:
            pytest.skip(why_not)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", MACHINES)
def test_linux_and_muster_see_the_same(name: str, newest: dict[str, str]) -> None:
    folder = ROOT / "build/linux" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    machine = [*MACHINES[name], "--memory", str(MEMORY_MIB), "--qemu", newest["qemu"],
               "--firmware", newest["firmware"]]
    packages = Path(newest["linux"])
    report = muster(folder, machine, ROOT / "build/muster.efi")
    initrd = linux_boot.make_initrd(folder, packages, sorted(MSRS.values()), leaves_of(report))
    assert differences(report, linux_boot.boot(folder, machine, packages, initrd)) == []
