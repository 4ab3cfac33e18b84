"""Starts from a stopped machine: what it is known by, what is thrown away, and what is told when it
cannot be had."""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from muster_qemu import session, snapshot, snapshot_store
from muster_qemu.errors import SetupError
from muster_qemu.guest import Emulator
from muster_qemu.qmp import QmpError, QmpRefused
from muster_qemu.settings import read_settings
from muster_qemu.snapshot import Shell, machine_of, usable
from muster_qemu.snapshot_store import Store, Unrestored
from muster_qemu.verdict import Ending

ROOT = Path(__file__).resolve().parents[2]
TAP = "TAP version 14\n1..1\nok 1 - a.b # 4 CPUs\n# muster: PASS 1 check; 4 CPUs; 1 ms\n"
HOLDER = """\
import sys
from pathlib import Path
from muster_qemu.snapshot_store import Store
with Store(Path(sys.argv[1]), {}).locked(10):
    print("held", flush=True)
    sys.stdin.read()
"""


class Bench(unittest.TestCase):
    """A folder, firmware of a few bytes, and a QEMU that says its version and else fails."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.snapshots = self.folder / "snapshots"
        self.snapshots.mkdir()
        self.code, self.vars = self.folder / "code.fd", self.folder / "vars.fd"
        self.code.write_bytes(b"code")
        self.vars.write_bytes(b"vars")
        self.qemu = self.folder / "qemu"
        self.make_qemu("7.2.22")

    def make_qemu(self, version):
        self.qemu.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "QEMU {version}" && exit 0\n'
                             "echo this machine cannot be\nexit 1\n")
        self.qemu.chmod(0o755)
        os.utime(self.qemu, (1, 1))

    def settings(self, *argv):
        return read_settings(["--efi", str(ROOT / "LICENSE"), "--qemu", str(self.qemu),
                              "--firmware", f"{self.code}:{self.vars}",
                              "--snapshots", str(self.snapshots), *argv])

    def store(self, *argv):
        return Store(self.snapshots, machine_of(self.settings(*argv)))

    def keep(self, *argv, contents=b"state"):
        store = self.store(*argv)
        store.unfinished.write_bytes(contents)
        store.keep()
        return store


class Name(Bench):
    def test_what_is_a_runs_own_does_not_count(self):
        file = f"{ROOT / 'LICENSE'}:/x.txt"
        for argv in (["--args", "--only df.*"], ["--before", "spoil.efi no-mps"],
                     ["--boot", "shell", "--file", file], ["--timeout", "9"],
                     ["--json", "x.json", "--log", "x.log"]):
            self.assertEqual(self.store(*argv).name, self.store().name, argv)

    def test_everything_that_defines_the_machine_counts(self):
        names = [self.store(*argv).name for argv in (
            [], ["--smp", "5"], ["--cpu", "qemu64"], ["--machine", "pc"], ["--memory", "512"],
            ["--qemu-arg", "-vga", "--qemu-arg", "none"], ["--args", "--then debug-exit"])]
        self.make_qemu("7.2.23")
        names.append(self.store().name)
        os.utime(self.qemu, (2, 2))  # another build of the same version
        names.append(self.store().name)
        for firmware in (self.code, self.vars):
            firmware.write_bytes(b"else")
            names.append(self.store().name)
        with mock.patch.object(snapshot, "FORMAT", snapshot.FORMAT + 1):
            names.append(self.store().name)
        self.assertEqual(len(set(names)), len(names), names)

    def test_a_qemu_that_does_not_say_its_version_has_none(self):
        self.qemu.write_text("#!/bin/sh\nexit 1\n")
        with self.assertRaisesRegex(Unrestored, "--version"):
            self.store()


class Kept(Bench):
    def assert_thrown_away(self, store):
        self.assertIsNone(store.load())
        self.assertEqual(list(self.snapshots.glob(f"{store.name}.*")), [])

    def test_what_was_kept_is_there(self):
        self.assertEqual(self.keep().load().read_bytes(), b"state")
        self.assertIsNotNone(self.store().load())

    def test_nothing_there(self):
        self.assertIsNone(self.store().load())

    def test_another_qemus_is_never_restored(self):
        store = self.keep()
        self.make_qemu("10.0.13")
        newer = self.store()
        self.assertIsNone(newer.load())
        for old, new in ((store.state, newer.state), (store.words, newer.words)):
            old.rename(new)  # and even under the name of this one
        self.assert_thrown_away(newer)

    def test_damaged(self):
        for damage in (b"", b"stat", b"stare", b"state and more"):
            store = self.keep()
            store.state.write_bytes(damage)
            self.assert_thrown_away(store)
        store = self.keep()
        store.state.unlink()
        self.assert_thrown_away(store)

    def test_words_that_are_none(self):
        for words in ("", "{", "[]", "{}", '{"machine": 5}', "\xff"):
            store = self.keep()
            store.words.write_text(words, encoding="latin-1")
            self.assert_thrown_away(store)

    def test_half_written(self):
        store = self.store()
        store.unfinished.write_bytes(b"sta")
        store.unfinished.with_name(store.unfinished.name + ".part").write_bytes(b"s")  # QEMU's cat
        store.state.write_bytes(b"state")  # its maker was killed before it wrote the words
        self.assert_thrown_away(store)

    def test_what_qemu_refused_is_not_tried_again(self):
        self.store().refuse("no such thing")
        with self.assertRaisesRegex(Unrestored, "no such thing"):
            self.store().load()

    def test_the_folder_does_not_grow_for_ever(self):
        stores = [self.keep("--smp", str(cpus)) for cpus in (1, 2, 3)]
        for age, store in enumerate(stores):
            os.utime(store.state, (100 - age, 100 - age))
        stores[2].load()  # the oldest, but used just now
        with mock.patch.object(snapshot_store, "KEPT_BYTES", 3 * len(b"state")):
            newest = self.keep("--smp", "4")
        there = [store.state.exists() and store.words.exists() for store in [*stores, newest]]
        self.assertEqual(there, [True, False, True, True])


class Lock(Bench):
    def test_one_at_a_time(self):
        with self.store().locked(1):
            with self.assertRaisesRegex(Unrestored, "lock"):
                with self.store().locked(0.2):
                    self.fail("two hold it")
            with self.store("--smp", "5").locked(0.2):
                pass  # another machine's
        with self.store().locked(0.2):
            pass

    def test_a_dead_process_holds_nothing(self):
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(self.snapshots)], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  env={**os.environ, "PYTHONPATH": str(ROOT / "tools")})
        with holder:
            self.assertEqual(holder.stdout.readline(), "held\n")
            with self.assertRaises(Unrestored), Store(self.snapshots, {}).locked(0.2):
                self.fail("two hold it")
            holder.kill()
            holder.wait()
            with Store(self.snapshots, {}).locked(10):
                pass


class Which(Bench):
    def test_the_shell_is_the_way_where_nothing_else_is_said(self):
        for argv in ([], ["--args", "--list"], ["--before", "x"], ["--boot", "shell"],
                     ["--qemu-arg", "-machine", "--qemu-arg", "hpet=off"]):
            settings = self.settings(*argv)
            self.assertEqual(settings.boot, "shell")
            self.assertTrue(usable(settings), argv)

    def test_what_starts_cold(self):
        for argv in (["--boot", "kernel"], ["--boot", "esp"], ["--serial", "none"],
                     ["--serial", "none", "--boot", "shell"],
                     ["--disk", str(self.code)], ["--firmware", "u-boot"],
                     ["--qemu-arg", "-drive", "--qemu-arg", "if=ide,file=x.img"],
                     ["--qemu-arg", "-device", "--qemu-arg", "loader,file=x"],
                     ["--qemu-arg", "-machine", "--qemu-arg", "kernel=x"],
                     ["--qemu-arg", "-s"]):
            self.assertFalse(usable(self.settings(*argv)), argv)

    def test_without_the_option_nothing_changes(self):
        settings = read_settings([])
        self.assertEqual((settings.boot, usable(settings)), ("kernel", False))


class Writing(Bench):
    """QEMU writes the machine to a file, or does not."""

    def write(self, error):
        store, guest = self.store(), mock.Mock()
        guest.save.side_effect = error
        store.unfinished.with_name(store.unfinished.name + ".part").write_bytes(b"s")
        with self.assertRaisesRegex(Unrestored, "QEMU does not write this machine.*: because"):
            snapshot._write(guest, store)
        return [path.suffix for path in self.snapshots.iterdir()], store

    def test_what_failed_leaves_nothing_and_is_tried_again(self):
        left, store = self.write(QmpError("because"))
        self.assertEqual((left, store.load()), ([], None))

    def test_what_qemu_refuses_is_noted(self):
        left, store = self.write(QmpRefused("because"))
        self.assertEqual(left, [".json"])
        with self.assertRaisesRegex(Unrestored, "because"):
            store.load()


class FakeGuest:
    """Answers each typed piece with the next of `answers`."""

    def __init__(self, *answers, ending=None):
        self.answers, self.ending = list(answers), None
        self.typed, self.shell, self._last = b"", Shell(self.take), ending
        self.heard, self._due = b"", b""

    def take(self, data):
        self.heard += data

    def type(self, keys):
        self.typed += keys
        self._due = self.answers.pop(0) if self.answers else b""

    def pump(self, _):
        due, self._due = self._due, b""
        if due:
            self.shell.hear(due)
        elif not self.answers:
            self.ending = self._last
        return bool(due)

    def status_words(self):
        return "status 1"


@mock.patch.object(snapshot, "ANSWER_S", 0.2)
class Typing(unittest.TestCase):
    echo = b"m\x1b[08;10Ha\x1b[08;11Hp\x1b[08;12H -r"

    def run_map(self, *answers, ending=None):
        guest = FakeGuest(*answers, ending=ending)
        guest.shell.hear(b"\x1b[01;01H\x1b[33mShell> ")
        guest.shell.run(guest, "map -r")
        return guest

    def test_enter_follows_the_echo_and_the_prompt_is_waited_for(self):
        guest = self.run_map(self.echo, b"\r\nFS0: here\r\n\x1b[12;01HShell> ")
        self.assertEqual(guest.typed, b"map -r\r")

    def test_the_prompt_it_is_typed_at_is_no_answer(self):
        with self.assertRaisesRegex(Unrestored, "no answer to map -r within"):
            self.run_map(self.echo, b"")

    def test_a_lost_key_is_noticed(self):
        with self.assertRaisesRegex(Unrestored, "no echo of map -r.*Shell> mp -r"):
            self.run_map(b"mp -r")

    def test_the_end_of_the_machine_is_no_answer(self):
        with self.assertRaisesRegex(Unrestored, r"map -r: died \(status 1\)"):
            self.run_map(self.echo, ending=Ending.DIED)

    def test_only_what_comes_of_the_script_is_passed_on(self):
        guest = self.run_map(self.echo, b"\r\nShell> ")
        guest.answers = [b"startup.nsh", b"\r\nTAP"]
        guest.shell.start(guest, "startup.nsh")
        guest.pump(0)
        self.assertEqual(guest.heard, b"\r\nTAP")


class FallingBack(Bench):
    def boot(self, restored=snapshot.restored):
        """A boot whose cold start says TAP; its exit, summary, log and standard error."""
        results = {name: self.folder / name for name in ("summary", "log")}
        argv = [word for name, path in results.items() for word in (f"--{name}", str(path))]
        told = io.StringIO()
        program = session.Program("muster-qemu", "QEMU", read_settings, says(TAP))
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()), \
                mock.patch.object(snapshot, "restored", restored):
            status = session.boot_once(program, self.settings(*argv))
        return status, json.loads(results["summary"].read_text()), results["log"].read_text(), \
            told.getvalue()

    def test_a_machine_that_cannot_be_made_is_booted_cold_and_that_is_told(self):
        status, summary, log, told = self.boot()
        self.assertEqual((status, summary["verdict"]), (0, "pass"))
        self.assertEqual(summary["start"]["kind"], "cold")
        for words in (summary["start"]["fell_back"], log, told):
            self.assertIn("this machine cannot be", words)
        self.assertEqual(told.count("\n"), 1)
        self.assertEqual(list(self.snapshots.glob("*.machine")), [])

    def test_a_snapshot_that_qemu_cannot_restore_is_thrown_away(self):
        store = self.store()
        store.unfinished.write_bytes(b"of another machine")
        store.keep()
        told = self.boot()[3]
        self.assertIn("this machine cannot be", told)
        self.assertEqual(list(self.snapshots.glob("*.machine")), [])

    def test_a_machine_in_which_muster_does_not_begin(self):
        status, summary, _, told = self.boot(says("startup.nsh is not recognized\n"))
        self.assertEqual((status, summary["start"]["kind"]), (0, "cold"))
        self.assertIn("nothing was heard of muster", summary["start"]["fell_back"])
        self.assertIn("started cold, not from a snapshot: nothing was heard", told)

    def test_what_was_heard_before_counts_for_nothing(self):
        summary = self.boot(says("BdsDxe: No bootable option or device was found.\n"))[1]
        self.assertEqual((summary["verdict"], summary["ending"]), ("pass", "died"))

    def test_a_restored_run_is_judged_as_it_is(self):
        status, summary, _, told = self.boot(says(TAP.replace("ok 1", "not ok 1", 1)))
        self.assertEqual(summary["start"], {"kind": "snapshot", "fell_back": ""})
        self.assertNotEqual(status, 0)
        self.assertNotIn("cold", told)

    def test_a_folder_that_cannot_be(self):
        self.snapshots = self.code / "snapshots"
        with self.assertRaisesRegex(SetupError, "--snapshots .*code.fd/snapshots: "):
            session._check_outputs(self.settings())


def says(text):
    """A start of a machine that says `text` on its serial line and ends."""
    def start(_settings, folder, heard):
        (folder / "said").write_text(text)
        near, far = os.pipe()
        try:
            return Emulator(["sh", "-c", f"cat {folder}/said >/dev/fd/{far}"], near, [far], heard)
        finally:
            os.close(far)
    return start


if __name__ == "__main__":
    unittest.main()
