"""What changed between two gradebooks, and what changed with it.

``diff``      old rows, new rows -> every changed score, dropped ones first.
``describe``  a change in a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.grades.rows import VOID, Row, TaskGrade, shown

LATENESS = "lateness"
_NONE = "nothing that is recorded differs: the verdict is not repeatable"


@dataclass(frozen=True)
class Change:
    """One score that is not what it was; None where there was none, or is none."""

    student: str
    task: str
    old: Fraction | None
    new: Fraction | None
    reasons: tuple[str, ...]

    @property
    def amount(self) -> Fraction:
        """By how much it rose."""
        return (self.new or Fraction(0)) - (self.old or Fraction(0))


def diff(old: Sequence[Row], new: Sequence[Row]) -> tuple[Change, ...]:
    """Return each change of a task's score, and of the points that lateness costs."""
    before, after = ({row.id: row for row in rows} for rows in (old, new))
    changes = [
        change
        for student in {**before, **after}
        for change in _changes(student, before.get(student), after.get(student))
    ]
    return tuple(sorted(changes, key=lambda c: (c.amount, c.student, c.task)))


def describe(change: Change) -> str:
    """Return the change and its reasons as one line of text."""
    old, new = (("none" if p is None else shown(p)) for p in (change.old, change.new))
    return f"{change.student} {change.task}: {old} -> {new} ({'; '.join(change.reasons)})"


def _changes(student: str, old: Row | None, new: Row | None) -> Iterator[Change]:
    tasks_before, tasks_after = (
        {grade.label: grade for grade in row.tasks} if row else {} for row in (old, new)
    )
    for label in {**tasks_before, **tasks_after}:
        was, now = tasks_before.get(label), tasks_after.get(label)
        if _worth(was) != _worth(now):
            reasons = tuple(_reasons(old, new, was, now))
            yield Change(student, label, _points(was), _points(now), reasons or (_NONE,))
    lost, loses = (-row.late_penalty if row else Fraction(0) for row in (old, new))
    if lost != loses:
        told = tuple(late.text for row in (new,) if row for late in row.late)
        yield Change(student, LATENESS, lost, loses, told or ("no longer late",))


def _worth(grade: TaskGrade | None) -> tuple[object, ...]:
    return (_points(grade), grade.max_score if grade else None)


def _points(grade: TaskGrade | None) -> Fraction | None:
    return grade.score if grade and grade.is_settled else None


def _reasons(
    old: Row | None, new: Row | None, was: TaskGrade | None, now: TaskGrade | None
) -> Iterator[str]:
    if old is None or new is None:
        yield "the student is new" if old is None else "the student is no longer there"
        return
    if was is None or now is None:
        yield "the task is new" if was is None else "the task is no longer there"
        return
    if was.override != now.override:
        made = now.override
        yield f"override: {made.text}" if made else "the override is gone"
        if was.machine == now.machine:
            return
    if old.attempt != new.attempt:
        yield f"another attempt: {old.attempt or 'none'} -> {new.attempt or 'none'}"
    yield from _circumstances(
        old.circumstances.get(was.assignment, {}), new.circumstances.get(now.assignment, {})
    )
    for outcome, words in ((was.outcome, "it was void"), (now.outcome, "it is void")):
        if outcome == VOID and was.outcome != now.outcome:
            yield words


def _circumstances(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Yield everything that a verdict rests on and that is not what it was."""
    if not old or not new:
        return
    for name in {**old, **new}:
        was, now = old.get(name, "none"), new.get(name, "none")
        if was != now:
            is_digest = max(len(was), len(now)) > 40
            yield f"{name} changed" if is_digest else f"{name}: {was} -> {now}"
