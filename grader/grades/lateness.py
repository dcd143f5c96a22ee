"""How late an attempt is and what that costs: a line of its own beside the tasks.

``Member``        what the roster says of a student, whoever read it.
``effective_due``  when a student's work is due, extension included.
``lateness``      the line, or None for work in time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Protocol

from grader.grades.documents import Handed
from grader.model import Rubric
from grader.spec.lateness import moment

_DAY = timedelta(days=1)
_MOST_DAYS = 366
_END_OF_DAY = time(23, 59, 59)


class Member(Protocol):
    """A student on the roster. ``extension`` is a number of days, or a date; may be empty."""

    @property
    def id(self) -> str:
        """The id, verbatim."""

    @property
    def name(self) -> str:
        """The name; no report carries it."""

    @property
    def group(self) -> str:
        """The group that hands in together; may be empty."""

    @property
    def extension(self) -> str:
        """Days, or a date."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """What else other systems call the student."""


@dataclass(frozen=True)
class Late:
    """That the work for an assignment came late; ``days`` are those begun, None if not known."""

    assignment: str
    days: int | None
    penalty: Fraction
    text: str


def effective_due(due: datetime | None, extension: str) -> datetime | None:
    """Return the time by which the student must hand in."""
    granted = extension.strip()
    if not granted:
        return due
    try:
        days = float(granted)
    except ValueError:
        until = _until(granted, due)
        return until if due is None or (until is not None and until > due) else due
    return due + days * _DAY if due is not None and 0 <= days <= _MOST_DAYS else due


def is_extension(text: str) -> bool:
    """Return True for an extension that can be read."""
    try:
        return not text.strip() or 0 <= float(text) <= _MOST_DAYS
    except ValueError:
        return moment(text) is not None or _day(text) is not None


def lateness(handed: Handed, rubric: Rubric, points: Fraction, due: datetime | None) -> Late | None:
    """Return how late an attempt is and what that costs of its points; None for work in time."""
    when, rule, name = handed.moment, rubric.late, rubric.id
    if due is None or when is None:
        if not handed.is_late:
            return None
        return Late(name, None, Fraction(0), f"{name}: marked late; by how much is not known")
    grace = timedelta(minutes=float(rule.grace_minutes)) if rule else timedelta()
    if when - due <= max(grace, timedelta()):
        return None
    days = math.ceil((when - due) / _DAY)
    told = f"{name}: {days} day{'' if days == 1 else 's'} late"
    if rule is None:
        return Late(name, days, Fraction(0), told)
    if rule.cut_off_days is not None and when - due > float(rule.cut_off_days) * _DAY:
        return Late(name, days, points, f"{told}, after the cut-off: nothing counts")
    percent = min(rule.percent_a_day * days, Fraction(100))
    return Late(name, days, points * percent / 100, f"{told}, {float(percent):g} % off")


def _until(text: str, due: datetime | None) -> datetime | None:
    """Return the end of a day in the zone of the due date, or the stated time."""
    day = _day(text)
    if day is None or due is None:
        return moment(text)
    return datetime.combine(day, _END_OF_DAY, due.tzinfo)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
