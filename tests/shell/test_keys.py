"""Keys at the end of a run that waits for one, on a serial line and on a PS/2 keyboard."""
from __future__ import annotations

from pathlib import Path
from typing import Callable

from keyboard import BUILD, changed_picture, settled_picture, want_still_on
from muster_qemu.settings import read_settings
from muster_qemu.verdict import Ending
from newer_debian import fastest_firmware
from typist import Typist


def waits(folder: Path, nothing: Callable[[Typist], None],
          press: Callable[[Typist, str], None], last: str, wanted: Ending) -> None:
    """--then wait: `nothing` does nothing; pages through the list and back; then `last` ends it."""
    settings = read_settings(["--efi", str(BUILD / "muster.efi"), "--firmware", fastest_firmware(),
                              "--args", "--then wait"])
    with Typist(settings, folder) as person:
        person.read_until(r"^# muster: PASS")
        first = settled_picture(person, folder)
        nothing(person)
        want_still_on(person, "what is no key")
        assert settled_picture(person, folder) == first, "what is no key turned the page"
        press(person, "space")
        second = changed_picture(person, folder, first)
        press(person, "space")
        changed_picture(person, folder, second)
        press(person, "p")
        assert changed_picture(person, folder, second) == first, "P did not lead to the first page"
        press(person, last)
        person.until_end()
        assert person.ending is wanted, f"{last} ended it by {person.ending}, wanted {wanted}"


def plugged_in(person: Typist) -> None:
    """What a line may bring when its cable is plugged in."""
    person.break_off()
    person.send(b"\0")


def test_keys_serial(tmp_path: Path) -> None:
    """A terminal: page down, P, S."""
    sent = {"space": b"\x1b[6~", "p": b"p", "s": b"s"}
    waits(tmp_path, plugged_in, lambda person, key: person.send(sent[key]), "s", Ending.SHUTDOWN)


def modifiers(person: Typist) -> None:
    for key in ("shift", "shift_r", "ctrl", "alt_r", "caps_lock", "num_lock", "scroll_lock"):
        person.press(key)


def test_keys_ps2(tmp_path: Path) -> None:
    """A PS/2 keyboard: Shift and its like, space, P, Enter."""
    names = {"space": "spc", "p": "p", "enter": "ret"}
    waits(tmp_path, modifiers, lambda person, key: person.press(names[key]), "enter", Ending.RESET)


def test_shutdown_fails(tmp_path: Path) -> None:
    """S, and ResetSystem() raises #UD: whoever wanted the machine off gets no reset."""
    settings = read_settings(["--efi", str(BUILD / "muster.efi"), "--boot", "shell",
                              "--firmware", fastest_firmware(),
                              "--file", str(BUILD / "faults/spoil.efi"),
                              "--before", "spoil.efi reset-fault",
                              "--args", "--only roll.madt --then wait"])
    with Typist(settings, tmp_path) as person:
        person.read_until(r"^# muster: PASS")
        settled_picture(person, tmp_path)
        person.send(b"s")
        want_still_on(person, "S")
