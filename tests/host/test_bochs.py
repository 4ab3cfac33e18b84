"""Bochs: its configuration, and what its log tells of the machine."""
import contextlib
import io
import unittest
from pathlib import Path

import paths  # noqa: F401  (first: it makes the next ones importable)
from muster_qemu.bochs import Log, configuration, read_settings
from muster_qemu.errors import SetupError
from muster_qemu.verdict import Ending

POWER_ON = b"00000000000i[SYS   ] bx_pc_system_c::Reset(HARDWARE) called\n"


class LogOfBochs(unittest.TestCase):
    def test_power_on_and_errors_end_nothing(self):
        log = Log()
        self.assertIsNone(log.hear(POWER_ON))
        self.assertIsNone(log.hear(b"1066328079e[CPU1  ] interrupt(long mode): gate.p == 0\n"))

    def test_switched_off(self):
        log = Log()
        log.hear(POWER_ON)
        line = b"01070708203p[ACPI  ] >>PANIC<< ACPI control: soft power off\n"
        self.assertIs(log.hear(line), Ending.SHUTDOWN)

    def test_a_second_reset_is_one(self):
        log = Log()
        log.hear(POWER_ON)
        self.assertIs(log.hear(POWER_ON), Ending.RESET)

    def test_a_triple_fault_in_two_pieces(self):
        log = Log()
        self.assertIsNone(log.hear(POWER_ON + b"1w[CPU0  ] exception(): 3rd (13) exc"))
        self.assertIs(log.hear(b"eption with no resolution\n"), Ending.RESET)


class CommandLine(unittest.TestCase):
    def configured(self, *words):
        return configuration(read_settings(list(words)), Path("/tmp"), 0xffc00000, 7)

    def test_configuration(self):
        text = self.configured("--cpus", "3")
        self.assertIn("romimage: file=/tmp/flash.fd, address=0xffc00000\n", text)
        self.assertIn("count=3:1:1, ips=10000000,", text)
        self.assertIn("dev=/dev/fd/7\n", text)

    def test_unknown_msrs_fault_where_the_model_has_all_it_offers(self):
        self.assertIn("ignore_bad_msrs=0\n", self.configured())
        self.assertIn("ignore_bad_msrs=1\n", self.configured("--cpu", "ryzen"))

    def test_defaults(self):
        settings = read_settings(["--args", "--only df.*"])
        self.assertEqual((settings.cpus, settings.boot, settings.timeout), (2, "esp", 240))
        self.assertEqual(settings.muster_args, "--only df.* --then shutdown")

    def test_several_cpus_are_not_asked_what_never_ends_there(self):
        skip = "--skip fault.db-code,fault.rf,debug.instruction"
        for words, args in (([], skip), (["--cpus", "4"], skip),
                            (["--args", "--repeat 2"], f"--repeat 2 {skip}")):
            settings = read_settings(words)
            self.assertEqual(settings.args, args)
            self.assertIn(skip, settings.remark)

    def test_who_chooses_checks_himself_gets_those(self):
        for words in (["--cpus", "1"], ["--args", "--only fault.*"], ["--args", "--skip=tsc.*"],
                      ["--args", "--break fault.rf"]):
            settings = read_settings(words)
            self.assertEqual((settings.args, settings.remark),
                             (words[1] if words[0] == "--args" else "", ""))

    def test_help_tells_what_is_left_out(self):
        told = io.StringIO()
        with self.assertRaises(SystemExit), contextlib.redirect_stdout(told):
            read_settings(["--help"])
        self.assertIn("--skip fault.db-code,fault.rf,debug.instruction\n", told.getvalue())

    def test_lines_for_the_shell(self):
        program = str(Path(__file__))
        settings = read_settings(["--file", program, "--before", "spoil.efi tsc-ahead",
                                  "--timeout", "400"])
        self.assertEqual((settings.boot, settings.before), ("shell", ["spoil.efi tsc-ahead"]))
        self.assertEqual(settings.files, [(Path(program), "/test_bochs.py")])

    def test_refused(self):
        for words in (["--cpus", "0"], ["--cpus", "2,cores=2"], ["--args", "--list"]):
            with self.assertRaises(SetupError):
                read_settings(words)


if __name__ == "__main__":
    unittest.main()
