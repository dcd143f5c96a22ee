"""The start of a child: descriptors, limits and walls first, the student's code last.

``main`` starts a process of its own, ``serve`` goes on alike in it and in a fork of ``warm``.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BufferedIOBase, BufferedReader, FileIO
from typing import Any

from numpy.typing import NDArray

from .answering import Caches
from .asking import Line
from .load import Submission
from .lockdown import Lock
from .loop import answer
from .nodes import Node
from .wire import pack_frame, read_frame, write_all

try:
    import fcntl
    import resource
except ImportError:  # Windows
    fcntl = resource = None  # type: ignore[assignment]

HOST_TEXT_CAP = 1 << 27  # requests come from the host, which sends sources and trusts itself
HOST_PAYLOAD_CAP = 1 << 34
FIRST_DESCRIPTOR = 200  # out of the way of code that tries the low numbers
MAX_FILE_BYTES = 64 << 20
MAX_DESCRIPTORS = 256
PR_SET_PDEATHSIG, SIGKILL = 1, 9


def main(*added_paths: str) -> None:
    """Serve the host from a process of its own; ``added_paths`` were needed only to get here."""
    forget_paths(added_paths)
    die_with_parent()
    serve()


def forget_paths(added_paths: Sequence[str]) -> None:
    """Take away what was needed only to find numpy and ourselves."""
    sys.path[:] = [path for path in sys.path if path not in added_paths]
    sys.argv[:] = [""]


def serve(lock: Lock | None = None) -> None:
    """Answer the host until it closes the pipe; ``lock`` is closed before anything is compiled."""
    raw_requests, replies = take_over_descriptors()
    requests = BufferedReader(raw_requests)  # several frames a system call
    first = _next(requests)
    if first is None:
        return
    lower_limits(first.message["limits"])
    if first.message["packages"]:
        from .packages import Packages  # noqa: PLC0415  few need it, and later it is out of reach

        sys.meta_path.append(Packages(first.message["packages"]))
    held = lock.close() if lock else []
    submission = Submission(first.message["files"], is_locked=lock is not None)
    submission.install()
    for name in [n for n in sys.modules if n.partition(".")[0] == "worker"]:
        del sys.modules[name]  # the student may have a worker.py

    def send(message: Node, arrays: Sequence[NDArray[Any]] = ()) -> None:
        write_all(replies, pack_frame(message, arrays))

    # The host sends no request before this. Had it died before die_with_parent, none would come.
    send({"hello": True, "held": held})
    line, caches = Line(send, lambda: _next(requests)), Caches()
    while (request := _next(requests)) is not None:
        answer(request, submission, line, caches)
        with suppress(Exception):
            sys.stdout.flush()


def take_over_descriptors() -> tuple[FileIO, FileIO]:
    """Move the protocol away from descriptors 0 and 1; what is printed goes to descriptor 2."""
    requests, replies = (_move_up(descriptor) for descriptor in (0, 1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    return FileIO(requests, "rb"), FileIO(replies, "wb")


def die_with_parent() -> None:
    """On Linux, be killed when the host's thread that started us ends.

    Elsewhere the closed pipe ends an idle child, and the processor limit one in a loop.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)


def lower_limits(limits: Mapping[str, float]) -> None:
    """Lower what the system lets this process use; what it cannot limit stays as it is."""
    if resource is None:
        return
    wanted = {
        "RLIMIT_AS": int(limits["memory_mb"]) << 20,
        "RLIMIT_CPU": int(limits["total_seconds"]) + 10,  # the host's clock comes first
        "RLIMIT_FSIZE": MAX_FILE_BYTES,
        "RLIMIT_NOFILE": MAX_DESCRIPTORS,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        with suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (lowered, lowered))


def _next(requests: BufferedIOBase) -> Any:
    return read_frame(requests, text_cap=HOST_TEXT_CAP, payload_cap=HOST_PAYLOAD_CAP)


def _move_up(descriptor: int) -> int:
    if fcntl is None:
        return os.dup(descriptor)
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
