"""What a run's time went to, as `make bench` tells it."""
import unittest

from muster_qemu import durations


def run(*checks, **spent):
    spent["checks"] = sum(us for _, us in checks)
    return {"checks": [{"id": id, "us": us} for id, us in checks],
            "result": {"elapsed_us": sum(spent.values()), "spent_us": spent}}


class Durations(unittest.TestCase):
    def test_shares_of_one_run(self):
        told = run(("a.quick", 1000), ("a.slow", 59000), bring_up=10000, serial=30000, bench=0)
        self.assertEqual(durations.lines(told), [
            "checks 60 ms (60.0%); the slowest: a.slow 59 ms (59.0%), a.quick 1 ms (1.0%)",
            "outside checks 40 ms (40.0%): serial 30 ms (30.0%), bring-up 10 ms (10.0%)"])

    def test_ten_at_most(self):
        told = run(*((f"a.check-{n}", n) for n in range(1, 13)))
        line = durations.lines(told)[0]
        self.assertIn("a.check-3 ", line)
        self.assertNotIn("a.check-2 ", line)

    def test_growth_is_the_power_of_the_number_of_cpus(self):
        few = run(("a.linear", 100), ("a.square", 10), ("a.new", 0), serial=5)
        many = run(("a.linear", 1000), ("a.square", 1000), ("a.new", 9), serial=5)
        self.assertEqual([(name, round(power, 3)) for name, power in durations.growth(few, many, 10)],
                         [("a.linear", 1.0), ("a.square", 2.0), ("serial", 0.0)])


if __name__ == "__main__":
    unittest.main()
