"""Holds a boot's document to the schema, to its TAP, and to what muster-diff should say of it."""
from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from rows import Row

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"pass": "PASS", "fail": "FAIL", "error": "ERROR", "skip": "SKIP", "todo": "DEVIATION"}
OTHER_MAX = 0.02  # of a run's time, what may go to nothing that has a name
HELD_US = 1000000  # a shorter run may be held by the host in just that
LINES_MAX = 70  # a person reads this, even where all of the firmware is another


def problems(row: Row, seen: dict[str, Any], work: Path, baseline: Path) -> list[str]:
    """`baseline` is the folder of the row that others are compared with."""
    found: list[str] = []
    if row.get("document"):
        found += _document_problems(row, seen, work / "document.json")
    if row.get("changes"):
        new = work / ("document.json" if row.get("document") else "muster.log")
        found += _change_problems(row, baseline / "document.json", new)
    return found


def _document_problems(row: Row, seen: dict[str, Any], path: Path) -> list[str]:
    done = subprocess.run([str(ROOT / "tests/json/validate"), str(path)], text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        return (done.stdout + done.stderr).strip().splitlines()
    told = json.loads(path.read_text())
    if "made_from" in told:
        return ["muster's own document is missing"]
    return _disagreements(row, seen, told)


def _disagreements(row: Row, seen: dict[str, Any], told: dict[str, Any]) -> list[str]:
    """The document and TAP are two views of one run."""
    found = []
    ended = row.get("expect") in ("pass", "fail")
    if told["ended"] != ended:
        found.append(f"the document says ended: {told['ended']}")
    if ended and (told["result"]["verdict"] == "PASS") != _machine_passes(row):
        found.append(f"the document's verdict is {told['result']['verdict']}")
    found += _of_self_test(told, seen)
    checks = {check["id"]: check for check in told["checks"] if "verdict" in check}
    points = {point["id"]: point for point in seen["points"]}
    if list(checks) != list(points):
        found.append("the document and the points tell of different checks")
    for id in points.keys() & checks.keys():
        found += _of_check(points[id], checks[id])
    found += _of_time(told) if ended else []
    rows = told["inventory"]["cpus"]
    if [one["cpu"] for one in rows] != list(range(told["inventory"]["claimed"])):
        found.append("the inventory does not number its CPUs from 0")
    if not ended and any("verdict" in check for check in told["checks"][-1:]):
        found.append("no check of a run that died is told as running")
    return found


def _machine_passes(row: Row) -> bool:
    """What the self-test missed says nothing against the machine."""
    return row.get("expect") == "pass" or (row.asks_self_test and not row.items("fails"))


def _of_self_test(told: dict[str, Any], seen: dict[str, Any]) -> list[str]:
    """Each planted defect has the same outcome in both."""
    outcomes = {one["id"]: one["outcome"] for one in told.get("self_test", {}).get("plantings", [])}
    points = {id: outcome for outcome, ids in seen.get("self_test", {}).items() for id in ids}
    return [f"{id}: the self-test is {outcomes.get(id)} in the document, {points.get(id)} in TAP"
            for id in sorted({*outcomes, *points})
            if outcomes.get(id) != points.get(id, "").replace("_", " ")]


def _of_time(told: dict[str, Any]) -> list[str]:
    """All of the run's time is accounted for, and hardly any of it to no use that has a name."""
    whole, spent = told["result"]["elapsed_us"], told["result"]["spent_us"]
    checks = sum(check["us"] for check in told["checks"])
    found = []
    if sum(spent.values()) != whole:
        found.append(f"{whole} us were spent, the uses add up to {sum(spent.values())}")
    if abs(spent["checks"] - checks) > len(told["checks"]):  # each is rounded
        found.append(f"checks took {spent['checks']} us, each by itself adds up to {checks}")
    if whole >= HELD_US and spent["other"] > whole * OTHER_MAX:
        found.append(f"{spent['other']} of {whole} us went to nothing that has a name")
    return found


def _of_check(point: dict[str, Any], check: dict[str, Any]) -> list[str]:
    if WORDS[point["verdict"]] != check["verdict"]:
        return [f"{point['id']} is {check['verdict']} in the document"]
    findings = check.get("findings", [])
    if len(findings) != len(point["findings"]):
        return [f"{point['id']} has {len(findings)} findings in the document"]
    return [f"{point['id']}: {key} is told otherwise in the document"
            for one, other in zip(findings, point["findings"])
            for key in ("cpus", "expected", "seen", "means") if one.get(key) != other.get(key)]


def _change_problems(row: Row, old: Path, new: Path) -> list[str]:
    """What muster-diff says of this boot and the one without a defect: each line wanted, and both
    ways round the same number of lines."""
    done, back = (subprocess.run([str(ROOT / "tools/muster-diff"), str(one), str(other)], text=True,
                                 capture_output=True, check=False)
                  for one, other in ((old, new), (new, old)))
    lines = done.stdout.splitlines()
    same = lines == ["nothing changed"]
    found = [f"muster-diff does not say {wanted}; it says {' | '.join(lines)[:400]}"
             for wanted in row.lines("changes") if not any(re.search(wanted, line) for line in lines)]
    if done.returncode != (0 if same else 1) or done.returncode != back.returncode:
        found.append(f"muster-diff: exit {done.returncode}, the other way round {back.returncode}: "
                     f"{done.stderr.strip()}")
    if len(lines) > LINES_MAX:
        found.append(f"muster-diff says it in {len(lines)} lines")
    if same != ("^nothing changed$" in row.lines("changes")):
        found.append(f"muster-diff says: {lines[0] if lines else 'nothing at all'}")
    return found
