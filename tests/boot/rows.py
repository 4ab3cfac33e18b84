"""The boot matrix as data: reads matrix.ini and matrix-*.ini, and makes the rows that plant a defect."""
from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

STAGES = ("init-sent sipi-sent real-mode protected-mode long-mode stack gdt tss idt gs apic "
          "online").split()
KEYS = set("smp cpu machine memory firmware boot args serial qemu bochs qemu_args files faults disk "
           "timeout alone expect fails deviates optional cpus passes skips says counted status ending "
           "picture qr shows muster.cfg document changes".split())
PATTERNS = ("break", "break up")


class MatrixError(Exception):
    """The matrix itself is wrong; no boot can mend that."""


@dataclass
class Row:
    """One boot: its name, what the matrix says, and the check or stage whose defect it plants."""

    name: str
    values: dict[str, str]
    planted: str = ""

    def get(self, key: str, default: str = "") -> str:
        return self.values.get(key, default)

    def items(self, key: str) -> list[str]:
        """A comma list."""
        return [item.strip() for item in self.get(key).split(",") if item.strip()]

    def lines(self, key: str) -> list[str]:
        return [line for line in self.get(key).splitlines() if line.strip()]

    @property
    def folder_name(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def smp_cpus(self) -> int:
        return int(self.get("smp", "4").split(",")[0])


class Matrix:
    """All sections of matrix.ini, and of every matrix-*.ini beside it."""

    def __init__(self, folder: Path) -> None:
        # [DEFAULT] is read as a plain section: what a row says itself must stay tellable.
        self._parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",),
                                                 delimiters=("=",), default_section="")
        for path in [folder / "matrix.ini", *sorted(folder.glob("matrix-*.ini"))]:
            try:
                self._parser.read_string(path.read_text(encoding="utf-8"), str(path))
            except configparser.Error as error:
                raise MatrixError(str(error)) from error
        for section in self._parser.sections():
            unknown = set(self._parser[section]) - KEYS
            if unknown:
                raise MatrixError(f"[{section}] has unknown keys: {', '.join(unknown)}")

    def plain_rows(self) -> list[Row]:
        """The rows that stand in the file as they are."""
        return [Row(name, self._values(name)) for name in self._parser.sections()
                if name != "DEFAULT" and name.split()[0] != "break"]

    def break_rows(self, ids: list[str]) -> list[Row]:
        """One row for each check that muster has, and one for each stage: none can be forgotten."""
        rows = [self._made("break", f"break {id}", id, {"{id}": id}) for id in ids]
        rows += [self._made("break up", f"break up.{stage}", f"up.{stage}",
                            {"{id}": f"up.{stage}", "{stage}": stage}) for stage in STAGES]
        made = {row.name for row in rows}
        for section in self._parser.sections():
            if section.startswith("break ") and section not in PATTERNS and section not in made:
                raise MatrixError(f"[{section}]: muster has no such check or stage")
        return rows

    def _values(self, *sections: str) -> dict[str, str]:
        """What these sections say, later ones before earlier ones, all before [DEFAULT]."""
        values: dict[str, str] = {}
        for section in ("DEFAULT", *sections):
            if self._parser.has_section(section):
                values.update(self._parser[section])
        return values

    def _made(self, pattern: str, name: str, planted: str, words: dict[str, str]) -> Row:
        values = self._values(pattern, name)
        for key, value in values.items():
            for word, meaning in words.items():
                value = value.replace(word, meaning)
            values[key] = value
        return Row(name, values, planted)
