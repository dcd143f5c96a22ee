"""One case under pdb: a process with the terminal and without any wall, the rung ``process``.

It is sent what any child is sent, the case's inputs and the student's files, and nothing that is
expected of them.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

from grader.errors import GraderFault
from grader.isolation.archive import debugging_command
from grader.isolation.packages import Packages
from grader.isolation.requests import run_request
from grader.isolation.session import NO_LAYOUTS, NO_SEEDS, Returned, Step
from grader.isolation.spawn import clean_environment
from grader.model import Call, Fault
from grader.worker.styles import STYLES
from grader.worker.wire import pack_frame

_TERMINAL = ("TERM", "HOME", "LANG", "LC_ALL", "COLUMNS", "LINES")


@dataclass(frozen=True)
class Stop:
    """The call to stop in: the draw of a case, the stage; at its first line, or where it raised."""

    draw: int
    stage: str
    has_raised: bool = False


def place_of(call: Call, stage: str) -> str:
    """Return the name of what is called in a stage: ``Class.method``, or a function."""
    return STYLES[call.style].definitions(call)[stage]


@final
class Debugger:
    """Cases can be put to it as to a session; whoever sits at the terminal sees what comes back."""

    def __init__(
        self, files: Mapping[str, str], packages: Packages, folder: Path, stop: Stop
    ) -> None:
        """Keep what is debugged; ``folder`` is where the files lie, for editors and breakpoints."""
        self._files = dict(files)
        self._packages = dict(packages)
        self._folder = folder
        self._stop = stop

    def run(
        self,
        call: Call,
        values: Sequence[Mapping[str, Any]],
        steps: Sequence[Step],
        *,
        seconds: float,  # noqa: ARG002 - whoever debugs takes their time
        seed: int = 0,
        layouts: Mapping[int, str] = NO_LAYOUTS,
        watches_memory: bool = False,
        seeds: Mapping[int, int] = NO_SEEDS,
    ) -> list[Returned | Fault | None]:
        """Run the steps of one subject up to the stop, on the terminal; no step is answered."""
        message, arrays = run_request(
            call, values, steps, seed=seed, layouts=layouts, watches_memory=watches_memory,
            helpers={}, seeds=seeds,
        )  # fmt: skip
        message |= {
            "files": self._files,
            "packages": self._packages,
            "folder": str(self._folder),
            "stop": asdict(self._stop),
        }
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            request = Path(folder) / "request"
            request.write_bytes(pack_frame(message, arrays))
            _run_on_terminal(debugging_command(str(request)))
        return [None] * len(steps)


def _run_on_terminal(command: Sequence[str]) -> None:
    # Ctrl-C is for the debugger, on the same terminal: caught here, since it would inherit that
    # the signal is ignored.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        subprocess.run(command, env=clean_environment(_TERMINAL), check=False)
    except OSError as error:
        raise GraderFault(f"the debugger cannot be started: {error}") from error
    finally:
        signal.signal(signal.SIGINT, before)
