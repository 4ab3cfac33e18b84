"""Invented runs as documents, and the project's validator; imported by every test of this folder."""
import importlib.machinery
import importlib.util
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = str(ROOT / "build/host/tests/json/sample_json")
RECORD = str(ROOT / "build/host/tests/json/sample_record")

_loader = importlib.machinery.SourceFileLoader("validate", str(ROOT / "tests/json/validate"))
_spec = importlib.util.spec_from_loader("validate", _loader)
validate = importlib.util.module_from_spec(_spec)
_loader.exec_module(validate)


def lines(sample, cpus, room=256):
    """The document as it goes out, markers and all."""
    done = subprocess.run([SAMPLE, sample, str(cpus), str(room)], capture_output=True, text=True,
                          check=True)
    return done.stdout.splitlines()


def of_record(sample, cpus, what):
    """The document made of its record, of which came `what`."""
    done = subprocess.run([RECORD, sample, str(cpus), what], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def document(sample, cpus, room=256):
    return json.loads("\n".join(lines(sample, cpus, room)[1:-1]))
