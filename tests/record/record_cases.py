"""What can become of a record, case by case; each says what is wrong, or nothing."""
from __future__ import annotations

import random
import re
import shutil
import struct
import zlib
from typing import Callable

from record_truth import differences, other_document, verdicts
from recording import AGAIN, COLLECT, COLLECT_OTHER, ONCE, VENDOR, Boot, Interrupt, Machine, points_of

Case = Callable[[Machine, random.Random], list[str]]
CASES: dict[str, Case] = {}
HASTY = "hasty.efi"  # muster with shorter deadlines (tests/faults/hasty.h)
DEVICE_ERROR, ABORTED = 7, 0x15  # as the shell shows EFI_DEVICE_ERROR and EFI_ABORTED


def case(function: Case) -> Case:
    CASES[function.__name__.replace("_", "-")] = function
    return function


def told(machine: Machine, pattern: str, status: int = 0) -> list[str]:
    found = [] if re.search(pattern, machine.told(), re.MULTILINE) else [
        f"--collect does not say {pattern!r}, but: {machine.told().strip()}"]
    return found + ([] if machine.status() == status else [f"status {machine.status():#x}"])


def gone(machine: Machine) -> list[str]:
    """After AGAIN."""
    return [] if "muster: no record of an earlier run" in machine.told_again() else [
        f"the record is not gone: {machine.told_again().strip()}"]


def report(machine: Machine) -> str:
    """The TAP file."""
    return machine.read(next(name for name in machine.names() if name.endswith(".tap")))


def endings(machine: Machine) -> list[str]:
    return [name.split(".")[-1] for name in machine.names()]


def variable(number: int, data: str) -> str:
    """A line for the shell that gives a variable these bytes; none remove it."""
    return f"setvar MusterRecord{number} -guid {VENDOR} -bs -rt -nv ={data}"


def reset_and_rerun(machine: Machine, interrupt: Interrupt) -> Boot:
    """Reset while muster runs; the next start collects, and runs again."""
    return machine.script([*COLLECT, "muster.efi --record --then shutdown"], interrupt,
                          reboots=True)


def before_reset(machine: Machine, run: Boot) -> list[str]:
    """What is wrong with what the second of two runs collected of the first."""
    starts = [n for n, line in enumerate(run.lines) if line == "TAP version 14"]
    if len(starts) != 2:
        return [f"{len(starts)} runs began, wanted 2"]
    run.lines = run.lines[:starts[1]]
    return differences(machine, run, warm=True)


@case
def nothing_to_collect(machine: Machine, _: random.Random) -> list[str]:
    machine.collect()
    return told(machine, "^muster: no record of an earlier run$") + machine.names()


@case
def whole_run(machine: Machine, _: random.Random) -> list[str]:
    """All of it comes back, in either format; then the record is gone."""
    run = machine.run("--record --format tap,json --cpus 0-2 --baseline --smi-watch 50 --switch-bsp")
    machine.collect()
    found = differences(machine, run) + told(machine, "previous run ended: PASS")
    found += other_document(machine, run)
    machine.collect()
    return found + told(machine, "no record") + machine.names()


@case
def failing_run(machine: Machine, _: random.Random) -> list[str]:
    run = machine.begin("--record --break df.storm")
    machine.collect()
    found = differences(machine, run) + told(machine, "previous run ended: FAIL 1 of")
    text = report(machine)
    return found if "not ok" in text and 'cpus: "2"' in text else [*found, "no finding is kept"]


@case
def self_tested(machine: Machine, _: random.Random) -> list[str]:
    """What the self-test caught comes back word for word, and in the document."""
    run = machine.run("--record --self-test --format tap,json --only gdt.*,idt.*")
    machine.collect()
    return (differences(machine, run) + told(machine, "previous run ended: PASS")
            + other_document(machine, run))


@case
def reset_in_self_test(machine: Machine, _: random.Random) -> list[str]:
    """The verdicts of the checks are kept; where the run was, memory tells."""
    run = machine.script([*COLLECT, *ONCE, "muster.efi --record --self-test --only gdt.*,df.*"],
                         Interrupt("reset", 0.0, "# self-test: planting df.storm"), reboots=True)
    if not run.interrupted:
        return ["the machine was not reset in time"]
    found = told(machine, r"ended in the self-test of df\.\S+; ")
    kept = verdicts(points_of(report(machine).replace("\r", "").splitlines()))
    return found if kept and kept == verdicts(run.points) else [*found, f"kept are {kept}"]


