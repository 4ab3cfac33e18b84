"""The UEFI shell, typed into: paths, help, pages, redirection, and a run."""
from __future__ import annotations

from pathlib import Path

from keyboard import FOLDER, machine, want_match
from muster_qemu.machine import IMAGE
from muster_qemu.volumes import make_fat, read_fat
from typist import Typist

PAGES_MAX = 200


def test_typed(tmp_path: Path) -> None:
    """One session in the shell: each line what a person would type, and what must come back."""
    make_fat(tmp_path / "other.img", {})
    other = f"if=ide,index=2,format=raw,file={tmp_path / 'other.img'}"
    settings = machine(tmp_path, "--qemu-arg", "-drive", "--qemu-arg", other)
    with Typist(settings, tmp_path) as shell:
        shell.reach_prompt()
        ask_for_help(shell)
        ask_by_path(shell)
        ask_wrongly(shell)
        page_through(shell)
        redirect(shell)
        shell.run(f'cd "{FOLDER}"')
        shell.type(f'"{FOLDER}\\muster.efi" --only roll.madt,df.guard-page')
        lines = shell.until_end()
    want_match(r"^ok 2 - roll\.madt", lines)
    want_match(r"^# muster: PASS 9 checks; 4 CPUs", lines)
    out = read_fat(tmp_path / IMAGE, "/out.txt")
    text = out.decode("utf-16")
    assert "\x1b" not in text and "\b" not in text, f"cursor codes in the file: {text!r}"
    assert text.replace("\r\n", "\n").strip("\n").count("\n") == 0 and "muster 0." in text, \
        f"one line wanted in the file: {text!r}"


def ask_for_help(shell: Typist) -> None:
    for command in ("muster -?", "help muster"):
        shell.run(command, r"^muster - can an operating system trust", r"--break ID")
    for command in ("muster -h", "muster --help"):
        shell.run(command, r"^Usage: muster", r"-b, --page", r"--break ID")
    shell.run("echo %lasterror%", r"^0x0$")


def ask_by_path(shell: Typist) -> None:
    """From another folder, from another volume, and with a space in the path."""
    version = r"^muster 0\.\d+ build [0-9a-f]{8}$"
    shell.run(f'"{FOLDER}\\muster.efi" --version', version)
    shell.run(f'cd "{FOLDER}"')
    shell.run("\\muster.efi --version", version)
    shell.run("muster --version", version)
    shell.run("cd \\")
    shell.run("fs1:")
    shell.run("fs0:\\muster.efi --version", version)
    shell.run(f'"{FOLDER}\\muster.efi" --version', version)
    shell.run("fs0:")


def ask_wrongly(shell: Typist) -> None:
    shell.run("muster --bogus", r"^muster: .*--bogus")
    shell.run("echo %lasterror%", r"^0x2$")


def page_through(shell: Typist) -> None:
    """The list is long: each page stops, the last check is there; Q ends it early."""
    lines, stops = shell.pages("muster --list -b", "\r", PAGES_MAX)
    assert stops > 3 and any(line.startswith("storm.mixed ") for line in lines), \
        f"{stops} stops, last {lines[-3:]}"
    lines, stops = shell.pages("muster --list -b", "q", PAGES_MAX)
    assert stops == 1 and not any(line.startswith("storm.mixed ") for line in lines), \
        f"Q did not end it: {stops} stops, last {lines[-3:]}"
    shell.run("muster --version -b", r"^muster 0\.")


def redirect(shell: Typist) -> None:
    shell.run("muster --version > out.txt")
    shell.run("type out.txt", r"^muster 0\.")
