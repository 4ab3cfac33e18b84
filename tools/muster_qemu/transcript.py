"""What a machine said on its console, sorted: the TAP, the document, muster's messages, the rest."""
from __future__ import annotations

import os
import re
import sys
import time
from typing import Any, Optional, TextIO

from .console import LineReader
from .document import BESIDE_TAP, DocumentReader, from_tap, running_remark, to_stream
from .tap import TapStream

# What firmware says once an application gave control back: edk2's boot manager and shell, U-Boot.
_FIRMWARE_RESUMES = re.compile(
    r"BdsDxe: |UEFI Interactive Shell|Shell> |## Application (failed|terminated)|"
    r"EFI LOAD FAILED|=> ")
# edk2's last word when nothing it tried would start; its shell does not when the serial line is stuck.
_NOTHING_STARTS = "BdsDxe: No bootable option or device was found"


class Transcript:
    """Everything the console said: sorted into TAP, document and messages, and logged."""

    def __init__(self, program: str, log: Optional[TextIO], tap: Optional[TextIO]) -> None:
        self.stream = TapStream()
        self.document = DocumentReader()
        self.text: list[str] = []  # what muster printed before it returned to the shell
        self.tap_lines: list[str] = []
        self.messages: list[str] = []
        self.last_line = ""
        self.heard_at = 0.0  # when the console said something last, by time.monotonic()
        self.status: Optional[int] = None
        self.returned = False
        self.unbooted = False
        self._program, self._log, self._tap = program, log, tap
        self._reader = LineReader()
        self._tap_began_at = 0.0

    def hear(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        for line in self._reader.feed(data):
            self._line(line)

    def close(self) -> None:
        for line in self._reader.close():
            self._line(line, whole=False)
        if not self.document.started:
            return
        if not self.stream.started:
            self.stream = to_stream(self.document)
        elif not self.stream.ended:
            self._remark_running(running_remark(self.told()))

    def _remark_running(self, running: str) -> None:
        """TAP tells only of hazardous checks that they begin."""
        remark = self.stream.last_remark
        if running not in remark:
            self.stream.last_remark = f"{remark}; {running}" if remark else running

    @property
    def ended(self) -> bool:
        """Whether all that muster tells has been told."""
        return self.stream.ended or (self.document.ended and not self.stream.started)

    @property
    def begun(self) -> bool:
        """Whether anything was heard of muster itself."""
        return bool(self.stream.started or self.document.started or self.messages
                    or self.status is not None or self.prompt().startswith("muster: "))

    def told(self) -> dict[str, Any]:
        """The document: muster's own where it told one, else what can be made of its TAP."""
        own = self.document.document()
        return from_tap(self.stream) if own is None else own

    def answer(self, text: list[str], status: int) -> None:
        """Takes what muster printed before it returned to the shell."""
        self.text, self.status = text, status
        self.messages = [line for line in text if line.startswith("muster: ")]
        for line in text:
            self._write_log(line)

    def prompt(self) -> str:
        """The unfinished last line."""
        return self._reader.pending()

    def note(self, text: str) -> None:
        """Adds words of our own to the log."""
        for line in text.splitlines():
            self._write_log(f"[{self._program}] {line}")

    def _line(self, line: str, whole: bool = True) -> None:
        self._write_log(line)
        if not self.stream.started and line.rstrip() == "TAP version 14":
            self._tap_began_at = time.monotonic()
        if self._of_document(line, whole):
            if not self.stream.started:
                say(line)
        elif self.stream.feed(line, time.monotonic() - self._tap_began_at):
            self._tap_line(line)
        elif not self.stream.started:
            self._before_tap(line)

    def _of_document(self, line: str, whole: bool) -> bool:
        """A line of the document that was cut off would read as less than was meant: it is lost."""
        if not whole:
            return self.stream.started and line.startswith(BESIDE_TAP)
        return self.document.feed(line, self.stream.started)

    def _write_log(self, line: str) -> None:
        if self._log:
            self._log.write(line + "\n")
            self._log.flush()

    def _tap_line(self, line: str) -> None:
        self.tap_lines.append(line)
        if self._tap:
            self._tap.write(line + "\n")
            self._tap.flush()
        say(line)

    def _before_tap(self, line: str) -> None:
        if line.strip():
            self.last_line = line.strip()
        if _NOTHING_STARTS in line and not self.messages:
            self.unbooted = True
        if line.startswith("muster: "):
            self.messages.append(line.rstrip())
        elif self.messages and _FIRMWARE_RESUMES.match(line):
            self.returned = True


def say(line: str) -> None:
    """Prints a line of results; a reader that went away does not end the run."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