@case
def name_that_exists(machine: Machine, _: random.Random) -> list[str]:
    """The same record twice: the second file gets a number."""
    machine.begin("--record --only gdt.*")
    kept = machine.keep_store()
    machine.collect()
    shutil.copyfile(kept, machine.store)
    machine.collect(same_volume=True)
    names = [name for name in machine.names() if name.endswith(".tap")]
    return [] if len(names) == 2 and names[0].endswith("-2.tap") else [f"the files are {names}"]


@case
def triple_fault(machine: Machine, _: random.Random) -> list[str]:
    """The machine resets itself; its memory names the check and the CPU."""
    machine.script([*COLLECT, *ONCE, "muster.efi --record --break run.triple-fault"], reboots=True)
    found = told(machine, r"ended in gs\.isolated; \d+ of \d+ checks were done before; "
                          r"not yet heard: CPUs? ([0-3][,-])*[23]; likely a triple fault")
    text = report(machine)
    return found if "Bail out! the previous run ended in gs.isolated;" in text else [
        *found, "the file does not say so"]


@case
def second_trail(machine: Machine, _: random.Random) -> list[str]:
    """A run that collects another's record leaves a trail, too, in the page that was the other's."""
    machine.script(["if exist \\THIRD then", *COLLECT, "  reset -s", "endif",
                    "if exist \\SECOND then", "  echo x >a \\THIRD", "endif", "echo x >a \\SECOND",
                    "muster.efi --record --break run.triple-fault"], reboots=True)
    found = [] if endings(machine) == ["json", "tap"] * 2 else [
        f"the files are {machine.names()}"]
    return found + told(machine, r"ended in gs\.isolated; .*not yet heard: CPUs? ([0-3][,-])*[23];")


@case
def hung_cpu(machine: Machine, _: random.Random) -> list[str]:
    """A CPU that hangs is a failure of its check; the run ends, and so does its record."""
    machine.efi = machine.faults / HASTY
    run = machine.run("--record --break run.hang-ap")
    machine.collect()
    return differences(machine, run) + told(machine, "previous run ended: FAIL 1 of .* 1 CPU lost")


@case
def uncollected(machine: Machine, _: random.Random) -> list[str]:
    """--record collects what an earlier run left, or leaves it alone where it cannot."""
    machine.begin("--record --only gdt.* --break gdt.loaded")
    second = machine.run("--record --only gdt.*")
    found = [] if second.has("# note: no record is kept: one of an earlier run") else [
        "the second run does not say that it keeps no record"]
    machine.script(["muster.efi --record --only tss.* --then shutdown"])
    if endings(machine) != ["json", "tap"]:
        found.append(f"the third run collected {machine.names()}")
    elif "not ok" not in report(machine):
        found.append("it is not the first run's report")
    machine.collect()
    return found + told(machine, "previous run ended: PASS [0-9]+ checks")


@case
def damaged_piece(machine: Machine, _: random.Random) -> list[str]:
    """What the others hold is kept, and the damaged bytes as they are."""
    machine.begin("--record --break df.storm")
    machine.collect([variable(3, "0xdeadbeef")])
    names = machine.names()
    found = told(machine, r"written: muster-\S+\.bin")
    if endings(machine) != ["bin", "json", "tap"]:
        return [*found, f"the files are {names}"]
    text = report(machine)
    return found + [f"no {line!r}" for line in (
        "# record: 1 variable is damaged", "# record: 1 piece of the result is missing",
        "- df.storm # CPU 2 of 4", "# muster: FAIL 1 of ") if line not in text]


@case
def damaged_start(machine: Machine, _: random.Random) -> list[str]:
    """Nothing tells the verdicts any more: none is made up, nor the firmware's name."""
    machine.run("--record --only gdt.*,df.*")
    machine.collect([variable(0, "0xdeadbeef"), variable(1, "0xdeadbeef")])
    found = told(machine, "^muster: the previous run came to its end, but its verdict is not in the "
                          "record$")
    if endings(machine) != ["bin", "json", "tap"]:
        return [*found, f"the files are {machine.names()}"]
    texts = [report(machine), machine.read(machine.names()[1])]
    return found + [f"{word} is told" for word in ("# muster", "EDK", "PASS", '"verdict"')
                    if any(word in text for text in texts)]


@case
def missing_piece(machine: Machine, _: random.Random) -> list[str]:
    run = machine.begin("--record")
    machine.collect([variable(2, "")])
    text = report(machine)
    found = [] if "# record: 1 piece of the result is missing" in text else ["not told"]
    return found + ([] if run.last in text else ["the last line is not that of the run"])


