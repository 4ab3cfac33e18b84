"""The serial line must take a whole run while nobody reads it: a guest does not wait."""
import os
import socket

import pytest

from muster_qemu.guest import SerialLine
from muster_qemu.qmp import Qmp, QmpError

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
