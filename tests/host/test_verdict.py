"""Every way a boot can end, and the exit status and words it must get."""
from muster_qemu.tap import TapStream
from muster_qemu.verdict import Boot, Ending, judge
from test_tap import FAILED, HEAD, PASS, POINTS, read

WHOLE = [*HEAD, *POINTS, PASS]


def outcome(*lines, ending=Ending.SHUTDOWN, **more):
    return judge(Boot(ending=ending, stream=read(*lines), **more))


class TestVerdicts:
    def expect(self, verdict, status, *words):
        assert verdict.exit == status, verdict.sentence
        for word in words:
            assert word in verdict.sentence

    def test_pass_needs_everything(self):
        self.expect(outcome(*WHOLE), 0, "PASS")
        for length in range(len(WHOLE)):
            assert outcome(*WHOLE[:length]).exit == 3, WHOLE[:length]

    def test_how_a_complete_run_ends_is_free(self):
        for ending in Ending:
            self.expect(outcome(*WHOLE, ending=ending), 0)

    def test_fail_names_check_and_cpu(self):
        last = "# muster: FAIL 1 of 3 checks; 4 CPUs; 1 ms"
        self.expect(outcome(*HEAD, POINTS[0], *FAILED, POINTS[2], last), 1,
                    "1 of 3", "df.guard-page (CPU 2)")

    def test_no_verdict_says_what_and_where(self):
        cut = [*HEAD, *POINTS[:2]]
        self.expect(outcome(*cut, ending=Ending.RESET), 3, "reset", "triple fault",
                    "after point 2 of 3, df.guard-page")
        self.expect(outcome(*cut, ending=Ending.TIMEOUT, timeout=9), 3, "9 s", "df.guard-page")
        self.expect(outcome(*cut, ending=Ending.SILENT, silence=9), 3, "nothing for 9 s", "--silence")
        self.expect(outcome(*cut, ending=Ending.DIED, emulator_note="signal 6"), 3, "signal 6")
        self.expect(outcome(*cut, ending=Ending.SHUTDOWN), 3, "switched itself off")
        self.expect(outcome(*cut, "# CPU 3 is lost", ending=Ending.TIMEOUT), 3, "CPU 3 is lost")
        self.expect(outcome(*HEAD, ending=Ending.RESET), 3, "before point 1 of 3")
        self.expect(outcome(*cut, PASS), 3, "too early")
        self.expect(outcome(*cut, "Bail out! no memory"), 3, "no memory")

    def test_disagreement_is_no_verdict(self):
        self.expect(outcome(*HEAD, POINTS[0], *FAILED, POINTS[2], PASS), 3, "says PASS")

    def test_refusals(self):
        said = {"messages": ['muster: unknown option "--bad"']}
        self.expect(outcome(ending=Ending.RETURNED, **said), 2, "refused", "--bad")
        self.expect(outcome(ending=Ending.RETURNED, status=2, **said), 2, "--bad")

    def test_text_only(self):
        self.expect(outcome(ending=Ending.RETURNED, status=0, text_only=True), 0)
        self.expect(outcome(ending=Ending.RETURNED, status=0), 3, "returned to the shell")
        self.expect(outcome(ending=Ending.RETURNED, status=3, text_only=True), 3, "0x3")
        self.expect(outcome(ending=Ending.TIMEOUT, text_only=True), 3, "before any TAP")
        self.expect(outcome(ending=Ending.UNBOOTED), 3, "started nothing at all")

    def test_qemu_that_does_not_start_is_set_up(self):
        verdict = judge(Boot(Ending.DIED, TapStream(), emulator_note="status 1: no such machine"))
        self.expect(verdict, 2, "no such machine")

    def test_without_a_serial_line_only_the_screen_can_tell(self):
        self.expect(judge(Boot(Ending.SHUTDOWN, TapStream(), serial=False)), 3, "screenshot")
