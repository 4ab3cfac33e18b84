"""Reads muster's TAP 14 stream, strictly: what is lost or garbled must not read as a pass.

A sound stream is the version line, a plan 1..N, points 1 to N in order, each once and each with at
most one YAML block, and the last line "# muster: PASS …" or "# muster: FAIL …". Comments may stand
anywhere; anything else is a problem. A run with --self-test has one point more, behind those of the
checks, and before it a subtest: a stream of the same kind, four spaces in front of each line.
"""
from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Optional

VERSION_LINE = "TAP version 14"
SELF_TEST = "self-test"
_SUBTEST_LINE, _SUBTEST_INDENT = f"# Subtest: {SELF_TEST}", "    "
_TEETH = re.compile(r"# teeth: (\d+) of (\d+) planted defects caught on this machine\b.*"
                    r"; not self-tested: (\d+)\b")
_BROKEN_OFF = "the self-test ended before it"
_PLAN = re.compile(r"1\.\.(\d+)(?: #.*)?$")
_POINT = re.compile(r"(not ok|ok) (\d+) - (\S+)(?: # (.*))?$")
_DIRECTIVE = re.compile(r"(SKIP|TODO)\b:?\s*(.*)$", re.IGNORECASE)
_LAST = re.compile(r"# muster: ([A-Z]+)\b(.*)$")
_LAST_COUNT = re.compile(r"(FAIL|ERROR) (\d+) of (\d+) checks?\b")
_LAST_MORE = re.compile(r"; (\d+) (?:errors?|not run)\b")  # beside the FAILs: also "not ok"
_LAST_CPUS = re.compile(r"; (\d+) CPUs?\b")
_FIELD = re.compile(r"\s*(- )?([a-z_]+): ?(.*)$")


@dataclass
class Point:
    """One check's result."""

    number: int
    ok: bool
    id: str
    directive: str = ""  # "SKIP", "TODO" or ""
    note: str = ""  # the reason of a directive, or the remark behind '#'
    yaml: list[str] = field(default_factory=list)
    seconds: float = 0.0  # since the version line, on the host's clock

    @property
    def verdict(self) -> str:
        """"pass", "fail", "error", "skip", or "todo": a known deviation, which fails nobody."""
        if self.directive:
            return self.directive.lower()
        if self.ok:
            return "pass"
        return "error" if re.match(r"ERROR\b", self.note) else "fail"

    @property
    def bad(self) -> bool:
        return self.verdict in ("fail", "error")

    @property
    def findings(self) -> list[dict[str, str]]:
        """The YAML block: one mapping, or a sequence of them; quotes taken off."""
        found: list[dict[str, str]] = []
        for match in filter(None, map(_FIELD.match, self.yaml)):
            if match[1] or not found:
                found.append({})
            found[-1][match[2]] = _unquoted(match[3])
        return found

    @property
    def faults(self) -> list[dict[str, str]]:
        """The findings that make the point fail: a recorded deviation beside them does not."""
        return [one for one in self.findings if one.get("verdict") != "DEVIATION"]


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        try:  # YAML's double-quoted scalars are JSON's, but for \xNN
            return str(json.loads(re.sub(r"\\x([0-9a-f]{2})", r"\\u00\1", value)))
        except ValueError:
            return value[1:-1]
    return value


