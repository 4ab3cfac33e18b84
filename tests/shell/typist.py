"""Somebody at the keyboard of a machine: types into the UEFI shell and reads what it answers."""
from __future__ import annotations

import re
import time
from pathlib import Path

from muster_qemu.console import LineReader
from muster_qemu.guest import Guest
from muster_qemu.machine import qemu_command
from muster_qemu.settings import Settings
from muster_qemu.verdict import Ending

PROMPT = re.compile(r"(Shell|FS\d+:\\.*)> *$")
PAGE = re.compile(r"(Press ENTER|ENTER to continue)", re.IGNORECASE)
ANSWER_S = 180.0  # software emulation on a busy host
COUNTDOWN_S = 4.0  # a key that was pressed in time is answered by then


class NoAnswer(Exception):
    """The machine did not say what was waited for."""


class Typist:
    """One machine, with the shell's prompt waiting. Ended when the block is left."""

    def __init__(self, settings: Settings, folder: Path, escapes: bool = False) -> None:
        """`escapes`: stops the shell from running startup.nsh; else its countdown is cut short."""
        self._escapes = escapes
        self.lines: list[str] = []
        self.raw = b""
        self._key_at = 0.0
        self._reader = LineReader()
        self._guest = Guest(lambda serial, qmp: qemu_command(settings, folder, serial, qmp),
                            self._hear)

    def __enter__(self) -> "Typist":
        return self

    def __exit__(self, *_: object) -> None:
        self._guest.close()

    def reach_prompt(self) -> None:
        """The prompt that startup.nsh ends at."""
        self.wait_for(re.compile(r"FS0:\\> *$"))

    def run(self, command: str, *answers: str) -> list[str]:
        """Types a command whose answers are these, each a pattern of one line; the lines it
        printed."""
        self.type(command)
        lines = self.wait_for(PROMPT)
        for answer in answers:
            if not any(re.search(answer, line) for line in lines):
                text = "\n".join(lines)
                raise NoAnswer(f"{command}: wanted /{answer}/ in:\n{text[-1500:]}")
        return lines

    def pages(self, command: str, answer: str, pages_max: int) -> tuple[list[str], int]:
        """Types a command that stops after each page, and answers so each time; its lines, and how
        often it stopped."""
        self.type(command)
        lines: list[str] = []
        for page in range(pages_max):
            lines += self.wait_for(PROMPT, PAGE)
            if self._stands((PROMPT,)):
                return lines, page
            self.lines, self._reader = [], LineReader()
            self._guest.type(answer.encode())
        raise NoAnswer(f"{command}: more than {pages_max} pages")

    def type(self, command: str) -> None:
        """ENTER follows the echo: then no key was lost, and the next prompt is the answer."""
        self.lines, self._reader = [], LineReader()
        self._guest.type(command.encode())
        self._until_echoed(command)
        self.lines, self._reader = [], LineReader()
        self._guest.type(b"\r")

    def wait_for(self, *wanted: re.Pattern[str], seconds: float = ANSWER_S) -> list[str]:
        """The lines up to a prompt that matches. A page's end is one; a shell's prompt may stand in what
        is printed."""
        deadline = time.monotonic() + seconds
        while not (self._stands(wanted) and (self._stands((PAGE,)) or self._settle())
                   and self._stands(wanted)):
            if self._guest.ending is not None:
                raise NoAnswer(f"the machine ended: {self._guest.status_words()}; "
                               f"last it said {self.lines[-3:]}")
            if time.monotonic() > deadline:
                raise NoAnswer(f"nothing like {wanted[0].pattern} within {seconds:.0f} s, but "
                               f"{self.lines[-3:]} and {self._reader.pending()!r}")
            self._skip_countdown()
            self._guest.pump(0.2)
        return self.lines

    def read_until(self, pattern: str, seconds: float = 2 * ANSWER_S) -> None:
        """Waits for a line."""
        deadline = time.monotonic() + seconds
        while not any(re.search(pattern, line) for line in self.lines):
            if self._guest.ending is not None or time.monotonic() > deadline:
                raise NoAnswer(f"no line matches {pattern}; last it said {self.lines[-3:]}")
            self._guest.pump(0.2)

    def send(self, keys: bytes) -> None:
        """On the serial line, as they are."""
        self._guest.type(keys)

    def break_off(self) -> None:
        """A break on the serial line, as when a cable is plugged in."""
        self._guest.break_off()

    def press(self, key: str) -> None:
        """On the PS/2 keyboard."""
        self._guest.press(key)

    def picture(self, folder: Path) -> bytes:
        """The screen now, as PNG."""
        path = folder / "now.png"
        why_not = self._guest.screenshot(path, folder)
        if why_not:
            raise NoAnswer(why_not)
        return path.read_bytes()

    @property
    def ending(self) -> Ending | None:
        return self._guest.ending

    def until_end(self, seconds: float = 2 * ANSWER_S) -> list[str]:
        """Waits until the machine switched itself off or reset; all lines."""
        deadline = time.monotonic() + seconds
        while self._guest.ending is None:
            if time.monotonic() > deadline:
                raise NoAnswer(f"still on after {seconds:.0f} s; last it said {self.lines[-3:]}")
            self._guest.pump(0.2)
        return self.lines

    def _hear(self, data: bytes) -> None:
        self.raw += data
        self.lines += self._reader.feed(data)

    def _skip_countdown(self) -> None:
        now = time.monotonic()
        if now > self._key_at + COUNTDOWN_S and "any other key" in self._reader.pending():
            if self._escapes:
                self._guest.press("esc")
            else:
                self._guest.type(b" ")
            self._key_at = now

    def _stands(self, wanted: tuple[re.Pattern[str], ...]) -> bool:
        return any(pattern.search(self._reader.pending()) for pattern in wanted)

    def _until_echoed(self, command: str) -> None:
        """The shell moves its cursor after each character."""
        deadline = time.monotonic() + ANSWER_S
        while not _packed(self._reader.pending()).endswith(_packed(command)):
            if self._guest.ending is not None or time.monotonic() > deadline:
                raise NoAnswer(f"no echo of {command}, but {self._reader.pending()!r}")
            self._guest.pump(0.2)

    def _settle(self) -> bool:
        """Until nothing more comes: a prompt that more follows was none."""
        while self._guest.pump(0.3):
            pass
        return True


def _packed(text: str) -> str:
    return "".join(text.split())
