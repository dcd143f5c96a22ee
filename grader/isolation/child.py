"""One child process: its pipes and its end. It knows nothing of grading, nor who started it.

Threads read and write the pipes, because that works on every system. Each thread closes its own
pipe: a grandchild that escaped may hold the other end, and then the thread alone stays behind.
"""

from __future__ import annotations

import io
import queue
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any, Protocol, cast

from grader.worker.wire import TEXT_CAP, Frame, WireError, pack_frame, read_frame, write_all

START_SECONDS = 60.0  # for Python and numpy alone; slow disks of shared machines included
_POLL_SECONDS = 0.2
_INBOX_FRAMES = 256
_INBOX_BYTES = 64 << 20
_PAUSE_SECONDS = 0.0002
_GRACE_SECONDS = 0.3  # for threads to see the end of a pipe


class Running(Protocol):
    """A started process and our ends of its pipes, unbuffered."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def wait(self, seconds: float) -> int | None:
        """Return the exit code, below 0 for a signal; None if it still runs after this time."""

    def kill(self) -> None:
        """Kill it and everything it started; never raises, never waits for long."""

    def clean_up(self, *, is_sound: bool) -> tuple[str, ...]:
        """Remove what is left of it, and return the names of the files it left behind.

        ``is_sound`` is False after anything that an honest submission does not do.
        """


class Capture:
    """What a submission prints: the beginning up to a cap, and the last words for diagnosis."""

    def __init__(self, cap: int) -> None:
        """Keep ``cap`` bytes."""
        self._cap = cap
        self._kept = bytearray()
        self.overflowed = False
        self.last_words = b""

    def add(self, data: bytes) -> None:
        """Take more output."""
        room = self._cap - len(self._kept)
        self._kept += data[:room]
        self.overflowed = self.overflowed or len(data) > room
        self.last_words = (self.last_words + data)[-4096:]

    @property
    def text(self) -> str:
        """What was kept."""
        return bytes(self._kept).decode("utf-8", "replace")


class Child:
    """A running process, and threads that read and write its pipes."""

    def __init__(self, process: Running, capture: Capture, payload_cap: int) -> None:
        """Start the threads."""
        self._payload_cap = payload_cap
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[Frame | Exception | None] = queue.SimpleQueue()
        self._is_stopped = threading.Event()
        self._has_ended = False
        self._bytes_in = 0  # written by the reading thread alone, as the next is by the caller
        self._bytes_out = 0
        self._sent = 0
        self._written = 0  # by the writing thread alone
        self.wrote: tuple[str, ...] = ()
        self._process = process
        self._threads = [
            threading.Thread(target=target, args=arguments, daemon=True)
            for target, arguments in (
                (self._write, (process.stdin,)),
                (self._read, (process.stdout,)),
                (_drain, (process.stderr, capture)),
            )
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: dict[str, Any], arrays: Sequence[Any] = ()) -> None:
        """Send a frame; never waits for the child to read it."""
        self._sent += 1
        self._outbox.put(pack_frame(message, arrays))

    def drain(self, seconds: float) -> None:
        """Wait until the child has taken all that was sent; raises ``TimeoutError``."""
        deadline = time.monotonic() + seconds
        while self._written < self._sent:
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_PAUSE_SECONDS)

    def receive(self, seconds: float) -> Frame | None:
        """Return the next frame, or None when the process has ended.

        Raises ``TimeoutError`` after ``seconds`` and ``WireError`` for anything but a frame.
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                received = self._inbox.get(timeout=min(left, _POLL_SECONDS))
            except queue.Empty:
                # The end of the pipe does not show while a grandchild holds it open.
                if self._process.wait(0) is None or not self._inbox.empty():
                    continue
                received = None
            if isinstance(received, Exception):
                raise WireError(str(received)) from received
            self._has_ended = received is None
            if received is not None:
                self._bytes_out += received.weight
            return received
        raise TimeoutError

    def stop(self, *, is_sound: bool) -> int | None:
        """Kill the process and whatever it started, and return its exit code.

        Returns None if the process had to be killed. Never raises and never waits for long.
        """
        # One that ended its pipe ends soon, by itself; its code tells why.
        code = self._process.wait(_GRACE_SECONDS if self._has_ended else 0)
        self._process.kill()
        self._is_stopped.set()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(_GRACE_SECONDS)
        self.wrote = self._process.clean_up(is_sound=is_sound)
        return code

    def _write(self, pipe: IO[bytes]) -> None:
        with pipe, suppress(OSError):
            while (data := self._outbox.get()) is not None:
                write_all(pipe, data)
                self._written += 1

    def _read(self, pipe: IO[bytes]) -> None:
        # Popen opened it unbuffered; buffered, several frames come with one system call.
        with io.BufferedReader(cast("io.RawIOBase", pipe)) as stream:
            received: Frame | Exception | None = None
            try:
                while received := read_frame(
                    stream, text_cap=TEXT_CAP, payload_cap=self._payload_cap
                ):
                    self._deliver(received)
            except (WireError, OSError, MemoryError) as error:
                received = error
            self._deliver(received)

    def _deliver(self, received: Frame | Exception | None) -> None:
        # Beyond a cap nothing more is read, so that a flood of frames stays with its sender.
        if isinstance(received, Frame):
            self._bytes_in += received.weight
        while self._is_flooded() and not self._is_stopped.is_set():
            time.sleep(_POLL_SECONDS / 20)
        self._inbox.put(received)

    def _is_flooded(self) -> bool:
        held = self._inbox.qsize()
        return held >= _INBOX_FRAMES or (
            held > 0 and self._bytes_in - self._bytes_out > _INBOX_BYTES
        )


def death(code: int | None) -> str:
    """Say how a process ended, in words."""
    if code is None:
        return "closed its pipe"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _drain(pipe: IO[bytes], capture: Capture) -> None:
    with pipe, suppress(OSError):
        while data := pipe.read(1 << 16):
            capture.add(data)
