"""Records of runs that end, die, are killed and are reset, collected at the next start.

Every kill and reset comes at a random moment; the seed is told (MUSTER_SEED). Whatever happens, what is
collected is the truth as the serial line told it: a whole result, or the check that was running, or
nothing where nothing had been written yet.
"""
from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Callable, Iterator

import pytest
import record_cases
from newer_debian import fastest_firmware
from record_truth import differences
from recording import Interrupt, Machine

BUILD = Path(__file__).resolve().parents[2] / "build"
SEED = int(os.environ["MUSTER_SEED"])  # set in tests/conftest.py: all workers have the same
ROUNDS = 6
SPAN_S = 1.6  # a run on four CPUs takes about a second from its first line to its last
# The last check that may do harm: what follows within moments is the writing of the result.
LAST, LAST_S = "# running up\\.again", 0.5
COLLECTING, COLLECTING_S = ("muster: the previous run", "muster: written:"), 0.06


def moment(how: str, chance: random.Random) -> Interrupt:
    """Anywhere in the run, and as often near its end."""
    if chance.random() < 0.5:
        return Interrupt(how, chance.uniform(0, SPAN_S))
    return Interrupt(how, chance.uniform(0, LAST_S), LAST)


def killed(machine: Machine, chance: random.Random) -> list[str]:
    """The plug is pulled, or the emulator told to quit, while muster runs."""
    how = chance.choice(["kill", "quit"])
    run = machine.run("--record", moment(how, chance))
    machine.collect()
    return differences(machine, run)


def was_reset(machine: Machine, chance: random.Random) -> list[str]:
    """The reset button is pushed while muster runs."""
    run = record_cases.reset_and_rerun(machine, moment("reset", chance))
    if run.interrupted:
        return record_cases.before_reset(machine, run)
    machine.collect()  # it had ended and switched itself off before
    return differences(machine, run)


def reset_in_collect(machine: Machine, chance: random.Random) -> list[str]:
    """The plug is pulled while files are written: the record is there still, or they are."""
    run = machine.begin("--record")
    machine.script(["muster.efi --collect"],
                   Interrupt("kill", chance.uniform(0, COLLECTING_S), chance.choice(COLLECTING)))
    machine.collect(same_volume=True)
    return differences(machine, run, all_files=True)


# With this machine's own firmware; the others with a newer Debian's, where it can be had, whose store of
# variables is another and which starts in a third of the time.
OWN_FIRMWARE = ("whole-run", "damaged-start", "was-reset-2")

KINDS = [killed, was_reset, reset_in_collect]
ROUND = len(KINDS)
Kind = Callable[[Machine, random.Random], list[str]]


def firmware_for(name: str) -> str:
    return "ovmf" if name in OWN_FIRMWARE else fastest_firmware()


def judged(kind: Kind, name: str, seed: int, record_property: Callable[[str, object], None]) -> None:
    machine = Machine(BUILD / "record" / name, BUILD / "muster.efi", firmware_for(name))
    problems = kind(machine, random.Random(seed))
    for boot in machine.repeated:
        record_property("booted again", f"{name}: {boot}")
    if problems:
        pytest.fail("\n".join([*problems, f"seed {seed}; the boots are told in {machine.folder}"]),
                    pytrace=False)


@pytest.mark.parametrize("name", record_cases.CASES)
def test_case(name: str, record_property: Callable[[str, object], None]) -> None:
    judged(record_cases.CASES[name], name, 0, record_property)


def random_moments() -> Iterator[object]:
    """Each kind in turn. `make check` has one round; more of the same, at other moments, are
    `make check-all`'s."""
    for number in range(ROUND * ROUNDS):
        name = f"{KINDS[number % ROUND].__name__.replace('_', '-')}-{number + 1}"
        yield pytest.param(number, name, id=name, marks=[pytest.mark.all] if number >= ROUND else [])


@pytest.mark.slow
@pytest.mark.parametrize("number, name", random_moments())
def test_random_moment(number: int, name: str, record_property: Callable[[str, object], None]) -> None:
    judged(KINDS[number % ROUND], name, SEED + number, record_property)
