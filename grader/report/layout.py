"""What a readable report says, in order, before any format's quoting.

``heading``   course, assignment and submission.
``headers``, ``rows``   the table: points per check, and the total.
``sections``  the findings, those that cost points first, notes last.
``alarm``     the sentence about void tasks.
``closing``   score, completeness, isolation and seed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.model import CheckResult, Finding, Outcome, Report, Severity, TaskResult
from grader.report.row import HEADERS, WORDS, Row, fold, line, seen
from grader.report.without_answers import BASIS, KNOWN_HEADERS, READING, known, known_rows

# Why, when nobody said it: a row must never be left without a reason.
_DEFAULT_REASONS = {
    Outcome.NOT_ATTEMPTED: "the starter is untouched",
    Outcome.SKIPPED: "no reason given",
    Outcome.VOID: "fault of the grader, does not count",
}

_QUIET = (Outcome.PASSED, Outcome.SKIPPED, Outcome.NOT_ATTEMPTED)

_COSTS = "findings"
_OURS = "faults of the grader (no points lost)"
_REVIEW = "for a human to look at (no points lost)"
_NOTES = "notes (no points lost)"


@dataclass(frozen=True)
class Entry:
    """A finding and every place where it was found."""

    places: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True)
class Section:
    """Findings of one meaning under one heading."""

    heading: str
    entries: tuple[Entry, ...]


def number(points: Fraction) -> str:
    """Return points with at most two decimals and no trailing zeros."""
    return f"{float(round(points, 2)):.2f}".rstrip("0").rstrip(".")


def heading(report: Report) -> str:
    """Name the course, the assignment and the submission."""
    assignment = f"{report.title} ({report.assignment})" if report.title else report.assignment
    return line(f"{report.course}: {assignment}, submission {report.submission}")


def headers(report: Report) -> tuple[str, str, str, str]:
    """Return the heads of the columns."""
    return KNOWN_HEADERS if report.is_self_check else HEADERS


def rows(report: Report) -> list[Row]:
    """Return the rows of all tasks, and the total as the last, where there are points."""
    if report.is_self_check:
        return [row for task in report.tasks for row in known_rows(task)]
    found = [row for task in report.tasks for row in _task_rows(task)]
    points = _points(report.score, report.max_score)
    return [*found, Row("total", summary(report), "", points, _worst(report))]


def summary(report: Report) -> str:
    """Count the tasks by outcome, as a test runner does: ``7 passed, 2 failed``."""
    counts = Counter(task.outcome for task in report.tasks)
    return ", ".join(f"{counts[o]} {word.lower()}" for o, word in WORDS.items() if counts[o])


def _worst(report: Report) -> Outcome:
    """Return the outcome by which the summary is coloured."""
    outcomes = {task.outcome for task in report.tasks}
    loud = outcomes - {*_QUIET}
    return min(loud or outcomes or {Outcome.SKIPPED}, key=list(WORDS)[::-1].index)


def sections(report: Report) -> list[Section]:
    """Return the findings by meaning, then by task; equal ones are said once."""
    grouped: dict[str, dict[tuple[str, str, str], list[tuple[str, Finding]]]] = {
        heading: {} for heading in (_COSTS, _OURS, _REVIEW, _NOTES)
    }
    for place, finding, void in _places(report):
        same = (finding.code, finding.message, finding.help)
        grouped[_section_of(finding, void)].setdefault(same, []).append((place, finding))
    return [
        Section(name, tuple(_entry(found) for found in entries.values()))
        for name, entries in grouped.items()
        if entries
    ]


def alarm(report: Report) -> str:
    """Return the sentence about void tasks, empty when there are none."""
    void = [task.id for task in report.tasks if task.outcome is Outcome.VOID]
    if not void:
        return ""
    subject, verb = ("This task", "counts") if len(void) == 1 else ("These tasks", "count")
    return line(
        f"VOID: {', '.join(void)}. This is a fault of the grader, not of the submission. {subject} "
        f"{verb} neither in the score nor in the maximum. Tell your instructor.",
    )


def closing(report: Report) -> list[tuple[str, str]]:
    """Return what the score rests on, as label and text."""
    if report.is_self_check:
        return [
            ("result", line(known(report))),
            ("by", BASIS),
            ("errors", READING),
            ("isolation", line(report.isolation + _after(report.isolation_note))),
            ("seed", line(report.seed)),
        ]
    points = f"{number(report.score)} / {number(report.max_score)}"
    state = "complete" if report.complete else "NOT COMPLETE"
    return [
        ("score", f"{points}, {state}"),
        ("isolation", line(report.isolation + _after(report.isolation_note))),
        ("seed", line(report.seed)),
    ]


def _after(note: str) -> str:
    return f": {note}" if note else ""


def _task_rows(task: TaskResult) -> list[Row]:
    """Return the rows of one task, its id in the first one only."""
    found = _rows_of_checks(task)
    return [replace(found[0], task=line(task.id)), *found[1:]]


def _rows_of_checks(task: TaskResult) -> list[Row]:
    """Return at least one row, not yet named."""
    word = WORDS[task.outcome]
    if task.outcome in _DEFAULT_REASONS:
        return [Row("", _reason(task), word, _task_points(task), task.outcome)]
    found = []
    said = ""
    for check in task.checks:
        if _is_folded(check):
            continue
        why = _check_reason(task, check)
        is_new = why != said or check.outcome is Outcome.PASSED
        asides = "; ".join(filter(None, (seen(check), why if is_new else "")))
        name = f"{check.id} ({asides})" if asides else check.id
        said = why or said
        points = _points(check.score, check.max_score)
        found.append(Row("", line(name), WORDS[check.outcome], points, check.outcome))
    folded: set[str] = set()
    for outcome in _QUIET:
        words = fold(c for c in task.checks if _is_folded(c) and c.outcome is outcome)
        names = ", ".join(word for word in words if word not in folded)
        folded.update(words)
        if names:
            found.append(Row("", line(f"also: {names}"), WORDS[outcome], "", outcome))
    only = "load" if task.checks else "no checks"
    return found or [Row("", only, word, "", task.outcome)]


def _is_folded(check: CheckResult) -> bool:
    """Say whether a check costs nothing and has nothing to tell."""
    return check.max_score == 0 and check.score == 0 and check.outcome in _QUIET


def _reason(task: TaskResult) -> str:
    """Return why a task was not judged."""
    reasons = (check.reason for check in task.checks if check.reason)
    return line(next(reasons, "")) or _DEFAULT_REASONS[task.outcome]


def _check_reason(task: TaskResult, check: CheckResult) -> str:
    """Return the reason of a check, unless a finding tells it better."""
    if check.outcome is Outcome.PASSED:
        return check.reason
    told = check.score == 0 and any(finding.check == check.id for finding in task.findings)
    return "" if told else check.reason


def _task_points(task: TaskResult) -> str:
    """Return the points of a whole task; a void one has none."""
    if task.outcome is Outcome.VOID:
        return ""
    return _points(task.score, task.max_score)


def _points(score: Fraction, max_score: Fraction) -> str:
    """Return ``1.5 / 2``, or nothing where nothing is at stake."""
    if score == 0 and max_score == 0:
        return ""
    return f"{number(score)} / {number(max_score)}"


def _places(report: Report) -> Iterator[tuple[str, Finding, bool]]:
    """Yield every finding with its place and whether its task is void."""
    for finding in report.findings:
        yield _place("submission", finding), finding, False
    for task in report.tasks:
        for finding in task.findings:
            yield _place(task.id, finding), finding, task.outcome is Outcome.VOID


def _place(owner: str, finding: Finding) -> str:
    """Return where a finding is: task and check, and the argument if nothing else names it."""
    place = f"{owner} {finding.check}".strip()
    argument = finding.argument
    named = re.search(rf"(?<!\w)d?{re.escape(argument)}(?!\w)", f"{place} {finding.message}")
    return line(place if not argument or named else f"{place} ({argument})")


def _section_of(finding: Finding, void: bool) -> str:
    """Return the heading under which a finding belongs."""
    if finding.severity is Severity.NOTE:
        return _NOTES
    if void or finding.code.startswith("G"):
        return _OURS
    return _COSTS if finding.severity is Severity.ERROR else _REVIEW


def _entry(found: list[tuple[str, Finding]]) -> Entry:
    """Say an equal finding once, with every place."""
    return Entry(tuple(dict.fromkeys(place for place, _ in found)), found[0][1])
