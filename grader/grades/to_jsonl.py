"""``grades.jsonl``: one JSON object a student, with everything that a row holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from grader.grades.rows import Row, TaskGrade, number


def write(rows: Iterable[Row]) -> str:
    """Return the file."""
    return "".join(json.dumps(_row(row), ensure_ascii=True, allow_nan=False) + "\n" for row in rows)


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "status": row.status.value,
        "score": number(row.score),
        "max_score": number(row.max_score),
        "raw_score": number(row.raw_score),
        "late_penalty": number(row.late_penalty),
        "late": [
            {
                "assignment": late.assignment,
                "days": late.days,
                "penalty": number(late.penalty),
                "text": late.text,
            }
            for late in row.late
        ],
        "submitted_at": row.submitted_at,
        "attempt": row.attempt,
        "attempts": [
            {
                "key": attempt.key,
                "submitted_at": attempt.submitted_at,
                "score": number(attempt.score),
                "max_score": number(attempt.max_score),
            }
            for attempt in row.attempts
        ],
        "needs_human": list(row.needs_human),
        "notes": list(row.notes),
        "tasks": [_task(grade) for grade in row.tasks],
    }


def _task(grade: TaskGrade) -> dict[str, Any]:
    made = grade.override
    return {
        "task": grade.label,
        "assignment": grade.assignment,
        "outcome": grade.outcome,
        "score": number(grade.score) if grade.is_settled else None,
        "max_score": number(grade.max_score),
        "machine": number(grade.machine),
        "override": made
        and {
            "points": number(made.points),
            "reason": made.reason,
            "by": made.by,
            "when": made.when,
        },
    }
