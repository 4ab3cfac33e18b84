"""A reset cuts a line in two; no half of a check's name may reach those who judge."""
from muster_qemu.console import LineReader
from recording import Machine


class Guest:
    """A machine that is in the middle of a line when it is stopped."""

    ending = None

    def __init__(self, reader, lines):
        self.reader, self.lines, self.done = reader, lines, []

    def freeze(self):
        self.lines += self.reader.feed(b"k 3 - gdt.loaded\r\n# running df.gua")
        self.done.append("freeze")

    def reset(self):
        self.done.append("reset")

    def thaw(self):
        self.lines += self.reader.feed(b"BdsDxe: loading Boot0001\r\n# running gdt.loaded\r\n")
        self.done.append("thaw")


class TestReset:
    def test_half_a_line_is_dropped(self):
        reader, lines = LineReader(), []
        lines += reader.feed(b"ok 2 - up.once\r\no")
        guest = Guest(reader, lines)
        assert Machine.stop(guest, reader, "reset")
        assert guest.done == ["freeze", "reset", "thaw"]
        assert lines == ["ok 2 - up.once", "ok 3 - gdt.loaded", "BdsDxe: loading Boot0001",
                         "# running gdt.loaded"]

    def test_too_late(self):
        reader, lines = LineReader(), []
        guest = Guest(reader, lines)
        guest.ending = "shutdown"
        assert not Machine.stop(guest, reader, "reset")
        assert guest.done == ["freeze", "thaw"]
