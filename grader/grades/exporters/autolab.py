"""Autolab: the last line of a grading run's output, one JSON object without a line break.

Its problems are our tasks. One without an entry keeps the score it had, so what does not stand yet
is left out: a failed run must not take anybody's points. Lateness is Autolab's own to charge.
"""

from __future__ import annotations

import json

from grader.grades.exporters.record import Export, Exported, one_each
from grader.grades.rows import Row, number


def line(row: Row) -> str:
    """Return the line for one student."""
    scores = {grade.label: number(grade.score) for grade in row.tasks if grade.is_settled}
    return json.dumps({"scores": scores}, ensure_ascii=True, allow_nan=False)


def write(export: Export) -> Exported:
    """Return a line for everybody who handed something in."""
    return one_each(export, "autolab.txt", lambda row: f"{line(row)}\n")