@case
def refused_result(machine: Machine, _: random.Random) -> list[str]:
    """Of a run that ended there is but the mark: it has not died, and its verdicts are kept."""
    run = machine.begin("--record --only gdt.* --break gdt.loaded")
    machine.collect([variable(number, "") for number in range(1, 9)])
    text = report(machine)
    return told(machine, "previous run ended: FAIL 1 of") + [
        f"no {line!r}" for line in ("# record: the result is missing", "- gdt.loaded # CPU",
                                    "ok 2 - gdt.", run.last) if line not in text]


@case
def nothing_but_garbage(machine: Machine, _: random.Random) -> list[str]:
    machine.script([variable(0, "0xdeadbeef"), *COLLECT, *AGAIN])
    found = told(machine, "the record is damaged: nothing in it can be read") + gone(machine)
    return found if endings(machine) == ["bin"] else [*found, f"the files are {machine.names()}"]


@case
def unread_piece(machine: Machine, _: random.Random) -> list[str]:
    """A variable that the firmware fails to read may be there: nothing is removed."""
    spoil = machine.faults / "spoil.efi"
    run = machine.begin("--record --only gdt.*")
    machine.script(["spoil.efi get-fail", *COLLECT], files={"spoil.efi": spoil})
    found = told(machine, r"^muster: the variable MusterRecord1 cannot be read \(Device Error\)",
                 DEVICE_ERROR)
    found += machine.names()
    machine.collect()
    return found + differences(machine, run)


@case
def other_version(machine: Machine, _: random.Random) -> list[str]:
    machine.collect([variable(0, "0x000100024352534d")])  # the lowest byte first: "MSRC", 2
    return told(machine, "the record is of version 2, this program reads version 1") + (
        [] if endings(machine) == ["bin"] else [f"{machine.names()}"])


def mark_of_another_build() -> str:
    """The mark of a run that ended, of two checks that passed: its catalogue has another checksum."""
    items = bytes([2, 7, 0, 1, 0, 2, 4, 100, 0, 0,  # PROGRESS: ended, 2 done, 4 answered, 100 us
                   3, 6, 0, 1, 2, 1, 0, 2, 0xaa])  # PLAN: checksum 1, 2 checks: the first ones
    head = b"MSRC" + struct.pack("<BBBBIHH", 1, 0, 1, 0, 7, len(items), 0)
    return (head + struct.pack("<I", zlib.crc32(head + items)) + items).hex()


@case
def other_checks(machine: Machine, _: random.Random) -> list[str]:
    """Those of another build: the verdicts are told, the bytes kept for who knows the names."""
    machine.collect([variable(0, f'H"{mark_of_another_build()}"')])
    if endings(machine) != ["bin", "json", "tap"]:
        return [f"the files are {machine.names()}", machine.told()]
    return told(machine, "previous run ended: PASS 2 checks") + [
        f"no {line!r}" for line in ("made by another build", "ok 2 - unknown.check-1")
        if line not in report(machine)]


@case
def large_variable(machine: Machine, _: random.Random) -> list[str]:
    """Larger than any of this program's: all of its bytes are kept before it is removed."""
    data = "".join(chr(ord("a") + n * 7 % 26) for n in range(1200))
    text = "setvar MusterRecord{} -guid " + VENDOR + " -bs -rt -nv =S\"{}\""
    machine.script([text.format(0, data), *COLLECT, *AGAIN])
    found = told(machine, "the record is damaged: nothing in it can be read") + gone(machine)
    if endings(machine) != ["bin"]:
        return [*found, f"the files are {machine.names()}"]
    kept = machine.read(machine.names()[0])
    return found + ([] if kept[4:1204] == data else [f"the file holds {kept[:40]!r}…"])


@case
def no_volume(machine: Machine, _: random.Random) -> list[str]:
    """Started by the network, or so: the report is printed, and kept."""
    run = machine.begin("--record --only gdt.*")
    printed = machine.run("--collect", Interrupt("quit", 1, "^muster: .*; the record is kept"))
    found = [] if printed.has("muster: .*; the record is kept, and printed above") else ["not told"]
    found += [] if printed.has("# muster: PASS") else ["the report is not printed"]
    machine.collect()
    return found + differences(machine, run)


