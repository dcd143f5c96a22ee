"""Warm processes and their pool: a child costs a fork, not an import of numpy.

The host makes three pipes for each child and hands their ends to a warm process over a socket;
``grader.worker.warm`` is the other side. A warm process serves one child at a time, is not used
again after anything unsound, and is replaced after a few hundred children.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any, final

from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation.child import START_SECONDS
from grader.isolation.policy import Policy
from grader.isolation.spawn import clean_environment

MAX_CHILDREN = 300
_MAX_MESSAGE = 1 << 16
_END_SECONDS = 0.5
_ANSWER_SECONDS = 5.0  # for a warm process that has nothing to do but to answer


class Warm:
    """One warm process, and the socket to it."""

    def __init__(self, command: Sequence[str], policy: Policy) -> None:
        """Start it; it gets ready meanwhile."""
        self.children = 0
        self.is_sound = True
        self.held: frozenset[str] = frozenset()  # the walls that a first child had
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            words = [str(theirs.fileno()) if word == CONTROL else word for word in command]
            self._process = _LASTING.start(words, theirs.fileno())
        with suppress(OSError):  # it may have ended; its absence will show
            self._socket.send(json.dumps(policy.message()).encode())

    def await_ready(self) -> None:
        """Wait for what it says of itself; it must be our Python, not one that lay in its way."""
        ready = self.receive(START_SECONDS)
        if ready is None or ready.get("version") != sys.version:
            words = self._last_words()
            self.close()
            raise GraderFault(f"the warm process does not start: {words}")
        self.held = frozenset(ready["held"])

    def is_alive(self) -> bool:
        """Return True unless it ended, or says something unasked."""
        return self._process.poll() is None and self.receive(0) is None and self.is_sound

    def fork(self, pipes: Sequence[int]) -> None:
        """Make it fork a child with these descriptors as 0, 1 and 2."""
        self.children += 1
        try:
            socket.send_fds(self._socket, [b"fork"], list(pipes))
        except OSError as error:
            self.is_sound = False
            raise GraderFault(f"the warm process is gone: {error}") from error

    def kill_child(self) -> None:
        """Order the end of its child."""
        with suppress(OSError):
            self._socket.send(b"kill")

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """Return the next message, or None if there is none in this time or it is gone."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return None
        try:
            data = self._socket.recv(_MAX_MESSAGE)
        except OSError:
            data = b""
        if not data:
            self.is_sound = False
            return None
        message: dict[str, Any] = json.loads(data)
        return message

    def close(self) -> None:
        """End it and everything in it."""
        self._socket.close()  # which is what a sound one ends by
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS if self.is_sound else 0)
        self.is_sound = False
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _last_words(self) -> str:
        self._socket.close()  # it ends when this is closed, if it still runs
        self._process.kill()
        words = self._process.communicate()[0].decode("utf-8", "replace").strip()
        return printable(words.rpartition("\n")[2] or "it did not say why", 200)


CONTROL = "CONTROL"  # stands in a command for the number of the socket


@final
class Pool:
    """Warm processes of one kind: those in use, and at most one idle for each core."""

    def __init__(self, start: Callable[[int], Warm]) -> None:
        """Keep the way to start one; it is given a number, different for those in use."""
        self._start = start
        self._idle: list[Warm] = []
        self._lock = threading.Lock()
        self._started = 0
        atexit.register(self._close_at_exit)

    def fork(self) -> Forked:
        """Return a new child of an idle warm process, or of a new one."""
        while warm := self._take():
            if warm.is_alive():
                return Forked(warm, self)
            warm.close()
        return Forked(self._new(), self)

    def warm_up(self) -> frozenset[str]:
        """Start one, and return the walls that held in a child which it threw away."""
        warm = self._new()
        self.give_back(warm)
        return warm.held

    def give_back(self, warm: Warm) -> None:
        """Keep a warm process for the next child, or end it."""
        with self._lock:
            is_kept = warm.is_sound and warm.children < MAX_CHILDREN
            is_kept = is_kept and len(self._idle) < (os.cpu_count() or 1)
            if is_kept:
                self._idle.append(warm)
        if not is_kept:
            warm.close()

    def close(self) -> None:
        """End those that are idle."""
        while warm := self._take():
            warm.close()

    def _close_at_exit(self) -> None:
        with suppress(KeyboardInterrupt):  # who presses Ctrl-C twice: they end by themselves
            self.close()

    def _new(self) -> Warm:
        with self._lock:
            self._started += 1
        warm = self._start(self._started)
        warm.await_ready()
        return warm

    def _take(self) -> Warm | None:
        with self._lock:
            return self._idle.pop() if self._idle else None


@final
class Forked:
    """A child of a warm process, which stays with it until it ends."""

    def __init__(self, warm: Warm, pool: Pool) -> None:
        """Fork it."""
        self._warm = warm
        self._pool = pool
        self._has_ended = False
        self._code: int | None = None
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        ours_error, theirs_error = os.pipe()
        self.stdin: IO[bytes] = open(ours_in, "wb", buffering=0)  # noqa: SIM115, PTH123
        self.stdout: IO[bytes] = open(ours_out, "rb", buffering=0)  # noqa: SIM115, PTH123
        self.stderr: IO[bytes] = open(ours_error, "rb", buffering=0)  # noqa: SIM115, PTH123
        theirs = (theirs_in, theirs_out, theirs_error)
        try:
            warm.fork(theirs)
        except GraderFault:
            warm.close()
            for pipe in (self.stdin, self.stdout, self.stderr):
                pipe.close()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def wait(self, seconds: float) -> int | None:
        """Return the exit code, or None if it still runs after this time."""
        if not self._has_ended:
            message = self._warm.receive(seconds)
            # A warm process that is gone has taken its child with it.
            self._has_ended = message is not None or not self._warm.is_sound
            self._code = -9 if message is None else int(message["code"])
        return self._code if self._has_ended else None

    def kill(self) -> None:
        """Have it killed, by its warm process or with it."""
        if not self._has_ended:
            self._warm.kill_child()
            if self.wait(_ANSWER_SECONDS) is None:
                self._warm.close()

    def clean_up(self, *, is_sound: bool) -> tuple[str, ...]:
        """Give the warm process back; there was no folder to leave anything in."""
        self._warm.is_sound = self._warm.is_sound and is_sound
        self._pool.give_back(self._warm)
        return ()


class _Lasting:
    """A thread that starts processes and lives as long as we do.

    bubblewrap ends with the thread that started it, which must not be one that ends earlier than
    the pool.
    """

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[list[str], int, queue.SimpleQueue[Any]]]
        self._wanted = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self, command: list[str], descriptor: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, daemon=True)
                self._thread.start()
        answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._wanted.put((command, descriptor, answer))
        started = answer.get()
        if isinstance(started, OSError):
            raise GraderFault(f"the warm process cannot be started: {started}") from started
        return started  # type: ignore[no-any-return]

    def _serve(self) -> None:
        while True:
            command, descriptor, answer = self._wanted.get()
            try:
                answer.put(_popen(command, descriptor))
            except OSError as error:
                answer.put(error)


def _popen(command: Sequence[str], descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,  # not a file: what Python learns of it now must hold for pipes
        stderr=subprocess.STDOUT,
        cwd="/",
        env=clean_environment(),
        start_new_session=True,
        pass_fds=[descriptor],
    )


_LASTING = _Lasting()
