"""The self-test in a document, and in the subtest that TAP tells it by: one made of the other."""
from __future__ import annotations

import re
from typing import Any, Optional

from .tap import SELF_TEST, Point, TapStream

_WHY = "not self-tested: "
_CPU = re.compile(r"CPU (\d+)$")
_TIMES = re.compile(r"caught (\d+) of (\d+) times(?:; (\d+) more could tell nothing: (.*))?$")
_OUTCOMES = {"pass": "caught", "skip": "not tested", "fail": "missed"}
_COUNTED = {"caught": "caught", "missed": "missed", "not_tested": "not tested"}
_ELAPSED = re.compile(r"# teeth: .*; (\d+) ms$")


def document_part(stream: TapStream) -> Optional[dict[str, Any]]:
    """What TAP tells of it; None where there was none."""
    if stream.self_test is None:
        return None
    plantings = [_planting(point) for point in stream.self_test.points]
    outcomes = [planting["outcome"] for planting in plantings]
    part: dict[str, Any] = {
        "passed": bool(stream.self_test_point and stream.self_test_point.ok),
        **{key: outcomes.count(word) for key, word in _COUNTED.items()},
        "plantings": plantings}
    elapsed = next(filter(None, map(_ELAPSED.match, stream.comments)), None)
    if elapsed:
        part["elapsed_us"] = int(elapsed[1]) * 1000
    return part


def unended(part: dict[str, Any]) -> None:
    """Adds what a run that died in it could not say itself."""
    outcomes = [planting.get("outcome") for planting in part["plantings"]]
    for key, word in _COUNTED.items():
        part.setdefault(key, outcomes.count(word))
    part.setdefault("passed", False)


def _planting(point: Point) -> dict[str, Any]:
    planting: dict[str, Any] = {"id": point.id, "outcome": _OUTCOMES.get(point.verdict, "missed")}
    if point.note.startswith(_WHY):
        planting["why"] = point.note[len(_WHY):]
    cpu, times = _CPU.match(point.note), _TIMES.match(point.note)
    if cpu:
        planting["cpu"] = int(cpu[1])
    if times:
        planting.update(caught=int(times[1]), planted=int(times[2]), untold=int(times[3] or 0),
                        **({"why": times[4]} if times[4] else {}))
    for finding in point.findings:
        planting.update(finding)
    return planting


def tell(part: dict[str, Any], stream: TapStream) -> None:
    """Adds to `stream` what TAP would have told."""
    told = [planting for planting in part["plantings"] if "outcome" in planting]
    stream.self_test = TapStream()
    stream.self_test.started = True
    stream.self_test.points = [_point(number, planting) for number, planting in enumerate(told, 1)]
    if "elapsed_us" not in part:
        running = [planting["id"] for planting in part["plantings"] if "outcome" not in planting]
        stream.last_remark = f"self-test: planting {running[-1]}" if running else ""
        return
    stream.self_test.plan = len(told)
    stream.self_test_point = Point((stream.plan or 0) + 1, part["passed"], SELF_TEST)
    stream.comments.append(f"# teeth: {part['caught']} of {part['caught'] + part['missed']} planted "
                           f"defects caught on this machine; not self-tested: {part['not_tested']}")


def _point(number: int, planting: dict[str, Any]) -> Point:
    yaml = [f'{key}: "{planting[key]}"' for key in ("expected", "seen", "means") if key in planting]
    if planting["outcome"] == "not tested":
        return Point(number, True, planting["id"], "SKIP", _WHY + planting["why"])
    note = f"CPU {planting['cpu']}" if "cpu" in planting else ""
    if "planted" in planting:
        note = f"caught {planting['caught']} of {planting['planted']} times"
        note += (f"; {planting['untold']} more could tell nothing: {planting['why']}"
                 if planting.get("untold") else "")
    return Point(number, planting["outcome"] == "caught", planting["id"], "", note, yaml)
