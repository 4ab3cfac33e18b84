"""What is written must be readable by others: JUnit, PNG, FAT and GPT images."""
import struct
import tempfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from muster_qemu import picture, volumes
from muster_qemu.document import seconds_of_checks
from muster_qemu.junit import junit_xml
from muster_qemu.verdict import Boot, Ending, judge
from test_tap import FAILED, HEAD, POINTS, read


class TestJunit:
    def suite(self, *lines, ending=Ending.SHUTDOWN, took=None):
        boot = Boot(ending, read(*lines), seconds=1.5)
        text = junit_xml(boot, judge(boot), {"smp": "4"}, "\n".join(lines) + "\x1b", took or {})
        return ElementTree.fromstring(text.encode()).find("testsuite")

    def test_cases(self):
        suite = self.suite(*HEAD, POINTS[0], *FAILED, POINTS[2],
                           "# muster: FAIL 1 of 3 checks; 4 CPUs; 1 ms")
        counts = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
        assert counts == ["4", "1", "0", "1"]
        case = suite.find("testcase[@name='df.guard-page']")
        assert case.get("classname") == "muster.df"
        assert case.find("failure").get("message") == "wrong stack"
        assert "vector 8" in case.find("failure").text

    def test_the_document_tells_what_a_check_took(self):
        told = {"checks": [{"id": "df.guard-page", "us": 5210400}, {"id": "df.storm"}]}
        suite = self.suite(*HEAD, POINTS[0], *FAILED, took=seconds_of_checks(told))
        times = {case.get("name"): case.get("time") for case in suite.findall("testcase")}
        assert times["df.guard-page"] == "5.210"
        assert times[read(*HEAD, POINTS[0]).points[0].id] == "0.000"

    def test_a_crash_is_an_error_of_the_run(self):
        suite = self.suite(*HEAD, POINTS[0], ending=Ending.RESET)
        assert suite.get("errors") == "1"
        error = suite.find("testcase[@name='run']/error")
        assert "triple fault" in error.get("message")


class TestPictures:
    def test_round_trip(self):
        pixels = bytes(range(0, 240, 5)) * 5
        with tempfile.TemporaryDirectory() as folder:
            ppm, png = Path(folder) / "a.ppm", Path(folder) / "a.png"
            ppm.write_bytes(b"P6\n16 5\n255\n" + pixels)
            picture.write_png(png, picture.read_ppm(ppm))
            again = picture.read_png(png)
        assert (again.width, again.height, again.pixels) == (16, 5, pixels)
        assert sum(again.colours().values()) == 80
        assert again.colours()[0x00050A] == 5


class TestVolumes:
    def test_fat_inside_gpt(self):
        with tempfile.TemporaryDirectory() as folder:
            fat, disk = Path(folder) / "fat.img", Path(folder) / "disk.img"
            volumes.make_fat(fat, {"/EFI/BOOT/BOOTX64.EFI": b"program", "/a.txt": b"text"})
            assert volumes.read_fat(fat, "/EFI/BOOT/BOOTX64.EFI") == b"program"
            volumes.wrap_in_gpt(fat, disk)
            assert volumes.read_fat(Path(f"{disk}@@1M"), "/a.txt") == b"text"
            self.check_header(disk.read_bytes(), 1)
            self.check_header(disk.read_bytes(), disk.stat().st_size // 512 - 1)

    def check_header(self, disk, lba):
        header = bytearray(disk[lba * 512:lba * 512 + 92])
        assert header[:8] == b"EFI PART"
        checksum, = struct.unpack_from("<I", header, 16)
        own, = struct.unpack_from("<Q", header, 24)
        table_at, = struct.unpack_from("<Q", header, 72)
        table_checksum, = struct.unpack_from("<I", header, 88)
        struct.pack_into("<I", header, 16, 0)
        assert (own, checksum) == (lba, zlib.crc32(header))
        assert table_checksum == zlib.crc32(disk[table_at * 512:table_at * 512 + 128 * 128])
