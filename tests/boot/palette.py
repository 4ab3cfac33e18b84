"""Reads the screenshot's pixels: does the picture say what the text said?"""
from __future__ import annotations

import re
from pathlib import Path

from muster_qemu.picture import Picture, read_png

SOURCE = Path(__file__).resolve().parents[2] / "src" / "screen.c"
_COLOUR = re.compile(r"\[INK_([A-Z]+)\]\s*=\s*0x([0-9a-fA-F]{6,8})")
# The verdict is in letters to be read from across a room: their stems take this much of the height.
STEM = 0.17
COLUMN_STEP = 4  # pixels; stems are wider


def colours() -> dict[str, int]:
    """The palette, from where it is defined: "PASS" -> 0xRRGGBB."""
    found = {name: int(value, 16) for name, value in _COLOUR.findall(SOURCE.read_text())}
    if not {"PASS", "FAIL", "BACKGROUND"} <= set(found):
        raise ValueError(f"{SOURCE}: no colours in the form [INK_PASS] = 0x…")
    return found


def differences(wanted: str, screen: Path) -> list[str]:
    """`wanted`: "pass", "fail", "none" (there must be no picture), "firmware" (muster drew
    nothing), or "" (do not look)."""
    if wanted in ("", "none"):
        return ["there is a picture, wanted none"] if wanted and screen.exists() else []
    if not screen.exists():
        return ["there is no picture"]
    picture, ink = read_png(screen), colours()
    found = []
    muster_drew = picture.colours()[ink["BACKGROUND"]] >= 0.1 * picture.width * picture.height
    if wanted == "firmware":
        return ["the picture is muster's, wanted firmware's"] if muster_drew else []
    if not muster_drew:
        found.append("the picture is not muster's: its background is missing")
    for word in ("PASS", "FAIL"):
        stem = tallest_run(picture, ink[word]) / picture.height
        if (stem >= STEM) != (word.lower() == wanted):
            found.append(f"the picture {'shows' if stem >= STEM else 'does not show'} large letters "
                         f"in the {word} colour (a stem of {stem:.0%} of the height)")
    return found


def tallest_run(picture: Picture, colour: int) -> int:
    """The longest vertical run of pixels in `colour`."""
    wanted, stride = colour.to_bytes(3, "big"), 3 * picture.width
    longest = 0
    for x in range(0, stride, 3 * COLUMN_STEP):
        column = [picture.pixels[at:at + 3] == wanted
                  for at in range(x, stride * picture.height, stride)]
        runs = "".join("#" if same else " " for same in column).split()
        longest = max([longest, *map(len, runs)])
    return longest
