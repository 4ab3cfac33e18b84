"""Each row that `make check` leaves out is proven there in another way: the rows that it names as
covering it told so in this very session."""
from __future__ import annotations

import fnmatch
import shlex

import judge
import pytest
from bench import Bench
from rows import Matrix, Row, check_ids

MATRIX = Matrix()
COVERED = [row for row in MATRIX.rows if MATRIX.covering(row)]


def marked(row: Row) -> object:
    alone = any(other.alone for other in MATRIX.covering(row))
    return pytest.param(row, id=row.id, marks=[pytest.mark.alone] if alone else [])


@pytest.mark.parametrize("row", map(marked, COVERED))
def test_covered(row: Row, bench: Bench) -> None:
    seen = []
    for other in MATRIX.covering(row):
        result = bench.result(other)
        if result.skipped:
            pytest.skip(f"{other.name}: {result.skipped}")
        assert bench.problems(other, result) == [], f"{other.name} did not pass"
        seen.append((other, result.summary))
    assert not_proven(row, seen) == []


def not_proven(row: Row, seen: list[tuple[Row, dict]]) -> list[str]:
    """What this row would have shown, and none of the others did."""
    failing = [row.planted] if row.planted else row.items("fails")
    found = [f"no planted defect of {id} was caught: {_why(id, seen)}" for id in failing
             if not any(_fails(id, other, summary) for other, summary in seen)]
    if row.asks_self_test and not any(other.asks_self_test for other, _ in seen):
        found.append("none of them tests itself")
    for pattern in row.items("passes"):
        asked = Row(row.name, {**row.values, "passes": pattern})
        if not any(judge.matching(asked, summary, "passes", "pass") == [] for _, summary in seen):
            found.append(f"{pattern} did not pass as a whole in any of them")
    if not failing and not row.items("passes"):
        found += _never_asked(row, seen)
    return found


def _never_asked(row: Row, seen: list[tuple[Row, dict]]) -> list[str]:
    """A row that names neither what fails nor what passes says that nothing which it asks fails."""
    asked = {point["id"] for _, summary in seen for point in summary["points"]}
    return [f"none of them asks {id}" for id in chosen(row) if id not in asked]


def chosen(row: Row) -> list[str]:
    """The checks that its args choose."""
    words = shlex.split(row.get("args"))
    given = {word: after.split(",") for word, after in zip(words, words[1:])}
    return [id for id in check_ids()
            if any(fnmatch.fnmatch(id, pattern) for pattern in given.get("--only", ["*"]))
            and not any(fnmatch.fnmatch(id, pattern) for pattern in given.get("--skip", []))]


def _fails(id: str, other: Row, summary: dict) -> bool:
    if other.asks_self_test:
        return id in summary["self_test"]["caught"]
    return id in other.items("fails")


def _why(id: str, seen: list[tuple[Row, dict]]) -> str:
    told = [summary["self_test"] for other, summary in seen if other.asks_self_test]
    return "; ".join("missed" if id in one["missed"] else one["not_tested"].get(id, "not told of")
                     for one in told) or "no row of them has it among those that fail"


def test_who_covers_is_in_make_check() -> None:
    """And is never itself covered by another."""
    names = {other.name for row in COVERED for other in MATRIX.covering(row)}
    assert [name for name in sorted(names) if MATRIX.covering(MATRIX.row(name))] == []


def test_a_claim_that_does_not_hold_is_seen() -> None:
    other = Row("other", {"args": "--self-test", "expect": "pass"})
    told = {"points": [{"id": "a.b", "verdict": "skip", "note": ""}],
            "self_test": {"caught": ["a.b"], "missed": ["a.c"], "not_tested": {"a.d": "it hangs"}}}
    for id, why in (("a.b", ""), ("a.c", "missed"), ("a.d", "it hangs"), ("a.e", "not told of")):
        lines = not_proven(Row(f"break {id}", {}, id), [(other, told)])
        assert lines == ([f"no planted defect of {id} was caught: {why}"] if why else [])
    assert not_proven(Row("x", {"passes": "a.*"}), [(other, told)]) != []
    assert not_proven(Row("x", {"args": "--self-test"}), [(Row("y", {}), told)]) != []
    assert not_proven(Row("x", {"fails": "a.b"}), [(Row("y", {"fails": "a.x"}), told)]) != []
    assert not_proven(Row("x", {"args": "--only up.answer"}), [(other, told)]) == [
        "none of them asks up.answer"]
