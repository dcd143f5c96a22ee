"""GitHub Classroom: the result of a grader step, JSON in base64, one a student.

The reporter prints the share of passed tests times ``max_score`` and records the sum of the scores.
Both must say the same, so every test here is worth the same: as many as the common measure of all
points asks for. It also reads ``tests`` whatever happened, so there is always one.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from grader.grades.documents import Document
from grader.grades.exporters.items import Item, about, items_of
from grader.grades.exporters.record import Export, Exported, one_each
from grader.grades.rows import Row, Status, number

_OUTPUT = 500  # characters, as the system cuts them
_MOST_TESTS = 500


def result(row: Row, document: Document | None) -> str:
    """Return the value of the step's output ``result``, for one student."""
    body = json.dumps(_body(row, list(items_of(row, document))), ensure_ascii=True)
    return base64.b64encode(body.encode()).decode()


def write(export: Export) -> Exported:
    """Return a result for everybody who handed something in."""
    return one_each(export, "result.txt", lambda row: f"{result(row, export.document(row))}\n")


def _body(row: Row, items: Sequence[Item]) -> dict[str, Any]:
    most = number(row.max_score)
    if row.status in (Status.UNREADABLE, Status.PARTIAL) or not row.max_score:
        told = about(row) or "the submission could not be read"
        tests = [_test("grading", "error", told, Fraction(0))]
        return {"version": 3, "status": "error", "message": told, "max_score": most, "tests": tests}
    is_full = row.score >= row.max_score
    return {
        "version": 3,
        "status": "pass" if is_full else "fail",
        "message": about(row),
        "max_score": most,
        "tests": list(_equal_tests(row, items)),
    }


def _equal_tests(row: Row, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
    """Yield tests worth the same, of which the right share passes."""
    parts = [(item.name, item.text, item.score or Fraction(0), item.max_score)
             for item in items if item.max_score]  # fmt: skip
    sums = [sum((part[place] for part in parts), Fraction(0)) for place in (2, 3)]
    if sums != [row.score, row.max_score]:  # lateness, which no test shows
        text = "\n".join(text for _, text, score, most in parts if score < most and text)
        parts = [("points", text, row.score, row.max_score)]
    unit = _common_measure([points for part in parts for points in part[2:]])
    if row.max_score / unit > _MOST_TESTS:
        # The points recorded stay exact; those printed are then off by a hundredth at most.
        passed = min(math.ceil(row.score / row.max_score * 100), 100 - (row.score < row.max_score))
        each = row.score / passed if passed else Fraction(0)
        for place in range(100):
            is_passed = place < passed
            yield _test(f"{place + 1} %", "pass" if is_passed else "fail", "", each * is_passed)
        return
    for name, text, score, most in parts:
        count, passed = int(most / unit), int(score / unit)
        for place in range(count):
            is_passed = place < passed
            label = name if count == 1 else f"{name} ({place + 1} of {count})"
            told = "" if is_passed else text
            yield _test(label, "pass" if is_passed else "fail", told, unit * is_passed)


def _common_measure(points: Sequence[Fraction]) -> Fraction:
    whole = math.lcm(*(p.denominator for p in points))
    return Fraction(math.gcd(*(int(p * whole) for p in points)), whole)


def _test(name: str, status: str, text: str, score: Fraction) -> dict[str, Any]:
    return {
        "name": name,
        "status": status,
        "message": text.split("\n", 1)[0][:_OUTPUT],
        "test_code": "",
        "task_id": 0,
        "filename": "",
        "line_no": 0,
        "duration": "",
        "score": float(score),
        "output": text[:_OUTPUT],
    }
