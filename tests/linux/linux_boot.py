"""Linux on a machine of muster-qemu's: what its kernel makes of the CPUs, told by a shell script."""
from __future__ import annotations

import lzma
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from muster_qemu.console import LineReader
from muster_qemu.guest import Guest
from muster_qemu.machine import qemu_command
from muster_qemu.settings import read_settings

SECONDS = 300
BEGIN, END = "muster-linux: begin", "muster-linux: end"
# The msr and cpuid devices answer for the CPU in their path; a position is an MSR's address, or
# subleaf << 32 | leaf (msr(4), cpuid(4)).
_INIT = """\
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
insmod /msr.ko
insmod /cpuid.ko
echo "{begin}"
for path in /sys/devices/system/cpu/cpu[0-9]*; do
  cpu=${{path##*cpu}}
  for name in package die core; do
    echo "cpu $cpu $name $(cat $path/topology/${{name}}_cpus_list)"
  done
  for node in $path/node*; do echo "cpu $cpu domain ${{node##*node}}"; done
  for at in {msrs}; do echo "cpu/$cpu/msr.$at /dev/cpu/$cpu/msr $at 2" >&3; done
  for at in {leaves}; do
    echo "cpu/$cpu/cpuid.${{at%:*}} /dev/cpu/$cpu/cpuid ${{at#*:}} 4" >&3
  done
done 3>/registers
read_at </registers
awk '/^processor|^apicid|^microcode/ {{ sub(/\\t*: /, " "); print "info", $0 }}' /proc/cpuinfo
sed 's/^/mtrr /' /proc/mtrr
dmesg | sed 's/^/dmesg /'
echo "{end}"
poweroff -f
"""
READ_AT = Path(__file__).with_name("read_at.c")


@dataclass
class Seen:
    """What Linux told."""

    cpus: dict[int, dict[str, str]] = field(default_factory=dict)  # by Linux's number
    mtrrs: list[str] = field(default_factory=list)
    dmesg: list[str] = field(default_factory=list)


def make_initrd(folder: Path, packages: Path, msrs: list[int],
                leaves: list[tuple[int, int]]) -> Path:
    """A root file system of busybox, which tells and switches off."""
    root = folder / "root"
    (root / "bin").mkdir(parents=True)
    scripts = {"init": _INIT.format(begin=BEGIN, end=END, msrs=" ".join(f"{n:x}" for n in msrs),
                                    leaves=" ".join(f"{a:x}.{b:x}:{b << 32 | a:x}"
                                                    for a, b in leaves))}
    for name, text in scripts.items():
        (root / name).write_text(text)
    shutil.copyfile(packages / "usr/bin/busybox", root / "bin/busybox")
    subprocess.run(["cc", "-O2", "-static", "-Wall", "-Wextra", "-Werror", "-o",
                    str(root / "bin/read_at"), str(READ_AT)], check=True)
    for name in ("msr.ko", "cpuid.ko"):
        module = next(packages.rglob(f"kernel/arch/x86/kernel/{name}.xz"))
        (root / name).write_bytes(lzma.decompress(module.read_bytes()))
    for name in (*scripts, "bin/busybox", "bin/read_at"):
        (root / name).chmod(0o755)
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    done = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=root, check=True,
                          input="\n".join(names).encode(), stdout=subprocess.PIPE)
    initrd = folder / "initrd"
    initrd.write_bytes(done.stdout)
    return initrd


def boot(folder: Path, machine: list[str], packages: Path, initrd: Path) -> Seen:
    """`machine`: muster-qemu's options for it. TimeoutError if Linux does not end."""
    kernel = next(packages.glob("boot/vmlinuz-*"))
    settings = read_settings([*machine, "--efi", str(kernel), "--qemu-arg=-initrd",
                              f"--qemu-arg={initrd}",
                              "--args", "console=ttyS0 quiet panic=-1 -- --then"])
    reader, lines = LineReader(), []

    def command(serial: Path, monitor: int) -> list[str]:
        return qemu_command(settings, folder, serial, monitor)

    deadline = time.monotonic() + SECONDS
    with Guest(command, lambda data: lines.extend(reader.feed(data))) as guest:
        while guest.ending is None and time.monotonic() < deadline:
            guest.pump(0.5)
    (folder / "linux.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if BEGIN not in lines or END not in lines:
        raise TimeoutError(f"Linux did not tell all within {SECONDS} s; linux.log ends: {lines[-1:]}")
    return read_lines(lines[lines.index(BEGIN):lines.index(END)])


def read_lines(lines: list[str]) -> Seen:
    seen, number = Seen(), 0
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "cpu":
            cpu, name, value = (rest + " ").split(" ", 2)
            seen.cpus.setdefault(int(cpu), {})[name] = value.strip()
        elif kind == "info":
            name, value = rest.split(" ")
            number = int(value) if name == "processor" else number
            seen.cpus[number][name] = value
        elif kind == "mtrr":
            seen.mtrrs.append(rest)
        elif kind == "dmesg":
            seen.dmesg.append(re.sub(r"^\[ *[\d.]+\] ", "", rest))
    return seen
