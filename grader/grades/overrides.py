"""``overrides.yaml``: what a human decided, applied last and kept across regrades.

``read_overrides``   its text -> every ``Override``, or every problem with its line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from grader.errors import CourseError
from grader.spec.yaml_cursor import Cursor, Problems, nearest, open_document

_KEYS = ("student", "task", "points", "reason", "by", "when")


@dataclass(frozen=True)
class Override:
    """The points of one task of one student, and who gave them, why and when."""

    student: str
    task: str  # as the gradebook calls it
    points: Fraction
    reason: str
    by: str
    when: str

    @property
    def text(self) -> str:
        """The decision in a line."""
        return f"{self.reason} ({self.by}, {self.when})"


def read_overrides(
    text: str, path: str, students: Collection[str], prices: Mapping[str, Fraction]
) -> tuple[Override, ...]:
    """Read the decisions of a course; ``prices`` are the most points of each task.

    Raises ``CourseError`` with everything that is wrong.
    """
    problems: Problems = []
    top = open_document(text, path, problems)
    fields = top.mapping(["overrides"], ["overrides"]) if top else {}
    found: dict[tuple[str, str], Override] = {}
    ids = frozenset(students)
    for entry in fields["overrides"].items() if "overrides" in fields else []:
        override = _override(entry, ids, prices)
        if override is None:
            continue
        place = (override.student, override.task)
        if place in found:
            entry.problem(f"`{override.task}` of `{override.student}` stands here twice")
        found[place] = override
    if problems:
        raise CourseError(*problems)
    return tuple(found.values())


def _override(
    entry: Cursor, students: frozenset[str], prices: Mapping[str, Fraction]
) -> Override | None:
    fields = entry.mapping(_KEYS, _KEYS)
    if len(fields) < len(_KEYS):
        return None
    texts = {name: fields[name].text() for name in ("student", "task", "reason", "by")}
    student, task = texts["student"], texts["task"]
    points = fields["points"].points()
    if student and student not in students:
        fields["student"].problem(f"nobody has the id `{student}`{nearest(student, students)}")
    if task and task not in prices:
        fields["task"].problem(f"there is no task `{task}`{nearest(task, prices)}")
    elif task and points > prices[task]:
        fields["points"].problem(f"`{task}` is worth {float(prices[task]):g} points at most")
    return Override(points=points, when=_day(fields["when"]), **texts)


def _day(cursor: Cursor) -> str:
    text = cursor.text()
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return str(read(text.replace("Z", "+00:00"))) and text
        except ValueError:
            continue
    if text:
        cursor.problem(f"`{text}` is not a date, like 2026-03-01")
    return text
