"""PrairieLearn: ``results.json`` of an external grader, one a student, below 1 MB.

``score`` is a share from 0 to 1. One test without ``points`` or ``max_points`` would take the
points from all of them, so each has both, and 0 of 0 is a row without opinion. ``gradable: false``
costs the student no attempt: for work that could not be read, and where the grader was at fault.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.grades.documents import Document
from grader.grades.exporters.items import Item, about, items_of
from grader.grades.exporters.record import Export, Exported, one_each
from grader.grades.rows import PENDING, Row, Status, number

_MOST_BYTES = 1_000_000
_CAPS = (20_000, 2_000, 300, 0)  # characters of each text, until the whole fits


def results(row: Row, document: Document | None) -> str:
    """Return ``results.json`` of one student."""
    items = list(items_of(row, document))
    for cap in _CAPS:
        text = json.dumps(_body(row, items, cap), ensure_ascii=True, allow_nan=False)
        if len(text) < _MOST_BYTES:
            break
    return text + "\n"


def write(export: Export) -> Exported:
    """Return a ``results.json`` for everybody who handed something in."""
    return one_each(export, "results.json", lambda row: results(row, export.document(row)))


def _body(row: Row, items: Sequence[Item], cap: int) -> dict[str, Any]:
    if row.status is Status.UNREADABLE:
        told = "The submission could not be read."
        return {"gradable": False, "format_errors": [told], "message": told}
    # What a human grades later is no part of what this grader is asked.
    judged = [grade for grade in row.tasks if grade.outcome != PENDING]
    most = sum((grade.max_score for grade in judged), Fraction(0))
    if row.status is Status.PARTIAL or not most:
        return {"gradable": False, "message": about(row) or "There is nothing to grade."}
    tests = [_test(item, cap) for item in items]
    share = min(max(row.score / most, Fraction(0)), Fraction(1))
    return {"gradable": True, "score": number(share), "message": about(row), "tests": tests}


def _test(item: Item, cap: int) -> dict[str, Any]:
    is_open = item.score is None
    return {
        "name": item.name,
        "points": number(item.score or Fraction(0)),
        "max_points": 0 if is_open else number(item.max_score),
        "message": item.text[:cap],
    }
