"""nbgrader: the columns of its own CSV export, a line for each student and assignment.

``score`` is ``raw_score`` less the penalty, and missing work counts 0, as there. Unlike there,
every text stands in quotes, so that a comma in a name shifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from fractions import Fraction

from grader.grades.cells import cell, encoded, line
from grader.grades.exporters.record import Export, Exported, held_of
from grader.grades.rows import Row, Status, TaskGrade, shown
from grader.spec.lateness import moment

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def write(export: Export) -> Exported:
    """Return ``grades.csv``; without byte order mark, as the original."""
    lines = [line(cells) for row in export.rows for cells in _lines(row)]
    text = line(COLUMNS) + "".join(lines)
    return Exported({"grades.csv": encoded(text, bom=False)}, tuple(held_of(export.rows)))


def _lines(row: Row) -> Iterator[list[str]]:
    last, _, first = row.name.partition(",")
    for assignment in dict.fromkeys(grade.assignment for grade in row.tasks):
        own = [grade for grade in row.tasks if grade.assignment == assignment]
        late = [entry for entry in row.late if entry.assignment == assignment]
        yield [
            cell(assignment),
            cell(""),
            cell(_naive(row.submitted_at)),
            cell(row.id),
            cell(last.strip()),
            cell(first.strip()),
            cell(""),
            *_points(row, own, sum((entry.penalty for entry in late), Fraction(0))),
            shown(sum((grade.max_score for grade in own), Fraction(0))),
        ]


def _points(row: Row, own: list[TaskGrade], penalty: Fraction) -> list[str]:
    """Return raw score, penalty and score; nothing where they do not stand."""
    if row.status is not Status.MISSING and not all(grade.is_settled for grade in own):
        return ["", "", ""]
    raw = sum((grade.score for grade in own), Fraction(0))
    return [shown(raw), shown(penalty), shown(max(raw - penalty, Fraction(0)))]


def _naive(submitted_at: str) -> str:
    """Return the time as nbgrader writes it: UTC without saying so."""
    when: datetime | None = moment(submitted_at)
    if when is None:
        return ""
    return str(when.astimezone(timezone.utc).replace(tzinfo=None))
