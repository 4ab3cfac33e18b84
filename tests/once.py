"""What is done once in a session, whichever worker needs it first; the others get what it made."""
from __future__ import annotations

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import Any, Callable, Iterator

FOLDER = Path(__file__).resolve().parents[1] / "build" / "sessions"


def session() -> Path:
    """The folder of this session; all its workers have the same."""
    return Path(os.environ["MUSTER_SESSION"])


@contextlib.contextmanager
def locked(path: Path, shared: bool = False) -> Iterator[None]:
    """Across processes; the lock goes with the process that holds it."""
    with open(path, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


class Once:
    """Results by name, as JSON in a folder of the session's own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        path = self._folder / f"{name}.json"
        with locked(self._folder / f"{name}.lock"):
            if not path.exists():
                path.write_text(json.dumps(make()), encoding="utf-8")
            return json.loads(path.read_text(encoding="utf-8"))
