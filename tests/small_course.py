"""A course of one assignment, written in a test and graded in its process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from in_process import grade_texts

from grader.cases import public_seed
from grader.course import Course
from grader.model import Finding, Severity, TaskResult
from grader.prepare import Prepared, prepare
from grader.spec import default_rubric, load_assignment, load_rubric


@lru_cache(maxsize=64)
def made(spec: str, reference: str, seed: int = 0, rubric: str = "") -> Prepared:
    """Return the assignment of a spec whose only file is ``m.py``, ready to grade."""
    assignment = load_assignment(spec, "assignments/m.yaml")
    points = default_rubric(assignment)
    if rubric:
        points = load_rubric(rubric, "rubrics/m.yaml", assignment)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reference").mkdir()
        (root / "reference" / "m.py").write_text(reference)
        course = Course(root, "written in a test")
        return prepare(course, assignment, points, public_seed(seed, assignment), "public")


def graded(ready: Prepared, source: str) -> TaskResult:
    """Grade a submission of one file against the first task."""
    first = ready.assignment.tasks[0].id
    (result,) = grade_texts(ready, {"m.py": source}, only={first}).tasks
    return result


def outcomes(result: TaskResult) -> Mapping[str, str]:
    """Return the outcome of every check."""
    return {check.id: check.outcome.value for check in result.checks}


def told(result: TaskResult, severity: Severity = Severity.ERROR) -> list[Finding]:
    """Return the findings of one severity."""
    return [f for f in result.findings if f.severity is severity]
