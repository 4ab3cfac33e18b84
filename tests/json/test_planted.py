"""The self-test in the document: valid, true to the report, and the same by way of TAP."""
import subprocess

from invented import ROOT, document, lines, validate

from muster_qemu.document import DocumentReader, from_tap, to_stream
from muster_qemu.tap import TapStream
from muster_qemu.verdict import Boot, Ending, judge

TAP = str(ROOT / "build/host/tests/tap/sample_tap")
MISSED = {"id": "df.guard-page", "outcome": "missed", "cpu": 0, "expected": "FAIL on CPU 0 alone",
          "seen": "PASS", "means": "the check does not see the defect that it is there for"}


def stream_of(sample):
    told = subprocess.run([TAP, sample, "4"], capture_output=True, text=True, check=True).stdout
    stream = TapStream()
    for line in told.splitlines():
        stream.feed(line)
    return stream


def test_what_it_found_is_told():
    part = document("planted", 4)["self_test"]
    assert (part["passed"], part["caught"], part["missed"], part["not_tested"]) == (False, 25, 1, 1)
    assert [one for one in part["plantings"] if one["outcome"] == "missed"] == [MISSED]
    assert "cpu" not in part["plantings"][0]


def test_the_machine_keeps_its_verdict():
    assert document("planted", 4)["result"]["verdict"] == "PASS"


def test_without_one_there_is_none():
    assert "self_test" not in document("pass", 4)


def test_tap_tells_the_same():
    told, made = document("planted", 4)["self_test"], from_tap(stream_of("planted"))
    assert validate.complaints(made) == []
    own = made["self_test"]
    assert own["plantings"] == told["plantings"]
    assert (own["passed"], own["caught"], own["missed"]) == (False, 25, 1)


def test_of_the_document_alone_a_stream_is_made():
    stream = to_stream(reader(lines("planted", 4)))
    assert [point.id for point in stream.self_test.failed] == ["df.guard-page"]
    assert not stream.self_test_point.ok
    assert stream.complete
    assert stream.disagreement() == ""


def reader(told):
    taken = DocumentReader()
    for line in told:
        taken.feed(line, amid_tap=False)
    return taken


def test_a_run_that_died_in_it_says_at_which_defect():
    told = lines("planted", 4)
    cut = next(n for n, line in enumerate(told) if "outcome" in line and "missed" in line)
    taken = reader(told[:cut])
    made = taken.document()
    assert validate.complaints(made) == []
    assert not made["self_test"]["passed"]
    assert made["self_test"]["plantings"][-1] == {"id": "df.guard-page"}
    assert made["self_test"]["caught"] == sum(
        "outcome" in planting and planting["outcome"] == "caught"
        for planting in made["self_test"]["plantings"])
    said = judge(Boot(Ending.RESET, to_stream(taken))).sentence
    assert 'in the self-test, after' in said and "self-test: planting df.guard-page" in said
