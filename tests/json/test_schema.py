"""The schema refuses a document that is damaged, whatever the damage; each case is one."""
import pytest

from invented import document, validate


def _set(*path_and_value):
    *path, last, value = path_and_value

    def damage(told):
        for step in path:
            told = told[step]
        told[last] = value
    return damage


def _drop(*path):
    def damage(told):
        for step in path[:-1]:
            told = told[step]
        del told[path[-1]]
    return damage


DAMAGES = {
    "another schema": _set("schema", "muster/2"),
    "no schema": _drop("schema"),
    "no end": _drop("ended"),
    "ended as a word": _set("ended", "true"),
    "no run": _drop("run"),
    "a run without its build": _drop("run", "build"),
    "a run without its plan": _drop("run", "planned"),
    "an inventory of nobody": _drop("inventory", "claimed"),
    "no inventory": _drop("inventory"),
    "no end that was asked for": _drop("run", "options", "then"),
    "no word of how many answered": _drop("arrivals", "answered"),
    "no arrivals": _drop("arrivals"),
    "no checks": _drop("checks"),
    "checks that are empty": _set("checks", []),
    "no verdict of the run": _drop("result", "verdict"),
    "a verdict that is none": _set("result", "verdict", "MAYBE"),
    "a check without a verdict though the run ended": _drop("checks", 3, "verdict"),
    "a check's verdict in other words": _set("checks", 3, "verdict", "ok"),
    "a check without an id": _drop("checks", 3, "id"),
    "an id with a blank": _set("checks", 3, "id", "df. guard"),
    "a check without its claim": _drop("checks", 3, "claim"),
    "CPUs as a list": _set("checks", 3, "examined", [0, 1]),
    "CPUs with a blank": _set("checks", 3, "examined", "0, 1"),
    "an empty list of findings": _set("checks", 3, "findings", []),
    "a finding that passes": _set("checks", 15, "findings", 0, "verdict", "PASS"),
    "an unknown key": _set("extra", 1),
    "an unknown key of a check": _set("checks", 0, "extra", 1),
    "a count below nothing": _set("result", "counts", "pass", -1),
    "a count beyond 2^53": _set("result", "elapsed_us", 1 << 60),
    "a check's time as a fraction": _set("checks", 3, "us", 12.5),
    "time spent on nothing known": _set("result", "spent_us", "sleep", 12),
    "time spent without the checks'": _drop("result", "spent_us", "checks"),
    "a count as text": _set("result", "elapsed_us", "12"),
    "a revision as a number": _set("firmware", "revision", 65536),
    "a hexadecimal number with a leading zero": _set("firmware", "revision", "0x00010000"),
    "a source that is none": _set("inventory", "cpus", 0, "by", ["hearsay"]),
    "a source twice": _set("inventory", "cpus", 0, "by", ["mps", "mps"]),
    "an index too high": _set("inventory", "cpus", 0, "cpu", 4096),
    "a stage's time below nothing": _set("arrivals", "cpus", 1, "us", [-1]),
    "a fact without a value": _drop("baseline", 0, "value"),
    "a fact without a name": _drop("baseline", 0, "name"),
    "a fact with another key": _set("baseline", 0, "seconds", 3),
    "a serial number": _set("system", {"serial": "MUSTER-1"}),
    "remarks that are no text": _set("ground", [1]),
}


class TestDamaged:
    def test_what_is_damaged_was_sound(self):
        assert validate.complaints(document("fail", 4)) == []

    @pytest.mark.parametrize("damage", DAMAGES)
    def test_each_damage_is_refused(self, damage):
        told = document("fail", 4)
        DAMAGES[damage](told)
        assert validate.complaints(told) != []

    def test_a_run_that_died_needs_no_verdict(self):
        died = document("running", 4)
        assert "verdict" not in died["result"]
        assert validate.complaints(died) == []
        died["ended"] = True
        assert validate.complaints(died) != []