@case
def little_room(machine: Machine, _: random.Random) -> list[str]:
    """The verdicts and what failed are kept; what was left out is counted."""
    spoil = machine.faults / "spoil.efi"
    machine.script(["spoil.efi store-half", "muster.efi --record --break df.storm --then shutdown"],
                   files={"spoil.efi": spoil})
    machine.collect()
    text = report(machine)
    return told(machine, "previous run ended: FAIL 1 of") + [f"no {line!r}" for line in (
        "left out for want of room", "- df.storm # CPU 2 of 4", "- roll.madt")
        if line not in text]


@case
def marks_spent(machine: Machine, _: random.Random) -> list[str]:
    """Killed where nothing was marked any more: the last mark is not told as the place."""
    spoil = machine.faults / "spoil.efi"
    run = machine.script(["spoil.efi store-half", "muster.efi --record --then shutdown"],
                         Interrupt("kill", 0, r"# running storm\.mixed"),
                         files={"spoil.efi": spoil})
    machine.collect()
    if not run.interrupted:
        return ["the run was not killed"]
    found = told(machine, r"previous run ended in (\S+) or any check after it; at least \d+ of \d+ ")
    return found + (["a triple fault is guessed"] if "triple fault" in machine.told() else [])


def tired_firmware(machine: Machine, spoiler: str, before: list[str], then: str) -> Boot:
    """A run whose first three marks are taken."""
    spoil = machine.faults / "spoil.efi"
    return machine.script(
        [*before, f"spoil.efi {spoiler} no-mat",
         f"muster.efi --record --only roll.*,gdt.*,df.*,nmi.* --then {then}"],
        files={"spoil.efi": spoil}, reboots=then == "reset")


@case
def refused_later(machine: Machine, _: random.Random) -> list[str]:
    """What edk2 does where its log is full after the door: the run ends, and has not died."""
    run = tired_firmware(machine, "set-full-later", [], "shutdown")
    machine.collect()
    found = [] if run.has("# record: nothing is marked from here on: .* died in") else [
        "the run does not say that it marks nothing more"]
    found += [] if run.has("# record: no record is kept: the last mark is removed") else [
        "the run does not say that it removed its mark"]
    return found + told(machine, "^muster: no record of an earlier run$") + machine.names()


@case
def hung_later(machine: Machine, _: random.Random) -> list[str]:
    """SetVariable is not called again, the mark stays; the memory tells that the run ended."""
    machine.efi = machine.faults / HASTY
    run = tired_firmware(machine, "set-hang-later", [*COLLECT, *ONCE], "reset")
    found = [] if run.has("# muster: PASS") else ["the run did not end"]
    found += ["a death is told"] if "ended in" in machine.told() else []
    return found + told(machine, "previous run came to its end, but its verdict is not in the record: ")


@case
def read_only_volume(machine: Machine, _: random.Random) -> list[str]:
    return kept_from_other(machine, False, True, r"cannot be written \(Write Protected\)")


@case
def pulled_volume(machine: Machine, _: random.Random) -> list[str]:
    """The first file that cannot be looked for is named; the record is kept."""
    spoil = machine.faults / "spoil.efi"
    run = machine.begin("--record --only gdt.*")
    machine.script(["spoil.efi volume-gone", *COLLECT], files={"spoil.efi": spoil})
    found = told(machine, r"muster-\S+\.tap cannot be looked for \(No Media\); the record is kept",
                 ABORTED)
    machine.collect()
    return found + differences(machine, run)


@case
def full_volume(machine: Machine, _: random.Random) -> list[str]:
    return kept_from_other(machine, True, False, r"cannot be written \(Volume Full\)")


def kept_from_other(machine: Machine, full: bool, readonly: bool, why: str) -> list[str]:
    """The report is printed, and kept for a volume that takes it."""
    run = machine.begin("--record --only gdt.*")
    machine.script(COLLECT_OTHER, qemu_args=machine.other_volume(full, readonly))
    found = told(machine, why + "; the record is kept, and printed above", ABORTED)
    found += [] if "# muster: PASS" in machine.told() else ["the report is not printed"]
    machine.collect()
    return found + differences(machine, run)


@case
def bootable_image(machine: Machine, _: random.Random) -> list[str]:
    """As people use it: started twice from the stick, the first report lies on it then."""
    image = machine.efi.parent / "muster.img"
    if not image.exists():
        return [f"there is no {image}: make image"]
    image = shutil.copyfile(image, machine.folder / "stick.img")
    run = machine.stick(image, Interrupt("quit", 1, "^# muster: "))
    again = machine.stick(image, Interrupt("quit", 1, "^TAP version"))
    found = [] if again.has("muster: written: muster-") else ["the second start does not say so"]
    run.interrupted = False
    return found + differences(machine, run)
