"""The serial line must take a whole run while nobody reads it: a guest does not wait."""
import os
import socket
import unittest

import paths  # noqa: F401
from muster_qemu.guest import SerialLine
from muster_qemu.qmp import Qmp, QmpError

RUN_BYTES = 300_000  # the log of a run on 255 CPUs is half as long


class Line(unittest.TestCase):
    def setUp(self):
        self.line = SerialLine()
        self.addCleanup(self.line.close)
        self.addCleanup(os.close, self.line.said)

    def far_end(self, suffix, flags):
        end = os.open(self.line.path.with_suffix(suffix), flags | os.O_NONBLOCK)
        self.addCleanup(os.close, end)
        return end

    def test_it_holds_a_run_character_by_character(self):
        uart = self.far_end(".out", os.O_WRONLY)
        for _ in range(RUN_BYTES):
            self.assertEqual(os.write(uart, b"x"), 1)  # BlockingIOError: it is full
        heard = 0
        while heard < RUN_BYTES:
            heard += len(os.read(self.line.said, 65536))
        self.assertEqual(heard, RUN_BYTES)

    def test_what_is_typed_comes_at_the_other_end(self):
        uart = self.far_end(".in", os.O_RDONLY)
        self.line.typed.write(b"muster\r")
        self.assertEqual(os.read(uart, 64), b"muster\r")

    def test_nothing_is_left_behind(self):
        line = SerialLine()
        line.close()
        line.close()
        os.close(line.said)
        self.assertFalse(line.path.parent.exists())


class Monitor(unittest.TestCase):
    def test_an_emulator_that_has_ended_already_is_no_trouble_yet(self):
        near, far = socket.socketpair()
        self.addCleanup(near.close)
        far.close()
        monitor = Qmp(near)
        self.assertFalse(monitor.open)
        with self.assertRaisesRegex(QmpError, "stop: "):
            monitor.command("stop")
