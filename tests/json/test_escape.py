"""The writer's strings against Python's reader: UTF-8 comes back as its characters, any other byte
as the character of its number."""
import codecs
import json
import random
import re
import subprocess

from invented import SAMPLE

CASES = 20000
codecs.register_error("by-number", lambda error: (
    "".join(map(chr, error.object[error.start:error.end])), error.end))


def meant(strings):
    return [string.decode("utf-8", "by-number") for string in strings]


def written(strings, room):
    """What muster's writer makes of `strings`, read by Python."""
    given = "".join(f"{string.hex()}\n" for string in strings)
    done = subprocess.run([SAMPLE, "strings", str(room)], input=given, capture_output=True,
                          text=True, check=True)
    return done.stdout, json.loads(done.stdout)


class TestEscape:
    def test_each_byte(self):
        strings = [bytes([byte]) for byte in range(256)]
        text, back = written(strings, 64)
        assert back == meant(strings)
        assert re.search(r"^[ -~]+$", text)
        plain = [string.decode("latin-1") for string in strings[32:127]]
        told = text[1:-1].split(r'"\u001f",')[1].split(r',"\u007f"')[0]
        assert json.dumps(plain, separators=(",", ":"))[1:-1] == told

    def test_random_strings_through_any_buffer(self):
        chance = random.Random(5)
        alphabets = [bytes(range(256)), b'"\\/\x00\x1f\x7f\x80\xff', b"abc \"\\u0000",
                     bytes([0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0x90, 0x9f, 0xa0, 0xbf, 0x41])]
        for room in (16, 17, 31, 256):
            strings = [bytes(chance.choices(chance.choice(alphabets), k=chance.randrange(40)))
                       for _ in range(CASES // 4)]
            assert written(strings, room)[1] == meant(strings)

    def test_every_kind_of_character(self):
        borders = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]
        strings = [chr(code).encode() for code in borders]
        strings += [string[:-1] for string in strings] + [string + b"\x80" for string in strings]
        strings += [b"\xc0\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf",
                    b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xff\xfe"]
        assert written(strings, 16)[1] == meant(strings)
        assert meant([chr(code).encode() for code in borders]) == list(map(chr, borders))
