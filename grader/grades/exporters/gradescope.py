"""Gradescope: ``results.json``, one a student.

Its rules: ``score`` on top is the total and wins over the tests'; a test without ``score`` is
shown without points; formats are stated, since the default one would read marks in our text; one
hidden test hides the total from the student; lines end in a plain line feed; a run that leaves no
file, or no JSON, counts as a crash of the autograder.
"""

from __future__ import annotations

import json
from typing import Any

from grader.grades.documents import Document
from grader.grades.exporters.items import Item, about, items_of
from grader.grades.exporters.record import Export, Exported, one_each
from grader.grades.rows import Row, Status, number


def results(row: Row, document: Document | None) -> str:
    """Return ``results.json`` of one student."""
    numbers: dict[str, int] = {}
    tests = []
    for item in items_of(row, document):
        task = [*dict.fromkeys([*numbers, item.task])].index(item.task) + 1
        numbers[item.task] = numbers.get(item.task, 0) + 1
        tests.append(_test(item, f"{task}.{numbers[item.task]}"))
    body: dict[str, Any] = {
        "score": number(row.score),
        "output": _output(row),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": sum(r["seconds"] for r in (document or {}).get("reports", ())),
        "extra_data": {
            "attempt": row.attempt,
            "status": row.status.value,
            "raw_score": number(row.raw_score),
            "late_penalty": number(row.late_penalty),
        },
        "tests": tests,
    }
    return json.dumps(body, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def write(export: Export) -> Exported:
    """Return a ``results.json`` for everybody who handed something in."""
    return one_each(export, "results.json", lambda row: results(row, export.document(row)))


def _output(row: Row) -> str:
    if row.status is Status.UNREADABLE:
        return "This submission could not be read; tell your instructor."
    return about(row)


def _test(item: Item, place: str) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": item.name,
        "number": place,
        "visibility": item.visibility,
    }
    if item.score is not None:
        test["score"] = number(item.score)
        test["max_score"] = number(item.max_score)
        test["status"] = "passed" if item.is_passed else "failed"
    if item.text:
        test["output"] = item.text
    return test
