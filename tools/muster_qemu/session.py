"""One boot from start to verdict: the story that the other modules are the parts of."""
from __future__ import annotations

import contextlib
import json
import math
import re
import shlex
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Optional, TextIO

from . import snapshot
from .document import seconds_of_checks
from .errors import SetupError
from .guest import Emulator, Guest
from .junit import junit_xml
from .machine import qemu_command, shell_answer
from .settings import Settings, read_settings
from .snapshot_store import Unrestored
from .summary import host_part, summary_json
from .transcript import Transcript, say
from .verdict import EXIT_NO_VERDICT, EXIT_PASS, EXIT_USAGE, Boot, Ending, Verdict, judge

_SHELL_PROMPT = re.compile(r"(Shell|FS\d+:.*)> ?$")
_SHELL_COUNTDOWN = "any other key to continue"
_AFTER_LAST_LINE_S = 8.0  # how long the machine may take to switch itself off
_STAYS_S = 1.0  # how long a machine told to stay on is watched


@dataclass
class Program:
    """What tells muster-qemu and muster-bochs apart; the rest of a session is the same."""

    name: str
    emulator: str
    read_settings: Callable[[list[str]], Settings]
    start: Callable[[Settings, Path, Callable[[bytes], None]], Emulator]


@dataclass
class Run:
    """One start of a machine, watched to its end."""

    guest: Emulator
    transcript: Transcript
    ending: Ending
    start: str = "cold"  # or "snapshot"
    fell_back: str = ""  # why it started cold though a snapshot was wanted


def watch(guest: Emulator, transcript: Transcript, settings: Settings,
          begin_s: float = math.inf) -> Ending:
    """Follows the machine until it ends, the report is complete and it stays on, or time is up."""
    began = time.monotonic()
    ended_at = key_at = 0.0
    while guest.ending is None:
        now = time.monotonic()
        if transcript.ended:
            ended_at = ended_at or now
            if now > ended_at + (_STAYS_S if settings.stays else _AFTER_LAST_LINE_S):
                return Ending.LEFT
        elif transcript.unbooted:
            return Ending.UNBOOTED
        elif transcript.returned and settings.boot != "shell":
            return Ending.RETURNED
        elif transcript.messages and _SHELL_PROMPT.search(transcript.prompt()):
            return Ending.RETURNED
        if now > began + (settings.timeout if transcript.begun else min(settings.timeout, begin_s)):
            return Ending.TIMEOUT
        telling = transcript.begun and not transcript.ended
        if telling and now > transcript.heard_at + settings.silence:
            return Ending.SILENT
        if now > key_at + 1 and _SHELL_COUNTDOWN in transcript.prompt():
            guest.type(b" ")
            key_at = now
        guest.pump(0.2)
    return guest.ending


def start_qemu(settings: Settings, folder: Path, heard: Callable[[bytes], None]) -> Emulator:
    return Guest(lambda serial, qmp: qemu_command(settings, folder, serial, qmp), heard)


QEMU = Program("muster-qemu", "QEMU", read_settings, start_qemu)


def boot_once(program: Program, settings: Settings) -> int:
    """Boots, watches, judges, writes the results; returns the exit status."""
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="muster-qemu.")))
        log = stack.enter_context(_output(settings.log))
        tap = stack.enter_context(_output(settings.tap))
        run = _run(program, settings, folder, lambda: Transcript(program.name, log, tap))
        boot = _outcome(settings, run, time.monotonic() - started)
        boot.emulator = program.emulator
        verdict = judge(boot)
        _write_results(settings, run.transcript, run.guest.command, boot, verdict)
        run.transcript.note(verdict.sentence)
    if verdict.exit != EXIT_PASS:
        print(f"{program.name}: {verdict.sentence}", file=sys.stderr)
    return verdict.exit


def _run(program: Program, settings: Settings, folder: Path,
         new_transcript: Callable[[], Transcript]) -> Run:
    """From a snapshot where one is wanted; cold where not, or where that failed."""
    transcript = new_transcript()
    if not snapshot.usable(settings):
        return _follow(program.start, settings, folder, transcript)
    try:
        run = _follow(snapshot.restored, settings, folder, transcript, snapshot.BEGIN_S)
        if not run.transcript.begun:
            raise Unrestored(f"nothing was heard of muster before the end ({run.ending.value})")
        run.start = "snapshot"
    except Unrestored as error:
        words = f"started cold, not from a snapshot: {error}"
        print(f"{program.name}: {words}", file=sys.stderr)
        transcript.note(words)
        run = _follow(program.start, settings, folder, new_transcript())
        run.fell_back = str(error)
    return run


