"""What a person reads off the screen: its characters, known by the shapes of the console font."""
from __future__ import annotations

import re
from pathlib import Path

from muster_qemu.picture import Picture, read_png

FONT = Path(__file__).resolve().parents[2] / "build" / "gen" / "font" / "font.bin"
FIRST, WIDTH, HEIGHT = 0x20, 8, 16  # as src/x86/font.h says
WIDE, STEP = 2560, 1920  # glyphs grow as src/framebuffer_layout.c says


def glyphs() -> dict[bytes, str]:
    """From the sixteen lines of a glyph to its character."""
    data = FONT.read_bytes()
    return {data[at:at + HEIGHT]: chr(FIRST + at // HEIGHT) for at in range(0, len(data), HEIGHT)}


def scale_of(width: int) -> int:
    return 1 if width < WIDE else max(2, width // STEP)


def lines(picture: Picture) -> list[str]:
    """Row after row; what is no character is a space."""
    known, scale = glyphs(), scale_of(picture.width)
    columns, rows = picture.width // (WIDTH * scale), picture.height // (HEIGHT * scale)
    left = (picture.width - columns * WIDTH * scale) // 2
    found = []
    for row in range(rows):
        dots = [_dots(picture, left, (row * HEIGHT + line) * scale, columns * WIDTH, scale)
                for line in range(HEIGHT)]
        found.append("".join(_character([line[at:at + WIDTH] for line in dots], known)
                             for at in range(0, columns * WIDTH, WIDTH)))
    return found


def _dots(picture: Picture, left: int, y: int, count: int, scale: int) -> list[bytes]:
    """The colours of one line of dots."""
    begin = 3 * (y * picture.width + left)
    return [picture.pixels[at:at + 3] for at in range(begin, begin + 3 * count * scale, 3 * scale)]


def _character(cell: list[list[bytes]], known: dict[bytes, str]) -> str:
    """Either of a cell's two colours may be the ink."""
    colours = {dot for line in cell for dot in line}
    for ink in colours if len(colours) == 2 else ():
        shape = bytes(sum((dot == ink) << 7 - n for n, dot in enumerate(line)) for line in cell)
        if shape in known:
            return known[shape]
    return " "


def differences(wanted: list[str], screen: Path) -> list[str]:
    """`wanted`: regular expressions, each to be found in one line of the screen."""
    if not wanted:
        return []
    if not screen.exists():
        return ["there is no picture to read"]
    told = lines(read_png(screen))
    said = [line.strip() for line in told if line.strip()]
    return [f"no line of the screen matches {pattern}; it says {said}" for pattern in wanted
            if not any(re.search(pattern, line) for line in told)]
