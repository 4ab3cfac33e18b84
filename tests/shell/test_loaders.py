"""Ways in that are no shell's: a stick whose shell is chosen, the boot manager, GRUB."""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from keyboard import BUILD, FOLDER, SPACED, machine, want_match
from muster_qemu.firmware import find_firmware
from muster_qemu.settings import read_settings
from newer_debian import fastest_firmware
from typist import Typist

GRUB_SCRIPT = """\
search --no-floppy --file --set=root /muster.efi
chainloader /muster.efi --only roll.madt,df.guard-page --then shutdown
boot
"""


def test_stick(tmp_path: Path) -> None:
    """docs/REAL-MACHINE.md with the stick, in a machine whose shell is chosen: Escape, a look, and
    collecting without another run. Left alone, the shell says that it collects, and starts a run."""
    image = BUILD / "muster.img"
    assert image.exists(), f"there is no {image}: make image"
    firmware = fastest_firmware()
    store = shell_first(tmp_path, firmware)
    settings = read_settings(["--disk", str(image), "--firmware",
                              f"{find_firmware(firmware).code}:{store}"])
    with Typist(settings, tmp_path, escapes=True) as shell:
        lines = shell.wait_for(re.compile(r"Shell> *$"))
        assert not any("muster:" in line for line in lines), f"muster ran: {lines[-3:]}"
        shell.run("fs0:")
        shell.run("muster --dry-run", r"^record: up to \d+ bytes could be kept", r"^would call 4 CPUs")
        shell.run("muster --collect", r"^muster: no record of an earlier run")
        shell.run("muster -?", r"^muster - can an operating system trust")
    with Typist(settings, tmp_path) as shell:
        shell.read_until(r"^startup\.nsh: saves the report that an earlier run left")
        shell.read_until(r"^muster: leaving boot services")


def shell_first(folder: Path, firmware: str) -> Path:
    """Variables of a machine that starts its shell before any disk."""
    with Typist(machine(folder, "--firmware", firmware), folder) as shell:
        shell.reach_prompt()
        told = "\n".join(shell.run("bcfg boot dump", r"EFI Internal Shell"))
        place = re.search(r"Option: (\d+)\..*\n *Desc +- EFI Internal Shell", told)
        assert place is not None, f"no place of the shell in:\n{told}"
        shell.run(f"bcfg boot mv {place[1]} 0")
        shell.type("reset")
        shell.until_end()
    return Path(shutil.copyfile(folder / "vars.fd", folder / "kept.fd"))


def test_boot_manager(tmp_path: Path) -> None:
    """A Boot#### entry starts muster after the next reset; muster.cfg beside it says the rest."""
    words = tmp_path / "only.cfg"
    words.write_text("--only roll.madt\n--then shutdown\n")
    config = ("--file", f"{words}:{SPACED}/muster.cfg")
    with Typist(machine(tmp_path), tmp_path) as shell:
        shell.reach_prompt()
        shell.run(f'bcfg boot add 0 "{FOLDER}\\muster.efi" "muster"', r"Add Boot\d+ as 0")
        shell.type("reset")
        shell.until_end()
    store = tmp_path / "kept.fd"
    shutil.copyfile(tmp_path / "vars.fd", store)
    again = machine(tmp_path, *config, "--firmware", f"{find_firmware('ovmf').code}:{store}")
    with Typist(again, tmp_path) as shell:
        lines = shell.until_end()
    want_match(r"^1\.\.2$", lines)
    want_match(r"^# muster: PASS 2 checks; ", lines)


def test_grub(tmp_path: Path) -> None:
    """GRUB's chainloader starts muster, and hands its words over."""
    script, loader = tmp_path / "grub.cfg", tmp_path / "grub.efi"
    script.write_text(GRUB_SCRIPT)
    make = ["grub-mkstandalone", "-O", "x86_64-efi", "-o", str(loader), "--fonts=", "--locales=",
            "--themes=", "--install-modules=normal part_gpt part_msdos fat search search_fs_file "
            "chain boot echo configfile memdisk tar", f"boot/grub/grub.cfg={script}"]
    done = subprocess.run(make, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"grub-mkstandalone: {done.stderr.strip()}"
    efi = BUILD / "muster.efi"
    settings = read_settings(["--efi", str(efi), "--boot", "esp",
                              "--file", f"{loader}:/EFI/BOOT/BOOTX64.EFI",
                              "--file", f"{efi}:/muster.efi"])
    with Typist(settings, tmp_path) as guest:
        lines = guest.until_end()
    want_match(r"^# muster: PASS 9 checks; 4 CPUs", lines)
