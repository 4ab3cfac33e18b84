"""Every unit test program is run; cmocka tells what is wrong."""
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# The framebuffer's needs the program's font, and is built beside the pictures.
SOURCES = [*sorted(ROOT.glob("tests/unit/test_*.c")), ROOT / "tests/picture/test_framebuffer.c"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem[len("test_"):])
def test_program(source, record_property):
    program = ROOT / "build/host" / source.relative_to(ROOT).with_suffix("")
    done = subprocess.run([str(program)], cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
                          timeout=SECONDS, check=False)
    passed = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", done.stdout, re.MULTILINE)))
    record_property("unit tests", passed)
    if done.returncode != 0 or passed == 0:
        pytest.fail(f"exit status {done.returncode}, {passed} tests passed\n{done.stdout}", pytrace=False)
