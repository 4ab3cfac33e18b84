"""The TAP reader must take every sound stream, and nothing else for a pass."""
import pytest

from muster_qemu.tap import TapStream

HEAD = ["TAP version 14", "1..3", '# muster 0.1 build 1a2b3c4d; firmware "EDK II" 0x10000']
POINTS = ["ok 1 - roll.agree # 4 CPUs", "ok 2 - df.guard-page # 4 CPUs",
          "ok 3 - state.microcode # SKIP no revision here"]
PASS = "# muster: PASS 3 checks; 4 CPUs; 412 ms"
FAILED = ["not ok 2 - df.guard-page # CPU 2 of 4", "  ---", '  cpus: "2"',
          '  expected: "vector 8"',
          '  seen: "\\x1b \\"x\\" \\\\"', '  means: "wrong stack"', "  ..."]


def read(*lines):
    stream = TapStream()
    for line in lines:
        stream.feed(line)
    return stream


class TestSoundStreams:
    def test_complete_pass(self):
        stream = read(*HEAD, *POINTS, PASS)
        assert stream.complete
        assert stream.disagreement() == ""
        assert [point.verdict for point in stream.points] == ["pass", "pass", "skip"]
        assert stream.points[2].note == "no revision here"
        assert stream.cpus == 4

    def test_failure_keeps_its_diagnostics(self):
        stream = read(*HEAD, POINTS[0], *FAILED, POINTS[2],
                      "# muster: FAIL 1 of 3 checks; 4 CPUs; 1 ms")
        assert stream.complete
        assert stream.disagreement() == ""
        point = stream.failed[0]
        assert point.id == "df.guard-page"
        assert point.findings == [{"cpus": "2", "expected": "vector 8",
                                   "seen": '\x1b "x" \\', "means": "wrong stack"}]

    def test_several_findings_are_a_list(self):
        block = ["  ---", '  - cpus: "1"', '    means: "one"',
                 '  - cpus: "2-3"', '    verdict: "DEVIATION"', '    means: "two"',
                 "  ..."]
        stream = read(*HEAD, "not ok 1 - roll.agree # CPUs 1-3 of 4", *block)
        assert stream.points[0].findings == [
            {"cpus": "1", "means": "one"},
            {"cpus": "2-3", "verdict": "DEVIATION", "means": "two"}]
        assert [fault["cpus"] for fault in stream.points[0].faults] == ["1"]

    def test_todo_is_no_failure(self):
        stream = read(*HEAD, "not ok 1 - roll.agree # TODO QEMU leaves EXT out", *POINTS[1:], PASS)
        assert stream.complete
        assert stream.failed == []
        assert stream.points[0].verdict == "todo"

    def test_error_counts_as_not_ok(self):
        stream = read(*HEAD, "not ok 1 - roll.agree # ERROR CPU 1 of 4", *FAILED, POINTS[2],
                      "# muster: FAIL 1 of 3 checks; 4 CPUs; 1 ms; 1 error")
        assert stream.disagreement() == ""
        assert stream.points[0].verdict == "error"

    def test_skip_word_inside_a_note_is_no_directive(self):
        stream = read(*HEAD, "ok 1 - roll.agree # note: skipped two entries")
        assert stream.points[0].verdict == "pass"

    def test_lines_before_the_version_are_not_its_business(self):
        stream = TapStream()
        assert not stream.feed("ok 1 - noise")
        assert not stream.started
        assert stream.feed("TAP version 14")

    def test_nothing_after_the_last_line(self):
        stream = read(*HEAD, *POINTS, PASS)
        assert not stream.feed("BdsDxe: loading Boot0001")
        assert stream.complete


class TestDamagedStreams:
    DAMAGES = {
        "before the plan": [HEAD[0], POINTS[0], HEAD[1], *POINTS[1:], PASS],
        "came where 2": [*HEAD, POINTS[0], POINTS[2], PASS],
        "came where 3": [*HEAD, *POINTS[:2], POINTS[1], POINTS[2], PASS],
        "not in the plan": [*HEAD, *POINTS, "ok 4 - more.one", PASS],
        "repeats": [*HEAD, *POINTS[:2], "ok 3 - roll.agree", PASS],
        "second plan": [*HEAD, HEAD[1], *POINTS, PASS],
        "empty plan": [HEAD[0], "1..0", PASS],
        "second stream": [*HEAD, POINTS[0], *HEAD, *POINTS, PASS],
        "not a line of TAP": [*HEAD, POINTS[0], "ok 2 - df.gua", "rd-page", POINTS[2], PASS],
        "is not closed": [*HEAD, POINTS[0], *FAILED[:-1], POINTS[2], PASS],
    }

    @pytest.mark.parametrize("because", DAMAGES)
    def test_each_kind_of_damage(self, because):
        stream = read(*self.DAMAGES[because])
        assert not stream.complete
        assert because in stream.problem

    def test_every_truncation_is_incomplete(self):
        whole = [*HEAD, POINTS[0], *FAILED, POINTS[2], "# muster: FAIL 1 of 3 checks; 4 CPUs; 1 ms"]
        for length in range(len(whole)):
            assert not read(*whole[:length]).complete, whole[:length]
        assert read(*whole).complete

    def test_every_lost_line_but_a_comment_shows(self):
        whole = [*HEAD, *POINTS, PASS]
        for lost in (0, 1, 3, 4, 5, 6):
            assert not read(*whole[:lost], *whole[lost + 1:]).complete, whole[lost]

    def test_disagreements(self):
        assert "says PASS" in read(*HEAD, POINTS[0], *FAILED, POINTS[2], PASS).disagreement()
        for last in ("# muster: FAIL 1 of 3 checks", "# muster: ERROR 1 of 3 checks"):
            assert "no point" in read(*HEAD, *POINTS, last).disagreement()
        assert "tells of 2" in read(*HEAD, POINTS[0], *FAILED, POINTS[2],
                                  "# muster: FAIL 2 of 3 checks").disagreement()
        assert "no verdict" in read(*HEAD, *POINTS, "# muster: MAYBE 3").disagreement()
