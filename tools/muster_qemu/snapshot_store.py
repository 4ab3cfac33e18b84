"""Stopped machines kept in a folder, each under a name made of all that it is.

NAME.machine is what QEMU wrote of it. NAME.json says which machine that is and what the file's
checksum is, or why there can be no such file. It is written last: without it nothing counts.
NAME.lock is held by whoever makes, checks or throws away.
"""
from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
import zlib
from pathlib import Path
from typing import Any, Iterator, Optional

KEPT_BYTES = 4 << 30  # of a folder; what was used longest ago goes first
_BLOCK = 1 << 20
_LOOK_S = 0.1


class Unrestored(Exception):
    """Why a machine could not be started from a snapshot; it can be booted all the same."""


class Store:
    """The place of one machine's snapshot. `machine` is all that tells it from other machines."""

    def __init__(self, folder: Path, machine: dict[str, Any]) -> None:
        self.folder, self.machine = folder, machine
        text = json.dumps(machine, sort_keys=True)
        self.name = hashlib.sha256(text.encode()).hexdigest()[:20]
        self.state = folder / f"{self.name}.machine"
        self.words = folder / f"{self.name}.json"
        self.unfinished = folder / f"{self.name}.unfinished"

    @contextlib.contextmanager
    def locked(self, seconds: float) -> Iterator[None]:
        """Nobody else makes or checks this snapshot meanwhile; the lock of one who died is free."""
        deadline = time.monotonic() + seconds
        with open(self.folder / f"{self.name}.lock", "w", encoding="utf-8") as file:
            while not _taken(file.fileno()):
                if time.monotonic() > deadline:
                    raise Unrestored(f"another process has held the snapshot's lock for {seconds:.0f} s")
                time.sleep(_LOOK_S)
            yield

    def load(self) -> Optional[Path]:
        """The snapshot, if it is whole and of this very machine; what is not is thrown away."""
        words = self._read_words()
        if words.get("machine") == self.machine:
            if "refused" in words:
                raise Unrestored(str(words["refused"]))
            if words.get("crc32") == _checksum(self.state) is not None:
                os.utime(self.state)
                return self.state
        self.discard()
        return None

    def keep(self) -> Path:
        """Takes what was written to `unfinished`."""
        self.unfinished.replace(self.state)
        self._write_words({"machine": self.machine, "crc32": _checksum(self.state)})
        self._make_room()
        return self.state

    def refuse(self, reason: str) -> None:
        """Notes that QEMU cannot write this machine, so that nobody boots it again to try."""
        self._write_words({"machine": self.machine, "refused": reason})

    def discard(self) -> None:
        """Removes the snapshot, and what a maker that was killed left of one."""
        for path in self.folder.glob(f"{self.name}.*"):
            if path.suffix != ".lock":
                path.unlink(missing_ok=True)

    def _read_words(self) -> dict[str, Any]:
        try:
            words = json.loads(self.words.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return words if isinstance(words, dict) else {}

    def _write_words(self, words: dict[str, Any]) -> None:
        part = self.words.with_suffix(".part")
        part.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")
        part.replace(self.words)

    def _make_room(self) -> None:
        """Whoever is about to start from one of those removed boots cold."""
        states = [path for path in self.folder.glob("*.machine") if path != self.state]
        room = KEPT_BYTES - self.state.stat().st_size
        for state in sorted(states, key=_used_at, reverse=True):
            room -= _size(state)
            if room < 0:
                state.with_suffix(".json").unlink(missing_ok=True)
                state.unlink(missing_ok=True)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _checksum(path: Path) -> Optional[int]:
    """Of the whole file; None where there is none."""
    value = 0
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                value = zlib.crc32(block, value)
    except OSError:
        return None
    return value


def _used_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
