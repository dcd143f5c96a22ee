"""The ways a run can end badly, and the exit code of each.

``CourseError``  the instructor's or the caller's input is wrong: every problem at once.
``GraderFault``  our own fault: never charged to a student.
``ExitCode``     what the command line returns.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAULT = 3
    INTERRUPTED = 130


class CourseError(Exception):
    """Bad input from whoever runs the grader: a flag, a path, a spec, a rubric, a reference.

    ``problems`` lists everything that is wrong, one line each, every line naming its place.
    """

    def __init__(self, *problems: str) -> None:
        """Keep the problems in the order found."""
        super().__init__("\n".join(problems))
        self.problems = problems


class GraderFault(Exception):
    """Something failed on the grader's side of the boundary."""
