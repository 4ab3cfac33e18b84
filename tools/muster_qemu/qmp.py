"""A QMP client small enough to read: one socket, JSON lines, commands and events."""
from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from typing import Any, Optional


class QmpError(Exception):
    """The emulator refused a command, or did not answer it."""


class QmpRefused(QmpError):
    """The emulator said no, and will again."""


class Qmp:
    """Talks to QEMU's monitor over a connected socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.open = True
        self._buffer = b""
        self._messages: list[dict[str, Any]] = []
        sock.setblocking(False)
        # One that has ended already says more on its way out than its socket does.
        with contextlib.suppress(QmpError):
            self._send("qmp_capabilities", {})

    def receive(self) -> None:
        """Takes what has arrived, without waiting."""
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.open = self.open and bool(data)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        self._messages += [json.loads(line) for line in lines if line.strip()]

    def events(self) -> list[dict[str, Any]]:
        """The events received so far, each handed out once."""
        found = [message for message in self._messages if "event" in message]
        self._messages = [message for message in self._messages if "event" not in message]
        return found

    def command(self, name: str, seconds: float = 10.0, **arguments: Any) -> Any:
        """Runs one command and returns what it returned."""
        self._messages = [message for message in self._messages if "event" in message]
        self._send(name, arguments)
        deadline = time.monotonic() + seconds
        while self.open and time.monotonic() < deadline:
            select.select([self.sock], [], [], 0.1)
            self.receive()
            reply = self._take_reply(name)
            if reply is not None:
                return reply["return"]
        raise QmpError(f"no answer to {name}")

    def _take_reply(self, name: str) -> Optional[dict[str, Any]]:
        for message in self._messages:
            if message.get("id") == name and "error" in message:
                raise QmpRefused(f"{name}: {message['error'].get('desc')}")
            if message.get("id") == name:
                return message
        return None

    def _send(self, name: str, arguments: dict[str, Any]) -> None:
        order = {"execute": name, "arguments": arguments, "id": name}
        try:
            self.sock.sendall(json.dumps(order).encode() + b"\n")
        except OSError as error:
            self.open = False
            raise QmpError(f"{name}: {error}") from error