class TapStream:
    """The stream read so far. Lines before the version line are not its business."""

    def __init__(self) -> None:
        self.started = False
        self.plan: Optional[int] = None
        self.points: list[Point] = []
        self.comments: list[str] = []
        self.last_remark = ""  # the newest comment since the newest point
        self.last_line = ""
        self.problem = ""  # the first thing wrong with the stream; "" while it is sound
        self.bailed = ""
        self.self_test: Optional[TapStream] = None  # the subtest, once it has begun
        self.self_test_point: Optional[Point] = None  # the point that speaks for it
        self._in_yaml = False
        self._line_number = 0

    @property
    def ended(self) -> bool:
        """Whether the last line was seen; what follows is no longer the stream."""
        return bool(self.last_line)

    @property
    def complete(self) -> bool:
        """Whether everything promised has come, in order and undamaged."""
        return self.ended and not self.problem and self._all_points and (
            self.self_test is None or self.self_test_point is not None)

    @property
    def _all_points(self) -> bool:
        return self.plan is not None and len(self.points) == self.plan > 0

    @property
    def word(self) -> str:
        """The verdict in the last line: "PASS", "FAIL", "ERROR"."""
        match = _LAST.match(self.last_line)
        return match[1] if match else ""

    @property
    def failed(self) -> list[Point]:
        """The points that make the run fail."""
        return [point for point in self.points if point.bad]

    @property
    def cpus(self) -> Optional[int]:
        """How many CPUs the last line speaks of."""
        match = _LAST_CPUS.search(self.last_line)
        return int(match[1]) if match else None

    def feed(self, line: str, seconds: float = 0.0) -> bool:
        """Takes the next line; says whether it belongs to the stream."""
        if self.ended:
            return False
        if not self.started:
            self.started = line.rstrip() == VERSION_LINE
            self._line_number = 1
            return self.started
        self._line_number += 1
        self._body(line.rstrip(), seconds)
        return True

    def disagreement(self) -> str:
        """How the last line contradicts the points, or ""."""
        if self.word == "PASS" and self.failed:
            return f'the last line says PASS, but point {self.failed[0].number} is "not ok"'
        if self.word not in ("PASS", "FAIL", "ERROR"):
            return f'the last line has no verdict: "{self.last_line}"'
        if self.word != "PASS" and not self.failed:
            return f'the last line says {self.word}, but no point is "not ok"'
        if self.self_test:
            return self._self_test_disagreement() or self._count_disagreement()
        return self._count_disagreement()

    def _self_test_disagreement(self) -> str:
        """How the self-test's point and its line of counts contradict its subtest."""
        missed = self.self_test.failed
        sound = not missed and not self.self_test_broken_off
        if self.self_test_point.ok and missed:
            return f"the self-test is said to be ok, but it missed {missed[0].id}"
        if self.self_test_point.ok != sound:
            return "the self-test's point and the points of its subtest disagree"
        told = [match for match in map(_TEETH.match, self.comments) if match]
        if len(told) != 1:
            return f'there are {len(told)} lines "# teeth", wanted one'
        words = [point.verdict for point in self.self_test.points]
        caught = words.count("pass")
        counts = (caught, caught + len(missed), words.count("skip"))
        if tuple(map(int, told[0].groups())) != counts:
            return f"the line \"# teeth\" tells of other counts than its points: {counts}"
        return ""

    @property
    def self_test_broken_off(self) -> bool:
        return any(_BROKEN_OFF in point.note for point in self.self_test.points)

    def _count_disagreement(self) -> str:
        told = self._told_failures()
        if told is not None and told != len(self.failed):
            return f"the last line tells of {told} failures, the points of {len(self.failed)}"
        return ""

    def _told_failures(self) -> Optional[int]:
        """How many points are not ok by the last line's own count."""
        count = _LAST_COUNT.search(self.last_line)
        if not count:
            return None
        more = _LAST_MORE.findall(self.last_line) if count[1] == "FAIL" else []
        return int(count[2]) + sum(int(number) for number in more)

    def _body(self, line: str, seconds: float) -> None:
        if self._in_yaml:
            self._yaml(line)
        elif line == _SUBTEST_LINE:
            self._begin_self_test()
        elif line.startswith(_SUBTEST_INDENT) and self.self_test and not self.self_test_point:
            self._of_self_test(line[len(_SUBTEST_INDENT):], seconds)
        elif line.startswith("#"):
            self._comment(line)
        elif line == "  ---" and self.points and not self.points[-1].yaml:
            self._in_yaml = True
        elif _PLAN.match(line):
            self._plan(int(_PLAN.match(line)[1]))
        elif _POINT.match(line):
            self._point(_POINT.match(line), seconds)
        elif line.startswith("Bail out!"):
            self.bailed = line[len("Bail out!"):].strip() or "no reason given"
        elif line == VERSION_LINE:
            self._wrong("a second stream began: the machine started muster again")
        elif line:
            self._wrong(f'not a line of TAP: "{line[:100]}"')

    def _yaml(self, line: str) -> None:
        if line == "  ...":
            self._in_yaml = False
        elif line.startswith("  ") or not line:
            self.points[-1].yaml.append(line[2:])
        else:
            self._in_yaml = False
            self._wrong(f"the YAML block of point {self.points[-1].number} is not closed")
            self._body(line, 0.0)

    def _begin_self_test(self) -> None:
        """The plan has counted its point; from here on it is that of the checks."""
        if self.plan is None or self.self_test or len(self.points) != self.plan - 1:
            self._wrong("a self-test where none was due")
            return
        self.plan -= 1
        self.self_test = TapStream()
        self.self_test.started = True

    def _of_self_test(self, line: str, seconds: float) -> None:
        """A plan, points and their blocks; a subtest ends, speaks and dies with the stream around it."""
        self.last_remark = ""
        inner = self.self_test
        if line.startswith(("#", "Bail out!", VERSION_LINE)) and not inner._in_yaml:
            inner._wrong(f'not a line of a subtest: "{line[:100]}"')
        inner._body(line, seconds)
        last = inner.points[-1] if inner.points else None
        if last and (last.directive == "TODO" or (last.directive and not last.ok)):
            inner._wrong(f"{last.id} is neither caught nor missed nor left out")
        if self.self_test.problem:
            self._wrong(f"in the self-test: {self.self_test.problem.partition(': ')[2]}")

    def _end_self_test(self, point: Point) -> None:
        if self.self_test_point:
            self._wrong("a second point of the self-test")
        self.self_test_point = point
        ids = [planted.id for planted in self.self_test.points]
        if not self.self_test._all_points or self.self_test._in_yaml:
            self._wrong("the self-test ended before all of its points had come")
        elif ids[:len(self.points)] != [check.id for check in self.points]:
            self._wrong("the self-test planted the defects of other checks")

    def _comment(self, line: str) -> None:
        if _LAST.match(line):
            self.last_line = line
        else:
            self.comments.append(line)
            self.last_remark = line[1:].strip()

    def _plan(self, count: int) -> None:
        if self.plan is not None:
            self._wrong("a second plan")
        elif count == 0:
            self._wrong("an empty plan: nothing was checked")
        else:
            self.plan = count

    def _point(self, match: re.Match, seconds: float) -> None:
        number, note = int(match[2]), match[4] or ""
        directive = _DIRECTIVE.match(note)
        point = Point(number, match[1] == "ok", match[3],
                      directive[1].upper() if directive else "",
                      directive[2] if directive else note, seconds=seconds)
        self.last_remark = ""
        if self.self_test and match[3] == SELF_TEST and number == (self.plan or 0) + 1:
            self._end_self_test(point)
            return
        if match[3] == SELF_TEST:
            self._wrong("the point of a self-test that did not take place")
        if self.plan is None:
            self._wrong(f"point {number} came before the plan")
        elif number > self.plan:
            self._wrong(f"point {number} is not in the plan 1..{self.plan}")
        if number != len(self.points) + 1:
            self._wrong(f"point {number} came where {len(self.points) + 1} was due")
        if any(point.id == match[3] for point in self.points):
            self._wrong(f"point {number} repeats {match[3]}")
        self.points.append(point)

    def _wrong(self, what: str) -> None:
        self.problem = self.problem or f"line {self._line_number}: {what}"
