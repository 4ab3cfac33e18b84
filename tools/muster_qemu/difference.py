"""What changed from one run to another, in words: one line for each thing, CPUs together."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Optional

from .errors import SetupError
from .register_bits import changed_bits
from .report_file import Report, print_cpus

GROUPS_TOLD, CHECKS_TOLD = 3, 8
_HEX = re.compile(r"0x[0-9a-f]+$")
_BAD = ("FAIL", "ERROR")
# Of a CPU's place among others: that a new CPU has its own is no news.
_OWN = re.compile(r"(cpu|topology)\.")
_ABSENT = object()


@dataclass
class Differences:
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # worth knowing, but no difference of machines


def differences(old: Report, new: Report) -> Differences:
    """SetupError where the two cannot be compared."""
    for one, other in ((old, new), (new, old)):
        if one.facts is None and other.facts is not None:
            why = ("is made of a record, which keeps no baseline"
                   if one.document.get("made_from") == "record" else "was made without --baseline")
            raise SetupError(f"{one.path}: {why}; {other.path} has one")
    found = Differences(notes=_notes(old, new))
    numbers = _numbers(old, new)
    if any(own != number for own, number in numbers.items()):
        new = new.renumbered(numbers)
        found.notes.append("CPUs are paired by APIC ID and named by OLD's numbers, not by NEW's")
    if old.facts is not None and new.facts is not None:
        found.lines += _fact_lines(old, new)
    found.lines += _check_lines(old, new) + _end_lines(old, new)
    return found


def _notes(old: Report, new: Report) -> list[str]:
    notes = []
    if old.facts is None:
        notes.append("neither report has a baseline: only the checks are compared")
    builds = [report.document.get("run", {}).get("build", "unknown") for report in (old, new)]
    if builds[0] != builds[1]:
        notes.append(f"not the same build of muster: {builds[0]}, {builds[1]}")
    return notes


def _numbers(old: Report, new: Report) -> dict[int, int]:
    """What to call each CPU of NEW: as OLD calls the one with its APIC ID, since one CPU that is gone
    moves the index of all behind it. Nothing where as many CPUs have other IDs: firmware allotted
    those anew."""
    olds, news = old.apic_ids, new.apic_ids
    allotted_anew = len(olds) == len(news) and set(olds.values()) != set(news.values())
    ambiguous = any(len(set(ids.values())) < len(ids) for ids in (olds, news))
    if allotted_anew or ambiguous or set(news) != new.cpus or set(olds) != old.cpus:
        return {}
    by_id = {value: cpu for cpu, value in olds.items()}
    numbers = {cpu: by_id[value] for cpu, value in news.items() if value in by_id}
    free = (cpu for cpu in range(len(olds) + len(news)) if cpu not in olds)
    return {**numbers, **{cpu: next(free) for cpu in sorted(news) if cpu not in numbers}}


# --- facts ----------------------------------------------------------------------------------------

def _fact_lines(old: Report, new: Report) -> list[str]:
    """The machine's first, then who is there, then what the CPUs have that both runs know."""
    lines = [_machine_line(name, old.facts.get((name, None), _ABSENT),
                           new.facts.get((name, None), _ABSENT))
             for name in _names(old, new, of_machine=True)]
    lines += _people_lines(old, new)
    both, come = old.cpus & new.cpus, new.cpus - old.cpus
    for name in _names(old, new, of_machine=False):
        lines += [_cpu_line(name, _pairs(name, old, new, both)),
                  _news_line(name, old, new, come)]
    return [line for line in lines if line]


def _names(old: Report, new: Report, of_machine: bool) -> list[str]:
    """In the order the reports tell them."""
    keys = [*old.facts, *new.facts]
    return list(dict.fromkeys(name for name, cpu in keys if (cpu is None) == of_machine))


def _people_lines(old: Report, new: Report) -> list[str]:
    lines = []
    for one, other, what in ((old, new, "gone"), (new, old, "new")):
        cpus = sorted(one.cpus - other.cpus)
        if cpus:
            lines.append(f"{print_cpus(cpus)} {'is' if len(cpus) == 1 else 'are'} {what}"
                         + (_ids(one, cpus) if new.numbers else ""))
    return lines


def _ids(report: Report, cpus: list[int]) -> str:
    """Where indices are not the same in both: what is."""
    ids = [str(report.apic_ids[cpu]) for cpu in cpus]
    return f" (APIC ID{'s' * (len(ids) != 1)} {_list(ids)})"


def _machine_line(name: str, old: Any, new: Any) -> str:
    return "" if old == new else f"{name}: {_change(name, old, new)}"


def _pairs(name: str, old: Report, new: Report, cpus: set[int]) -> dict[tuple[Any, Any], list[int]]:
    """The CPUs of each change, those that changed alike together."""
    pairs: dict[tuple[Any, Any], list[int]] = {}
    for cpu in sorted(cpus):
        before, after = (_of_cpu(report, name, cpu) for report in (old, new))
        if before != after:
            pairs.setdefault((before, after), []).append(cpu)
    return pairs


def _of_cpu(report: Report, name: str, cpu: int) -> Any:
    """A word of CPUID that is not told is zero."""
    absent = "0x0" if name.startswith("cpuid.") and report.has_cpuid else _ABSENT
    return report.facts.get((name, cpu), absent)


