"""Disk images: FAT volumes through mtools, and a GUID partition table around one."""
from __future__ import annotations

import shutil
import struct
import subprocess
import uuid
import zlib
from pathlib import Path

from .errors import SetupError

SECTOR = 512
MIB = 1 << 20
VOLUME_MIB = 48  # where nothing else is said
ALIGNMENT = MIB // SECTOR  # where partitions begin
ESP_TYPE = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")  # UEFI 2.10, table 5.7
ENTRY_COUNT, ENTRY_SIZE = 128, 128
TABLE_SECTORS = ENTRY_COUNT * ENTRY_SIZE // SECTOR


def make_fat(image: Path, files: dict[str, bytes], size_mib: int = VOLUME_MIB,
             fat32: bool = True) -> None:
    """Makes `image` a FAT volume with `files` ("/EFI/BOOT/BOOTX64.EFI": contents).

    FAT32 takes at least 33 MiB; smaller volumes get the FAT that mformat thinks fit.
    """
    make_blank(image, size_mib)
    kind = ["-F"] if fat32 else ["-T", str(size_mib * MIB // SECTOR), "-h", "64", "-s", "32"]
    _mtools("mformat", "-i", str(image), *kind, "-v", "MUSTER", "::")
    for folder in _folders(files):
        _mtools("mmd", "-i", str(image), f"::{folder}")
    for path, contents in files.items():
        _mtools("mcopy", "-i", str(image), "-o", "-", f"::{path}", stdin=contents)


def make_blank(image: Path, size_mib: int = VOLUME_MIB) -> None:
    """Makes `image` a disk with nothing on it."""
    with open(image, "wb") as file:
        file.truncate(size_mib * MIB)


def read_fat(image: Path, path: str) -> bytes:
    """One file of a FAT volume."""
    return _mtools("mtype", "-i", str(image), f"::{path}")


def wrap_in_gpt(volume: Path, image: Path) -> None:
    """Makes `image` a disk whose one partition, an EFI system partition, is `volume`."""
    contents = volume.read_bytes()
    first = ALIGNMENT
    last = first + len(contents) // SECTOR - 1
    sectors = (last // ALIGNMENT + 2) * ALIGNMENT
    table = _partition_table(first, last)
    with open(image, "wb") as file:
        file.truncate(sectors * SECTOR)
        file.write(_protective_mbr(sectors))
        file.write(_gpt_header(1, sectors - 1, 2, sectors, table))
        file.write(table)
        file.seek(first * SECTOR)
        file.write(contents)
        file.seek((sectors - 1 - TABLE_SECTORS) * SECTOR)
        file.write(table)
        file.write(_gpt_header(sectors - 1, 1, sectors - 1 - TABLE_SECTORS, sectors, table))


def _folders(files: dict[str, bytes]) -> list[str]:
    """Every folder that `files` need, parents first."""
    parents = {str(parent) for path in files for parent in Path(path).parents}
    return sorted(parents - {"/", "."}, key=lambda path: (path.count("/"), path))


def _mtools(tool: str, *arguments: str, stdin: bytes = b"") -> bytes:
    if not shutil.which(tool):
        raise SetupError(f"{tool} is missing: run `make setup-run` (Debian's mtools)")
    done = subprocess.run([tool, *arguments], input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"{tool} {' '.join(arguments)}: {done.stderr.decode().strip()}")
    return done.stdout


def _disk_guid(what: str) -> uuid.UUID:
    """The same image from the same input: no random identifier."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"muster.{what}")


def _partition_table(first: int, last: int) -> bytes:
    """UEFI 2.10, 5.3.3: one entry, the rest unused."""
    entry = struct.pack("<16s16sQQQ72s", ESP_TYPE.bytes_le, _disk_guid("partition").bytes_le,
                        first, last, 0, "muster".encode("utf-16-le"))
    return entry.ljust(ENTRY_COUNT * ENTRY_SIZE, b"\0")


def _gpt_header(own: int, other: int, table_at: int, sectors: int, table: bytes) -> bytes:
    """UEFI 2.10, 5.3.2; the checksum is taken with its own field zero."""
    first_usable, last_usable = 2 + TABLE_SECTORS, sectors - 2 - TABLE_SECTORS

    def pack(checksum: int) -> bytes:
        return struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, checksum, 0, own, other,
                           first_usable, last_usable, _disk_guid("disk").bytes_le, table_at,
                           ENTRY_COUNT, ENTRY_SIZE, zlib.crc32(table))

    return pack(zlib.crc32(pack(0))).ljust(SECTOR, b"\0")


def _protective_mbr(sectors: int) -> bytes:
    """UEFI 2.10, 5.2.3: one partition of type 0xEE over the whole disk."""
    record = struct.pack("<B3sB3sII", 0, b"\x00\x02\x00", 0xEE, b"\xff\xff\xff", 1,
                         min(sectors - 1, 0xFFFFFFFF))
    return (bytes(446) + record).ljust(510, b"\0") + b"\x55\xaa"
