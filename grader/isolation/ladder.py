"""The ladder of sandboxes: which rungs this machine has, and which one is taken.

A rung is probed by doing: a throw-away child puts up its walls, tries what must not work, and says
what was refused. The warm process started for that is the one that serves the first submission.
Every later child says the same of itself before it is sent any code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from grader.errors import CourseError
from grader.isolation import seatbelt
from grader.isolation.archive import worker_command
from grader.isolation.child import Running
from grader.isolation.child_process import ProcessSession
from grader.isolation.forking import WORLDS, Tried, pool, try_walls
from grader.isolation.packages import Packages
from grader.isolation.session import Session
from grader.isolation.spawn import Spawned
from grader.model import Limits

LADDER = ("sealed", "confined", "partial", "macos", "process")
FLOOR = "confined"  # for grading other people's code for the record
_WALLS = frozenset({"files", "network", "processes", "signals"})
_WALLS_OF = {"sealed": _WALLS | {"outliving"}, "confined": _WALLS}

NOTES: Mapping[str, str] = {
    "sealed": "this code cannot read your files, write any, use the network or start a process; "
    "a hole in the kernel would not be stopped",
    "confined": "this code cannot read your files, write any, use the network or start a process, "
    "but it can ask which files there are; a hole in the kernel would not be stopped",
    "macos": "this code cannot write files or use the network, but it can read much of them and "
    "its memory is not limited; this rung was never tested",
    "process": "the score is made outside this code's process, but the code runs with your rights "
    "and can read and change your files: grade only code you trust",
}
_OPEN = {
    "files": "your files can be read",
    "network": "the network can be used",
    "processes": "processes can be started",
    "signals": "your processes can be ended",
}


def choose(name: str = "auto") -> tuple[str, str]:
    """Return the rung to use and what it does not stop.

    ``auto`` is the strongest that works; a name means that rung, or a stronger one if it is not
    to be had.
    """
    if name != "auto" and name not in LADDER:
        raise CourseError(f"no isolation is called {name!r}; there are auto, {', '.join(LADDER)}")
    enough = LADDER if name == "auto" else tuple(reversed(LADDER[: LADDER.index(name) + 1]))
    for rung in enough:
        if not problem_of(rung):
            return rung, note_of(rung)
    strongest = choose()[0]
    raise CourseError(
        f"isolation {name!r} is not available here ({problem_of(name)}); the strongest is "
        f"{strongest!r}: use --isolation {strongest}; `grade doctor` tells more"
    )


def require_for_many(rung: str, *, allow_weak: bool) -> None:
    """Refuse a rung on which other people's code could read or change anything."""
    if not allow_weak and LADDER.index(rung) > LADDER.index(FLOOR):
        raise CourseError(
            f"isolation {rung!r} is too weak to grade many people's code: {note_of(rung)}; "
            "`grade doctor` shows the way to a stronger one, --allow-weak-isolation does without"
        )


def available() -> tuple[str, ...]:
    """Return the rungs that work here, strongest first."""
    return tuple(rung for rung in LADDER if not problem_of(rung))


def problem_of(rung: str) -> str:
    """Return why a rung is not to be had, or nothing."""
    if rung == "process":
        return ""
    if rung == "macos":
        return seatbelt.problem()
    if sys.platform != "linux":
        return "it needs Linux"
    tried = _tried(rung)
    if tried.problem:
        return tried.problem
    if missing := _WALLS_OF.get(rung, frozenset()) - tried.walls:
        return f"missing: {', '.join(sorted(missing))}; see `grade doctor`"
    if rung == "partial" and tried.walls >= _WALLS:
        return "no wall is missing here"
    return "" if tried.walls else "no wall holds"


def note_of(rung: str) -> str:
    """Return what a rung does not stop, for the report."""
    if rung in NOTES:
        return NOTES[rung]
    missing = [text for wall, text in _OPEN.items() if wall not in _tried(rung).walls]
    return f"some walls are missing here, see `grade doctor`: {', '.join(missing)}"


def _tried(rung: str) -> Tried:
    return try_walls(_world(rung))


def _world(rung: str) -> str:
    if rung == "partial":
        return max(WORLDS, key=lambda world: len(try_walls(world).walls))
    return "bubblewrap" if rung == "sealed" else "bare"


class OpenSession(Protocol):
    """How a rung opens a session; ``packages`` can be imported besides numpy."""

    def __call__(
        self, files: Mapping[str, str], limits: Limits, packages: Packages = ()
    ) -> Session:
        """Open it."""


def _opener(rung: str) -> OpenSession:
    def open_session(files: Mapping[str, str], limits: Limits, packages: Packages = ()) -> Session:
        start: Callable[[], Running]
        walls: frozenset[str] = frozenset()
        if rung == "process":
            start = partial(Spawned, worker_command())
        elif rung == "macos":
            start = partial(Spawned, seatbelt.command(packages))
        else:
            walls = _WALLS_OF.get(rung) or _tried(rung).walls
            start = pool(_world(rung), packages).fork
        return ProcessSession(files, limits, start, walls, packages)

    return open_session


SANDBOXES: Mapping[str, OpenSession] = {rung: _opener(rung) for rung in LADDER}
