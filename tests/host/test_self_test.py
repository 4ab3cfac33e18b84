"""The self-test in a TAP stream: a subtest whose verdict is not the machine's."""
import pytest

from muster_qemu.summary import summary_json
from muster_qemu.tap import TapStream
from muster_qemu.verdict import Boot, Ending, judge

HEAD = ["TAP version 14", "1..2", "ok 1 - a.b # 4 CPUs"]
SUBTEST = ["# Subtest: self-test", "    1..3", "    ok 1 - a.b # CPU 2", "# self-test: planting c.d on CPU 2",
           "    ok 2 - c.d # caught 2 of 2 times", "    ok 3 - up.gdt # SKIP not self-tested: at bring-up"]
MISSED = [*SUBTEST[:4], "    not ok 2 - c.d # CPU 2", "      ---", '      expected: "FAIL on CPU 2 alone"',
          '      seen: "PASS"', "      ...", SUBTEST[5]]
TEETH = "# teeth: 2 of 2 planted defects caught on this machine; not self-tested: 1; 5 ms"
ONE_MISSED = "# teeth: 1 of 2 planted defects caught on this machine; missed: c.d; not self-tested: 1; 5 ms"
BROKEN_OFF = "# teeth: 1 of 1 planted defects caught on this machine; not self-tested: 2; the self-test did not come"
LAST = "# muster: PASS 1 check; 4 CPUs; 1 ms"


def read(*lines):
    stream = TapStream()
    for line in lines:
        stream.feed(line)
    return stream


def verdict_of(stream, ending=Ending.SHUTDOWN):
    return judge(Boot(ending, stream))


def test_a_run_that_passed_in_both():
    stream = read(*HEAD, *SUBTEST, "ok 2 - self-test", TEETH, LAST)
    assert stream.complete
    assert stream.plan == 1
    assert [point.id for point in stream.points] == ["a.b"]
    assert verdict_of(stream).exit == 0


def test_a_missed_defect_fails_the_run_and_not_the_machine():
    stream = read(*HEAD, *MISSED, "not ok 2 - self-test", ONE_MISSED, LAST)
    assert (stream.word, stream.failed) == ("PASS", [])
    verdict = verdict_of(stream)
    assert verdict.exit == 1
    assert verdict.sentence == "the self-test missed 1 planted defect: c.d"
    assert stream.self_test.points[1].findings == [{"expected": "FAIL on CPU 2 alone", "seen": "PASS"}]


def test_both_are_told():
    stream = read(HEAD[0], HEAD[1], "not ok 1 - a.b", *MISSED, "not ok 2 - self-test", ONE_MISSED,
                  "# muster: FAIL 1 of 1 check; 4 CPUs; 1 ms")
    assert verdict_of(stream).sentence == (
        "1 of 1 checks failed: a.b; the self-test missed 1 planted defect: c.d")


def test_one_that_broke_off_fails_too():
    lines = [*SUBTEST[:4], "    ok 2 - c.d # SKIP not self-tested: the self-test ended before it", SUBTEST[5]]
    verdict = verdict_of(read(*HEAD, *lines, "not ok 2 - self-test", BROKEN_OFF, LAST))
    assert (verdict.exit, verdict.sentence) == (1, "the self-test did not come to its end")


@pytest.mark.parametrize("lines, problem", (
    ([*SUBTEST[:-1], "ok 2 - self-test"], "the self-test ended before all of its points had come"),
    ([SUBTEST[0], *SUBTEST[2:], "ok 2 - self-test"], "in the self-test: point 1 came before the plan"),
    ([*SUBTEST[:2], *SUBTEST[3:], "ok 2 - self-test"], "in the self-test: point 2 came where 1 was due"),
    ([*SUBTEST, "    something else", "ok 2 - self-test"], "in the self-test: not a line of TAP"),
    ([*SUBTEST, "    Bail out! dead", "ok 2 - self-test"], "in the self-test: not a line of a subtest"),
    ([*SUBTEST, "    # muster: FAIL 1 of 1 check", "ok 2 - self-test"], "in the self-test: not a line of a subtest"),
    ([*SUBTEST[:4], "    not ok 2 - c.d # TODO x", SUBTEST[5], "ok 2 - self-test"], "c.d is neither caught"),
    ([*SUBTEST[:4], "    not ok 2 - c.d # SKIP x", SUBTEST[5], "ok 2 - self-test"], "c.d is neither caught"),
    ([*MISSED[:-2], SUBTEST[5], "not ok 2 - self-test"], "in the self-test: the YAML block of point 2 is not closed"),
    ([SUBTEST[0], "    1..1", "    ok 1 - x.y", "ok 2 - self-test"], "planted the defects of other checks"),
    ([*SUBTEST, "ok 2 - self-test", "ok 2 - self-test"], "a second point of the self-test"),
    (["ok 2 - self-test"], "the point of a self-test that did not take place"),
    ([*SUBTEST, "ok 2 - self-test"], 'there are 0 lines "# teeth"'),
    ([*SUBTEST, "ok 2 - self-test", TEETH, TEETH], 'there are 2 lines "# teeth"'),
    ([*SUBTEST, "ok 2 - self-test", TEETH.replace("2 of 2", "3 of 3")], 'the line "# teeth" tells of other counts'),
    ([*SUBTEST, "not ok 2 - self-test", TEETH], "the self-test's point and the points of its subtest disagree"),
    ([*SUBTEST, *SUBTEST, "ok 2 - self-test"], "a self-test where none was due"),
))
def test_a_damaged_subtest_is_no_verdict(lines, problem):
    verdict = verdict_of(read(*HEAD, *lines, LAST))
    assert verdict.exit == 3
    assert problem in verdict.sentence


def test_before_the_last_check_none_is_due():
    verdict = verdict_of(read(*HEAD[:2], *SUBTEST, "ok 2 - self-test", LAST))
    assert "a self-test where none was due" in verdict.sentence


def test_its_point_may_not_be_missing():
    assert verdict_of(read(*HEAD, *SUBTEST, LAST)).exit == 3


def test_ok_over_a_miss_is_a_contradiction():
    verdict = verdict_of(read(*HEAD, *MISSED, "ok 2 - self-test", LAST))
    assert (verdict.exit, "it missed c.d" in verdict.sentence) == (3, True)


def test_a_death_in_it_says_where():
    sentence = verdict_of(read(*HEAD, *SUBTEST[:4]), Ending.RESET).sentence
    assert 'in the self-test, after a.b; the last remark: "self-test: planting c.d on CPU 2"' in sentence


def test_four_spaces_alone_are_no_subtest():
    assert "not a line of TAP" in verdict_of(read(*HEAD, "    ok 1 - x.y", "ok 2 - z.z", LAST)).sentence


def test_the_summary_sorts_by_outcome():
    stream = read(*HEAD, *MISSED, "not ok 2 - self-test", ONE_MISSED, LAST)
    told = summary_json(Boot(Ending.SHUTDOWN, stream), verdict_of(stream), [], [])
    for part in ('"caught": [\n      "a.b"', '"c.d": [', '"up.gdt": "not self-tested: at bring-up"'):
        assert part in told
