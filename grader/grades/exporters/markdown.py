"""Markdown: ``report.md`` of a batch made anew, one a student, to be handed back.

It shows what may be seen by now (checks hidden until the due date, say), what a human decided and
what lateness costs; the report beside ``report.json`` is as of its grading.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.grades.documents import Document
from grader.grades.exporters.items import about
from grader.grades.exporters.record import Export, Exported, one_each
from grader.grades.rows import Row, shown
from grader.grades.showing import reports_of
from grader.report.to_markdown import escape
from grader.report.to_markdown import write as write_reports


def page(row: Row, document: Document | None) -> str:
    """Return the report of one student."""
    lines = "".join(f"- {escape(line)}\n" for line in _lines(row))
    reports = write_reports(reports_of(document or {"reports": ()}))
    return f"{reports}\n### After grading\n\n{lines}" if lines else reports


def write(export: Export) -> Exported:
    """Return a report for everybody who handed something in."""
    return one_each(export, "report.md", lambda row: page(row, export.document(row)))


def _lines(row: Row) -> Iterator[str]:
    for grade in row.tasks:
        if grade.override:
            points = f"{shown(grade.score)} / {shown(grade.max_score)}"
            yield f"{grade.label}: {points}, set by hand: {grade.override.text}"
    yield from about(row).splitlines()