def _cpu_line(name: str, pairs: dict[tuple[Any, Any], list[int]]) -> str:
    """"state.cr4 of CPU 2: …"; of several changes the first ones."""
    if not pairs:
        return ""
    told = [(_change(name, *pair), cpus) for pair, cpus in pairs.items()]
    if len(told) == 1:
        return f"{name} of {print_cpus(told[0][1])}: {told[0][0]}"
    everyone = [cpu for cpus in pairs.values() for cpu in cpus]
    groups = [f"{change} on {print_cpus(cpus)}" for change, cpus in told[:GROUPS_TOLD]]
    more = len(told) - GROUPS_TOLD
    groups += [f"and {more} more change{'s' * (more != 1)}"] if more > 0 else []
    return f"{name} of {print_cpus(everyone)}: " + "; ".join(groups)


def _news_line(name: str, old: Report, new: Report, come: set[int]) -> str:
    """What new CPUs have that no CPU had before."""
    if _OWN.match(name):
        return ""
    known = {value for (other, _), value in old.facts.items() if other == name}
    groups: dict[Any, list[int]] = {}
    for cpu in sorted(come):
        value = new.facts.get((name, cpu), _ABSENT)
        if value is not _ABSENT and value not in known:
            groups.setdefault(value, []).append(cpu)
    told = [f"{_value(value)} on {print_cpus(cpus)}" for value, cpus in groups.items()]
    more = f"; and {len(told) - GROUPS_TOLD} more" if len(told) > GROUPS_TOLD else ""
    return f"{name} of new CPUs: " + "; ".join(told[:GROUPS_TOLD]) + more if told else ""


def _change(name: str, old: Any, new: Any) -> str:
    if old is _ABSENT:
        return f"now there: {_value(new)}"
    if new is _ABSENT:
        return f"no longer there (was {_value(old)})"
    why = ""
    if all(isinstance(value, str) and _HEX.match(value) for value in (old, new)):
        numbers = int(old, 16), int(new, 16)
        why = _size(*numbers) if name.startswith("memory.") else changed_bits(name, *numbers)
    return f"{_value(old)} → {_value(new)}" + (f" ({why})" if why else "")


def _value(value: Any) -> str:
    """As it stands in a report; text in quotes, for it may have blanks or be empty."""
    if value is None:
        return "not told"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f'"{value}"' if isinstance(value, str) and not _HEX.match(value) else str(value)


def _size(old: int, new: int) -> str:
    more = new - old
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if abs(more) >= size:
            return f"{more / size:+.1f} {unit}".replace(".0 ", " ")
    return f"{more:+d} bytes"


# --- checks ---------------------------------------------------------------------------------------

def _check_lines(old: Report, new: Report) -> list[str]:
    """Those that fail in either run a line each, the rest by what became of them."""
    lines: list[str] = []
    moved: dict[tuple[str, str], list[str]] = {}
    for id in [id for id in old.checks if id in new.checks]:
        before, after = old.checks[id], new.checks[id]
        words = before.get("verdict", "not ended"), after.get("verdict", "not ended")
        if set(words) & set(_BAD):
            if words[0] != words[1] or old.failed(id) != new.failed(id):
                lines.append(f"check {id}: {_how(old, id, words[0])} → {_how(new, id, words[1])}")
        elif words[0] != words[1]:
            moved.setdefault(words, []).append(id)
    lines += [_moved_line(ids, *words) for words, ids in moved.items()]
    for one, other, where in ((old, new, "OLD"), (new, old, "NEW")):
        only = [id for id in one.checks if id not in other.checks]
        if only:
            count = f"{len(only)} checks" if len(only) > 1 else "check"
            lines.append(f"{count} in {where} only: {_list(only)}")
    return lines


def _moved_line(ids: list[str], before: str, after: str) -> str:
    if len(ids) == 1:
        return f"check {ids[0]}: {before} → {after}"
    return f"{len(ids)} checks {before} → {after}: {_list(ids)}"


def _list(ids: list[str]) -> str:
    more = f" and {len(ids) - CHECKS_TOLD} more" if len(ids) > CHECKS_TOLD else ""
    return ", ".join(ids[:CHECKS_TOLD]) + more


def _how(report: Report, id: str, word: str) -> str:
    """"FAIL on CPU 2 (what it means)"."""
    if word not in _BAD:
        return word
    cpus = report.failed(id)
    findings = report.checks[id].get("findings", [])
    means: Optional[str] = next((finding["means"] for finding in findings
                                 if finding.get("means")), None)
    return word + (f" on {print_cpus(cpus)}" if cpus else "") + (f" ({means})" if means else "")


# --- the run --------------------------------------------------------------------------------------

def _end_lines(old: Report, new: Report) -> list[str]:
    if old.document["ended"] == new.document["ended"]:
        return []
    died, name = (old, "OLD") if new.document["ended"] else (new, "NEW")
    running = [id for id, check in died.checks.items() if "verdict" not in check]
    where = f"in {running[-1]}" if running else f"after {list(died.checks)[-1]}"
    return [f"the run of {name} died {where}; the other one ended"]
