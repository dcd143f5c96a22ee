"""Folders as `grade batch` leaves them, written by hand, and the commands that read them.

``course_at``   a course whose tasks ``add`` and ``max`` are worth 2 points each.
``batch_at``    the folder of a batch, from documents of ``grades_documents``.
``said``        a command in this process -> its exit code, stdout and stderr.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.batch.papers import Settings
from grader.cli.commands import run
from grader.errors import CourseError, ExitCode

_TASK = """  - {{id: {0}, style: gate_class, target: {0}, inputs: {{x: [], y: []}}, outputs: [z]}}
"""
_RUBRIC = """rubric: gates
total: 4
tasks:
  add: {forward: 1, "backward[dx]": 1, "backward[dy]": 0}
  max: {forward: 1, "backward[dx]": 1, "backward[dy]": 0}
"""


def course_at(root: Path, rubric: str = "") -> Path:
    """Write a course; ``rubric`` is added to the end of its rubric."""
    for place, text in {
        "course.yaml": "name: Small\n",
        "assignments/gates.yaml": "assignment: gates\nfiles: [gates.py]\ntasks:\n"
        + _TASK.format("add")
        + _TASK.format("max"),
        "rubrics/gates.yaml": _RUBRIC + rubric,
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text)
    return root


def batch_at(folder: Path, documents: Sequence[Any], **settings: Any) -> Path:
    """Write the folder of a batch."""
    folder.mkdir(exist_ok=True)
    keys = [paper["attempt"]["key"] for paper in documents]
    for key, paper in zip(keys, documents, strict=True):
        home = folder / "submissions" / key
        home.mkdir(parents=True)
        (home / "report.json").write_text(json.dumps(paper))
    stated = {"assignments": ("gates",), "layout": "plain", "attempt": "latest", **settings}
    Settings(**{"attempts": tuple(keys), **stated}).write(folder)
    return folder


@dataclass(frozen=True)
class Said:
    """What a command left."""

    code: int
    out: str
    err: str


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Said:
    """Run a command in this process."""
    capsys.readouterr()
    try:
        code, problems = int(run([str(word) for word in words])), ""
    except CourseError as error:
        code, problems = int(ExitCode.USAGE), str(error)
    out, err = capsys.readouterr()
    return Said(code, out, err + problems)
