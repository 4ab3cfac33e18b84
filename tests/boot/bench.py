"""Boots rows of the matrix, each at most once in a session, and judges what they told."""
from __future__ import annotations

import json
import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import documents
import judge
import phone
from command import BUILD, FASTEST, ROOT, command
from muster_qemu.volumes import make_fat
from newer_debian import newer
from once import Once
from rows import Matrix, MatrixError, Row

BASELINE = "smp-4"
BASELINES = (BASELINE, "smp-4-fastest")  # what others are compared with, by firmware
UNBOOTED = "unbooted"
SECONDS = 1800  # muster-qemu bounds its boots itself, by less
LOG_TAIL = 12


class Unavailable(Exception):
    """What a row needs cannot be had here; the row is skipped, with this reason."""


@dataclass
class Result:
    """What one boot came to."""

    summary: Optional[dict[str, Any]]
    trouble: str = ""
    skipped: str = ""
    again: str = ""  # why it was booted a second time
    seconds: float = 0.0

    @property
    def start(self) -> str:
        """How it started: "cold", "snapshot", or why it fell back."""
        told = (self.summary or {}).get("start", {})
        return told.get("fell_back") or told.get("kind", "cold")


class Bench:
    """Boots and remembers."""

    def __init__(self, matrix: Matrix, once: Once) -> None:
        self.matrix, self._once = matrix, once

    def folder(self, row: Row) -> Path:
        return BUILD / "boot" / row.id

    def result(self, row: Row) -> Result:
        """Boots the row, unless this session has done so."""
        return Result(**self._once.get(row.id, lambda: vars(self._boot(row))))

    def problems(self, row: Row, result: Result) -> list[str]:
        """What is not as the row expects; looked at once in a session."""
        if result.summary is None:
            return [result.trouble]
        return self._once.get(f"{row.id}.problems", lambda: self._problems(row, result.summary))

    def _problems(self, row: Row, summary: dict[str, Any]) -> list[str]:
        found = judge.differences(row, summary, self._baseline(row),
                                  self.folder(row) / "screen.png")
        old = self._older(row)
        if row.get("changes"):
            self.result(old)
        return [*found, *documents.problems(row, summary, self.folder(row), self.folder(old))]

    def _older(self, row: Row) -> Row:
        """What muster-diff compares this boot with."""
        rows = map(self.matrix.row, BASELINES)
        return next((other for other in rows if other.get("firmware") == row.get("firmware")),
                    self.matrix.row(BASELINE))

    def log_tail(self, row: Row) -> list[str]:
        log = self.folder(row) / "muster.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        told = [line for line in lines if not line.startswith("[muster-")]
        return [f"--- the end of {log}:", *told[-LOG_TAIL:]]

    def _baseline(self, row: Row) -> Optional[dict[str, Any]]:
        """The run without a defect on the same machine, for a row that plants one."""
        if not row.planted:
            return None
        for name in BASELINES:
            other = self.matrix.row(name)
            if other.machine == row.machine:
                summary = self.result(other).summary
                if summary is None or summary["verdict"] != "pass":
                    raise MatrixError(f"{row.name} is compared with {name}, which did not pass")
                return summary
        raise MatrixError(f"{row.name} has no row to be compared with: no {' or '.join(BASELINES)} "
                          "has its machine")

    def _boot(self, row: Row) -> Result:
        started, again = time.monotonic(), ""
        try:
            summary, trouble = self._run(row)
            if summary is not None and summary["ending"] == UNBOOTED:
                again = summary["sentence"]  # firmware's doing: muster had not been started yet
                summary, trouble = self._run(row)
        except Unavailable as reason:
            return Result(None, skipped=str(reason))
        return Result(summary, trouble, "", again, time.monotonic() - started)

    def _run(self, row: Row) -> tuple[Optional[dict[str, Any]], str]:
        """The summary of muster-qemu, or None and why there is none."""
        if row.get("qr") and phone.can_read():
            raise Unavailable(phone.can_read())
        work = self.folder(row)
        self._prepare(row, work)
        words = command(row, work, self.matrix.starts_cold(row), self._program)
        (work / "command").write_text(shlex.join(words) + "\n")
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors="replace", cwd=ROOT, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None, f"{Path(words[0]).name} did not end within {SECONDS} s"
        if not (work / "summary.json").exists():
            return None, f"{Path(words[0]).name}: exit {done.returncode}: {done.stderr.strip()}"
        return json.loads((work / "summary.json").read_text()), done.stderr.strip()

    def _prepare(self, row: Row, work: Path) -> None:
        """A folder without an earlier run's results, with the files that rows name by {work}."""
        work.mkdir(parents=True, exist_ok=True)
        for old in ("summary.json", "document.json", "screen.png", "muster.log"):
            (work / old).unlink(missing_ok=True)
        if "{work}/empty.img" in row.get("qemu_args"):
            make_fat(work / "empty.img", {})
        if row.get("muster.cfg"):
            (work / "muster.cfg").write_text(row.get("muster.cfg") + "\n")

    def _program(self, key: str, value: str) -> str:
        """`value`, or a newer Debian's where it says so."""
        if value not in ("newer", FASTEST):
            return value
        found, why_not = newer(key, self._once)
        if not found and value != FASTEST:
            raise Unavailable(why_not)
        return found or "ovmf"
