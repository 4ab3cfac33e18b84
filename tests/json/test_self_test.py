"""The self-test in the document: valid, true to the report, and the same by way of TAP."""
import os
import subprocess
import unittest

from documents import document, validate

from muster_qemu.document import from_tap, to_stream, DocumentReader
from muster_qemu.tap import TapStream

TAP = os.environ.get("TAP_SAMPLE", "build/host/tests/tap/sample_tap")


def stream_of(sample):
    told = subprocess.run([TAP, sample, "4"], capture_output=True, text=True, check=True).stdout
    stream = TapStream()
    for line in told.splitlines():
        stream.feed(line)
    return stream


class SelfTest(unittest.TestCase):
    def test_what_it_found_is_told(self):
        part = document("planted", 4)["self_test"]
        self.assertEqual((part["passed"], part["caught"], part["missed"], part["not_tested"]),
                         (False, 25, 1, 1))
        missed = [one for one in part["plantings"] if one["outcome"] == "missed"]
        self.assertEqual(missed, [{
            "id": "df.guard-page", "outcome": "missed", "cpu": 0, "expected": "FAIL on CPU 0 alone",
            "seen": "PASS", "means": "the check does not see the defect that it is there for"}])
        self.assertNotIn("cpu", part["plantings"][0])

    def test_the_machine_keeps_its_verdict(self):
        self.assertEqual(document("planted", 4)["result"]["verdict"], "PASS")

    def test_without_one_there_is_none(self):
        self.assertNotIn("self_test", document("pass", 4))

    def test_tap_tells_the_same(self):
        told, made = document("planted", 4)["self_test"], from_tap(stream_of("planted"))
        self.assertEqual(validate.complaints(made), [])
        own = made["self_test"]
        self.assertEqual(own["plantings"], told["plantings"])
        self.assertEqual((own["passed"], own["caught"], own["missed"]), (False, 25, 1))

    def test_of_the_document_alone_a_stream_is_made(self):
        class Told(DocumentReader):
            def document(self):
                return document("planted", 4)
        stream = to_stream(Told())
        self.assertEqual([point.id for point in stream.self_test.failed], ["df.guard-page"])
        self.assertFalse(stream.self_test_point.ok)
        self.assertTrue(stream.complete)


if __name__ == "__main__":
    unittest.main()
