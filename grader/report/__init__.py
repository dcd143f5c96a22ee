"""How a report looks: pure functions from reports to text, one file per format.

What leaves for students goes through ``for_student`` first, which hides what they may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.model import Report
from grader.report import to_json, to_markdown, to_table
from grader.report.redacted import for_student

Writer = Callable[[Sequence[Report]], str]

WRITERS: dict[str, Writer] = {
    "json": to_json.write,
    "markdown": to_markdown.write,
    "table": to_table.write,
}

FOR_STUDENTS = frozenset({"markdown"})  # formats that are written for them

FORMAT_OF_ENDING = {".json": "json", ".md": "markdown"}

__all__ = ["FORMAT_OF_ENDING", "FOR_STUDENTS", "WRITERS", "Writer", "for_student"]
