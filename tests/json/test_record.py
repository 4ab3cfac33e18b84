"""What is made of a record, whole or not: valid, and without a word that the record does not tell."""
import pytest

from invented import document, of_record, validate

SAMPLES = "pass deviation fail lost error".split()
PARTS = "mark-alone little-room start-damaged mark-old died died-calling".split()


class TestRecord:
    def told(self, sample, cpus, what):
        told = of_record(sample, cpus, what)
        assert validate.complaints(told) == []
        assert told["made_from"] == "record"
        assert "baseline" not in told
        return told

    @pytest.mark.parametrize("sample", SAMPLES)
    def test_a_whole_one_says_what_the_run_said(self, sample):
        told, run = self.told(sample, 4, "whole"), document(sample, 4)
        assert told["result"] == run["result"]
        assert told["checks"] == run["checks"]
        assert told["ended"]

    @pytest.mark.parametrize("sample, cpus", [("deviation", 1), ("lost", 4), ("many", 300)])
    @pytest.mark.parametrize("what", PARTS)
    def test_whatever_is_missing_it_is_valid(self, sample, cpus, what):
        self.told(sample, cpus, what)

    def test_little_room_claims_no_cpus(self):
        run = {check["id"]: check for check in document("fail", 300)["checks"]}
        checks = self.told("fail", 300, "little-room")["checks"]
        assert any("examined" not in check for check in checks)
        for check in checks:
            assert check.get("examined") in (None, run[check["id"]]["examined"])

    def test_no_verdict_where_the_start_is_damaged(self):
        told = self.told("many", 4, "start-damaged")
        assert "verdict" not in told["result"]
        assert told["checks"] == []
        assert told["run"] == {"options": told["run"]["options"]}
        assert {"firmware", "hypervisor", "inventory", "arrivals"} & told.keys() == set()
        assert not told["ended"]
        assert "its verdict is not in the record" in told["died"]

    def test_no_verdict_where_the_mark_is_old(self):
        told = self.told("many", 4, "mark-old")
        assert "verdict" not in told["result"]
        assert "FAIL" in [check["verdict"] for check in told["checks"]]
        assert not told["ended"]

    def test_a_run_that_died_tells_no_time(self):
        result = self.told("pass", 4, "died")["result"]
        assert result["lost"] == ""
        assert "elapsed_us" not in result

    def test_nobody_knows_who_answers_while_they_are_called(self):
        told = self.told("pass", 4, "died-calling")
        assert {"arrivals", "not_heard"} & told.keys() == set()
        assert told["result"].keys() == {"counts"}
        assert told["inventory"] == {"claimed": 4}

    def test_checks_of_another_build(self):
        told, run = self.told("fail", 4, "foreign"), document("fail", 4)
        assert told["result"] == run["result"]
        for number, (kept, check) in enumerate(zip(told["checks"], run["checks"])):
            assert kept["verdict"] == check["verdict"]
            assert kept.get("findings") == check.get("findings")
            assert kept["id"] == (check["id"] if "findings" in kept else f"unknown.check-{number}")
            assert {"claim", "source"} & kept.keys() == set()
