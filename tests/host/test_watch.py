"""When a machine that is still on is given up."""
from __future__ import annotations

import math
import time

from muster_qemu import session
from muster_qemu.settings import Settings
from muster_qemu.transcript import Transcript
from muster_qemu.verdict import Ending

FIRST_WORDS = b"muster: asking MP Services who is there\n"


class Silent:
    """A machine that says `words`, a piece every time it is listened to, and then nothing."""

    ending = None

    def __init__(self, transcript, *words):
        self.transcript, self.words = transcript, list(words)

    def pump(self, _):
        if self.words:
            self.transcript.hear(self.words.pop(0))
        time.sleep(0.01)


def given_up(words, **limits):
    transcript = Transcript("test", None, None)
    return session.watch(Silent(transcript, *words), transcript, Settings(**limits))


def test_it_has_told_nothing_for_too_long():
    assert given_up([FIRST_WORDS], timeout=math.inf, silence=0.1) is Ending.SILENT


def test_as_long_as_it_tells_something_it_is_not_silent():
    began = time.monotonic()
    assert given_up([FIRST_WORDS] + [b"."] * 20, timeout=math.inf, silence=0.1) is Ending.SILENT
    assert time.monotonic() - began > 0.3


def test_firmware_may_be_silent():
    assert given_up([b"firmware\n"], timeout=0.3, silence=0.01) is Ending.TIMEOUT


def test_time_is_up_without_a_word_of_silence():
    assert given_up([FIRST_WORDS], timeout=0.1, silence=math.inf) is Ending.TIMEOUT


def test_who_has_told_all_may_be_silent():
    whole = b"TAP version 14\n1..1\nok 1 - gdt.loaded\n# muster: PASS 1 checks; 4 CPUs; 1 ms\n"
    assert given_up([whole], timeout=60, silence=0.1, args="--then halt") is Ending.LEFT
