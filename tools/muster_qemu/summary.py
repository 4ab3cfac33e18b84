"""What this side knows of a boot, as JSON: for programs that drive muster-qemu (the boot tests do)."""
from __future__ import annotations

import json
from typing import Any

from .tap import Point, TapStream
from .verdict import Boot, Verdict


def summary_json(boot: Boot, verdict: Verdict, command: list[str], text: list[str]) -> str:
    stream = boot.stream
    return json.dumps({
        "schema": "muster-qemu/1",
        "exit": verdict.exit,
        "verdict": verdict.name,
        "sentence": verdict.sentence,
        "start": {"kind": boot.start, "fell_back": boot.fell_back},
        "ending": boot.ending.value,
        "shell_status": boot.status,
        "messages": boot.messages,
        "plan": stream.plan,
        "cpus": stream.cpus,
        "points": [_point(point) for point in stream.points],
        **({"self_test": _self_test(stream.self_test)} if stream.self_test else {}),
        "comments": stream.comments,
        "last_line": stream.last_line,
        "text": text,
        "seconds": round(boot.seconds, 3),
        "qemu": command,
    }, indent=2) + "\n"


def _self_test(stream: TapStream) -> dict[str, Any]:
    """By what became of them: the defects that --self-test planted."""
    return {
        "caught": [point.id for point in stream.points if point.verdict == "pass"],
        "missed": {point.id: point.findings for point in stream.failed},
        "not_tested": {point.id: point.note for point in stream.points if point.verdict == "skip"},
    }


def host_part(boot: Boot, verdict: Verdict, command: list[str], text: list[str]) -> dict[str, Any]:
    """What the document says of the host's side: how the machine ended, and what that means."""
    return {"exit": verdict.exit, "verdict": verdict.name, "sentence": verdict.sentence,
            "ending": boot.ending.value, "seconds": round(boot.seconds, 3), "emulator": command,
            **({"text": text} if text else {})}


def _point(point: Point) -> dict[str, Any]:
    return {
        "number": point.number, "id": point.id, "verdict": point.verdict, "note": point.note,
        "seconds": round(point.seconds, 3), "findings": point.findings,
        "cpus": [finding["cpus"] for finding in point.faults if "cpus" in finding],
    }
