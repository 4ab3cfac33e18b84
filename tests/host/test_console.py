"""Firmware's console noise must not hide or bend a line of ours."""
from muster_qemu.console import LineReader


def read(*chunks):
    reader = LineReader()
    lines = [line for chunk in chunks for line in reader.feed(chunk)]
    return lines + reader.close()


class TestLines:
    def test_line_ends(self):
        assert read(b"a\r\nb\nc") == ["a", "b", "c"]

    def test_any_cut_gives_the_same_lines(self):
        data = "\x1b[2J\x1b[01;01Hmuster: né\r\n\x1b[0m\x1b[37mok 1\r\n".encode()
        for at in range(len(data)):
            assert read(data[:at], data[at:]) == ["muster: né", "ok 1"], at

    def test_a_cursor_jump_begins_a_line(self):
        assert read(b"BdsDxe\x1b[2J\x1b[01;01Hmuster: x\n") == ["BdsDxe", "muster: x"]

    def test_control_characters_go(self):
        assert read(b"a\x00\x07b\tc\n") == ["ab\tc"]

    def test_bytes_that_are_no_text(self):
        assert read(b"\xff\xfeok\n") == ["\ufffd\ufffdok"]

    def test_prompt_is_seen_before_its_line_ends(self):
        reader = LineReader()
        reader.feed(b"x\r\nPress any key \x1b[1C")
        assert "Press any key" in reader.pending()
