"""Invented runs as documents, and the project's validator; imported by every test here."""
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
SAMPLE = os.environ.get("DOCUMENT_SAMPLE", str(ROOT / "build/host/tests/json/sample_json"))

_loader = importlib.machinery.SourceFileLoader("validate", str(ROOT / "tests/json/validate"))
_spec = importlib.util.spec_from_loader("validate", _loader)
validate = importlib.util.module_from_spec(_spec)
_loader.exec_module(validate)


def lines(sample, cpus, room=256, *more):
    """The document as it goes out, markers and all."""
    done = subprocess.run([SAMPLE, sample, str(cpus), str(room), *more], capture_output=True, text=True,
                          check=True)
    return done.stdout.splitlines()


def document(sample, cpus, room=256, *more):
    return json.loads("\n".join(lines(sample, cpus, room, *more)[1:-1]))
