"""How a report looks: pure functions from reports to text, one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.model import Report
from grader.report import to_json, to_markdown, to_table

Writer = Callable[[Sequence[Report]], str]

WRITERS: dict[str, Writer] = {
    "json": to_json.write,
    "markdown": to_markdown.write,
    "table": to_table.write,
}

FORMAT_OF_ENDING = {".json": "json", ".md": "markdown"}
