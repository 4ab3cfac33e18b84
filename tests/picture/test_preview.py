"""Invented runs as the program's own code and font draw them, from 800x600 to 4K: the verdict is in the
letters, what is said can be read, and an independent reader reads the QR code."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "boot")]

import palette  # noqa: E402
import phone  # noqa: E402
import words  # noqa: E402
from muster_qemu.picture import Picture, read_png  # noqa: E402

STEM = 0.1  # of the height: letters at their smallest, beside 4096 CPUs at 4K
CPUS = (4, 255, 4096)
SAID = {"pass": ["no check failed"],
        "fail": ["2 checks failed", r"df\.guard-page  CPU \d+", "run it again with --only and"]}
CODES = {"pass": [r"PASS 26 checks; {cpus} CPUs"],
         "fail": [r"FAIL 2 of 26 checks; {cpus} CPUs", r"\Adf\.guard-page CPU {half}\b",
                  r"\Adf\.storm CPU {half}\b"]}


def draw(sample: str, cpus: int, size: tuple[int, int], folder: str) -> Path:
    path = Path(folder) / "screen.png"
    drawn = subprocess.run([os.environ["PREVIEW"], sample, str(cpus), *map(str, size)],
                           capture_output=True, check=True)
    path.write_bytes(subprocess.run([str(ROOT / "tests" / "picture" / "ppm-to-png")], check=True,
                                    input=drawn.stdout, capture_output=True).stdout)
    return path


def stem(picture: Picture, sample: str) -> float:
    """Of the letters, a part of the height."""
    return palette.tallest_run(picture, palette.colours()[sample.upper()]) / picture.height


class Preview(unittest.TestCase):
    def look(self, width: int, height: int) -> None:
        for sample in ("pass", "fail"):
            for cpus in CPUS:
                with self.subTest(sample=sample, cpus=cpus), \
                        tempfile.TemporaryDirectory() as folder:
                    screen = draw(sample, cpus, (width, height), folder)
                    picture = read_png(screen)
                    self.assertEqual((picture.width, picture.height), (width, height))
                    self.assertGreaterEqual(stem(picture, sample), STEM)
                    self.assertEqual(words.differences(
                        [*SAID[sample], r"gone\.", "report kept: start again"],
                        screen), [])
                    if not phone.can_read():
                        codes = [code.format(cpus=cpus, half=cpus // 2) for code in CODES[sample]]
                        self.assertEqual(phone.differences(codes, screen), [])

    def test_800x600(self) -> None:
        self.look(800, 600)

    def test_1280x800(self) -> None:
        self.look(1280, 800)

    def test_4k(self) -> None:
        self.look(3840, 2160)

    def test_codes_can_be_read_here(self) -> None:
        if phone.can_read():
            self.skipTest(phone.can_read())


if __name__ == "__main__":
    unittest.main()
