"""Report documents, rubrics and a roster for the tests of the gradebook, as small as they can be.

``document``   one attempt's ``report.json``; ``report`` and ``task`` are its parts.
``rubric``     points by task.
``Member``     a line of a roster.
``rows_of``    documents -> rows, as the command makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.grades import Row, gradebook, handed_of
from grader.model import LateRule, Rubric
from grader.spec.lateness import moment

DUE = "2026-03-01T23:00:00+01:00"


@dataclass(frozen=True)
class Member:
    """What the gradebook reads of a student on the roster."""

    id: str
    name: str = ""
    group: str = ""
    extension: str = ""
    aliases: tuple[str, ...] = ()


def finding(code: str, check: str = "forward", severity: str = "error", **more: Any) -> Any:
    """Return a finding."""
    told = {"code": code, "severity": severity, "check": check, "argument": "", "case": "",
            "message": f"about {code}", "help": "", "evidence": {}, "replay": ""}  # fmt: skip
    return {**told, **more}


def task(
    name: str,
    score: float,
    most: float = 2,
    outcome: str = "",
    findings: Sequence[Any] = (),
    visibility: str = "visible",
) -> Any:
    """Return a task with two checks that share its points; the first loses what is lost."""
    outcome = outcome or ("passed" if score == most else "failed")
    half = most / 2
    points = (max(score - half, 0), min(score, half))
    checks = [
        {"id": check, "outcome": "passed" if got == half else outcome, "score": got,
         "max_score": half, "visibility": visibility, "reason": ""}
        for check, got in zip(("forward", "backward[dx]"), points, strict=True)
    ]  # fmt: skip
    if outcome == "void":
        checks, score, most = [], 0, 0
    return {"id": name, "title": "", "outcome": outcome, "score": score, "max_score": most,
            "seconds": 0.1, "checks": checks, "findings": list(findings)}  # fmt: skip


def report(assignment: str, *tasks: Any, **more: Any) -> Any:
    """Return the report of one assignment."""
    body = {
        "submission": "x", "assignment": assignment, "title": "", "course": "c",
        "seed": "public, 0", "isolation": "sealed", "isolation_note": "", "complete": True,
        "score": round(sum(t["score"] for t in tasks), 4),
        "max_score": sum(t["max_score"] for t in tasks),
        "tasks": list(tasks), "findings": [], "versions": {"numpy": "2.0"},
        "digests": {"spec": "a" * 64, "submission": "b" * 64},
        "limits": {"call_seconds": 10.0}, "seconds": 0.2,
    }  # fmt: skip
    return {**body, **more}


def document(
    student: str | Sequence[str], *reports: Any, key: str = "", at: str = "", **attempt: Any
) -> Any:
    """Return the document of an attempt, as it is read back from its file."""
    students = [student] if isinstance(student, str) else [*student]
    facts = {"key": key or f"k-{students[0]}", "students": students, "number": 1,
             "submitted_at": at, "late": None, **attempt}  # fmt: skip
    return json.loads(json.dumps({"schema": 1, "reports": list(reports), "attempt": facts}))


def rubric(
    name: str = "gates",
    prices: Mapping[str, float] | None = None,
    manual: Mapping[str, int] | None = None,
    late: LateRule | None = None,
    due: str = "",
) -> Rubric:
    """Return a rubric whose tasks have one check each."""
    points = {t: {"forward": Fraction(str(p))} for t, p in (prices or {"add": 2, "max": 2}).items()}
    by_hand = {t: Fraction(p) for t, p in (manual or {}).items()}
    total = sum((p["forward"] for p in points.values()), Fraction(0)) + sum(by_hand.values())
    return Rubric(
        name, "", "", total, points, manual=by_hand, late=late, due=moment(due) if due else None
    )


def rows_of(
    documents: Sequence[Any], *rubrics: Rubric, roster: Sequence[Member] | None = None, **more: Any
) -> tuple[Row, ...]:
    """Return the gradebook of some documents."""
    members = None if roster is None else {member.id: member for member in roster}
    known = {known.id: known for known in rubrics or (rubric(),)}
    return gradebook(map(handed_of, documents), known, members, **more)
