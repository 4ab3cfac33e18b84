"""Firmware's console noise must not hide or bend a line of ours."""
import unittest

import paths  # noqa: F401
from muster_qemu.console import LineReader


def read(*chunks):
    reader = LineReader()
    lines = [line for chunk in chunks for line in reader.feed(chunk)]
    return lines + reader.close()


class Lines(unittest.TestCase):
    def test_line_ends(self):
        self.assertEqual(read(b"a\r\nb\nc"), ["a", "b", "c"])

    def test_any_cut_gives_the_same_lines(self):
        data = "\x1b[2J\x1b[01;01Hmuster: né\r\n\x1b[0m\x1b[37mok 1\r\n".encode()
        for at in range(len(data)):
            self.assertEqual(read(data[:at], data[at:]), ["muster: né", "ok 1"], at)

    def test_a_cursor_jump_begins_a_line(self):
        self.assertEqual(read(b"BdsDxe\x1b[2J\x1b[01;01Hmuster: x\n"), ["BdsDxe", "muster: x"])

    def test_control_characters_go(self):
        self.assertEqual(read(b"a\x00\x07b\tc\n"), ["ab\tc"])

    def test_bytes_that_are_no_text(self):
        self.assertEqual(read(b"\xff\xfeok\n"), ["\ufffd\ufffdok"])

    def test_prompt_is_seen_before_its_line_ends(self):
        reader = LineReader()
        reader.feed(b"x\r\nPress any key \x1b[1C")
        self.assertIn("Press any key", reader.pending())


if __name__ == "__main__":
    unittest.main()
