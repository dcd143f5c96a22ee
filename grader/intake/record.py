"""What is known of everything that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.intake.roster import Member, Roster


@dataclass(frozen=True)
class Attempt:
    """One submission of one student or group, not yet opened.

    ``key`` names its folder among the results: letters, digits, dots, underscores and hyphens, at
    most 80, unlike every other key in whatever case, and the same in every run over the same
    submissions. ``students`` are ids as the roster, or else the platform, spells them.
    """

    key: str
    students: tuple[str, ...]
    place: Path  # the folder, file or archive; with `files`, the folder that holds them
    number: int  # 1 is the first attempt of its students
    submitted_at: str = ""  # ISO 8601 with zone, or nothing
    is_late: bool | None = None  # as the platform marks it; None where it does not say
    note: str = ""  # what is odd about it, for a human
    files: tuple[tuple[str, str], ...] = ()  # loose files: the student's name and the platform's


@dataclass(frozen=True)
class Intake:
    """All attempts of a class, those of a student in the order of their numbers."""

    layout: str
    attempts: tuple[Attempt, ...]
    problems: tuple[str, ...]
    roster: Roster | None

    @property
    def missing(self) -> tuple[Member, ...]:
        """Those on the roster of whom there is no attempt."""
        present = {student for attempt in self.attempts for student in attempt.students}
        members = self.roster.members if self.roster else ()
        return tuple(member for member in members if member.id not in present)
