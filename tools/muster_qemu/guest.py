"""The running emulator: serial line, monitor, end. Nothing of it outlives the Guest object."""
from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import selectors
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO, Callable, Optional

from .picture import read_ppm, write_png
from .qmp import Qmp, QmpError
from .verdict import Ending

_PR_SET_PDEATHSIG = 1
_DRAIN_MOST_S = 5.0
_NO_LIMIT = 1 << 40  # bytes a second: nobody else waits for what a stopped machine is written to
_LINE_BYTES = 1 << 20  # what Linux gives a pipe of anybody's; more than a run of 255 CPUs says


def _die_with_parent() -> None:
    """Runs in the child: should this program be killed outright, its emulator goes with it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Emulator:
    """A running emulator: its serial line and what it says itself. Ended when the block is left."""

    _LATE_S = 0.1  # what the guest said last may arrive this much after the news of its end

    def __init__(self, command: list[str], serial: int, inherited: list[int],
                 heard: Callable[[bytes], None]) -> None:
        """`serial` is this side's end of the serial line, `inherited` are the emulator's ends."""
        self._heard = heard
        self.command = command
        self.errors = b""  # what the emulator wrote about itself
        self.ending: Optional[Ending] = None
        self._serial = os.fdopen(serial, "rb", buffering=0)
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent, pass_fds=inherited)
        self._selector = selectors.DefaultSelector()
        os.set_blocking(serial, False)
        os.set_blocking(self._process.stdout.fileno(), False)
        self._selector.register(self._serial, selectors.EVENT_READ, self._read_serial)
        self._selector.register(self._process.stdout, selectors.EVENT_READ, self._read_errors)

    def __enter__(self) -> "Emulator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pump(self, seconds: float) -> bool:
        """Takes what arrives within `seconds`; returns at the first thing. False: nothing came."""
        ready = self._selector.select(max(seconds, 0))
        for key, _ in ready:
            key.data()
        if self.ending is None and self._process.poll() is not None:
            self._drain(0)
            self.ending = self.ending or Ending.DIED
        elif self.ending in (Ending.SHUTDOWN, Ending.RESET):
            self._drain(self._LATE_S)
        return bool(ready)

    def type(self, keys: bytes) -> None:
        """Sends `keys` on the serial line, where it goes both ways."""

    def freeze(self) -> None:
        """Stops the virtual CPUs, where the emulator can be told to."""

    def screenshot(self, _path: Path, _folder: Path) -> str:
        """Writes the screen as PNG; returns why not, or ""."""
        return "no screenshot: this emulator has no screen"

    def registers(self) -> str:
        """Every CPU's registers; where a hung CPU stands is worth knowing."""
        return "no registers: this emulator does not tell them"

    def status_words(self) -> str:
        """How the emulator ended, when it did so by itself."""
        said = self.errors.decode(errors="replace").strip().splitlines()
        code = self._process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
        return f"{how}: {said[-1]}" if said else how

    def close(self) -> None:
        """Ends the emulator: first asked, then told; and takes its last output."""
        if self._process.poll() is None:
            self._ask_to_end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._drain(0)
        self._selector.close()
        self._serial.close()
        self._process.stdout.close()

    def _ask_to_end(self) -> None:
        self._process.terminate()

    def _drain(self, quiet_s: float) -> None:
        """Takes everything already on its way: until nothing comes for `quiet_s`, or all is closed."""
        deadline = time.monotonic() + _DRAIN_MOST_S
        while self._selector.get_map() and time.monotonic() < deadline:
            ready = self._selector.select(quiet_s)
            if not ready:
                return
            for key, _ in ready:
                key.data()

    def _read_serial(self) -> None:
        data = self._read(self._serial)
        if data:
            self._heard(data)

    def _read_errors(self) -> None:
        self.errors += self._read(self._process.stdout)

    def _read(self, stream: BinaryIO) -> bytes:
        try:
            data = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(stream)
        return data


