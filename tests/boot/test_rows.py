"""Every row of the matrix: muster on that machine says what the row expects."""
from __future__ import annotations

from typing import Callable

import pytest
from bench import Bench
from rows import Matrix, Row


MATRIX = Matrix()
SMOKE = "self-test"  # the one boot of `make smoke`


def marked(row: Row) -> object:
    marks = {"alone": row.alone, "bochs": row.get("bochs"), "slow": row.slow,
             "all": MATRIX.covering(row), "smoke": row.name == SMOKE}
    return pytest.param(row, id=row.id, marks=[getattr(pytest.mark, name)
                                               for name, holds in marks.items() if holds])


@pytest.mark.parametrize("row", map(marked, MATRIX.rows))
def test_row(row: Row, bench: Bench, record_property: Callable[[str, object], None]) -> None:
    result = bench.result(row)
    if not result.skipped:
        record_property("boot", result.start)
    if result.again:
        record_property("booted again", f"{row.name}: {result.again}")
    if result.skipped:
        pytest.skip(result.skipped)
    problems = bench.problems(row, result)
    if problems:
        pytest.fail("\n".join([*problems, *bench.log_tail(row)]), pytrace=False)
