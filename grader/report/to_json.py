"""A report as JSON, documented field by field in ``docs/report-format.md``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from fractions import Fraction
from typing import Any

from grader.model import CheckResult, Finding, Report, TaskResult, Visibility

SCHEMA = 1
# As Gradescope has the words.
SEEN = {
    Visibility.PUBLIC: "visible",
    Visibility.AFTER_DUE_DATE: "after_due_date",
    Visibility.HIDDEN: "hidden",
}


def write(reports: Sequence[Report], attempt: Mapping[str, Any] | None = None) -> str:
    """Return one JSON document for all reports; ``attempt`` says what was handed in by whom."""
    document: dict[str, Any] = {"schema": SCHEMA}
    if attempt is not None:
        document["attempt"] = attempt
    document["reports"] = as_plain(reports)
    return json.dumps(plain(document), ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def as_plain(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Return reports as they stand in a document."""
    return [plain(_report(report)) for report in reports]


def plain(value: Any) -> Any:
    """Return a value made of what JSON knows; ``nan``, ``inf`` and ``-inf`` become text."""
    if hasattr(value, "tolist"):  # NumPy arrays and scalars
        value = value.tolist()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def _report(report: Report) -> dict[str, Any]:
    return {
        "submission": report.submission,
        "assignment": report.assignment,
        "title": report.title,
        "course": report.course,
        "seed": report.seed,
        "isolation": report.isolation,
        "isolation_note": report.isolation_note,
        "complete": report.complete,
        "self_check": report.is_self_check,
        "score": _points(report.score),
        "max_score": _points(report.max_score),
        "tasks": [_task(task) for task in report.tasks],
        "findings": [_finding(finding) for finding in report.findings],
        "versions": report.versions,
        "digests": report.digests,
        "limits": asdict(report.limits),
        "seconds": round(report.seconds, 3),
    }


def _task(task: TaskResult) -> dict[str, Any]:
    return {
        "id": task.id,
        "title": task.title,
        "outcome": task.outcome,
        "score": _points(task.score),
        "max_score": _points(task.max_score),
        "seconds": round(task.seconds, 3),
        "checks": [_check(check) for check in task.checks],
        "findings": [_finding(finding) for finding in task.findings],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "outcome": check.outcome,
        "score": _points(check.score),
        "max_score": _points(check.max_score),
        "visibility": SEEN[check.visibility],
        "reason": check.reason,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "check": finding.check,
        "argument": finding.argument,
        "case": finding.case,
        "message": finding.message,
        "help": finding.help,
        "evidence": finding.evidence,
        "replay": finding.replay,
    }


def _points(points: Fraction) -> int | float:
    """Return exact points as a number, rounded once."""
    rounded = round(points, 4)
    return rounded.numerator if rounded.denominator == 1 else float(rounded)
