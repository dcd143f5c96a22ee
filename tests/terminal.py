"""A command on a pseudo-terminal, or in a pipe, that is talked to while it runs."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import ROOT, environment, interruptible

SECONDS = 30.0  # nothing takes so long, on the slowest machine


class Talk:
    """A running command: what it showed so far, and ways to answer."""

    def __init__(self, process: subprocess.Popen[bytes], ours: int, *, is_terminal: bool) -> None:
        """Keep the process and our end of its terminal or pipe."""
        self.process = process
        self.shown = ""
        self._ours = ours
        self._is_terminal = is_terminal
        self._read_to = 0

    def wait_for(self, text: str) -> str:
        """Return what was shown up to and with this text, since the last call."""
        deadline = time.monotonic() + SECONDS
        while (at := self.shown.find(text, self._read_to)) < 0:
            assert time.monotonic() < deadline, self.shown[self._read_to :]
            if not self._read(0.1):
                raise AssertionError(f"it ended without {text!r}: {self.shown[self._read_to :]}")
        start, self._read_to = self._read_to, at + len(text)
        return self.shown[start : self._read_to]

    def listen(self, seconds: float) -> None:
        """Hear what is said for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read(0.1)

    def send(self, line: str) -> None:
        """Type a line."""
        os.write(self._ours, line.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        if self._is_terminal:
            os.write(self._ours, b"\x03")
        else:
            self.process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Wait for its end and return the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(0.1):
            assert time.monotonic() < deadline, self.shown[self._read_to :]
        return self.process.wait(SECONDS)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            chunk = os.read(self._ours, 1 << 16)
        except OSError:  # how a pseudo-terminal ends
            chunk = b""
        self.shown += chunk.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(chunk)


@contextmanager
def talking(
    *words: str | Path, cwd: Path = ROOT, is_terminal: bool = True, **more: str
) -> Iterator[Talk]:
    """Run ``grade`` on a terminal of its own, or with its output in a pipe."""
    import pty

    ours, theirs = pty.openpty() if is_terminal else os.pipe()
    with subprocess.Popen(
        interruptible(*words),
        cwd=cwd,
        env=environment(TERM="xterm", **more),
        stdin=theirs if is_terminal else subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        # A session of its own, whose terminal this is: else Ctrl-C would reach nobody.
        preexec_fn=_own_terminal if is_terminal else None,  # noqa: PLW1509
    ) as process:
        os.close(theirs)
        try:
            yield Talk(process, ours, is_terminal=is_terminal)
        finally:
            process.kill()
            os.close(ours)


def _own_terminal() -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
