"""A report document as students may see it: read back, redacted as any report, written again.

``for_students``   a document, the rubrics as they are now, a time -> the document that may leave.
``reports_of``     a document -> its reports, the inverse of ``to_json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from grader.errors import CourseError
from grader.grades.documents import Document, exact
from grader.model import (
    CheckResult,
    Finding,
    Limits,
    Outcome,
    Report,
    Rubric,
    Severity,
    TaskResult,
    Visibility,
)
from grader.report import for_student, to_json

_SEEN = {word: visibility for visibility, word in to_json.SEEN.items()}
_LIMITS = frozenset(field.name for field in fields(Limits))


def for_students(
    document: Document, rubrics: Mapping[str, Rubric], now: datetime | None
) -> Document:
    """Return the document without what is hidden at this time; an assignment without rubric too."""
    reports = [for_student(r, rubrics.get(r.assignment), now) for r in reports_of(document)]
    return {**document, "reports": to_json.as_plain(reports)}


def reports_of(document: Document) -> tuple[Report, ...]:
    """Return the reports; raises ``CourseError`` where it is no document of ours."""
    try:
        return tuple(map(_report, document["reports"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CourseError(f"not a report of a batch: {type(error).__name__} {error}") from error


def _report(told: Mapping[str, Any]) -> Report:
    plain = ("submission", "assignment", "title", "course", "seed", "isolation", "isolation_note")
    limits = {name: value for name, value in told["limits"].items() if name in _LIMITS}
    return Report(
        **{name: told[name] for name in plain},
        tasks=tuple(map(_task, told["tasks"])),
        findings=tuple(map(_finding, told["findings"])),
        versions=told["versions"],
        digests=told["digests"],
        limits=Limits(**limits),
        seconds=told["seconds"],
    )


def _task(told: Mapping[str, Any]) -> TaskResult:
    return TaskResult(
        told["id"],
        told["title"],
        Outcome(told["outcome"]),
        tuple(map(_check, told["checks"])),
        tuple(map(_finding, told["findings"])),
        told["seconds"],
    )


def _check(told: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        told["id"],
        Outcome(told["outcome"]),
        exact(told["score"]),
        exact(told["max_score"]),
        told["reason"],
        _SEEN.get(told["visibility"], Visibility.HIDDEN),  # a word that nobody knows hides
    )


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"])})
