"""Pictures without a library: QEMU's PPM screen dump to PNG, and PNG back to pixels."""
from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_PPM_HEADER = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass
class Picture:
    """24-bit RGB, row after row."""

    width: int
    height: int
    pixels: bytes

    def colours(self) -> Counter:
        """How many pixels have each colour (0xRRGGBB)."""
        data = self.pixels
        triples = zip(data[0::3], data[1::3], data[2::3])
        return Counter(r << 16 | g << 8 | b for r, g, b in triples)


def read_ppm(path: Path) -> Picture:
    """What `screendump` writes; every QEMU has it, PNG only newer ones."""
    data = path.read_bytes()
    header = _PPM_HEADER.match(data)
    if not header:
        raise ValueError(f"{path}: not a binary PPM picture")
    width, height = int(header[1]), int(header[2])
    return Picture(width, height, data[header.end():header.end() + 3 * width * height])


def write_png(path: Path, picture: Picture) -> None:
    stride = 3 * picture.width
    rows = (b"\0" + picture.pixels[n * stride:(n + 1) * stride] for n in range(picture.height))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    path.write_bytes(_SIGNATURE + _chunk(b"IHDR", header)
                     + _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)) + _chunk(b"IEND", b""))


def read_png(path: Path) -> Picture:
    """Reads what write_png() writes: 8-bit RGB, not interlaced, rows without a filter."""
    data = path.read_bytes()
    if not data.startswith(_SIGNATURE):
        raise ValueError(f"{path}: not a PNG picture")
    chunks = list(_chunks(data))
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[0][1])
    if kind != [8, 2, 0, 0, 0]:
        raise ValueError(f"{path}: not an 8-bit RGB picture")
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    stride = 3 * width + 1
    if any(raw[n * stride] for n in range(height)):
        raise ValueError(f"{path}: has filtered rows")
    rows = (raw[n * stride + 1:(n + 1) * stride] for n in range(height))
    return Picture(width, height, b"".join(rows))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _chunks(data: bytes):
    at = len(_SIGNATURE)
    while at < len(data):
        size, = struct.unpack_from(">I", data, at)
        yield data[at + 4:at + 8], data[at + 8:at + 8 + size]
        at += 12 + size
