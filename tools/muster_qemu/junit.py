"""The report as JUnit XML, in the subset GitLab and Jenkins both read."""
from __future__ import annotations

import re
from datetime import datetime, timezone
from xml.etree import ElementTree

from .tap import Point
from .verdict import EXIT_NO_VERDICT, EXIT_USAGE, Boot, Verdict

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


def junit_xml(boot: Boot, verdict: Verdict, properties: dict[str, str], tap_text: str,
              took: dict[str, float]) -> str:
    """One suite; one case for each point, and one for the run itself, which carries a crash. `took`:
    the seconds of each check, where the document tells them; else what passed between the points."""
    cases = [_point_case(point, took.get(point.id, max(point.seconds - previous, 0.0)))
             for previous, point in _with_previous(boot.stream.points)]
    cases.insert(0, _run_case(boot, verdict))
    if boot.stream.self_test:
        cases += [_point_case(point, max(point.seconds - previous, 0.0), "self-test.")
                  for previous, point in _with_previous(boot.stream.self_test.points,
                                                       boot.stream.points[-1].seconds)]
    suite = ElementTree.Element("testsuite", {
        "name": "muster",
        "tests": str(len(cases)),
        **{plural: str(sum(case.find(kind) is not None for case in cases))
           for kind, plural in (("failure", "failures"), ("error", "errors"),
                                ("skipped", "skipped"))},
        "time": f"{boot.seconds:.3f}",
        "timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
    })
    listed = ElementTree.SubElement(suite, "properties")
    for name, value in properties.items():
        ElementTree.SubElement(listed, "property", {"name": name, "value": _clean(value)})
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out").text = _clean(tap_text)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _with_previous(points: list[Point], start: float = 0.0) -> list[tuple[float, Point]]:
    """Each point with the time at which the one before it came."""
    times = [start] + [point.seconds for point in points]
    return list(zip(times, points))


def _run_case(boot: Boot, verdict: Verdict) -> ElementTree.Element:
    case = _case("muster", "run", boot.seconds)
    if verdict.exit in (EXIT_USAGE, EXIT_NO_VERDICT):
        _trouble(case, "error", verdict.name, verdict.sentence, "")
    return case


def _point_case(point: Point, seconds: float, group: str = "") -> ElementTree.Element:
    family = point.id.split(".")[0]
    case = _case(f"muster.{group}{family}", group + point.id, seconds)
    if point.verdict == "skip":
        ElementTree.SubElement(case, "skipped", {"message": _clean(point.note)})
    elif point.bad:
        told = [finding["means"] for finding in point.faults if "means" in finding]
        means = "; ".join(told) or point.note or "not ok"
        kind = "error" if point.verdict == "error" else "failure"
        _trouble(case, kind, point.verdict, means, "\n".join([point.note, *point.yaml]))
    elif point.note or point.yaml:
        text = "\n".join(filter(None, [point.directive, point.note, *point.yaml]))
        ElementTree.SubElement(case, "system-out").text = _clean(text)
    return case


def _case(classname: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.Element("testcase", {"classname": classname, "name": name,
                                            "time": f"{seconds:.3f}"})


def _trouble(case: ElementTree.Element, kind: str, what: str, message: str, text: str) -> None:
    child = ElementTree.SubElement(case, kind, {"type": what, "message": _clean(message)})
    child.text = _clean(text)


def _clean(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return _NOT_XML.sub("?", text)
