"""What a hand-in says of itself: the report that goes with it, and what keeps it from loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.handin.files import HandIn
from grader.model import Report, Severity
from grader.report import WRITERS

NAME = "self-check"
_ENDINGS = {".json": "json", ".md": "markdown"}


def problems(hand_in: HandIn, report: Report) -> Iterator[str]:
    """Yield what keeps a hand-in from being graded, each with its place and the next step, once."""
    yield from hand_in.missing
    of_loading = dict.fromkeys(
        f"{found.message} ({found.help})"
        for task in report.tasks
        for found in task.findings
        if found.severity is Severity.ERROR and found.check == "load"
    )
    yield from of_loading


def reports(report: Report) -> dict[str, bytes]:
    """Return the report as files; without times, so that the same hand-in is the same zip."""
    tasks = tuple(replace(task, seconds=0.0) for task in report.tasks)
    still = replace(report, tasks=tasks, seconds=0.0)
    return {f"{NAME}{end}": WRITERS[form]([still]).encode() for end, form in _ENDINGS.items()}
