"""The serial line must take a whole run while nobody reads it: a guest does not wait."""
import os
import socket
import sys

import pytest

from muster_qemu.guest import Guest, SerialLine
from muster_qemu.qmp import Qmp, QmpError
from muster_qemu.verdict import Ending

RUN_BYTES = 300_000  # the log of a run on 255 CPUs is half as long


class TestLine:
    @pytest.fixture(autouse=True)
    def open(self):
        self.line, self.ends = SerialLine(), []
        yield
        self.line.close()
        for end in (self.line.said, *self.ends):
            os.close(end)

    def far_end(self, suffix, flags):
        self.ends.append(os.open(self.line.path.with_suffix(suffix), flags | os.O_NONBLOCK))
        return self.ends[-1]

    def test_it_holds_a_run_character_by_character(self):
        uart = self.far_end(".out", os.O_WRONLY)
        for _ in range(RUN_BYTES):
            assert os.write(uart, b"x") == 1  # BlockingIOError: it is full
        heard = 0
        while heard < RUN_BYTES:
            heard += len(os.read(self.line.said, 65536))
        assert heard == RUN_BYTES

    def test_what_is_typed_comes_at_the_other_end(self):
        uart = self.far_end(".in", os.O_RDONLY)
        self.line.typed.write(b"muster\r")
        assert os.read(uart, 64) == b"muster\r"

    def test_nothing_is_left_behind(self):
        line = SerialLine()
        line.close()
        line.close()
        os.close(line.said)
        assert not line.path.parent.exists()


def test_an_emulator_that_has_ended_already_is_no_trouble_yet():
    near, far = socket.socketpair()
    far.close()
    with near:
        monitor = Qmp(near)
        assert not monitor.open
        with pytest.raises(QmpError, match="stop: "):
            monitor.command("stop")


# A machine that resets when a key is pressed, and says so in one breath with the answer.
RESETS_AT_A_KEY = """
import json, socket, sys
monitor = socket.socket(fileno=int(sys.argv[1]))
for line in monitor.makefile():
    order = json.loads(line)
    told = json.dumps({"return": {}, "id": order["id"]}) + "\\n"
    if order["execute"] == "send-key":
        told += json.dumps({"event": "SHUTDOWN", "data": {"reason": "guest-reset"}}) + "\\n"
    monitor.sendall(told.encode())
    if order["execute"] == "quit":
        break
"""


def test_an_end_that_comes_with_an_answer_is_seen():
    guest = Guest(lambda _, monitor: [sys.executable, "-c", RESETS_AT_A_KEY, str(monitor)],
                  lambda _: None)
    try:
        guest.press("ret")
        assert guest.ending is Ending.RESET
    finally:
        guest.close()
