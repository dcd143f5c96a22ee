"""Where a submission runs: a ladder of sandboxes, strongest first.

``choose`` takes a rung, ``SANDBOXES`` opens a ``Session`` on it, ``NOTES`` says what it leaves
open.
"""

from __future__ import annotations

from grader.isolation.debugging import Debugger, Stop, place_of
from grader.isolation.ladder import (
    LADDER,
    NOTES,
    SANDBOXES,
    available,
    choose,
    problem_of,
    require_for_many,
)
from grader.isolation.layers import layers
from grader.isolation.leaning import Answer, Function, Leaning, Question
from grader.isolation.packages import Packages, find_packages, import_problems, version_of
from grader.isolation.session import STUB, Loaded, Returned, Runs, Session, Step

__all__ = [
    "LADDER",
    "NOTES",
    "SANDBOXES",
    "STUB",
    "Answer",
    "Debugger",
    "Function",
    "Leaning",
    "Loaded",
    "Packages",
    "Question",
    "Returned",
    "Runs",
    "Session",
    "Step",
    "Stop",
    "available",
    "choose",
    "find_packages",
    "import_problems",
    "layers",
    "place_of",
    "problem_of",
    "require_for_many",
    "version_of",
]
