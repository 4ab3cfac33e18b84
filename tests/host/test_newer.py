"""Which of a machine's package sources a newer release may be taken from."""
import importlib.machinery
import importlib.util
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools/newer-packages"
loader = importlib.machinery.SourceFileLoader("newer", str(TOOL))
newer = importlib.util.module_from_spec(importlib.util.spec_from_loader("newer", loader))
sys.modules["newer"] = newer
loader.exec_module(newer)

DEB822 = """\
Types: deb
# a comment
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /keys/a.gpg

Types: deb
URIs: http://archive.example/security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
"""

ONE_LINE = """\
# deb http://off.example/debian bookworm main
deb http://archive.example/debian bookworm main contrib
deb [arch=amd64 signed-by=/keys/b.gpg] http://b.example/debian bookworm main
deb http://archive.example/security bookworm-security main
deb-src http://source.example/debian bookworm main
"""


class TestSources:
    def test_deb822(self):
        found = list(newer.deb822_sources(DEB822, "bookworm"))
        assert [source.line("trixie") for source in found] == [
            "deb [signed-by=/keys/a.gpg] http://archive.example/debian trixie main"]

    def test_one_line(self):
        found = [source.line("trixie") for source in newer.one_line_sources(ONE_LINE, "bookworm")]
        assert found == [
            "deb http://archive.example/debian trixie main",
            "deb [signed-by=/keys/b.gpg] http://b.example/debian trixie main"]

    def test_other_distributions_have_none(self):
        assert list(newer.deb822_sources(DEB822, "noble")) == []
        assert list(newer.one_line_sources(ONE_LINE, "noble")) == []
