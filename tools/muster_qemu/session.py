"""One boot from start to verdict: the story that the other modules are the parts of."""
from __future__ import annotations

import contextlib
import json
import re
import shlex
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Optional, TextIO

from .document import seconds_of_checks
from .errors import SetupError
from .guest import Emulator, Guest
from .junit import junit_xml
from .machine import qemu_command, shell_answer
from .settings import Settings, read_settings
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


def watch(guest: Emulator, transcript: Transcript, settings: Settings) -> Ending:
    """Follows the machine until it ends, the report is complete and it stays on, or time is up."""
    deadline = time.monotonic() + settings.timeout
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
        if now > deadline:
            return Ending.TIMEOUT
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
        transcript = Transcript(program.name, stack.enter_context(_output(settings.log)),
                                stack.enter_context(_output(settings.tap)))
        guest = stack.enter_context(program.start(settings, folder, transcript.hear))
        transcript.note(shlex.join(guest.command))
        ending = watch(guest, transcript, settings)
        _take_evidence(guest, transcript, settings, folder, ending)
        guest.close()
        transcript.close()
        transcript.note(guest.errors.decode(errors="replace"))
        _take_answer(settings, transcript, folder)
        boot = _outcome(settings, transcript, guest, ending, time.monotonic() - started)
        boot.emulator = program.emulator
        verdict = judge(boot)
        _write_results(settings, transcript, guest.command, boot, verdict)
        transcript.note(verdict.sentence)
    if verdict.exit != EXIT_PASS:
        print(f"{program.name}: {verdict.sentence}", file=sys.stderr)
    return verdict.exit


def _take_evidence(guest: Emulator, transcript: Transcript, settings: Settings, folder: Path,
                   ending: Ending) -> None:
    """The final picture; and where the CPUs stand, when nobody else can tell."""
    if ending is Ending.DIED:
        return
    guest.freeze()
    if settings.screenshot:
        transcript.note(guest.screenshot(settings.screenshot, folder))
    crashed = ending in (Ending.TIMEOUT, Ending.RESET) and not transcript.stream.complete
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


def _outcome(settings: Settings, transcript: Transcript, guest: Emulator, ending: Ending,
             seconds: float) -> Boot:
    if transcript.status is not None and ending is Ending.SHUTDOWN:
        ending = Ending.RETURNED
    return Boot(ending=ending, stream=transcript.stream, text_only=settings.asks,
                status=transcript.status, messages=transcript.messages,
                last_console_line=transcript.last_line, emulator_note=guest.status_words(),
                seconds=seconds, timeout=settings.timeout, serial=settings.serial)


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
