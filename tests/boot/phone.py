"""What a phone would read off the screen: the QR code, by zbar, which shares no code with muster."""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

OFFERED = Path(__file__).resolve().parents[2] / "build" / "gen" / "qr" / "qr-offered.h"


def can_read() -> str:
    """Why no code can be read here, or an empty string."""
    if not shutil.which("zbarimg"):
        return "zbarimg is missing: run `tools/setup check`"
    if "MUSTER_QR 1" not in OFFERED.read_text():
        return "muster was built without QR codes: the source of qrcodegen could not be had"
    return ""


def read(screen: Path) -> str:
    """The text of the code in the picture, or an empty string."""
    done = subprocess.run(["zbarimg", "-q", "--raw", str(screen)], capture_output=True, text=True,
                          check=False)
    return done.stdout


def differences(wanted: list[str], screen: Path) -> list[str]:
    """`wanted`: regular expressions, each to be found in one line of the code."""
    if not wanted:
        return []
    lines = read(screen).splitlines()
    return [f"no line of the QR code matches {pattern}; it says {lines}" for pattern in wanted
            if not any(re.search(pattern, line) for line in lines)]
