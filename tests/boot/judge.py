"""Compares what a boot gave with what its row expects; each difference is one sentence."""
from __future__ import annotations

import fnmatch
import re
from pathlib import Path
from typing import Any, Optional

import palette
import phone
import words
from muster_qemu.picture import read_png
from rows import Row

EXITS = {"pass": 0, "text": 0, "fail": 1, "refused": 2, "no-verdict": 3}


def differences(row: Row, seen: dict[str, Any], baseline: Optional[dict[str, Any]],
                screen: Path) -> list[str]:
    """`seen` is the summary of muster-qemu; `baseline` that of the run without a planted defect."""
    expect = row.get("expect")
    found = _verdict(expect, seen)
    if expect in ("pass", "fail"):
        found += _failing(row, seen) + _deviating(row, seen)
        found += matching(row, seen, "passes", "pass")
        found += matching(row, seen, "skips", "skip") + _counted(row, seen)
    found += _ending(row, seen) + _status(row, seen) + _said(row, seen)
    if row.planted and baseline:
        found += others_unmoved(row, seen, baseline)
    found += phone.differences(row.lines("qr"), screen)
    found += words.differences(row.lines("shows"), screen) + _size(row, screen)
    return found + palette.differences(row.get("picture"), screen)


def _size(row: Row, screen: Path) -> list[str]:
    """The picture is as large as the mode that the row asks its display for."""
    wanted = re.search(r"xres=(\d+),yres=(\d+)", row.get("qemu_args"))
    if not wanted or not screen.exists():
        return []
    picture = read_png(screen)
    if (picture.width, picture.height) == tuple(map(int, wanted.groups())):
        return []
    return [f"the picture is {picture.width}x{picture.height}, wanted {'x'.join(wanted.groups())}"]


def _verdict(expect: str, seen: dict[str, Any]) -> list[str]:
    if seen["exit"] == EXITS[expect] and (seen["verdict"] == "text") == (expect == "text"):
        return []
    return [f"wanted {expect}, got exit {seen['exit']}: {seen['sentence']}"]


def _failing(row: Row, seen: dict[str, Any]) -> list[str]:
    """Exactly the expected checks fail, and each names the expected CPU."""
    failing = {point["id"]: point for point in seen["points"]
               if point["verdict"] in ("fail", "error")}
    wanted = set(row.items("fails"))
    found = [f"{id} should have failed" for id in sorted(wanted - set(failing))]
    found += [f"{id} failed: {_means(failing[id])}"
              for id in sorted(set(failing) - wanted)]
    for id in sorted(wanted & set(failing)):
        found += _named_cpus(row.get("cpus"), failing[id])
    return found


def _means(point: dict[str, Any]) -> str:
    return "; ".join(finding.get("means", "") for finding in point["findings"]) or point["note"]


def _deviating(row: Row, seen: dict[str, Any]) -> list[str]:
    """Only the recorded deviations of the emulator: a new one is a finding."""
    return [f"{point['id']} deviates: {point['note']}" for point in seen["points"]
            if point["verdict"] == "todo" and point["id"] not in row.items("deviates")]


def _named_cpus(wanted: str, point: dict[str, Any]) -> list[str]:
    named = ",".join(dict.fromkeys(point["cpus"])) or "none"  # one CPU may show two things
    if wanted and wanted != "any" and named != wanted:
        return [f'{point["id"]} names "{named}", wanted "{wanted}"']
    return []


def matching(row: Row, seen: dict[str, Any], key: str, verdict: str) -> list[str]:
    """Each pattern of `key` matches a check, and all that it matches have this verdict."""
    found = []
    for pattern in row.items(key):
        points = [point for point in seen["points"] if fnmatch.fnmatch(point["id"], pattern)]
        if not points:
            found.append(f"{key}: no check matches {pattern}")
        found += [f"{point['id']}: wanted {verdict}, got {point['verdict']} ({point['note']})"
                  for point in points if point["verdict"] not in (verdict, "todo")
                  and not _left_out(row, point, key)]
    return found


def _left_out(row: Row, point: dict[str, Any], key: str) -> bool:
    """A check that this emulator cannot be asked is no gap in a pattern that should pass."""
    return key == "passes" and point["verdict"] == "skip" and point["id"] in row.items("optional")


def _counted(row: Row, seen: dict[str, Any]) -> list[str]:
    wanted = int(row.get("counted") or row.smp_cpus)
    if row.get("disk") and not row.get("counted"):
        wanted = 4
    return [] if seen["cpus"] == wanted else [f"counted {seen['cpus']} CPUs, wanted {wanted}"]


def _ending(row: Row, seen: dict[str, Any]) -> list[str]:
    usual = "returned" if row.get("expect") in ("text", "refused") else "shutdown"
    wanted = row.get("ending") or usual
    if seen["ending"] == wanted:
        return []
    return [f"the run ended by {seen['ending']}, wanted {wanted}"]


def _status(row: Row, seen: dict[str, Any]) -> list[str]:
    wanted = row.get("status")
    if not wanted or seen["shell_status"] == int(wanted, 0):
        return []
    return [f"the shell's status is {seen['shell_status']}, wanted {wanted}"]


def _said(row: Row, seen: dict[str, Any]) -> list[str]:
    """Looks in every line told: the report's, the program's before it, and muster-qemu's own."""
    told = [seen["sentence"], seen["last_line"], f"1..{seen['plan']}", *seen["messages"],
            *seen["text"], *seen["comments"]]
    for point in seen["points"]:
        told.append(f"{point['id']} # {point['note']}")
        told += [text for finding in point["findings"] for text in finding.values()]
    return [f"nothing told matches {wanted}" for wanted in row.lines("says")
            if not any(re.search(wanted, line) for line in told)]


def others_unmoved(row: Row, seen: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    """A planted defect moves its own check only: the others keep their verdict, or are skipped; a
    busy host may have skipped one in the run without."""
    before = {point["id"]: point for point in baseline["points"]}
    found = []
    for point in seen["points"]:
        if point["id"] in row.items("fails"):
            continue
        was = before.pop(point["id"], None)
        if was is None:
            found.append(f"{point['id']} is not in the run without a defect")
        elif point["verdict"] not in (was["verdict"], "skip") and (
                was["verdict"], point["verdict"]) != ("skip", "pass"):
            found.append(f"{point['id']} turned from {was['verdict']} to {point['verdict']}")
    asked = row.narrow or ["*"]
    missing = [id for id in before if id not in row.items("fails")
               and any(fnmatch.fnmatch(id, pattern) for pattern in asked)]
    return found + [f"{id} is missing" for id in sorted(missing)]