def _follow(start: Callable[..., Emulator], settings: Settings, folder: Path,
            transcript: Transcript, begin_s: float = math.inf) -> Run:
    """Starts the machine, and takes all that it tells until it ends."""
    with start(settings, folder, transcript.hear) as guest:
        transcript.note(shlex.join(guest.command))
        ending = watch(guest, transcript, settings, begin_s)
        _take_evidence(guest, transcript, settings, folder, ending)
        guest.close()
        transcript.close()
        transcript.note(guest.errors.decode(errors="replace"))
        _take_answer(settings, transcript, folder)
    return Run(guest, transcript, ending)


def _take_evidence(guest: Emulator, transcript: Transcript, settings: Settings, folder: Path,
                   ending: Ending) -> None:
    """The final picture; and where the CPUs stand, when nobody else can tell."""
    if ending is Ending.DIED:
        return
    guest.freeze()
    if settings.screenshot:
        transcript.note(guest.screenshot(settings.screenshot, folder))
    crashed = (ending in (Ending.TIMEOUT, Ending.SILENT, Ending.RESET)
               and not transcript.stream.complete)
    if settings.log and crashed:
        transcript.note(guest.registers())


def _take_answer(settings: Settings, transcript: Transcript, folder: Path) -> None:
    """Where a shell ran muster and it came back: what it printed, and its status."""
    text, status = shell_answer(folder) if settings.boot == "shell" else ([], None)
    if status is None or transcript.stream.started:
        return
    transcript.answer(text, status)
    if settings.asks:
        for line in text:
            say(line)


def _outcome(settings: Settings, run: Run, seconds: float) -> Boot:
    transcript, ending = run.transcript, run.ending
    if transcript.status is not None and ending is Ending.SHUTDOWN:
        ending = Ending.RETURNED
    return Boot(ending=ending, stream=transcript.stream, text_only=settings.asks,
                status=transcript.status, messages=transcript.messages,
                last_console_line=transcript.last_line, emulator_note=run.guest.status_words(),
                seconds=seconds, timeout=settings.timeout, silence=settings.silence,
                serial=settings.serial, start=run.start, fell_back=run.fell_back)


def _write_results(settings: Settings, transcript: Transcript, command: list[str], boot: Boot,
                   verdict: Verdict) -> None:
    if settings.summary:
        settings.summary.write_text(summary_json(boot, verdict, command, transcript.text))
    if settings.json:
        document = {**transcript.told(), "host": host_part(boot, verdict, command, transcript.text)}
        settings.json.write_text(json.dumps(document, indent=1) + "\n")
    if settings.junit:
        properties = {"smp": settings.smp, "cpu": settings.cpu, "machine": settings.machine,
                      "firmware": settings.firmware, "args": settings.args}
        tap_text = "\n".join(transcript.tap_lines)
        settings.junit.write_text(
            junit_xml(boot, verdict, properties, tap_text, seconds_of_checks(transcript.told())),
            encoding="utf-8")


@contextlib.contextmanager
def _output(path: Optional[Path]) -> Iterator[Optional[TextIO]]:
    """A result file open for writing, or None where none was asked for."""
    if path is None:
        yield None
        return
    with open(path, "w", encoding="utf-8") as file:
        yield file


def _check_outputs(settings: Settings) -> None:
    """Before minutes are spent: can the results be written?"""
    for path in (settings.tap, settings.json, settings.summary, settings.junit, settings.screenshot,
                 settings.log):
        if path and not path.absolute().parent.is_dir():
            raise SetupError(f"{path}: there is no folder {path.parent}")
    try:
        if settings.snapshots:
            settings.snapshots.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"--snapshots {settings.snapshots}: {error.strerror}") from error


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(argv: list[str], program: Program = QEMU) -> int:
    """The program. SIGTERM and SIGHUP unwind like Ctrl-C, so that emulator and files go too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        settings = program.read_settings(argv)
        _check_outputs(settings)
        if settings.remark:
            print(f"{program.name}: {settings.remark}", file=sys.stderr)
        return boot_once(program, settings)
    except SetupError as error:
        print(f"{program.name}: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        print(f"{program.name}: no verdict: interrupted", file=sys.stderr)
        return EXIT_NO_VERDICT