class SerialLine:
    """Two named pipes, for QEMU's "-chardev pipe": path.out is what the guest says, path.in is typed.

    QEMU writes character by character, and a socket of the usual size is full after 278 of them:
    were this side kept from reading for 50 ms, the guest's UART would stop taking any, and edk2
    would drop what its console says. A pipe takes a whole run.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="muster-line.")
        self.path = Path(self._folder.name) / "com1"
        # Open both ways, each is connected before QEMU starts and never at its end.
        self.said, self.typed = self._open(".out"), os.fdopen(self._open(".in"), "wb", 0)
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self.said, fcntl.F_SETPIPE_SZ, _LINE_BYTES)

    def close(self) -> None:
        """Closes what is typed, and removes both; `said` belongs to whoever reads it."""
        self.typed.close()
        self._folder.cleanup()

    def _open(self, suffix: str) -> int:
        path = self.path.with_suffix(suffix)
        os.mkfifo(path, 0o600)
        return os.open(path, os.O_RDWR | os.O_NONBLOCK)


class Guest(Emulator):
    """One QEMU. `command(serial_path, qmp_fd)` builds its command line; `heard` gets serial bytes."""

    _LATE_S = 0.0  # its UART has written a character to the pipe before the guest's next instruction

    def __init__(self, command: Callable[[Path, int], list[str]],
                 heard: Callable[[bytes], None]) -> None:
        self._line = SerialLine()
        # A socket pair: QEMU is connected before it starts, so nothing it says is lost.
        monitor, monitor_far = socket.socketpair()
        with monitor_far:
            words = command(self._line.path, monitor_far.fileno())
            super().__init__(words, self._line.said, [monitor_far.fileno()], heard)
        self._selector.register(monitor, selectors.EVENT_READ, self._read_monitor)
        self._qmp = Qmp(monitor)

    def type(self, keys: bytes) -> None:
        """Sends `keys` on the serial line."""
        self._line.typed.write(keys)

    def press(self, key: str) -> None:
        """Presses a key of the PS/2 keyboard, by QEMU's name for it, and lets it go."""
        self._ask("send-key", keys=[{"type": "qcode", "data": key}])

    def break_off(self) -> None:
        """A break on the serial line."""
        self._ask("chardev-send-break", id="com1")

    def freeze(self) -> None:
        """Stops the virtual CPUs, so that picture and registers belong together."""
        self._order("stop")
        self._drain(0)

    def screenshot(self, path: Path, folder: Path) -> str:
        """Writes the screen as PNG; returns why not, or ""."""
        dump = folder / "screen.ppm"
        try:
            self._ask("screendump", filename=str(dump))
            write_png(path, read_ppm(dump))
        except (QmpError, OSError, ValueError) as error:
            return f"no screenshot: {error}"
        return ""

    def reset(self) -> None:
        """Pushes the reset button."""
        self._order("system_reset")

    def thaw(self) -> None:
        """Lets the virtual CPUs run after freeze()."""
        self._order("cont")

    def kill(self) -> None:
        """Pulls the plug."""
        self._process.kill()

    def registers(self) -> str:
        """Every CPU's registers as QEMU prints them; where a hung CPU stands is worth knowing."""
        try:
            arguments = {"command-line": "info registers -a"}
            return str(self._ask("human-monitor-command", 30, **arguments))
        except QmpError as error:
            return f"no registers: {error}"

    def save_memory(self, path: Path, size_bytes: int) -> None:
        """Writes the guest's memory from physical address 0 on."""
        self._ask("pmemsave", 60, val=0, size=size_bytes, filename=str(path))

    def save(self, path: Path, seconds: float) -> None:
        """Stops the machine and writes it to `path`, which appears once it is whole."""
        part = shlex.quote(f"{path}.part")
        self._ask("stop")
        self._ask("migrate-set-parameters", **{"max-bandwidth": _NO_LIMIT})
        self._ask("migrate", uri=f"exec:cat >{part} && mv {part} {shlex.quote(str(path))}")
        deadline = time.monotonic() + seconds
        while not path.exists():
            state = self._ask("query-migrate")
            if state.get("status") in ("failed", "cancelled"):
                raise QmpError(state.get("error-desc", "migration failed"))
            if time.monotonic() > deadline:
                raise QmpError(f"not done within {seconds:.0f} s")
            self.pump(0.02)

    def arrive(self, seconds: float) -> None:
        """Waits until a machine that -incoming names is all there, and lets it run."""
        deadline = time.monotonic() + seconds
        while (state := self._ask("query-status")["status"]) == "inmigrate":
            if time.monotonic() > deadline:
                raise QmpError(f"not restored within {seconds:.0f} s")
            self.pump(0.02)
        if state != "paused":
            raise QmpError(f"the restored machine is {state}, not paused")
        self._ask("cont")

    def close(self) -> None:
        super().close()
        self._qmp.sock.close()
        self._line.close()

    def _ask_to_end(self) -> None:
        with contextlib.suppress(QmpError):
            self._qmp.command("quit", 5)

    def _ask(self, name: str, seconds: float = 10.0, **arguments: Any) -> Any:
        """Runs a command. Events that come with its answer are taken here: nobody is woken by them."""
        try:
            return self._qmp.command(name, seconds, **arguments)
        finally:
            self._take_events()

    def _order(self, name: str) -> None:
        """A command that may come too late."""
        with contextlib.suppress(QmpError):
            self._ask(name)

    def _read_monitor(self) -> None:
        self._qmp.receive()
        self._take_events()
        if not self._qmp.open:
            self._selector.unregister(self._qmp.sock)

    def _take_events(self) -> None:
        for event in self._qmp.events():
            if event["event"] == "SHUTDOWN" and self.ending is None:
                reason = event.get("data", {}).get("reason", "")
                self.ending = Ending.RESET if reason == "guest-reset" else Ending.SHUTDOWN
