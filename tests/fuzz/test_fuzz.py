"""Every fuzz target is run for a moment, and always the same way; the long run is `make check-all`'s."""
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900
TOLD = 10000  # characters, the last ones
TARGETS = [source.stem[len("fuzz_"):] for source in sorted(ROOT.glob("tests/fuzz/fuzz_*.c"))]


def make(target, ran):
    """`ran`: what is said when it has been run."""
    done = subprocess.run(["make", "--no-print-directory", target], cwd=ROOT, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace", timeout=SECONDS, check=False)
    if done.returncode != 0 or not re.search(ran, done.stdout, re.MULTILINE):
        pytest.fail(f"exit status {done.returncode}\n{done.stdout[-TOLD:]}", pytrace=False)


@pytest.mark.parametrize("target", TARGETS)
def test_smoke(target):
    make(f"fuzz-smoke-{target}", rf"^fuzz {target}: [1-9]\d* runs, nothing found$")


@pytest.mark.all
@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_long(target):
    make(f"fuzz-long-{target}", r"^Done [1-9]\d* runs in")
