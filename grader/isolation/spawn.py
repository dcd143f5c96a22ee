"""A child as a process of its own: works everywhere, and costs an import of numpy."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast, final

from grader.errors import GraderFault
from grader.escape import printable

MAX_WROTE = 20
_NAME_CAP = 60
_PR_SET_DUMPABLE = 4
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # without which Python or numpy cannot start


def clean_environment(more: Collection[str] = ()) -> Mapping[str, str]:
    """Return the environment of every process that a student's code may see.

    ``more`` names variables of ours that it keeps.
    """
    return {
        "PATH": os.defpath,
        # One thread: deterministic sums and times, and no thread pool to start or to limit.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        **{name: os.environ[name] for name in (*_KEPT_VARIABLES, *more) if name in os.environ},
    }


def hide_from_children() -> None:
    """Keep processes of the same user out of this one's memory, as far as Linux lets us."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)


@final
class Spawned:
    """A process in a session and a folder of its own."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it."""
        hide_from_children()
        self._folder = Path(tempfile.mkdtemp(prefix="grade-"))
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._folder))
        try:
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env={**clean_environment(), **temporary},
                # Away from the terminal's Ctrl-C, and a group that can be killed as a whole.
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise GraderFault(f"the worker process cannot be started: {error}") from error
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self.stdin, self.stdout, self.stderr = (cast("IO[bytes]", pipe) for pipe in pipes)

    def wait(self, seconds: float) -> int | None:
        """Return the exit code, or None if it still runs after this time."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds) if seconds else self._process.poll()
        return None

    def kill(self) -> None:
        """Kill the process and its group."""
        # The group outlives its leader, whose number is not given away while the group exists.
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(OSError):
            self._process.kill()
        self.wait(5)

    def clean_up(self, *, is_sound: bool) -> tuple[str, ...]:  # noqa: ARG002 - it serves once
        """Remove the folder; return the names of what was in it."""
        names = _names_in(self._folder)
        with suppress(RecursionError):  # a student may nest folders as deep as they like
            shutil.rmtree(self._folder, ignore_errors=True)
        return names


def _names_in(folder: Path) -> tuple[str, ...]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return ()
    return tuple(printable(name, _NAME_CAP) for name in names[:MAX_WROTE])
