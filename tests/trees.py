"""A course that asks for a file in a folder, and trees of files to hand in, for tests of loading.

``tree``     files named from the folder of layers.py -> files by path.
``write``    files by path -> a folder.
``graded``   files by path -> the report, on a rung.
``codes``    the codes of all findings of a report, with the task or ``-``.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from grader.cases import public_seed
from grader.course import Course, load
from grader.grade import Run, grade_submission
from grader.isolation import SANDBOXES
from grader.model import Report, Severity
from grader.prepare import Prepared, prepare
from grader.submission import read_submission

Files = Mapping[str, str | bytes]

AFFINE = """
def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
HALF = '''
def half_forward(x):
    """Keep the left half of the columns, three times as large."""
    size = x.shape[1] // 2
    out = np.zeros_like(x[:, :size])
    for i in range(size):
        out[:, i] = 3 * x[:, i]
    return out, (x, size)


def half_backward(dout, cache):
    x, size = cache
    dx = np.zeros_like(x)
    dx[:, :size] = 3 * dout
    return dx
'''
LAYERS = f"import numpy as np\n\n{AFFINE}\n{HALF}"
SPEC = """
assignment: net
module: cs231n/layers.py
style: function_pair
limits: {call_seconds: 5, total_seconds: 30}
tasks:
  - {id: affine, target: affine, inputs: {x: [N, D], w: [D, M], b: [M]}, outputs: [out]}
  - {id: half, target: half, inputs: {x: [N, D]}, outputs: [out]}
"""
FLAT = SPEC.replace("module: cs231n/layers.py", "files: [layers.py]")


def write(folder: Path, files: Files) -> Path:
    """Write files by path below a folder."""
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def tree(parts: dict[str, str], base: str = "") -> dict[str, str]:
    """Return the files, named from the folder of layers.py, by their paths."""
    paths = {os.path.normpath(f"{base}cs231n/{name}"): text for name, text in parts.items()}
    return {path.replace(os.sep, "/"): text for path, text in paths.items()}


@cache
def course(
    spec: str = SPEC,
    support: tuple[tuple[str, str], ...] = (),
    rubric: str = "",
    files: tuple[str, ...] = ("layers.py", "cs231n/layers.py"),
) -> Prepared:
    """Return a course of one assignment, ready to grade; each reference is ``LAYERS``."""
    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        write(root, {f"reference/{place}": LAYERS for place in files})
        write(root, {f"support/{name}": text for name, text in support})
        write(root, {"assignments/net.yaml": spec, "course.yaml": "name: Trees\n"})
        if rubric:
            write(root, {"rubrics/net.yaml": rubric})
        asked = Course(root, "Trees")
        assignment, priced = load(asked, "net")
        return prepare(asked, assignment, priced, public_seed(0, assignment), "public, 0")


def graded(
    folder: Path, files: Files, rung: str = "process", ready: Prepared | None = None
) -> Report:
    """Write the files and grade the folder."""
    return graded_at(write(folder, files), rung, ready)


def graded_at(path: Path, rung: str = "process", ready: Prepared | None = None) -> Report:
    """Grade a folder or a file."""
    ready = ready or course()
    asked = ready.assignment
    submission = read_submission(path, asked.files, is_tree=asked.is_tree)
    return grade_submission(ready, submission, Run(SANDBOXES[rung], rung, ""))


def codes(report: Report, severity: Severity | None = None) -> set[str]:
    """Return ``task code`` of every finding; ``- code`` of those about the whole."""
    told = [("-", f) for f in report.findings]
    told += [(task.id, f) for task in report.tasks for f in task.findings]
    return {f"{owner} {f.code}" for owner, f in told if severity in (None, f.severity)}


def messages(report: Report) -> str:
    """Return every message, one a line."""
    told = [*report.findings, *(f for task in report.tasks for f in task.findings)]
    return "\n".join(f.message for f in told)


def points(report: Report) -> dict[str, float]:
    """Return the score of every task as a share of its points."""
    return {t.id: float(t.score / t.max_score) for t in report.tasks}
