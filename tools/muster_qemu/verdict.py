"""What a boot means: the one place where an exit status is decided."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Optional

from .tap import Point, TapStream

EXIT_PASS, EXIT_FAIL, EXIT_USAGE, EXIT_NO_VERDICT = 0, 1, 2, 3


class Ending(Enum):
    """How the machine's run came to its end."""

    SHUTDOWN = "shutdown"  # the guest switched itself off
    RESET = "reset"  # the guest reset itself, or a CPU took a triple fault
    RETURNED = "returned"  # muster gave control back to the firmware
    LEFT = "left"  # the report was complete; the machine went on, and was stopped
    UNBOOTED = "unbooted"  # the firmware gave up before it started muster, or a shell for it
    TIMEOUT = "timeout"
    SILENT = "silent"  # nothing was told for as long as --silence allows
    DIED = "died"  # the emulator ended by itself


@dataclass
class Boot:
    """Everything known about one boot once it is over."""

    ending: Ending
    stream: TapStream
    text_only: bool = False  # --help, --list, --dry-run: no TAP is due
    status: Optional[int] = None  # the shell's %lasterror%, where a shell ran muster
    messages: list[str] = field(default_factory=list)  # "muster: …" lines before any TAP
    last_console_line: str = ""
    emulator_note: str = ""  # why the emulator died
    seconds: float = 0.0
    timeout: float = 0.0
    silence: float = 0.0
    serial: bool = True
    emulator: str = "QEMU"
    start: str = "cold"  # or "snapshot"
    fell_back: str = ""  # why it started cold though a snapshot was wanted


@dataclass
class Verdict:
    """The exit status, its name in JSON, and the sentence for a person."""

    exit: int
    name: str
    sentence: str


def judge(boot: Boot) -> Verdict:
    """PASS needs proof: a complete plan, and the last line agreeing with it."""
    if boot.stream.started:
        return _judge_stream(boot)
    if boot.status == 0 and boot.text_only:
        return Verdict(EXIT_PASS, "text", "muster printed what was asked and returned")
    refused = boot.status not in (None, 0) or boot.ending is Ending.RETURNED
    if refused and boot.messages:
        return Verdict(EXIT_USAGE, "refused", boot.messages[-1].replace("muster:", "refused:", 1))
    if boot.ending is Ending.DIED and not boot.last_console_line:
        return Verdict(EXIT_USAGE, "usage", f"{boot.emulator} did not start ({boot.emulator_note})")
    return _no_verdict(f"{_how(boot)} before any TAP{_last_heard(boot)}")


def _judge_stream(boot: Boot) -> Verdict:
    stream = boot.stream
    if stream.bailed:
        return _no_verdict(f"muster bailed out {_where(stream)}: {stream.bailed}")
    if stream.problem:
        return _no_verdict(f"the report is damaged, {stream.problem}")
    if not stream.complete:
        how = "the last line came too early" if stream.ended else _how(boot)
        return _no_verdict(f"{how} {_where(stream)}")
    if stream.disagreement():
        return _no_verdict(stream.disagreement())
    if stream.failed or (stream.self_test_point and not stream.self_test_point.ok):
        return Verdict(EXIT_FAIL, "fail",
                       "; ".join([*_checks_failed(stream), *_self_test_failed(stream)]))
    return Verdict(EXIT_PASS, "pass", stream.last_line[2:])


def _checks_failed(stream: TapStream) -> list[str]:
    if not stream.failed:
        return []
    return [f"{len(stream.failed)} of {stream.plan} checks failed: {_list(stream.failed)}"]


def _self_test_failed(stream: TapStream) -> list[str]:
    """What the machine's checks did not see of the defects planted on purpose."""
    if not stream.self_test_point or stream.self_test_point.ok:
        return []
    missed = stream.self_test.failed
    broken = ["the self-test did not come to its end"] * stream.self_test_broken_off
    if not missed:
        return broken
    return [*broken, f"the self-test missed {len(missed)} planted defect{'s' * (len(missed) != 1)}: "
            f"{_list(missed)}"]


def _list(points: list[Point]) -> str:
    more = "" if len(points) <= 8 else f" and {len(points) - 8} more"
    return ", ".join(_named(point) for point in points[:8]) + more


def _no_verdict(what: str) -> Verdict:
    return Verdict(EXIT_NO_VERDICT, "no-verdict", f"no verdict: {what}")


def _named(point: Point) -> str:
    cpus = [finding["cpus"] for finding in point.faults if "cpus" in finding]
    return f"{point.id} (CPU {', '.join(cpus)})" if cpus else point.id


def _where(stream: TapStream) -> str:
    """The place in the report, and the last words where there were any after it."""
    if stream.self_test and not stream.self_test_point:
        place = _in_self_test(stream.self_test)
    elif stream.points:
        point = stream.points[-1]
        place = f"after point {point.number} of {stream.plan or '?'}, {point.id}"
    else:
        place = f"before point 1 of {stream.plan or '?'}"
    if stream.last_remark:
        place += f'; the last remark: "{stream.last_remark}"'
    return place


def _in_self_test(stream: TapStream) -> str:
    if not stream.points:
        return "at the beginning of the self-test"
    return f"in the self-test, after {stream.points[-1].id}"


def _last_heard(boot: Boot) -> str:
    if not boot.serial:
        return "; there is no serial line to judge by, the screenshot must tell"
    said = boot.messages[-1] if boot.messages else boot.last_console_line
    return f'; the last line was "{said[:120]}"' if said else "; the console stayed silent"


def _how(boot: Boot) -> str:
    if boot.ending is Ending.TIMEOUT:
        return f"the machine still ran when {boot.timeout:.0f} s were over (a hang? see --timeout)"
    if boot.ending is Ending.SILENT:
        return f"the machine told nothing for {boot.silence:.0f} s (a hang? see --silence)"
    if boot.ending is Ending.DIED:
        return f"{boot.emulator} ended ({boot.emulator_note})"
    if boot.ending is Ending.RETURNED and boot.status is not None:
        return f"muster returned to the shell with status {boot.status:#x}"
    return {
        Ending.SHUTDOWN: "the machine switched itself off",
        Ending.RESET: "the machine reset (a triple fault?)",
        Ending.RETURNED: "muster returned to the firmware",
        Ending.LEFT: "the machine was stopped",
        Ending.UNBOOTED: "the firmware started nothing at all",
    }[boot.ending]
