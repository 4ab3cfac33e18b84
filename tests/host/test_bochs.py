"""Bochs: its configuration, and what its log tells of the machine."""
from pathlib import Path

import pytest

from muster_qemu.bochs import Log, configuration, read_settings
from muster_qemu.errors import SetupError
from muster_qemu.verdict import Ending

POWER_ON = b"00000000000i[SYS   ] bx_pc_system_c::Reset(HARDWARE) called\n"


class TestLogOfBochs:
    def test_power_on_and_errors_end_nothing(self):
        log = Log()
        assert log.hear(POWER_ON) is None
        assert log.hear(b"1066328079e[CPU1  ] interrupt(long mode): gate.p == 0\n") is None

    def test_switched_off(self):
        log = Log()
        log.hear(POWER_ON)
        line = b"01070708203p[ACPI  ] >>PANIC<< ACPI control: soft power off\n"
        assert log.hear(line) is Ending.SHUTDOWN

    def test_a_second_reset_is_one(self):
        log = Log()
        log.hear(POWER_ON)
        assert log.hear(POWER_ON) is Ending.RESET

    def test_a_triple_fault_in_two_pieces(self):
        log = Log()
        assert log.hear(POWER_ON + b"1w[CPU0  ] exception(): 3rd (13) exc") is None
        assert log.hear(b"eption with no resolution\n") is Ending.RESET


class TestCommandLine:
    def configured(self, *words):
        return configuration(read_settings(list(words)), Path("/tmp"), 0xffc00000, 7)

    def test_configuration(self):
        text = self.configured("--cpus", "3")
        assert "romimage: file=/tmp/flash.fd, address=0xffc00000\n" in text
        assert "count=3:1:1, ips=10000000," in text
        assert "dev=/dev/fd/7\n" in text

    def test_unknown_msrs_fault_where_the_model_has_all_it_offers(self):
        assert "ignore_bad_msrs=0\n" in self.configured()
        assert "ignore_bad_msrs=1\n" in self.configured("--cpu", "ryzen")

    def test_defaults(self):
        settings = read_settings(["--args", "--only df.*"])
        assert (settings.cpus, settings.boot, settings.timeout) == (2, "esp", 240)
        assert settings.muster_args == "--only df.* --then shutdown"

    def test_several_cpus_are_not_asked_what_never_ends_there(self):
        skip = "--skip fault.db-code,fault.rf,debug.instruction"
        for words, args in (([], skip), (["--cpus", "4"], skip),
                            (["--args", "--repeat 2"], f"--repeat 2 {skip}")):
            settings = read_settings(words)
            assert settings.args == args
            assert skip in settings.remark

    def test_who_chooses_checks_himself_gets_those(self):
        for words in (["--cpus", "1"], ["--args", "--only fault.*"], ["--args", "--skip=tsc.*"],
                      ["--args", "--break fault.rf"]):
            settings = read_settings(words)
            assert (settings.args, settings.remark) == (words[1] if words[0] == "--args" else "", "")

    def test_help_tells_what_is_left_out(self, capsys):
        with pytest.raises(SystemExit):
            read_settings(["--help"])
        assert "--skip fault.db-code,fault.rf,debug.instruction\n" in capsys.readouterr().out

    def test_lines_for_the_shell(self):
        program = str(Path(__file__))
        settings = read_settings(["--file", program, "--before", "spoil.efi tsc-ahead",
                                  "--timeout", "400"])
        assert (settings.boot, settings.before) == ("shell", ["spoil.efi tsc-ahead"])
        assert settings.files == [(Path(program), "/test_bochs.py")]

    @pytest.mark.parametrize("words", [["--cpus", "0"], ["--cpus", "2,cores=2"],
                                       ["--args", "--list"]], ids=" ".join)
    def test_refused(self, words):
        with pytest.raises(SetupError):
            read_settings(words)
