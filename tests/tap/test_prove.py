"""TAP as an independent parser sees it: Perl's, which prove runs on every *.t of this folder."""
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "build/host/tests/tap/sample_tap"
SECONDS = 120


@pytest.mark.parametrize("script", sorted(Path(__file__).parent.glob("*.t")), ids=lambda path: path.stem)
def test_perl(script, record_property):
    done = subprocess.run(["prove", "-v", str(script)], cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
                          env={**os.environ, "TAP_SAMPLE": str(SAMPLE)}, check=False)
    ran = re.search(r"^Files=1, Tests=([1-9]\d*)", done.stdout, re.MULTILINE)
    record_property("tests of prove", ran[1] if ran else 0)
    if done.returncode != 0 or not ran:
        pytest.fail(f"exit status {done.returncode}\n{done.stdout}", pytrace=False)
