"""Every other executable of this folder is a lint, one rule a file: it prints what is wrong, and exits 0
when all is well, 77 when it cannot be asked here (its last line says why)."""
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
EXIT_SKIP = 77
SECONDS = 600
LINTS = [path for path in sorted(HERE.iterdir()) if path.is_file() and os.access(path, os.X_OK)]


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.name)
def test_rule(lint):
    done = subprocess.run([str(lint)], cwd=HERE.parents[1], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    told = done.stdout.strip()
    if done.returncode == EXIT_SKIP:
        pytest.skip(told.splitlines()[-1] if told else "no reason given")
    if done.returncode != 0:
        pytest.fail(told or "no reason given", pytrace=False)
