"""Compares what was collected with what the run had told on its serial line."""
from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from muster_qemu.document import DocumentReader
from muster_qemu.tap import SELF_TEST
from recording import Boot, Machine, points_of
from rows import check_ids

ROOT = Path(__file__).resolve().parents[2]
_WORDS = {"ok": "PASS", "ok # SKIP": "SKIP", "not ok # TODO": "DEVIATION", "not ok": "FAIL",
          "not ok # ERROR": "ERROR"}
_loader = importlib.machinery.SourceFileLoader("validate", str(ROOT / "tests/json/validate"))
validate = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("validate", _loader))
_loader.exec_module(validate)
# What a record does not keep: lines for a person, and what --baseline tells.
_NOT_KEPT = {"calling", "ground", "closing", "leaving", "baseline"}
_NOT_KEPT_OF_CHECK = {"remarks", "afterwards"}
_DEATH = re.compile(r"Bail out! the previous run ended in (calling the CPUs|\S+?)[;,]? ")
CHECKS = check_ids()  # every id in the order of a run
_END_LOST = "Bail out! the previous run came to its end, but its verdict is not in the record"


def family(check: str) -> str:
    return check.split(".")[0]


def marks(run: Boot) -> list[str]:
    """What the run marked, as far as was heard: bring-up, the first check, then each new family
    that may do harm."""
    found = ["calling the CPUs", *list(verdicts(run.points))[:1]]
    for line in run.lines:
        match = re.match(r"# running (\S+)$", line)
        if match and family(match[1]) != family(found[-1]):
            found.append(match[1])
    return found


def differences(machine: Machine, run: Boot, warm: bool = False,
                all_files: bool = False) -> list[str]:
    """What is wrong; `warm`: the memory outlived the reset. Every file must be whole."""
    names = machine.names()
    found = [f"{name} is no file of a record" for name in names
             if not re.fullmatch(r"muster-[0-9A-Za-z-]+\.(tap|json)", name)
             and not (all_files and name == "muster.part")]
    found += _documents(machine, [name for name in names if name.endswith(".json")])
    taps = [machine.read(name).replace("\r", "") for name in names if name.endswith(".tap")]
    if not taps:
        return found + _nothing(machine, run)
    for text in taps:
        lines = text.splitlines()
        found += _died(run, lines, warm) if "Bail out!" in text else _ended(run, lines)
    if len(taps) > 1 + all_files:
        found.append(f"{len(taps)} reports of one run: {names}")
    return found


def _documents(machine: Machine, names: list[str]) -> list[str]:
    """Each is held to the schema, and says what the TAP file of its name says."""
    found = []
    for name in names:
        try:
            document = json.loads(machine.read(name))
        except ValueError as error:
            found.append(f"{name} is no JSON: {error}")
            continue
        found += [f"{name}: {what}" for what in validate.complaints(document)]
        points = verdicts(points_of(machine.read(name[:-4] + "tap").splitlines()))
        told = {check["id"]: check["verdict"] for check in document["checks"] if "verdict" in check}
        found += [] if set(points) == set(told) else [f"{name} and its TAP tell of other checks"]
        found += [f"{name}: {check} is {told[check]}" for check in points if check in told
                  and _WORDS[points[check]] != told[check]]
    return found


def other_document(machine: Machine, run: Boot) -> list[str]:
    """Where the document that was collected is another than the one that the run told."""
    reader = DocumentReader()
    for line in run.lines:
        reader.feed(line, amid_tap=True)
    told = reader.document()
    name = next(name for name in machine.names() if name.endswith(".json"))
    kept = json.loads(machine.read(name))
    if not told or kept.pop("made_from") != "record":
        return ["the run told no document, or the one collected is not made of a record"]
    return _other_keys("", _without(told, _NOT_KEPT), _without(kept, _NOT_KEPT))


