"""Invented runs as the program's own code and font draw them, from 800x600 to 4K: the verdict is in the
letters, what is said can be read, and an independent reader reads the QR code."""
import subprocess
from pathlib import Path

import palette
import phone
import pytest
import words
from muster_qemu.picture import Picture, read_png

ROOT = Path(__file__).resolve().parents[2]
PREVIEW = ROOT / "build/preview/preview"
STEM = 0.1  # of the height: letters at their smallest, beside 4096 CPUs at 4K
SIZES = {"800x600": (800, 600), "1280x800": (1280, 800), "4k": (3840, 2160)}
SAID = {"pass": ["no check failed"],
        "fail": ["2 checks failed", r"df\.guard-page  CPU \d+", "run it again with --only and"]}
CODES = {"pass": [r"PASS 26 checks; {cpus} CPUs"],
         "fail": [r"FAIL 2 of 26 checks; {cpus} CPUs", r"\Adf\.guard-page CPU {half}\b",
                  r"\Adf\.storm CPU {half}\b"]}


def draw(sample: str, cpus: int, size: tuple[int, int], folder: Path) -> Path:
    path = folder / "screen.png"
    drawn = subprocess.run([str(PREVIEW), sample, str(cpus), *map(str, size)],
                           capture_output=True, check=True)
    path.write_bytes(subprocess.run([str(ROOT / "tests/picture/ppm-to-png")], check=True,
                                    input=drawn.stdout, capture_output=True).stdout)
    return path


def stem(picture: Picture, sample: str) -> float:
    """Of the letters, a part of the height."""
    return palette.tallest_run(picture, palette.colours()[sample.upper()]) / picture.height


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cpus", (4, 255, 4096))
@pytest.mark.parametrize("sample", SAID)
def test_what_is_drawn_can_be_read(sample: str, cpus: int, size: str, tmp_path: Path) -> None:
    screen = draw(sample, cpus, SIZES[size], tmp_path)
    picture = read_png(screen)
    assert (picture.width, picture.height) == SIZES[size]
    assert stem(picture, sample) >= STEM
    assert words.differences([*SAID[sample], r"gone\.", "report kept: start again"], screen) == []
    if not phone.can_read():
        codes = [code.format(cpus=cpus, half=cpus // 2) for code in CODES[sample]]
        assert phone.differences(codes, screen) == []


def test_codes_can_be_read_here() -> None:
    if phone.can_read():
        pytest.skip(phone.can_read())
