"""What a child gives up for good before the student's source is compiled.

``prepare`` runs once, in the warm process, on what the host sent: readable paths, the bytes of a
system call filter, a spare user. ``Lock.close`` runs in each child; ``held`` then tries what must
not work any more. A wall counts only if it was tried.
"""

from __future__ import annotations

import base64
import ctypes
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from . import landlock

try:
    import resource
except ImportError:  # Windows, where no child is locked
    resource = None  # type: ignore[assignment]

_SET_PDEATHSIG, _SET_DUMPABLE, _SET_NO_NEW_PRIVS, _SET_SECCOMP = 1, 4, 38, 22
_FILTER_MODE = 2
_SIGKILL = 9
_CAPABILITY_VERSION = 0x20080522


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


@dataclass(frozen=True)
class Lock:
    """Walls that are ready to be put up; what the machine lacks is None."""

    parent: int
    user: int | None
    ruleset: int | None
    code: bytes | None

    def close(self) -> list[str]:
        """Put up every wall and return the names of those that hold."""
        _drop_user(self.user)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        _prctl(_SET_DUMPABLE, 0)
        _prctl(_SET_NO_NEW_PRIVS, 1)
        _prctl(_SET_PDEATHSIG, _SIGKILL)  # after the change of user, which clears it
        if os.getppid() != self.parent:
            os._exit(1)
        if self.ruleset is not None:
            landlock.enforce(self.ruleset)
            os.close(self.ruleset)
        if self.code is not None:
            instructions = ctypes.create_string_buffer(self.code, len(self.code))
            program = _Program(len(self.code) // 8, ctypes.addressof(instructions))
            _prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(program))
        return held()


def prepare(policy: Mapping[str, Any]) -> Lock:
    """Return the walls that this machine can put up."""
    ruleset = None
    with suppress(OSError):
        ruleset = landlock.build(policy["readable"], [os.devnull])
    code = base64.b64decode(policy["filter"]) if policy["filter"] else None
    return Lock(os.getpid(), policy["user"], ruleset, code)


def hide_memory() -> None:
    """Keep processes of the same user out of this one's memory."""
    _prctl(_SET_DUMPABLE, 0)


def held() -> list[str]:
    """Return which of files, network, processes and signals are refused, each by trying it."""
    attempts: dict[str, tuple[Callable[[], object], ...]] = {
        "files": (lambda: os.open("/", os.O_RDONLY), _create_file),
        "network": (lambda: _socket(1), lambda: _socket(2)),  # AF_UNIX, AF_INET
        "processes": (_fork,),
        "signals": (lambda: os.kill(os.getppid(), 0),),
    }
    names = [name for name, tried in attempts.items() if all(map(_is_refused, tried))]
    # The first process of a pid namespace takes all others with it.
    return [*names, "outliving"] if os.getppid() == 1 else names


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False


def _create_file() -> None:
    name = f"/grade-probe-{os.getpid()}"
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(name)  # noqa: PTH108 - pathlib costs a child its start


def _socket(family: int) -> None:
    made = landlock.libc().socket(family, 1, 0)
    if made < 0:
        raise OSError
    os.close(made)


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _drop_user(user: int | None) -> None:
    if user is not None:
        with suppress(OSError):  # a container may not know this user
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
    # Where root stays root (as where only root can read this Python), it is one without powers.
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    landlock.libc().capset(header, (ctypes.c_uint32 * 6)())


def _prctl(option: int, *arguments: int) -> None:
    # The kernel wants zeros, in full width, for what is not used.
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    landlock.libc().prctl(option, *words)
