"""The matrix itself, without a boot: nothing in it may rest on machines that were stopped alone."""
from __future__ import annotations

from pathlib import Path

import judge
import pytest
from bench import BASELINES
from command import command
from rows import STAGES, Matrix, MatrixError, Row, check_ids

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


@pytest.mark.parametrize("line, told", [("expect = psas", "expects psas"), ("expcet = pass", "expcet"),
                                        ("start = warm", "start is cold")])
def test_what_no_row_can_say_is_refused(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "matrix.ini").write_text(f"[x]\n{line}\n")
    with pytest.raises(MatrixError, match=rf"\[x\].*{told}"):
        Matrix(tmp_path)


def test_a_self_test_of_each_cpu_is_one() -> None:
    asked = {args: Row("x", {"args": args}).asks_self_test
             for args in ("--self-test", "--skip a.* --self-test=each", "--break a.self-test")}
    assert list(asked.values()) == [True, True, False]


def test_what_is_compared_has_its_like() -> None:
    machines = {MATRIX.row(name).machine for name in BASELINES}
    assert [row.name for row in MATRIX.rows if row.planted and row.machine not in machines] == []


@pytest.mark.parametrize("suite, args, missing", [
    ("check", "--break a.b --only a.*", []), ("all", "--break a.b", ["c.d is missing"])])
def test_make_check_all_asks_more(suite: str, args: str, missing: list[str], tmp_path: Path,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SUITE", suite)
    row = Row("x", {"args": "--break a.b", "asks": "a.*", "fails": "a.b", "expect": "fail"}, "a.b")
    words = command(row, tmp_path, True, lambda key, value: value)
    assert words[words.index("--args") + 1] == args
    told = [{"id": id, "verdict": "pass"} for id in ("a.b", "a.c", "c.d")]
    assert judge.others_unmoved(row, {"points": told[:2]}, {"points": told}) == missing
    assert judge.others_unmoved(row, {"points": told[:1]}, {"points": told})[0] == "a.c is missing"
