"""Serial bytes to plain lines: firmware paints its console with ANSI sequences, muster does not."""
from __future__ import annotations

import codecs
import re

# A cursor jump or a cleared screen separates texts, just as a line end does.
_JUMP = re.compile(r"\x1b\[[0-9;]*[HJf]")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()].|[=>78cDEM])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain(text: str) -> str:
    """`text` without ANSI sequences and control characters (tab stays)."""
    return _CONTROL.sub("", _ANSI.sub("", text))


class LineReader:
    """Collects bytes; hands out each line once it is complete."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` completes, in order."""
        text = self._pending + self._decoder.decode(data)
        *whole, self._pending = text.split("\n")
        return [plain(part) for line in whole for part in _parts(line)]

    def pending(self) -> str:
        """What stands on the last line so far: prompts end without a line end."""
        return plain(_JUMP.sub(" ", self._pending))

    def close(self) -> list[str]:
        """What was cut off in the middle of a line, if anything."""
        rest, self._pending = self._pending + self._decoder.decode(b"", True), ""
        return [plain(part) for part in _parts(rest) if plain(part)]


def _parts(line: str) -> list[str]:
    """`line` cut at cursor jumps; the empty pieces those leave are dropped."""
    pieces = _JUMP.split(line)
    if len(pieces) == 1:
        return pieces
    return [piece for piece in pieces if plain(piece).strip()] or [""]
