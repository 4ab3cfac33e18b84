"""The command line: what is completed, what is refused, and in which words."""
from pathlib import Path

import pytest

from muster_qemu.errors import SetupError
from muster_qemu.machine import volume_files
from muster_qemu.settings import read_settings, smp_cpus


class TestCommandLine:
    def test_defaults(self):
        settings = read_settings([])
        assert (settings.cpus, settings.boot, settings.machine) == (4, "kernel", "q35")
        assert (settings.memory_mib, settings.timeout) == (260, 124)
        assert settings.muster_args == "--then shutdown"

    def test_args_may_begin_with_a_dash(self):
        assert read_settings(["--args", "--list"]).args == "--list"
        assert read_settings(["--qemu-arg", "-s"]).qemu_args == ["-s"]

    def test_asking_goes_through_the_shell_and_gets_no_then(self):
        settings = read_settings(["--args", "--dry-run"])
        assert (settings.boot, settings.muster_args) == ("shell", "--dry-run")

    def test_users_then_stays(self):
        assert read_settings(["--args", "--then halt"]).muster_args == "--then halt"

    def test_a_document_is_asked_for_beside_tap(self):
        argv = ["--json", "x.json"]
        assert read_settings(argv).muster_args == "--format tap,json --then shutdown"
        for args in ("--format json", "--format=tap"):
            assert read_settings([*argv, "--args", args]).muster_args == f"{args} --then shutdown"
        assert read_settings([*argv, "--args", "--list"]).muster_args == "--list"
        assert read_settings(["--summary", "x.json"]).muster_args == "--then shutdown"

    def test_u_boot_boots_a_disk_on_pc(self):
        settings = read_settings(["--firmware", "u-boot"])
        assert (settings.boot, settings.machine) == ("esp", "pc")

    def test_empty_values_of_make_are_defaults(self):
        settings = read_settings(["--cpu", "", "--qemu", "", "--firmware", ""])
        assert (settings.cpu, settings.firmware) == ("max", "ovmf")

    def test_smp_forms(self):
        for text, count in (("4", 4), ("8,sockets=2,cores=2,threads=2", 8), ("cpus=3", 3),
                            ("2,maxcpus=8", 2)):
            assert smp_cpus(text) == count

    @pytest.mark.parametrize("argv, word", [
        (["--smp", "x"], "like 4"), (["--smp", "0"], "like 4"), (["--file", "/nowhere"], "/nowhere"),
        (["--firmware", "u-boot", "--boot", "shell"], "esp"), (["--disk", "/nowhere"], "make image"),
        (["--disk", "/nowhere", "--args", "x"], "takes no --args")])
    def test_refused_with_a_remedy(self, argv, word):
        with pytest.raises(SetupError, match=word):
            read_settings(argv)

    def test_lines_before_muster_need_the_shell(self):
        assert read_settings(["--before", "spoil.efi no-mps"]).boot == "shell"
        with pytest.raises(SetupError, match="shell"):
            read_settings(["--before", "x", "--boot", "esp"])

    @pytest.mark.parametrize("argv", [["--nonsense"], ["--timeout", "-1"], ["--memory", "lots"],
                                      ["--boot", "pxe"]], ids=" ".join)
    def test_usage_errors_exit_2(self, argv, capsys):
        with pytest.raises(SystemExit) as caught:
            read_settings(argv)
        assert caught.value.code == 2
        assert argv[0] in capsys.readouterr().err


class TestDiskContents:
    program = str(Path(__file__).resolve().parents[2] / "LICENSE")

    def files(self, *argv):
        return volume_files(read_settings(["--efi", self.program, *argv]))

    def test_esp_gets_its_arguments_from_muster_cfg(self):
        files = self.files("--boot", "esp", "--args", "--only df.*")
        assert "/EFI/BOOT/BOOTX64.EFI" in files
        assert files["/EFI/BOOT/muster.cfg"] == b"--only df.* --then shutdown\n"

    def test_shell_escapes_its_own_signs(self):
        script = self.files("--boot", "shell", "--args", "a#b >c")["/startup.nsh"].decode()
        assert "muster.efi a^#b ^>c --then shutdown\r\nmuster.efi" in script

    def test_lines_before_muster_come_first(self):
        script = self.files("--before", "a.efi x", "--before", "b.efi")["/startup.nsh"].decode()
        assert ":FOUND\r\na.efi x\r\nb.efi\r\nmuster.efi --then" in script

    def test_own_startup_script_gets_arguments_by_muster_cfg(self):
        files = self.files("--boot", "shell", "--file", f"{self.program}:\\startup.nsh",
                           "--args", "--repeat 2")
        assert files["/muster.cfg"] == b"--repeat 2 --then shutdown\n"
        assert files["/startup.nsh"].startswith(b"BSD-2")
