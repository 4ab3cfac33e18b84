"""What the lints look at: the project's own files, each with its kind."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Iterable, NoReturn

ROOT = Path(__file__).resolve().parents[2]
EXIT_SKIP = 77


def files() -> list[Path]:
    """All files of the project, also those not yet committed, but nothing built."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = sorted(set(listed.stdout.split("\0")) - {""})
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    return sorted(path for path in ROOT.rglob("*") if path.is_file()
                  and not path.relative_to(ROOT).parts[0].startswith(("build", ".git")))


def with_suffix(*suffixes: str) -> list[Path]:
    return [path for path in files() if path.suffix in suffixes]


def scripts(*interpreters: str) -> list[Path]:
    """Files whose first line names one of `interpreters`."""
    return [path for path in files() if _interpreter(path) in interpreters]


def _interpreter(path: Path) -> str:
    with open(path, "rb") as file:
        first = file.readline(128)
    words = first[2:].decode(errors="replace").split() if first.startswith(b"#!") else []
    return os.path.basename(words[-1]) if words else ""


def texts(paths: Iterable[Path]) -> Iterable[tuple[str, str]]:
    """Name (from the project's root) and contents of those that are text."""
    for path in paths:
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def report(complaints: list[str]) -> NoReturn:
    """Ends the lint: one line for each complaint, status 1 if there is any."""
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)


def skip(reason: str) -> NoReturn:
    print(reason)
    sys.exit(EXIT_SKIP)


def run_tool(command: list[str]) -> NoReturn:
    """Ends the lint with what another tool says."""
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        skip(f"{command[0]} is not installed")
    sys.exit(1 if done.returncode else 0)
