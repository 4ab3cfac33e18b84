"""muster-diff: each kind of change is seen and told; what is no change is not; trouble is named."""
import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FACTS = [
    {"name": "firmware.vendor", "value": "EDK II"},
    {"name": "system", "value": {"vendor": "QEMU", "bios_version": "1.0"}},
    {"name": "memory.usable", "value": "0x10000000"},
    {"name": "memory.attributes_table", "value": True},
    *({"name": "cpu", "cpus": str(cpu), "value": {"apic_id": cpu, "uid": cpu, "package": 0,
                                                  "core": cpu, "thread": None, "by": ["madt"]}}
      for cpu in range(4)),
    {"name": "cpuid.0.0.eax", "cpus": "0-3", "value": "0xd"},
    {"name": "cpuid.7.0.ebx", "cpus": "0-3", "value": "0x80"},
    {"name": "state.microcode", "cpus": "0-3", "value": "0x1"},
    {"name": "state.cr4", "cpus": "0", "value": "0x668"},
    {"name": "state.cr4", "cpus": "1-3", "value": "0x0"},
]
SOUND = {
    "schema": "muster/1", "run": {"version": "0.1", "build": "1a2b3c4d", "planned": 4},
    "firmware": {"vendor": "EDK II", "revision": "0x10000"}, "hypervisor": None,
    "inventory": {"claimed": 4},
    "checks": [
        {"id": "roll.agree", "verdict": "PASS", "examined": ""},
        {"id": "df.guard-page", "verdict": "PASS", "examined": "0-3"},
        {"id": "state.microcode", "verdict": "SKIP", "examined": "", "note": "none here"},
        {"id": "ring3.gate", "verdict": "FAIL", "examined": "0-3", "failed": "1",
         "findings": [{"cpus": "1", "verdict": "FAIL", "means": "the gate is wrong"}]}],
    "baseline": FACTS,
    "result": {"counts": {}, "verdict": "FAIL", "elapsed_us": 1000}, "ended": True,
}


def fact(document, name, cpus=None):
    return next(one for one in document["baseline"]
                if one["name"] == name and one.get("cpus") == cpus)


