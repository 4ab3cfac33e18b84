"""The boot matrix as data: reads matrix.ini and matrix-*.ini, and makes the rows that plant a defect."""
from __future__ import annotations

import configparser
import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE.parents[1] / "docs" / "CHECKS.md"
STAGES = ("init-sent sipi-sent real-mode protected-mode long-mode stack gdt tss idt gs apic "
          "online").split()
MACHINE_KEYS = "smp cpu machine memory firmware qemu qemu_args".split()
KEYS = {*MACHINE_KEYS, *("program boot args serial bochs files faults disk timeout silence alone start asks covered expect fails "
                         "deviates optional cpus passes skips says counted status ending picture qr "
                         "shows muster.cfg document changes").split()}
PATTERNS = ("break", "break up")
EXPECTED = ("pass", "fail", "refused", "text", "no-verdict")
SELF_TEST_OPTION = "--self-test"
BIG = 64  # CPUs from which a boot keeps both cores of a small machine busy
WORTH_STOPPING = 3  # rows on one machine from which a stopped one saves more than it costs


class MatrixError(Exception):
    """The matrix itself is wrong; no boot can mend that."""


def check_ids() -> list[str]:
    """The ids of all checks in the order they run: no boot is needed to know them. That the program's
    own table says the same is tests/lint/checks-doc's to see, and test_list.py's in a boot."""
    return re.findall(r"^### `(\S+)`$", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)


@dataclass
class Row:
    """One boot: its name, what the matrix says, and the check or stage whose defect it plants."""

    name: str
    values: dict[str, str]
    planted: str = ""
    file: str = ""

    def get(self, key: str, default: str = "") -> str:
        return self.values.get(key, default)

    def items(self, key: str) -> list[str]:
        """A comma list."""
        return [item.strip() for item in self.get(key).split(",") if item.strip()]

    def lines(self, key: str) -> list[str]:
        return [line for line in self.get(key).splitlines() if line.strip()]

    @property
    def id(self) -> str:
        """Its name in pytest, and of its folder."""
        return self.name.replace(" ", "-")

    @property
    def smp_cpus(self) -> int:
        return int(self.get("smp", "4").split(",")[0])

    @property
    def alone(self) -> bool:
        """No other boot beside it."""
        return bool(self.get("alone")) or self.smp_cpus >= BIG

    @property
    def asks_self_test(self) -> bool:
        """Its planted defects are what it is about: `--self-test`, or `--self-test=each`."""
        return any(word.split("=")[0] == SELF_TEST_OPTION for word in self.get("args").split())

    @property
    def narrow(self) -> list[str]:
        """The patterns of checks that it is asked besides what its args choose; none in `make check-all`."""
        return [] if os.environ.get("MUSTER_SUITE") == "all" else self.items("asks")

    @property
    def slow(self) -> bool:
        """Half a minute or more."""
        return bool(self.alone or self.get("bochs"))

    @property
    def machine(self) -> tuple[str, ...]:
        return (self.get("smp", "4"), *(self.get(key) for key in MACHINE_KEYS[1:]))

    @property
    def boots_itself(self) -> bool:
        """It is about booting, or is no machine that can be stopped at a shell's prompt."""
        return bool(self.get("start") == "cold" or self.get("boot") or self.get("disk")
                    or self.get("serial") or self.get("bochs") or self.get("firmware") == "u-boot")


class Matrix:
    """All sections of matrix.ini, and of every matrix-*.ini beside it."""

    def __init__(self, folder: Path = HERE) -> None:
        # [DEFAULT] is read as a plain section: what a row says itself must stay tellable.
        self._parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",),
                                                 delimiters=("=",), default_section="")
        self._files: dict[str, str] = {}
        for path in [folder / "matrix.ini", *sorted(folder.glob("matrix-*.ini"))]:
            try:
                self._parser.read_string(path.read_text(encoding="utf-8"), str(path))
            except configparser.Error as error:
                raise MatrixError(str(error)) from error
            for section in self._parser.sections():
                self._files.setdefault(section, path.name)
        self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        for section in self._parser.sections():
            unknown = set(self._parser[section]) - KEYS
            if unknown:
                raise MatrixError(f"[{section}] has unknown keys: {', '.join(unknown)}")
            expect = self._parser[section].get("expect", EXPECTED[0])
            if expect not in EXPECTED:
                raise MatrixError(f"[{section}] expects {expect}, not one of {', '.join(EXPECTED)}")
            if self._parser[section].get("start", "cold") != "cold":
                raise MatrixError(f"[{section}] start is cold, or is left out")

    @cached_property
    def rows(self) -> list[Row]:
        return self.plain_rows() + self.break_rows(check_ids())

    @cached_property
    def _by_name(self) -> dict[str, Row]:
        return {row.name: row for row in self.rows}

    def row(self, name: str) -> Row:
        if name not in self._by_name:
            raise MatrixError(f"there is no row {name}")
        return self._by_name[name]

    def covering(self, row: Row) -> list[Row]:
        """The rows of `make check` that prove what this one proves, which only `make check-all` boots."""
        return [self.row(name) for name in row.items("covered")]

    @cached_property
    def _rows_on(self) -> Counter[tuple[str, ...]]:
        return Counter(row.machine for row in self.rows if not row.boots_itself)

    def starts_cold(self, row: Row) -> bool:
        """Whether it boots from power-on rather than from a machine that was stopped at a prompt."""
        return row.boots_itself or self._rows_on[row.machine] < WORTH_STOPPING

    def plain_rows(self) -> list[Row]:
        """The rows that stand in the file as they are."""
        return [Row(name, self._values(name), file=self._files[name])
                for name in self._parser.sections()
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
        return Row(name, values, planted, self._files.get(name, self._files[pattern]))
