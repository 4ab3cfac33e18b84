"""Every fuzz target is run for a moment, and always the same way; the long run is `make check-all`'s."""
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900
TARGETS = [source.stem[len("fuzz_"):] for source in sorted(ROOT.glob("tests/fuzz/fuzz_*.c"))]


@pytest.mark.parametrize("target", TARGETS)
def test_smoke(target):
    done = subprocess.run(["make", "--no-print-directory", f"fuzz-smoke-{target}"], cwd=ROOT,
                          stdin=subprocess.DEVNULL, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, errors="replace", timeout=SECONDS, check=False)
    ran = re.search(rf"^fuzz {target}: [1-9]\d* runs, nothing found$", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not ran:
        pytest.fail(f"exit status {done.returncode}\n{done.stdout}", pytrace=False)
