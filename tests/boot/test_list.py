"""The matrix takes the names of all checks from docs/CHECKS.md; muster itself says the same of them."""
from __future__ import annotations

import re

from bench import BASELINE, Bench
from rows import Row, check_ids

LISTED = re.compile(r"([a-z0-9]+\.[a-z0-9.-]+) \(")


def test_muster_lists_them(bench: Bench) -> None:
    summary = bench.result(Row("list", {"args": "--list", "expect": "text", "firmware": "fastest"})).summary
    assert summary is not None and summary["verdict"] == "text", summary
    assert [match[1] for line in summary["text"] if (match := LISTED.match(line))] == check_ids()


def test_a_run_reports_them(bench: Bench) -> None:
    summary = bench.result(bench.matrix.row(BASELINE)).summary
    assert summary is not None
    assert [point["id"] for point in summary["points"]] == check_ids()
