"""One child process: its pipes, its private folder and its end. It knows nothing of grading.

Threads read and write the pipes, because that works on every system. Each thread closes its own
pipe: a grandchild that escaped may hold the other end, and then the thread alone stays behind.
"""

from __future__ import annotations

import ctypes
import io
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from grader.errors import GraderFault
from grader.escape import printable
from grader.worker.wire import TEXT_CAP, Frame, WireError, pack_frame, read_frame, write_all

MAX_WROTE = 20
_NAME_CAP = 60
_POLL_SECONDS = 0.2
_INBOX_FRAMES = 256
_PR_SET_DUMPABLE = 4
_INBOX_BYTES = 64 << 20
_GRACE_SECONDS = 0.3  # for threads to see the end of a pipe
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # without which Python or numpy cannot start


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
    """A process in a session and a folder of its own."""

    def __init__(self, command: Sequence[str], capture: Capture, payload_cap: int) -> None:
        """Start the process and the threads at its pipes."""
        self._payload_cap = payload_cap
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[Frame | Exception | None] = queue.SimpleQueue()
        self._is_stopped = threading.Event()
        self._has_ended = False
        self._bytes_in = 0  # written by the reading thread alone, as the next is by the caller
        self._bytes_out = 0
        self.wrote: tuple[str, ...] = ()
        try:
            self._process, self._folder = _start(command)
        except OSError as error:
            raise GraderFault(f"the worker process cannot be started: {error}") from error
        pipes = self._process
        self._threads = [
            threading.Thread(target=target, args=arguments, daemon=True)
            for target, arguments in (
                (self._write, (pipes.stdin,)),
                (self._read, (pipes.stdout,)),
                (_drain, (pipes.stderr, capture)),
            )
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: dict[str, Any], arrays: Sequence[Any] = ()) -> None:
        """Send a frame; never waits for the child to read it."""
        self._outbox.put(pack_frame(message, arrays))

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
                if self._process.poll() is None or not self._inbox.empty():
                    continue
                received = None
            if isinstance(received, Exception):
                raise WireError(str(received)) from received
            self._has_ended = received is None
            if received is not None:
                self._bytes_out += sum(array.nbytes for array in received.arrays)
            return received
        raise TimeoutError

    def stop(self) -> int | None:
        """Kill the process and its group, remove its folder, return its exit code.

        Returns None if the process had to be killed. Never raises and never waits for long.
        """
        if self._has_ended:  # soon, by itself; its code tells why
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
        code = self._process.poll()
        self._kill_group()
        self._is_stopped.set()
        self._outbox.put(None)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        for thread in self._threads:
            thread.join(_GRACE_SECONDS)
        self.wrote = _names_in(self._folder)
        with suppress(RecursionError):  # a student may nest folders as deep as they like
            shutil.rmtree(self._folder, ignore_errors=True)
        return code

    def _kill_group(self) -> None:
        # The group outlives its leader, whose number is not given away while the group exists.
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(OSError):
            self._process.kill()

    def _write(self, pipe: IO[bytes]) -> None:
        with pipe, suppress(OSError):
            while (data := self._outbox.get()) is not None:
                write_all(pipe, data)

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
            self._bytes_in += sum(array.nbytes for array in received.arrays)
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


def _hide_from_children() -> None:
    """Keep processes of the same user out of our memory, as far as Linux lets us."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)


def _start(command: Sequence[str]) -> tuple[subprocess.Popen[bytes], Path]:
    _hide_from_children()
    folder = Path(tempfile.mkdtemp(prefix="grade-"))
    environment = {
        "PATH": os.defpath,
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        # One thread: deterministic sums and times, and no thread pool to start or to limit.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        **{name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
    }
    # Away from the terminal's Ctrl-C, and a group that can be killed as a whole.
    is_windows = sys.platform == "win32"
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            start_new_session=not is_windows,
            creationflags=flags,
        )
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return process, folder


def _drain(pipe: IO[bytes], capture: Capture) -> None:
    with pipe, suppress(OSError):
        while data := pipe.read(1 << 16):
            capture.add(data)


def _names_in(folder: Path) -> tuple[str, ...]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return ()
    return tuple(printable(name, _NAME_CAP) for name in names[:MAX_WROTE])
