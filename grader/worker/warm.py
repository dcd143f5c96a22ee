"""The warm process: Python and numpy, loaded once, forked for each submission.

It never runs a student's code and never reads what a student wrote: the pipes it is handed go to
a child. It serves one child at a time, so that whatever is left in its pid namespace after that
child is that child's.
"""

from __future__ import annotations

import _socket  # socket would cost each warm process 3 ms more
import gc
import json
import os
import select
import signal
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress

from . import boot
from .lockdown import Lock, hide_memory, prepare

MAX_MESSAGE = 1 << 20
_PIPES = struct.Struct("@3i")
_DESCRIPTORS = 256  # more than this process ever opens


def main(control: str, *added_paths: str) -> None:
    """Serve the host at the socket ``control`` until the host closes it."""
    hide_memory()
    boot.forget_paths(added_paths)
    host = _socket.socket(fileno=os.dup(int(control)))  # a low number, which children close
    os.close(int(control))
    lock = prepare(json.loads(host.recv(MAX_MESSAGE)))
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    gc.freeze()  # pages that the collector does not touch stay shared with every child
    host.send(json.dumps({"version": sys.version, "held": _try(lock)}).encode())
    while True:
        message, attached, _, _ = host.recvmsg(16, _socket.CMSG_SPACE(_PIPES.size))
        if not message:
            os._exit(0)  # taking an interpreter down in order costs as much as starting it
        if not attached:
            continue  # an order to kill a child that had just ended
        pipes = _PIPES.unpack(attached[0][2])
        child = os.fork()
        if child == 0:
            _become_child(pipes, lock)
        for pipe in pipes:
            os.close(pipe)
        is_wanted, status = _watch(host, woken, child)
        if not is_wanted:
            os._exit(0)
        with suppress(OSError):
            host.send(json.dumps({"code": os.waitstatus_to_exitcode(status)}).encode())


def _try(lock: Lock) -> list[str]:
    """Return the walls that hold in a child which is then thrown away."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(tell, " ".join(lock.close()).encode())
        finally:
            os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    with open(told, "rb") as pipe:  # noqa: PTH123 - pathlib has no descriptors
        return pipe.read().decode().split()


def _watch(host: _socket.socket, woken: int, child: int) -> tuple[bool, int]:
    """Wait for the end of a child; kill it when the host says so or is gone."""
    is_wanted = True
    poll = select.poll()
    for descriptor in (host.fileno(), woken):
        poll.register(descriptor, select.POLLIN)
    while True:
        ready = [descriptor for descriptor, _ in poll.poll()]
        if woken in ready:
            with suppress(BlockingIOError):
                os.read(woken, 4096)
        if host.fileno() in ready:
            is_wanted = bool(host.recv(16))
            _kill(child)
        patience = 0 if host.fileno() in ready else os.WNOHANG
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | patience):
            _kill_rest(child)
            status = os.waitpid(child, 0)[1]
            _reap_orphans()
            return is_wanted, status


def _kill(child: int) -> None:
    for kill, number in ((os.killpg, child), (os.kill, child)):
        with suppress(OSError):
            kill(number, signal.SIGKILL)


def _kill_rest(child: int) -> None:
    """Kill what a dead child left behind, where no wall kept it from starting processes.

    The child is not waited for yet, so that its number cannot be another's by now.
    """
    with suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    # Anywhere else kill(-1) would be everything this user owns, on the whole machine.
    if os.getpid() == 1:
        with suppress(OSError):
            os.kill(-1, signal.SIGKILL)


def _reap_orphans() -> None:
    with suppress(ChildProcessError):
        while os.getpid() == 1:
            os.waitpid(-1, 0)


def _become_child(pipes: Sequence[int], lock: Lock) -> None:
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
        kept = 2 if lock.ruleset is None else lock.ruleset
        os.closerange(3, kept)
        os.closerange(kept + 1, _DESCRIPTORS)
        os.setsid()
        _reseed()
        boot.serve(lock)
        code = 0
    except BaseException:  # noqa: BLE001 - the host reads it, should no frame have come
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _reseed() -> None:
    # Else every child would start from the state of the warm process.
    for name in ("random", "numpy.random"):
        with suppress(KeyError):
            sys.modules[name].seed()
