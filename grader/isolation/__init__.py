"""Where a submission runs: a ladder of sandboxes, strongest first.

Each rung is a function that opens a ``Session``. Only ``process`` is built; the others have
their place in ``LADDER``, and a sandbox joins by an entry in ``SANDBOXES`` and in ``NOTES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.errors import CourseError
from grader.isolation.child_process import open_session
from grader.isolation.session import Loaded, Returned, Session, Step
from grader.model import Limits

__all__ = ["LADDER", "NOTES", "SANDBOXES", "Loaded", "Returned", "Session", "Step", "choose"]

LADDER = ("sealed", "confined", "partial", "macos", "process")

SANDBOXES: dict[str, Callable[[Mapping[str, str], Limits], Session]] = {
    "process": open_session,
}

NOTES: dict[str, str] = {
    "process": "the score is made outside this code's process, but the code runs with your rights "
    "and can read and change your files: grade only code you trust",
}


def choose(name: str = "auto") -> tuple[str, str]:
    """Return the rung to use and what it does not stop.

    ``auto`` is the strongest there is; a name means that rung, or a stronger one if it is not
    here.
    """
    if name != "auto" and name not in LADDER:
        raise CourseError(f"no isolation is called {name!r}; there are auto, {', '.join(LADDER)}")
    enough = LADDER if name == "auto" else reversed(LADDER[: LADDER.index(name) + 1])
    for rung in enough:
        if rung in SANDBOXES:
            return rung, NOTES[rung]
    raise CourseError(
        f"isolation {name!r} is not available here; the strongest is {choose()[0]!r}: "
        f"use --isolation {choose()[0]}"
    )
