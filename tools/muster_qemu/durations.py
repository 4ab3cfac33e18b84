"""What a run's time went to, by its document: the slowest checks, all that is no check, and how
either grows with the CPUs."""
from __future__ import annotations

import math
from typing import Any

SLOWEST = 10


def durations(document: dict[str, Any]) -> dict[str, int]:
    """Microseconds by check, and by what else took time."""
    outside = {use: us for use, us in document["result"]["spent_us"].items() if use != "checks"}
    return {**{check["id"]: check["us"] for check in document["checks"]}, **outside}


def lines(document: dict[str, Any]) -> list[str]:
    """The slowest checks and what is no check, each with its share of the whole run."""
    whole, spent = document["result"]["elapsed_us"], document["result"]["spent_us"]
    checks = sorted(((check["us"], check["id"]) for check in document["checks"]), reverse=True)
    outside = [(us, use.replace("_", "-")) for use, us in spent.items() if use != "checks" and us]
    return [f"checks {_part(spent['checks'], whole)}; the slowest: {_listed(checks[:SLOWEST], whole)}",
            f"outside checks {_part(whole - spent['checks'], whole)}: "
            f"{_listed(sorted(outside, reverse=True), whole)}"]


def growth(few: dict[str, Any], many: dict[str, Any], ratio: float) -> list[tuple[str, float]]:
    """What takes most with many CPUs, and the power of their number by which it grew since few;
    `ratio`: how many times as many they are. What took no time before is left out."""
    before, after = durations(few), durations(many)
    most = sorted(after, key=lambda name: after[name], reverse=True)[:SLOWEST]
    return [(name, math.log(after[name] / before[name]) / math.log(ratio))
            for name in most if before.get(name) and after[name]]


def _listed(parts: list[tuple[int, str]], whole: int) -> str:
    return ", ".join(f"{name} {_part(us, whole)}" for us, name in parts)


def _part(us: int, whole: int) -> str:
    return f"{us / 1000:.0f} ms ({us / whole:.1%})"
