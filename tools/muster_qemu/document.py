"""The document muster/1: read off a serial log, mended where the run died, made from TAP where that
is all there is; docs/JSON.md describes it."""
from __future__ import annotations

import json
import re
from typing import Any, Optional

from . import self_test
from .tap import Point, TapStream

SCHEMA = "muster/1"
BEGIN, END = "--- muster/1 begin ---", "--- muster/1 end ---"
BESIDE_TAP = "# json "  # before each line of a document that comes amid TAP
BASELINE = "# baseline "  # before each fact amid TAP

_WORDS = {"pass": "PASS", "fail": "FAIL", "error": "ERROR", "skip": "SKIP", "todo": "DEVIATION"}
_COUNTED = {"PASS": "pass", "FAIL": "fail", "ERROR": "error", "DEVIATION": "deviation",
            "SKIP": "skip"}
_IDENTITY = re.compile(r'# muster (\S+) build (\S+); firmware "(.*)" (0x[0-9a-f]+); '
                       r"(\d+) CPUs? claimed(?:, \d+ answered)?$")
_HYPERVISOR = re.compile(r'# hypervisor: "(.*)"$')
_RUNNING = re.compile(r"running (\S+)$")
_ELAPSED = re.compile(r"; (\d+) ms\b")


class DocumentReader:
    """The document as its lines come, between its two markers."""

    def __init__(self) -> None:
        self.started = self.ended = False
        self.lines: list[str] = []
        self.problem = ""

    def feed(self, line: str, amid_tap: bool) -> bool:
        """Takes the next line of the log, a whole one; says whether it is the document's."""
        if amid_tap and not line.startswith(BESIDE_TAP):
            return False
        line = (line[len(BESIDE_TAP):] if amid_tap else line).rstrip()
        if not self.started:
            self.started = line == BEGIN
            return self.started
        if line == BEGIN and not amid_tap:
            self.problem = "a second document began: the machine started muster again"
        elif self.ended:
            return amid_tap
        elif line == END:
            self.ended = True
        else:
            self.lines.append(line)
        return True

    def document(self) -> Optional[dict[str, Any]]:
        """What was told, up to the end or to where the run died; None where nothing can be read."""
        if self.ended:
            found = _parsed("\n".join(self.lines))
            if found is None:
                self.problem = "what stands between its markers is no JSON"
            return found
        found = _parsed(mended("\n".join(self.lines)))
        if found is not None and "inventory" in found:
            return _unended(found)
        if len(self.lines) > 1:
            self.problem = self.problem or "there are lines in it that are not its own"
        return None


def _unended(document: dict[str, Any]) -> dict[str, Any]:
    """What a run that died could not say itself."""
    checks = document.setdefault("checks", [])
    document.setdefault("result", {
        "counts": _counts([check.get("verdict") for check in checks], document["run"]["planned"])})
    if "self_test" in document:
        self_test.unended(document["self_test"])
    document.setdefault("ended", False)
    return document


def _counts(words: list[Optional[str]], planned: int) -> dict[str, int]:
    counts = {key: words.count(word) for word, key in _COUNTED.items()}
    return {**counts, "none": max(planned - sum(counts.values()), 0)}


