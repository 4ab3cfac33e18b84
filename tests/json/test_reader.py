"""What the host makes of a document: whole, cut off anywhere, amid TAP, or of TAP alone."""
import contextlib
import io
import json
import re

import pytest

from invented import document, lines, validate
from muster_qemu.document import DocumentReader, from_tap, to_stream
from muster_qemu.session import Transcript
from muster_qemu.tap import TapStream
from muster_qemu.verdict import Boot, Ending, judge


def read(told, amid_tap=False):
    reader = DocumentReader()
    for line in told:
        reader.feed(f"# json {line}" if amid_tap else line, amid_tap)
    return reader


def judged(told, ending=Ending.SHUTDOWN):
    stream = to_stream(read(told))
    return judge(Boot(ending=ending, stream=stream))


class TestWhole:
    def test_amid_other_lines(self):
        noise = ["BdsDxe: loading", '{"schema": "other/1"}']
        told = noise + lines("fail", 4) + ["Shell> "]
        assert read(told).document() == document("fail", 4)

    def test_amid_tap(self):
        reader = read(lines("fail", 4), amid_tap=True)
        assert reader.document() == document("fail", 4)
        assert not reader.feed("ok 1 - x", True)
        assert not reader.feed("# running x", True)

    @pytest.mark.parametrize("sample, exit_status, says", [
        ("pass", 0, "PASS 26 checks; 4 CPUs; 412 ms"), ("deviation", 0, "PASS 26 checks"),
        ("error", 1, "1 of 26 checks failed"), ("fail", 1, r"df.guard-page \(CPU 2\), df.storm")])
    def test_judged_as_tap_would_be(self, sample, exit_status, says):
        verdict = judged(lines(sample, 4))
        assert verdict.exit == exit_status, verdict.sentence
        assert re.search(says, verdict.sentence)

    def test_a_wrong_word_at_the_end_is_no_verdict(self):
        told = [line.replace('"verdict":"PASS","counts"', '"verdict":"FAIL","counts"')
                for line in lines("pass", 4)]
        assert judged(told).exit == 3

    def test_a_missing_check_is_no_verdict(self):
        told = [line.replace('"planned":26', '"planned":27') for line in lines("pass", 4)]
        assert judged(told).exit == 3

    def test_noise_inside_is_no_verdict(self):
        told = lines("pass", 4)
        told.insert(12, "SMM: something happened")
        assert judged(told).exit == 3
        assert "no JSON" in judged(told).sentence

    def test_a_second_run_is_no_verdict(self):
        told = lines("pass", 4)
        assert judged(told[:20] + told).exit == 3


class TestCutOff:
    @pytest.mark.parametrize("step", [307, pytest.param(53, marks=pytest.mark.all)])
    def test_anywhere(self, step):
        for amid_tap in (False, True):
            text = "\n".join(lines("fail", 4)[:-1]).replace("\n", "\n# json " if amid_tap else "\n")
            head = "TAP version 14\n1..26\n# json " if amid_tap else ""
            seen = 0
            for end in range(1, len(text), step):
                transcript = Transcript("test", None, None)
                with contextlib.redirect_stdout(io.StringIO()):
                    transcript.hear((head + text[:end]).encode())
                    transcript.close()
                told = transcript.told()
                assert validate.complaints(told) == [], text[end - 60:end]
                assert not told["ended"]
                assert judge(Boot(Ending.RESET, transcript.stream)).exit == 3
                seen += "made_from" not in told
            assert seen > end / step * 3 / 4

    def test_the_running_check_is_named(self):
        told = lines("running", 4)
        last = next(n for n, line in enumerate(told) if '"id":"df.guard-page"' in line)
        sentence = judged(told[:last + 1], Ending.RESET).sentence
        assert "running df.guard-page" in sentence
        assert "after point 15 of 26, page.wx" in sentence


class TestOfTap:
    TAP = """TAP version 14
1..3
# muster 0.1 build 1a2b3c4d; firmware "EDK II" 0x10000; 4 CPUs claimed, 4 answered
# hypervisor: "TCGTCGTCGTCG"
ok 1 - roll.agree # 4 CPUs
# running df.guard-page
not ok 2 - df.guard-page # CPU 2 of 4
  ---
  cpus: "2"
  seen: "vector 8"
  ...
ok 3 - state.microcode # SKIP no revision here
# baseline {"name":"firmware.vendor","value":"EDK II"}
# muster: FAIL 1 of 3 checks; 4 CPUs; 412 ms""".splitlines()

    @staticmethod
    def stream(told):
        stream = TapStream()
        for line in told:
            stream.feed(line)
        return stream

    def test_whole(self):
        told = from_tap(self.stream(self.TAP))
        assert validate.complaints(told) == []
        assert told["ended"]
        assert told["result"]["verdict"] == "FAIL"
        assert told["checks"][1]["findings"] == [{"verdict": "FAIL", "cpus": "2", "seen": "vector 8"}]
        assert told["baseline"] == [{"name": "firmware.vendor", "value": "EDK II"}]

    def test_died(self):
        told = from_tap(self.stream(self.TAP[:6]))
        assert validate.complaints(told) == []
        assert not told["ended"]
        assert told["checks"][-1] == {"id": "df.guard-page"}
        assert told["result"]["counts"]["none"] == 2

    def test_nothing_heard(self):
        told = from_tap(TapStream())
        assert validate.complaints(json.loads(json.dumps(told))) == []
        assert not told["ended"]
