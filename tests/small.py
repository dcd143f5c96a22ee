"""A course of one task, written in a test, and submissions graded against it in this process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from in_process import grade_texts

from grader.cases import public_seed
from grader.course import Course
from grader.model import CheckResult, Finding, TaskResult
from grader.prepare import Prepared, prepare
from grader.spec import default_rubric, load_assignment, load_rubric

_HEAD = "import numpy as np\n\n\n"


@lru_cache(maxsize=64)
def prepared(task: str, reference: str, rubric: str = "", seed: int = 0) -> Prepared:
    """Return the assignment ``a`` with this one task, proven and ready.

    ``rubric`` is what stands under the task's id, and perhaps more of the file after it.
    """
    text = f"assignment: a\nfiles: [a.py]\ntasks:\n  - {task}\n"
    assignment = load_assignment(text, "a.yaml")
    prices = default_rubric(assignment)
    if rubric:
        prices = load_rubric(f"rubric: a\n{rubric}", "rubrics/a.yaml", assignment)
    root = Path(mkdtemp(prefix="small_course_"))
    (root / "reference").mkdir()
    (root / "reference" / "a.py").write_text(_HEAD + reference)
    course = Course(root, "Small")
    return prepare(course, assignment, prices, public_seed(seed, assignment), f"public, {seed}")


def graded(ready: Prepared, source: str) -> TaskResult:
    """Return the result of a submission whose only file has this source."""
    (task,) = grade_texts(ready, {"a.py": _HEAD + source}).tasks
    return task


def check_of(task: TaskResult, name: str) -> CheckResult:
    """Return one check of a task."""
    return next(c for c in task.checks if c.id == name)


def told(task: TaskResult, check: str) -> list[Finding]:
    """Return the findings about one check."""
    return [f for f in task.findings if f.check == check]