class Diff:
    """What the classes below share: two files, and what muster-diff says of them."""

    @pytest.fixture(autouse=True)
    def use(self, tmp_path):
        self.folder = tmp_path

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def run_diff(self, old, new):
        done = subprocess.run([sys.executable, str(ROOT / "tools/muster-diff"),
                               self.write("old", old), self.write("new", new)],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def assert_told(self, new, *lines, old=None):
        status, told, _ = self.run_diff(SOUND if old is None else old, new)
        assert told == list(lines)
        assert status == 1

    def changed(self, change):
        document = copy.deepcopy(SOUND)
        change(document)
        return document


class TestSame(Diff):
    def test_nothing_changed(self):
        assert self.run_diff(SOUND, SOUND) == (0, ["nothing changed"], "")

    def test_times_words_and_host_are_no_change(self):
        def change(document):
            document["result"].update(elapsed_us=999999, spent_us={"checks": 5, "other": 999994})
            document["checks"][1]["us"] = 5210400
            document["checks"][1]["note"] = "seed 5"
            document["checks"][2]["note"] = "another reason"
            document["host"] = {"seconds": 3}
        assert self.run_diff(SOUND, self.changed(change))[:2] == (0, ["nothing changed"])

    def test_grouping_is_no_change(self):
        new = copy.deepcopy(SOUND)
        fact(new, "state.microcode", "0-3")["cpus"] = "2-3"
        new["baseline"].append({"name": "state.microcode", "cpus": "0-1", "value": "0x1"})
        assert self.run_diff(SOUND, new)[:2] == (0, ["nothing changed"])

    def test_another_build_of_muster_is_a_remark(self):
        new = self.changed(lambda document: document["run"].update(build="ffffffff"))
        status, told, said = self.run_diff(SOUND, new)
        assert (status, told) == (0, ["nothing changed"])
        assert "1a2b3c4d, ffffffff" in said


class TestMachine(Diff):
    def test_firmware(self):
        self.assert_told(self.changed(lambda d: fact(d, "system")["value"].update(
            bios_version="1.1")), 'system.bios_version: "1.0" → "1.1"')

    def test_memory_with_its_size(self):
        self.assert_told(self.changed(lambda d: fact(d, "memory.usable").update(value="0xf800000")),
                         "memory.usable: 0x10000000 → 0xf800000 (-8 MiB)")

    def test_yes_and_no(self):
        self.assert_told(self.changed(lambda d: fact(d, "memory.attributes_table").update(
            value=False)), "memory.attributes_table: yes → no")

    def test_a_fact_that_came_or_went(self):
        new = self.changed(lambda d: d["baseline"].pop(0))
        self.assert_told(new, 'firmware.vendor: no longer there (was "EDK II")')
        self.assert_told(SOUND, 'firmware.vendor: now there: "EDK II"', old=new)


class TestCpus(Diff):
    def test_a_value_of_all(self):
        self.assert_told(self.changed(lambda d: fact(d, "state.microcode", "0-3").update(
            value="0x2")), "state.microcode of CPUs 0-3: 0x1 → 0x2")

    def test_a_value_of_one(self):
        def change(document):
            fact(document, "state.microcode", "0-3")["cpus"] = "0-2"
            document["baseline"].append({"name": "state.microcode", "cpus": "3", "value": "0x2"})
        self.assert_told(self.changed(change), "state.microcode of CPU 3: 0x1 → 0x2")

    def test_bits_by_name(self):
        self.assert_told(self.changed(lambda d: fact(d, "state.cr4", "0").update(value="0x2448")),
                         "state.cr4 of CPU 0: 0x668 → 0x2448 (VMXE now set; PAE, OSFXSR now clear)")

    def test_bits_without_a_name(self):
        self.assert_told(self.changed(lambda d: fact(d, "state.cr4", "0").update(
            value="0x4000000000000668")),
            "state.cr4 of CPU 0: 0x668 → 0x4000000000000668 (bit 62 now set)")

    def test_a_word_of_cpuid_that_is_not_told_is_zero(self):
        new = self.changed(lambda d: d["baseline"].remove(fact(d, "cpuid.7.0.ebx", "0-3")))
        self.assert_told(new, "cpuid.7.0.ebx of CPUs 0-3: 0x80 → 0x0 (SMEP now clear)")

    def test_several_changes_of_one_thing_are_one_line(self):
        def change(document):
            for cpu in range(4):
                fact(document, "cpu", str(cpu))["value"].update(apic_id=cpu * 2, package=cpu // 2)
        self.assert_told(self.changed(change),
                         "cpu.apic_id of CPUs 1-3: 1 → 2 on CPU 1; 2 → 4 on CPU 2; 3 → 6 on CPU 3",
                         "cpu.package of CPUs 2-3: 0 → 1")

    def test_many_changes_of_one_thing_are_counted(self):
        values = [{"name": "state.dr6", "cpus": str(cpu), "value": hex(cpu)} for cpu in range(64)]
        old = self.changed(lambda d: d["baseline"].extend(values))
        new = self.changed(lambda d: d["baseline"].extend(
            {**value, "value": hex(int(value["cpus"]) + 100)} for value in values))
        self.assert_told(new, "state.dr6 of CPUs 0-63: 0x0 → 0x64 on CPU 0; 0x1 → 0x65 on CPU 1; "
                         "0x2 → 0x66 on CPU 2; and 61 more changes", old=old)

    def without_the_second(self):
        """CPU 1 is gone, and the index of all behind it is one less."""
        def change(document):
            document["baseline"] = [one for one in document["baseline"]
                                    if one.get("cpus") not in ("1", "0-3", "1-3")]
            fact(document, "cpu", "2")["cpus"] = "1"
            fact(document, "cpu", "3")["cpus"] = "2"
            document["baseline"] += [
                {"name": "cpuid.0.0.eax", "cpus": "0-2", "value": "0xd"},
                {"name": "cpuid.7.0.ebx", "cpus": "0-2", "value": "0x80"},
                {"name": "state.microcode", "cpus": "0-2", "value": "0x1"},
                {"name": "state.cr4", "cpus": "1-2", "value": "0x0"}]
            for check in document["checks"]:
                check.update(examined=check["examined"] and "0-2")
        return self.changed(change)

    def test_one_that_is_gone_moves_no_other(self):
        new = self.without_the_second()
        new["checks"][3]["failed"] = "2"
        self.assert_told(new, "CPU 1 is gone (APIC ID 1)",
                         "check ring3.gate: FAIL on CPU 1 (the gate is wrong) → FAIL on CPU 3 "
                         "(the gate is wrong)")
        assert "paired by APIC ID" in self.run_diff(SOUND, new)[2]

    def test_one_that_came_between_others(self):
        old = self.without_the_second()
        old["checks"][3]["failed"] = "0"
        new = self.changed(lambda d: d["checks"][3].update(failed="0"))
        self.assert_told(new, "CPU 3 is new (APIC ID 1)", old=old)

    def test_ids_that_were_told_twice_pair_nobody(self):
        new = self.changed(lambda d: fact(d, "cpu", "3")["value"].update(apic_id=2))
        self.assert_told(new, "cpu.apic_id of CPU 3: 3 → 2")

    def new_cpus(self, microcode):
        def change(document):
            for cpu in range(4, 8):
                document["baseline"].append({"name": "cpu", "cpus": str(cpu), "value": {
                    "apic_id": cpu, "uid": cpu, "by": ["mps"]}})
            document["baseline"].append(
                {"name": "state.microcode", "cpus": "4-7", "value": microcode})
        return self.changed(change)

    def test_new_and_gone(self):
        new = self.new_cpus("0x1")
        self.assert_told(new, "CPUs 4-7 are new")
        self.assert_told(SOUND, "CPUs 4-7 are gone", old=new)

    def test_new_cpus_that_are_unlike_the_old_ones(self):
        self.assert_told(self.new_cpus("0x9"), "CPUs 4-7 are new",
                         "state.microcode of new CPUs: 0x9 on CPUs 4-7")


class TestChecks(Diff):
    def test_one_that_fails_now(self):
        def change(document):
            document["checks"][1].update(verdict="FAIL", failed="2", findings=[
                {"cpus": "2", "verdict": "FAIL", "means": "the stack is wrong"}])
        self.assert_told(self.changed(change), "check df.guard-page: PASS → FAIL on CPU 2 "
                                               "(the stack is wrong)")

    def test_one_that_is_mended(self):
        def change(document):
            document["checks"][3] = {"id": "ring3.gate", "verdict": "PASS", "examined": "0-3"}
        self.assert_told(self.changed(change),
                         "check ring3.gate: FAIL on CPU 1 (the gate is wrong) → PASS")

    def test_one_that_fails_elsewhere(self):
        def change(document):
            document["checks"][3].update(failed="1-2")
        self.assert_told(self.changed(change), "check ring3.gate: FAIL on CPU 1 (the gate is wrong)"
                                               " → FAIL on CPUs 1-2 (the gate is wrong)")

    def test_others_by_what_became_of_them(self):
        def change(document):
            for check in document["checks"][:2]:
                check.update(verdict="SKIP")
            document["checks"][2].update(verdict="PASS")
        self.assert_told(self.changed(change), "2 checks PASS → SKIP: roll.agree, df.guard-page",
                         "check state.microcode: SKIP → PASS")

    def test_checks_of_one_run_only(self):
        new = self.changed(lambda d: d["checks"].pop(0))
        self.assert_told(new, "check in OLD only: roll.agree")
        self.assert_told(SOUND, "check in NEW only: roll.agree", old=new)

    def test_a_run_that_died(self):
        def change(document):
            document.update(ended=False)
            del document["checks"][2:]
            document["checks"].append({"id": "state.microcode"})
        self.assert_told(self.changed(change), "check state.microcode: SKIP → not ended",
                         "check in OLD only: ring3.gate",
                         "the run of NEW died in state.microcode; the other one ended")


TAP = """BdsDxe: starting
TAP version 14
1..2
# muster 0.1 build 1a2b3c4d; firmware "EDK II" 0x10000; 2 CPUs claimed, 2 answered
ok 1 - roll.agree
not ok 2 - df.guard-page # CPU 1 of 2
  ---
  cpus: "1"
  means: "the stack is wrong"
  ...
# baseline {"name":"state.microcode","cpus":"0-1","value":"0x1"}
# muster: FAIL 1 of 2 checks; 2 CPUs; 3 ms
[muster-qemu] 1 of 2 checks failed
"""


class TestLogs(Diff):
    def test_tap(self):
        assert self.run_diff(TAP, TAP)[:2] == (0, ["nothing changed"])
        self.assert_told(TAP.replace('"value":"0x1"', '"value":"0x2"'),
                         "state.microcode of CPUs 0-1: 0x1 → 0x2", old=TAP)

    def test_tap_and_document_are_the_same(self):
        document = {"schema": "muster/1", "run": {"build": "1a2b3c4d", "planned": 2}, "ended": True,
                    "checks": [{"id": "roll.agree", "verdict": "PASS"},
                               {"id": "df.guard-page", "verdict": "FAIL", "failed": "1",
                                "findings": [{"means": "the stack is wrong"}]}],
                    "baseline": [{"name": "state.microcode", "cpus": "0-1", "value": "0x1"}]}
        assert self.run_diff(TAP, document) == (0, ["nothing changed"], "")

    def test_without_a_baseline_the_checks_are_compared(self):
        bare = "".join(line for line in TAP.splitlines(True) if "baseline" not in line)
        status, told, said = self.run_diff(bare, bare.replace("not ok 2", "ok 2").replace(
            "FAIL 1 of 2", "PASS 2"))
        assert status == 1
        assert told == ["check df.guard-page: FAIL on CPU 1 (the stack is wrong) → PASS"]
        assert "only the checks are compared" in said

    def test_tap_of_a_run_that_died_before_anybody_answered(self):
        """Its record does not say who did; the build is told all the same."""
        new = TAP.replace("2 answered", "").replace("claimed, ", "claimed").replace("1a2b3c4d", "5e6f")
        assert "not the same build of muster: 1a2b3c4d, 5e6f" in self.run_diff(TAP, new)[2]

    def test_a_log_that_breaks_off(self):
        status, told, _ = self.run_diff(TAP, TAP[:TAP.index("# muster: ")])
        assert (status, told) == (1, [
            "the run of NEW died after df.guard-page; the other one ended"])


class TestTrouble(Diff):
    def assert_trouble(self, new, says, old=None):
        status, told, said = self.run_diff(SOUND if old is None else old, new)
        assert (status, told) == (2, [])
        assert re.search(r"^muster-diff: .*/(old|new)\b.*" + says, said)

    def test_each_is_named(self):
        self.assert_trouble("{", "is no JSON")
        self.assert_trouble("", "no report in it")
        self.assert_trouble("hello\n", "no report in it")
        self.assert_trouble({**SOUND, "schema": "muster/2"}, 'its schema is "muster/2"')
        self.assert_trouble({"points": []}, "its schema is null")
        self.assert_trouble({"schema": "muster/1"}, "is damaged")
        self.assert_trouble({**SOUND, "checks": [{}]}, "is damaged")
        self.assert_trouble({**SOUND, "baseline": [{"name": "x"}]}, "is damaged")
        self.assert_trouble({**SOUND, "baseline": [{**FACTS[-1], "cpus": "a-b"}]}, "is damaged")
        self.assert_trouble({**SOUND, "checks": [], "baseline": []}, "before its first check")
        self.assert_trouble(TAP + TAP, "there are 2 reports", old=TAP)

    def test_one_baseline_alone(self):
        bare = {key: value for key, value in SOUND.items() if key != "baseline"}
        self.assert_trouble(bare, "without --baseline")
        self.assert_trouble(SOUND, "without --baseline", old=bare)
        self.assert_trouble({**bare, "made_from": "record"}, "of a record, which keeps no baseline")

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([sys.executable, str(ROOT / "tools/muster-diff"), "/nowhere", "/x"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "/nowhere: No such file" in done.stderr
