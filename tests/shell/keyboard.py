"""Machines that wait for somebody at the keyboard, and what may be asked of their lines and screens."""
from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

from muster_qemu.settings import Settings, read_settings
from typist import NoAnswer, Typist

BUILD = Path(__file__).resolve().parents[2] / "build"
SPACED = "/my tools"
FOLDER = "fs0:\\my tools"
LOOKS, LOOK_S = 40, 0.5
STILL_S = 2.0  # a machine that is to end has done so by then


def machine(folder: Path, *words: str) -> Settings:
    """A machine whose disk holds muster, with a startup.nsh that leaves the keyboard to us."""
    script, config = folder / "keyboard.nsh", folder / "muster.cfg"
    script.write_text("@echo -off\r\nfs0:\r\n")
    config.write_text("--then shutdown\r\n")
    efi = BUILD / "muster.efi"
    return read_settings(["--efi", str(efi), "--boot", "shell",
                          "--file", f"{script}:/startup.nsh",
                          "--file", f"{BUILD / 'muster.man'}:/muster.man",
                          "--file", f"{efi}:{SPACED}/muster.efi",
                          "--file", f"{config}:{SPACED}/muster.cfg", *words])


def want_match(pattern: str, lines: list[str]) -> None:
    text = "\n".join(lines)
    assert re.search(pattern, text, re.MULTILINE) is not None, \
        f"wanted /{pattern}/ in:\n{text[-1500:]}"


def want_still_on(person: Typist, what: str) -> None:
    with contextlib.suppress(NoAnswer):
        person.until_end(STILL_S)
    assert person.ending is None, f"{what} ended it by {person.ending}"


def settled_picture(person: Typist, folder: Path) -> bytes:
    """The screen once two looks at it agree."""
    for _ in range(LOOKS):
        before = person.picture(folder)
        time.sleep(LOOK_S)
        if person.picture(folder) == before:
            return before
    raise NoAnswer("the screen does not come to rest")


def changed_picture(person: Typist, folder: Path, before: bytes) -> bytes:
    for _ in range(LOOKS):
        now = settled_picture(person, folder)
        if now != before:
            return now
    raise NoAnswer("the screen did not change when a key was pressed")
