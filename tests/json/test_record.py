"""What is made of a record, whole or not: valid, and without a word that the record does not tell."""
import unittest

from documents import document, of_record, validate

SAMPLES = "pass deviation fail lost error".split()


class Record(unittest.TestCase):
    def told(self, sample, cpus, what):
        told = of_record(sample, cpus, what)
        self.assertEqual(validate.complaints(told), [])
        self.assertEqual(told["made_from"], "record")
        self.assertNotIn("baseline", told)
        return told

    def test_a_whole_one_says_what_the_run_said(self):
        for sample in SAMPLES:
            with self.subTest(sample):
                told, run = self.told(sample, 4, "whole"), document(sample, 4)
                self.assertEqual(told["result"], run["result"])
                self.assertEqual(told["checks"], run["checks"])
                self.assertTrue(told["ended"])

    def test_whatever_is_missing_it_is_valid(self):
        for sample, cpus in (("deviation", 1), ("lost", 4), ("many", 300)):
            for what in "mark-alone little-room start-damaged mark-old died died-calling".split():
                with self.subTest(sample=sample, cpus=cpus, what=what):
                    self.told(sample, cpus, what)

    def test_little_room_claims_no_cpus(self):
        run = {check["id"]: check for check in document("fail", 300)["checks"]}
        checks = self.told("fail", 300, "little-room")["checks"]
        self.assertTrue(any("examined" not in check for check in checks))
        for check in checks:
            self.assertIn(check.get("examined"), (None, run[check["id"]]["examined"]))

    def test_no_verdict_where_the_start_is_damaged(self):
        told = self.told("many", 4, "start-damaged")
        self.assertNotIn("verdict", told["result"])
        self.assertEqual(told["checks"], [])
        self.assertEqual(told["run"], {"options": told["run"]["options"]})
        self.assertEqual({"firmware", "hypervisor", "inventory", "arrivals"} & told.keys(), set())
        self.assertFalse(told["ended"])
        self.assertIn("its verdict is not in the record", told["died"])

    def test_no_verdict_where_the_mark_is_old(self):
        told = self.told("many", 4, "mark-old")
        self.assertNotIn("verdict", told["result"])
        self.assertIn("FAIL", [check["verdict"] for check in told["checks"]])
        self.assertFalse(told["ended"])

    def test_a_run_that_died_tells_no_time(self):
        result = self.told("pass", 4, "died")["result"]
        self.assertEqual(result["lost"], "")
        self.assertNotIn("elapsed_us", result)

    def test_nobody_knows_who_answers_while_they_are_called(self):
        told = self.told("pass", 4, "died-calling")
        self.assertEqual({"arrivals", "not_heard"} & told.keys(), set())
        self.assertEqual(told["result"].keys(), {"counts"})
        self.assertEqual(told["inventory"], {"claimed": 4})

    def test_checks_of_another_build(self):
        told, run = self.told("fail", 4, "foreign"), document("fail", 4)
        self.assertEqual(told["result"], run["result"])
        for number, (kept, check) in enumerate(zip(told["checks"], run["checks"])):
            self.assertEqual(kept["verdict"], check["verdict"])
            self.assertEqual(kept.get("findings"), check.get("findings"))
            self.assertEqual(kept["id"], check["id"] if "findings" in kept else f"unknown.check-{number}")
            self.assertEqual({"claim", "source"} & kept.keys(), set())


if __name__ == "__main__":
    unittest.main()
