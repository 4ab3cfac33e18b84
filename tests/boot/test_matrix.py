"""The matrix itself, without a boot: nothing in it may rest on machines that were stopped alone."""
from __future__ import annotations

import pytest
from bench import BASELINES
from rows import STAGES, Matrix, Row, check_ids

MATRIX = Matrix()
FILES = sorted({row.file for row in MATRIX.rows})


def way_in(row: Row) -> str:
    """How muster is started, as muster-qemu and muster-bochs choose it."""
    asks = {"--list", "--dry-run", "--help", "--version"} & set(row.get("args").split())
    if row.get("disk"):
        return "disk"
    if row.get("faults") or asks:
        return "shell"
    by_disk = row.get("firmware") == "u-boot" or row.get("bochs") or row.get("files")
    return row.get("boot") or ("esp" if by_disk else "kernel")


@pytest.mark.parametrize("way", ("kernel", "esp"))
@pytest.mark.parametrize("file", FILES)
def test_each_file_boots_cold(file: str, way: str) -> None:
    assert [row.name for row in MATRIX.rows if row.file == file and MATRIX.starts_cold(row)
            and way_in(row) == way and not MATRIX.covering(row)]


def test_each_check_and_stage_has_its_planted_defect() -> None:
    assert [row.planted for row in MATRIX.rows if row.planted] == [
        *check_ids(), *(f"up.{stage}" for stage in STAGES)]


def test_what_is_compared_has_its_like() -> None:
    machines = {MATRIX.row(name).machine for name in BASELINES}
    assert [row.name for row in MATRIX.rows if row.planted and row.machine not in machines] == []
