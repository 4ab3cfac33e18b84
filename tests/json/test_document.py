"""The document that muster writes: valid, the same through any buffer, and true to the report."""
import json
import re

import pytest

from invented import document, lines, validate

SAMPLES = "waking running pass deviation fail lost error many planted".split()


class TestValid:
    @pytest.mark.parametrize("sample, cpus", [
        *((sample, cpus) for cpus in (1, 4, 255) for sample in SAMPLES), ("many", 4096)])
    def test_every_sample_of_every_size(self, sample, cpus):
        told = document(sample, cpus)
        assert validate.complaints(told) == []
        assert told["ended"] == (sample not in ("waking", "running"))

    def test_no_key_comes_twice(self):
        def once(pairs):
            assert len(pairs) == len(dict(pairs)), [key for key, _ in pairs]
            return dict(pairs)
        for sample in SAMPLES:
            json.loads("\n".join(lines(sample, 5)[1:-1]), object_pairs_hook=once)

    def test_pieces_make_the_same_text(self):
        for sample in ("many", "lost"):
            assert lines(sample, 255, 16) == lines(sample, 255, 4096)

    def test_plain_ascii_in_short_lines(self):
        for line in lines("many", 4096):
            assert re.search(r"^[ -~]+$", line)

    def test_markers_once(self):
        told = lines("fail", 4)
        assert told[0] == "--- muster/1 begin ---"
        assert told[-1] == "--- muster/1 end ---"
        assert sum("--- muster" in line for line in told) == 2


class TestFaithful:
    def test_a_failing_run(self):
        told = document("fail", 4)
        assert told["result"]["verdict"] == "FAIL"
        assert told["result"]["counts"] == {
            "pass": 22, "fail": 2, "error": 0, "deviation": 1, "skip": 1, "none": 0}
        check = next(check for check in told["checks"] if check["id"] == "df.guard-page")
        assert check["failed"] == "2"
        assert check["examined"] == "0-3"
        assert check["findings"][0]["cpus"] == "2"
        assert check["findings"][0]["expected"] == "vector 8, stack IST1"
        assert told["run"]["planned"] == 26

    def test_strings_survive(self):
        finding = document("many", 4)["checks"][10]["findings"][0]
        assert finding["seen"] == 'rsp 0x0, \\ "quoted"\n\x7f #0'

    def test_lost_findings_are_counted(self):
        check = document("many", 4096)["checks"][10]
        assert len(check["findings"]) + check["findings_dropped"] == 256 + 20

    def test_the_inventory_is_the_merged_claims(self):
        told = document("pass", 8)["inventory"]
        assert [row["apic_id"] for row in told["cpus"]] == [0, 2, 4, 6, 8, 12, 14]
        assert told["cpus"][0] == {
            "cpu": 0, "apic_id": 0, "uid": 1, "package": 0, "core": 0, "thread": 0,
            "by": ["mps", "madt", "itself"]}
        assert [(row["by"], row["apic_id"]) for row in told["asleep"]] == [("mps", 10)]
        assert told["disabled"] == 1
        assert [(row["apic_id"], row["online_capable"]) for row in told["spare"]] == [
            (16, False), (18, True)]

    def test_arrivals_have_a_time_for_each_stage(self):
        told = document("lost", 4)["arrivals"]
        assert told["stages"][0] == "real-mode"
        assert told["stages"][-1] == "online"
        assert [row["cpu"] for row in told["cpus"] if row.get("lost")] == [2]
        assert all(len(row["us"]) == len(told["stages"]) for row in told["cpus"])
        assert [row["cpu"] for row in told["cpus"]] == [1, 2, 3]
        assert [row.get("first_stage") for row in told["cpus"]] == [None, "gdt", "sipi-sent"]

    def test_all_of_the_time_is_accounted_for(self):
        result, checks = (document("fail", 4)[key] for key in ("result", "checks"))
        assert sum(result["spent_us"].values()) == result["elapsed_us"]
        assert sum(check["us"] for check in checks) == result["spent_us"]["checks"]
        assert [check["us"] for check in checks[:3]] == [90, 110, 170]

    def test_a_run_that_died_tells_what_its_checks_took(self):
        told = document("running", 4)
        assert ["us" in check for check in told["checks"]] == [
            "verdict" in check for check in told["checks"]]
        assert "spent_us" not in told["result"]

    def test_a_run_that_died(self):
        told = document("running", 4)
        assert told["died"] == 'cut "off"'
        assert "verdict" not in told["result"]
        assert told["checks"][-1]["id"] == "df.guard-page"
        assert "verdict" not in told["checks"][-1]

    def test_the_baseline_knows_no_time(self):
        facts = document("pass", 4)["baseline"]
        assert facts == document("fail", 4)["baseline"]
        named = {fact["name"]: fact["value"] for fact in facts}
        assert named["memory.usable"] == hex(0xa0000 + 0x7fffffff000)
        assert named["memory.runtime_code"] == "0x100000"
        assert [fact["cpus"] for fact in facts if fact["name"] == "cpu"] == ["0", "1", "2", "3"]