def _without(document: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    checks = [{key: value for key, value in check.items() if key not in _NOT_KEPT_OF_CHECK}
              for check in document["checks"]]
    return {**{key: value for key, value in document.items() if key not in keys}, "checks": checks}


def _other_keys(path: str, told: Any, kept: Any) -> list[str]:
    """One line for each place where they part."""
    if isinstance(told, dict) and isinstance(kept, dict):
        found = [f"{path}.{key} is told, but not kept" for key in told.keys() - kept.keys()]
        found += [f"{path}.{key} is kept, but was not told" for key in kept.keys() - told.keys()]
        return found + [line for key in told.keys() & kept.keys()
                        for line in _other_keys(f"{path}.{key}", told[key], kept[key])]
    if isinstance(told, list) and isinstance(kept, list) and len(told) == len(kept):
        return [line for n, (one, other) in enumerate(zip(told, kept))
                for line in _other_keys(f"{path}[{n}]", one, other)]
    return [] if told == kept else [f"{path}: told {str(told)[:200]}, kept {str(kept)[:200]}"]


def _nothing(machine: Machine, run: Boot) -> list[str]:
    """Bring-up is marked before a CPU is called."""
    found = [] if "no record of an earlier run" in machine.told() else [
        f"no report, and --collect says: {machine.told().strip()}"]
    if run.has(r"# arrived: "):
        found.append("the run had called its CPUs, but left no record")
    return found + ([] if machine.status() == 0 else [f"status {machine.status()}"])


def _ended(run: Boot, lines: list[str]) -> list[str]:
    """Word for word what the run told. Its last words may have been lost on the serial line."""
    told, kept = run.points, points_of(lines)
    found = []
    if run.interrupted and not run.has(r"# record: \d+ of \d+ pieces"):
        missing = [line for line in lines if re.match(r"# record: .*(missing|damaged)", line)]
        if missing:  # stopped in the middle of the last writes
            return _prefix(told, kept)
        told = told[:len(told) // 2]
        found += [] if kept[:len(told)] == told else ["the report is not what the run told"]
    elif told != kept:
        found += _first_difference(told, kept)
    last = next((line for line in reversed(lines) if line.startswith("# muster:")), "none")
    if run.last and last != run.last:
        found.append(f"the last line is {last}, but was {run.last}")
    return found if last != "none" else [*found, "the file ends before its last line"]


def _first_difference(told: list[str], kept: list[str]) -> list[str]:
    for a, b in zip(told, kept):
        if a != b:
            return [f"told: {a}", f"kept: {b}"]
    return [f"{len(told)} lines of points were told, {len(kept)} are kept"]


def verdicts(points: list[str]) -> dict[str, str]:
    """Of the checks, by id; the point that speaks for the self-test is none of them."""
    matches = (re.match(r"(ok|not ok) \d+ - (\S+)( # (?:SKIP|TODO|ERROR))?", line)
               for line in points)
    return {match[2]: f"{match[1]}{match[3] or ''}" for match in matches
            if match and match[2] != SELF_TEST}


def _prefix(told: list[str], kept: list[str]) -> list[str]:
    """Each verdict that is kept is the one that was told, as far as it was heard."""
    heard = verdicts(told)
    return [f"{check} was {heard[check]}, but {verdict} is kept"
            for check, verdict in verdicts(kept).items()
            if check in heard and heard[check] != verdict]


def _died(run: Boot, lines: list[str], warm: bool) -> list[str]:
    if lines[-1].startswith(_END_LOST):
        heard = list(verdicts(run.points))
        return _prefix(run.points, points_of(lines)) + (
            [] if warm and heard and heard[-1] == CHECKS[-1]
            else [f"it had not come to its end, but is told as: {lines[-1]}"])
    match = _DEATH.search(lines[-1])
    if not match:
        return [f"the last line is no death: {lines[-1]}"]
    if run.last and run.interrupted is False:
        return [f"the run had ended, but is told as: {lines[-1]}"]
    found = _prefix(run.points, points_of(lines))
    wanted = _may_name(run, warm)
    if match[1] not in wanted:
        found.append(f"it ended in one of {', '.join(sorted(wanted))}, but is told to in {match[1]}")
    return found


def _may_name(run: Boot, warm: bool) -> set[str]:
    """The mark that stood when it died; or, from memory, the check that was running.

    A line is on its way for a moment: the machine may be a check further than was heard."""
    heard = [line.split()[2] for line in run.lines if line.startswith("# running ")]
    place = max((CHECKS.index(check) for check in [*heard, *verdicts(run.points)]), default=-1)
    names, further = set(marks(run)[-2:]), CHECKS[place + 1:place + 3]
    if warm:
        return names | set(CHECKS[max(place, 0):place + 1]) | set(further)
    return names | {check for check in further
                    if place < 0 or family(check) != family(CHECKS[place])}


