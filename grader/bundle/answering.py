"""What runs on Gradescope: one submission graded, or why it was not, as ``results.json``.

What the system says of the submission (who, when, what was handed in before) is not read: nothing
in it may change a verdict. Lateness is Gradescope's own to charge.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

from grader.batch import grade_order
from grader.batch.gather import read_order, unreadable
from grader.bundle.settings import read_kit
from grader.errors import CourseError
from grader.escape import printable
from grader.grades import for_students, gradebook, handed_of
from grader.grades.exporters import gradescope
from grader.intake import Attempt
from grader.isolation import choose, require_for_many

_NAME = "submission"
_MOST = 500


def answer(source: Path, submission: Path) -> tuple[str, str]:
    """Return ``results.json`` and a line for whoever reads the output of the run.

    ``source`` is the unpacked autograder. Nothing is raised: what goes wrong here is no verdict.
    """
    try:
        kit, chosen = read_kit(source)
        try:
            rung, _ = choose(kit.isolation)
            require_for_many(rung, allow_weak=kit.allow_weak)
        except CourseError as error:
            return _refused(str(error))
        if not submission.is_dir():
            return _refused(f"there is no folder {submission.name}/")
        attempt = Attempt(_NAME, (_NAME,), submission, 1)
        now = datetime.now(timezone.utc)
        order = read_order(attempt, [assignment for assignment, _ in chosen], kit, now=now)
        graded = unreadable(order) if order.attempt["problem"] else grade_order(order, kit)
        document = json.loads(graded.json)
        rubrics = {assignment.id: rubric for assignment, rubric in chosen}
        (row,) = gradebook([handed_of(document)], rubrics)
        shown = for_students(document, rubrics, order.now)
        return gradescope.results(row, shown), f"{row.status.value}, isolation {rung}"
    except Exception as error:  # noqa: BLE001 - whatever it is, a file must say so
        detail = printable(f"{type(error).__name__}: {error}", _MOST)
        why = "the autograder has a fault"
        return not_graded(why, detail), f"not graded: {why}"


def _refused(why: str) -> tuple[str, str]:
    told = printable(why, _MOST)
    return not_graded(told), f"not graded: {told}"


def not_graded(why: str, detail: str = "", stdout: str = "visible") -> str:
    """Return a ``results.json`` without a score; students do not see the detail.

    A score of 0 would look like a verdict. Where nothing but our own line stands in it, the output
    of the run is shown too, in case Gradescope shows nothing of a file without a score.
    """
    told = f"NOT GRADED: {why}. This says nothing about the submission; tell your instructor."
    tests = [{"name": "not graded", "output": told, "visibility": "visible"}]
    if detail:
        tests.append({"name": "detail", "output": detail, "visibility": "hidden"})
    body = {
        "output": told,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": stdout,
        "tests": tests,
    }
    return json.dumps(body, ensure_ascii=True, allow_nan=False, indent=1) + "\n"
