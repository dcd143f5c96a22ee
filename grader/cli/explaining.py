"""``grade explain DIR STUDENT TASK``: what an appeal needs, as Markdown."""

from __future__ import annotations

import argparse

from grader.cli.folders import open_batch
from grader.cli.output import emit
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grades import explain
from grader.spec.yaml_cursor import nearest


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the page."""
    batch = open_batch(arguments.folder, arguments)
    rows = {row.id: row for row in batch.rows}
    student = arguments.student
    if student not in rows:
        shown = printable(student, 80)
        raise CourseError(f"{batch.folder}: nobody has the id `{shown}`{nearest(student, rows)}")
    row = rows[student]
    emit(explain(row, arguments.task, batch.document(row.attempt) if row.attempt else None))
    return ExitCode.OK
