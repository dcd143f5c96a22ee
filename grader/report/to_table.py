"""A report for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from tabulate import SEPARATING_LINE, tabulate

from grader.model import Finding, Outcome, Report
from grader.report import layout, side_by_side
from grader.report.row import HEADERS, Row, line

_COLOURS = {Outcome.PASSED: "32", Outcome.NOT_ATTEMPTED: "33", Outcome.SKIPPED: "33"}
_ALARMING = "31"  # every other outcome
_NARROWEST = 24  # no number is longer, so wrapping never breaks one
_WIDEST_CHECK = 32
_MOST_ENTRIES = 64  # an array that still convinces at a glance


def write(
    reports: Sequence[Report],
    *,
    colour: bool = False,
    width: int = 80,
    verbose: bool = False,
) -> str:
    """Return the reports as text; ``verbose`` adds the numbers behind each finding."""
    texts = ("\n".join(_report(report, colour, width, verbose)) for report in reports)
    return "\n\n\n".join(texts) + "\n" if reports else "nothing was graded\n"


def score_line(report: Report) -> str:
    """Return one line: the assignment and its score, or what was found."""
    return f"{report.assignment}: {layout.closing(report)[0][1]}\n"


def write_replay(report: Report, case: str, *, width: int = 80, verbose: bool = False) -> str:
    """Return what was found in one case; it gives no score, for it judges no task."""
    lines = [wrap(layout.heading(report), width), f"the case {case} alone, without a score"]
    found = list(_findings(report, width, verbose))
    if any(task.outcome is Outcome.NOT_ATTEMPTED for task in report.tasks):
        found = found or ["\nnot written yet"]
    nothing = "nothing was found" if report.is_self_check else "nothing is wrong"
    return "\n".join([*lines, *(found or [f"\n{nothing} in this case"])]) + "\n"


def write_finding(finding: Finding, *, width: int = 80, verbose: bool = False) -> str:
    """Return one finding by itself, its code and its message first."""
    first, *rest = _entry(layout.Entry(("",), finding), width, verbose)
    return textwrap.dedent("\n".join([f"  {first.strip()}  {rest[0].strip()}", *rest[1:]]))


def _report(report: Report, colour: bool, width: int, verbose: bool) -> Iterator[str]:
    """Yield the lines of one report."""
    yield wrap(layout.heading(report), width)
    yield ""
    yield _table(report, colour, width)
    yield from _findings(report, width, verbose)
    yield ""
    for label, text in layout.closing(report):
        yield wrap(text, width, f"{label:<9}  ")


def _findings(report: Report, width: int, verbose: bool) -> Iterator[str]:
    """Yield the findings by section, and the alarm about void tasks."""
    for section in layout.sections(report):
        yield f"\n{section.heading}"
        for entry in section.entries:
            yield ""
            yield from _entry(entry, width, verbose)
    alarm = layout.alarm(report)
    if alarm:
        yield "\n" + wrap(alarm, width)


def _table(report: Report, colour: bool, width: int) -> str:
    """Return the points per check, or what is known of it."""
    if report.is_self_check:
        return _known(report, colour, width)
    *rows, total = layout.rows(report)
    columns = zip(HEADERS, total.cells, *(row.cells for row in rows), strict=True)
    task, _, result, points = (max(map(len, column)) for column in columns)
    room = max(width - task - result - points - 6, _NARROWEST)
    body: list[Any] = [
        (row.task, wrap(row.check, room), _paint(row.result, row, colour), row.points)
        for row in rows
    ]
    told = "\n".join(_paint(each, total, colour) for each in wrap(total.check, room).splitlines())
    body += [SEPARATING_LINE, (total.task, told, total.result, total.points)]
    text = tabulate(
        body,
        headers=HEADERS,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "left", "left", "right"),
    )
    return "\n".join(each.rstrip() for each in text.splitlines())


def _known(report: Report, colour: bool, width: int) -> str:
    """Return what is known of each check; what is too long goes on below."""
    headers, rows = layout.headers(report), layout.rows(report)
    columns = zip(headers, *(row.cells for row in rows), strict=True)
    task, check, result, _ = (max(map(len, column)) for column in columns)
    check = min(check, _WIDEST_CHECK)
    room = max(width - task - check - result - 6, _NARROWEST)
    body = [
        (row.task, wrap(row.check, check), _paint(row.result, row, colour),
         wrap(row.points, room))
        for row in rows
    ]  # fmt: skip
    text = tabulate(body, headers=headers, tablefmt="simple", disable_numparse=True)
    return "\n".join(each.rstrip() for each in text.splitlines())


def _paint(text: str, row: Row, colour: bool) -> str:
    """Return a text in the colour of the outcome of its row."""
    if not colour or not text:
        return text
    code = _COLOURS.get(row.outcome, _ALARMING) if row.outcome else "0"
    return f"\x1b[{code}m{text}\x1b[0m"


def _entry(entry: layout.Entry, width: int, verbose: bool) -> Iterator[str]:
    """Yield the block of one finding."""
    finding = entry.finding
    yield wrap(f"{', '.join(entry.places)}  {line(finding.code)}".strip(), width, "  ")
    yield wrap(line(finding.message), width, "    ")
    if finding.help:
        yield wrap(line(finding.help), width, "    help: ")
    if verbose:
        for name, value in finding.evidence.items():
            if side_by_side.is_pair(value):
                yield from (f"    {each}" for each in side_by_side.lines(value))
            else:
                yield _evidence(value, width, f"    {line(name)}: ")
    if finding.replay:
        # never wrapped: it must survive being copied
        yield f"    replay: {line(finding.replay)}"


def _evidence(value: Any, width: int, first: str) -> str:
    """Return one piece of evidence, the rows of a matrix in line."""
    if getattr(value, "size", 0) > _MOST_ENTRIES:
        value = f"array of shape {value.shape}"
    texts = str(value).splitlines()
    if len(texts) < 2:
        return wrap(line("".join(texts)), width, first)
    indents = [" " * (len(text) - len(text.lstrip())) for text in texts]
    lines = [indent + line(text) for indent, text in zip(indents, texts, strict=True)]
    return first + f"\n{' ' * len(first)}".join(lines)


def wrap(text: str, width: int, first: str = "") -> str:
    """Wrap to the width under a first label; a number is never broken."""
    room = max(width - len(first), _NARROWEST)
    lines = textwrap.wrap(text, room, break_on_hyphens=False)
    return first + f"\n{' ' * len(first)}".join(lines)
