"""A report as GitHub-flavoured Markdown; no text of a submission can break out of its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.model import Report
from grader.report import layout
from grader.report.row import line


def write(reports: Sequence[Report]) -> str:
    """Return the reports, one after the other."""
    texts = ("\n".join(_report(report)) for report in reports)
    return "\n\n".join(texts) + "\n" if reports else "Nothing was graded.\n"


def escape(text: str) -> str:
    """Return text on one line that Markdown and GitHub show as it is.

    Nothing is done about marks that mean something only at the start of a line: data never
    stands there.
    """
    shown = re.sub(r"([\\`*_\[\]<>|~#&$])", r"\\\1", line(text))
    shown = re.sub(r"(://|(?<=www)\.)", r"\\\1", shown, flags=re.IGNORECASE)
    return re.sub(r"@(?=\w)", "@<!-- -->", shown)  # a mention would notify people


def code(text: str) -> str:
    """Return text as a code span, its fence longer than any run of backticks inside."""
    shown = line(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _report(report: Report) -> Iterator[str]:
    """Yield the lines of one report."""
    yield f"## {escape(layout.heading(report))}"
    yield ""
    yield _row(layout.headers(report))
    yield "| :-- | :-- | :-- | --: |"
    for row in layout.rows(report):
        yield _row([escape(cell) for cell in row.cells])
    for section in layout.sections(report):
        yield f"\n### {section.heading.capitalize()}\n"
        for entry in section.entries:
            yield from _entry(entry)
    alarm = layout.alarm(report)
    if alarm:
        yield f"\n> **Warning:** {escape(alarm)}"
    yield "\n---\n"
    for label, text in layout.closing(report):
        yield f"- **{label}:** {escape(text)}"


def _row(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"


def _entry(entry: layout.Entry) -> Iterator[str]:
    """Yield one finding as a list item."""
    finding = entry.finding
    places = escape(", ".join(entry.places))
    yield f"- **{escape(finding.code)}** {places}: {escape(finding.message)}"
    if finding.help:
        yield f"  - help: {escape(finding.help)}"
    if finding.replay:
        yield f"  - replay: {code(finding.replay)}"
