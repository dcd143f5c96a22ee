"""``grades.csv``: one line a student. The page ``docs/grades.md`` says what each column is.

With a byte order mark: without one Excel takes UTF-8 for the code page of the machine and spoils
every name that is not plain ASCII. Texts stand in quotes and numbers do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.grades.cells import cell, encoded, line
from grader.grades.gradebook import FIXED
from grader.grades.rows import Row, TaskGrade, shown


def write(rows: Sequence[Row]) -> bytes:
    """Return the file; every row has the same tasks."""
    labels = [grade.label for grade in rows[0].tasks] if rows else []
    header = line(cell(name) for name in [*FIXED, *labels])
    return encoded(header + "".join(line(_cells(row)) for row in rows), bom=True)


def _cells(row: Row) -> Iterator[str]:
    days = [late.days for late in row.late if late.days is not None]
    yield cell(row.id)
    yield cell(row.name)
    yield cell(row.status.value)
    yield shown(row.score)
    yield shown(row.max_score)
    yield shown(row.raw_score)
    yield str(max(days)) if days else ("" if row.late or not row.attempt else "0")
    yield shown(row.late_penalty)
    yield cell(row.submitted_at)
    yield cell(row.attempt)
    yield str(len(row.attempts))
    yield cell("; ".join(f"{o.task}: {shown(o.points)}, {o.text}" for o in row.overrides))
    yield cell("; ".join(row.needs_human))
    yield from (_points(grade) for grade in row.tasks)


def _points(grade: TaskGrade) -> str:
    """Return the points of a task; nothing where they do not stand yet."""
    return shown(grade.score) if grade.is_settled else ""