def _parsed(text: str) -> Optional[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def mended(text: str) -> str:
    """`text`, cut off after a whole line, with the brackets closed that are open."""
    brackets = re.sub(r'"(?:[^"\\]|\\.)*"|[^][{}]', "", text)
    still_open: list[str] = []
    for bracket in brackets:
        if bracket in "[{":
            still_open.append(bracket)
        elif still_open:
            still_open.pop()
    return text + "".join("]" if bracket == "[" else "}" for bracket in reversed(still_open))


def seconds_of_checks(document: dict[str, Any]) -> dict[str, float]:
    """What each check took; TAP does not tell."""
    return {check["id"]: check["us"] / 1e6 for check in document.get("checks", []) if "us" in check}


# --- from TAP -------------------------------------------------------------------------------------

def from_tap(stream: TapStream) -> dict[str, Any]:
    """As much of a document as TAP tells."""
    document: dict[str, Any] = {"schema": SCHEMA, "made_from": "tap"}
    told = next(filter(None, map(_IDENTITY.match, stream.comments)), None)
    if told:
        document["run"] = {"version": told[1], "build": told[2], "planned": stream.plan or 0}
        document["firmware"] = {"vendor": told[3], "revision": told[4]}
        document["inventory"] = {"claimed": int(told[5])}
        name = next(filter(None, map(_HYPERVISOR.match, stream.comments)), None)
        document["hypervisor"] = name[1] if name else None
    document["checks"] = [_check(point) for point in stream.points]
    running = _RUNNING.match(stream.last_remark)
    if running and not stream.ended:
        document["checks"].append({"id": running[1]})
    planted = self_test.document_part(stream)
    if planted:
        document["self_test"] = planted
    facts = [_parsed(line[len(BASELINE):]) for line in stream.comments if line.startswith(BASELINE)]
    if facts:
        document["baseline"] = [fact for fact in facts if fact is not None]
    if stream.bailed:
        document["died"] = stream.bailed
    document["result"] = _result(stream)
    document["ended"] = stream.complete
    return document


def _check(point: Point) -> dict[str, Any]:
    check: dict[str, Any] = {"id": point.id, "verdict": _WORDS[point.verdict]}
    if point.note:
        check["note"] = point.note
    if point.findings:
        check["findings"] = [{"verdict": check["verdict"], **finding} for finding in point.findings]
    return check


def _result(stream: TapStream) -> dict[str, Any]:
    words: list[Optional[str]] = [_WORDS[point.verdict] for point in stream.points]
    result: dict[str, Any] = {"counts": _counts(words, stream.plan or 0)}
    if stream.complete:
        result["verdict"] = stream.word
        elapsed = _ELAPSED.search(stream.last_line)
        if elapsed:
            result["elapsed_us"] = int(elapsed[1]) * 1000
    return result


# --- to TAP's terms: one judge for both -----------------------------------------------------------

def to_stream(reader: DocumentReader) -> TapStream:
    """The stream that a run which told its document alone would have told in TAP."""
    stream, document = TapStream(), reader.document()
    stream.started, stream.problem = True, reader.problem
    if document is None:
        stream.problem = stream.problem or "nothing of the document can be read"
        return stream
    stream.plan = document.get("run", {}).get("planned")
    for number, check in enumerate(document.get("checks", []), 1):
        if "verdict" in check:
            stream.points.append(_point(number, check))
    stream.last_remark = running_remark(document)
    for key in ("calling", "ground", "closing", "leaving"):
        stream.comments += [f"# {line}" for line in document.get(key, [])]
    if "self_test" in document:
        self_test.tell(document["self_test"], stream)
    stream.bailed = document.get("died", "")
    if document["ended"]:
        stream.last_line = _last_line(document)
    return stream


def running_remark(document: dict[str, Any]) -> str:
    """As TAP tells it before a check; "" where none was running."""
    running = [check["id"] for check in document["checks"] if "verdict" not in check]
    return f"running {running[-1]}" if running else ""


def _point(number: int, check: dict[str, Any]) -> Point:
    word, note = check["verdict"], check.get("note", "")
    directive = {"SKIP": "SKIP", "DEVIATION": "TODO"}.get(word, "")
    yaml = []
    for finding in check.get("findings", []):
        rows = [f"{key}: {json.dumps(value)}" for key, value in finding.items()
                if key != "verdict" or value != word]
        yaml += [("  " if row else "- ") + text for row, text in enumerate(rows)]
    if word in ("ERROR", "none"):
        note = f"ERROR {note}"
    return Point(number, word in ("PASS", "SKIP"), check["id"], directive, note, yaml)


def _last_line(document: dict[str, Any]) -> str:
    """As muster itself ends a TAP stream."""
    result, planned = document["result"], document["run"]["planned"]
    counts = result["counts"]
    bad = counts["fail"] if result["verdict"] == "FAIL" else counts["error"] + counts["none"]
    of = "" if result["verdict"] == "PASS" else f"{bad} of "
    words = [f"# muster: {result['verdict']} {of}{planned} check{'s' * (planned != 1)}"]
    cpus = document["inventory"]["claimed"]
    words += [f"{cpus} CPU{'s' * (cpus != 1)}", f"{result['elapsed_us'] // 1000} ms"]
    if result["verdict"] == "FAIL":
        words += [f"{counts[key]} {name}" for key, name in (("error", "errors"), ("none", "not run"))
                  if counts[key]]
    return "; ".join(words)
