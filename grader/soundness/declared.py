"""Mistakes and alternatives that the course declares: files graded as if handed in.

``reference/mistakes/ASSIGNMENT/TASK/NAME.py`` must fail and
``reference/alternatives/ASSIGNMENT/TASK/NAME.py`` must pass. Each has the task's class or functions
in the student's form, and a docstring that says in its first line what the mistake is, or what is
written differently.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.codes import finding
from grader.course import Course, read_text
from grader.errors import CourseError
from grader.grade import Run, grade_submission
from grader.model import Assignment, Declared, Finding, Outcome, Severity, TaskResult, module_of
from grader.prepare import Prepared
from grader.spec.yaml_cursor import nearest
from grader.submission import Submission

_FOLDERS = {"mistakes": "mistake", "alternatives": "alternative"}
_NAME = re.compile(r"[a-z][a-z0-9_]*\.py")


@dataclass(frozen=True)
class DeclaredFile:
    """A mistake or an alternative as it stands in the course."""

    kind: str
    task: str
    name: str
    explanation: str
    text: str


def read_declared(course: Course, assignment: Assignment) -> tuple[DeclaredFile, ...]:
    """Return what the course declares for an assignment; raises ``CourseError`` with all problems.

    Folders that belong to no assignment are problems of every assignment: nothing in them would
    ever be tried.
    """
    problems: list[str] = []
    files: list[DeclaredFile] = []
    tasks = [task.id for task in assignment.tasks]
    for folder, kind in _FOLDERS.items():
        root = course.root / "reference" / folder
        known = {*course.assignment_ids(), assignment.id}
        for name in _names(root):
            if name not in known:
                here = f"reference/{folder}/{name}"
                problems.append(f"{here}: no assignment has this id{nearest(name, known)}")
        for task in _names(root / assignment.id):
            here = f"reference/{folder}/{assignment.id}/{task}"
            if task not in tasks:
                problems.append(f"{here}: no task has this id{nearest(task, tasks)}")
                continue
            for name in _names(root / assignment.id / task):
                made = _read(root / assignment.id / task / name, f"{here}/{name}", problems)
                if made is not None:
                    files.append(DeclaredFile(kind, task, name[:-3], *made))
    if problems:
        raise CourseError(*problems)
    return tuple(files)


def digest_of_declared(files: Sequence[DeclaredFile]) -> str:
    """Return one digest over everything that is declared."""
    digest = hashlib.sha256()
    for file in files:
        place = f"{file.kind}/{file.task}/{file.name}"
        digest.update(f"{place}\0{file.text}\0".encode())
    return digest.hexdigest()


def grade_declared(
    prepared: Prepared, sources: Mapping[str, str], file: DeclaredFile, run: Run
) -> tuple[Declared, tuple[Finding, ...]]:
    """Grade one declared file in the place of its task's file; return what became of it.

    ``sources`` are the files of the reference, which stand for all others.
    """
    task = next(t for t in prepared.assignment.tasks if t.id == file.task)
    place = module_of(task.file)
    others = {name: text for name, text in sources.items() if module_of(name) != place}
    submission = Submission(file.name, {**others, place: file.text}, {}, (), "")
    alone = dataclasses.replace(prepared, batteries={task.id: prepared.batteries[task.id]})
    (result,) = grade_submission(alone, submission, run).tasks
    first = next((f for f in result.findings if f.severity is Severity.ERROR), None)
    check, code = (first.check, first.code) if first else ("", "")
    told = tuple(_told(file, result, first))
    declared = Declared(
        file.kind, file.name, file.explanation, result.outcome, not told, check, code
    )
    return declared, told


def _told(file: DeclaredFile, result: TaskResult, first: Finding | None) -> Iterator[Finding]:
    points = f"{float(result.score):g} of {float(result.max_score):g} points"
    seen = f" ({first.check} {first.code}: {first.message})" if first else ""
    evidence = {
        "name": file.name,
        "outcome": result.outcome.value,
        "score": float(result.score),
        "max_score": float(result.max_score),
    }
    check = first.check if first else ""
    if file.kind == "alternative" and result.outcome is not Outcome.PASSED:
        message = f"alternative `{file.name}` gets `{result.outcome.value}`, {points}{seen}"
        yield finding("W883", check, message, evidence=evidence)
    elif file.kind == "mistake" and result.outcome is Outcome.PASSED:
        message = f"mistake `{file.name}` ({file.explanation}) gets `passed`, {points}"
        yield finding("W881", check, message, evidence=evidence)
    elif file.kind == "mistake" and not any(map(_shows, result.findings)):
        message = f"mistake `{file.name}` gets `{result.outcome.value}`, {points}{seen}"
        yield finding("W882", check, message, evidence=evidence)


def _shows(found: Finding) -> bool:
    """Return True for a wrong result, or for a fault in some of the cases: the mistake itself.

    A file that fails in every case has most likely a slip of the pen, and shows nothing.
    """
    if found.severity is not Severity.ERROR:
        return False
    if found.code[0] in "LR":
        return bool(found.evidence.get("cases_wrong", 1) < found.evidence.get("cases", 1))
    return True


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder, sorted, but for what Python or an editor leaves there."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except FileNotFoundError:
        return []
    except OSError as error:
        place = "/".join(folder.parts[folder.parts.index("reference") :])
        raise CourseError(f"{place}: cannot be read: {error.strerror}") from error
    return sorted(name for name in names if not name.startswith((".", "__")))


def _read(path: Path, place: str, problems: list[str]) -> tuple[str, str] | None:
    """Return the explanation and the text of a declared file, or note what is wrong with it."""
    if not _NAME.fullmatch(path.name):
        problems.append(f"{place}: expected a Python file with a lower-case name")
        return None
    try:
        text = read_text(path)
        explanation = ast.get_docstring(ast.parse(text)) or ""
    except CourseError as error:
        problems.append(f"{place}: {error.problems[0].partition(': ')[2]}")
        return None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        problems.append(f"{place}:{line}: not valid Python: {getattr(error, 'msg', error)}")
        return None
    if not explanation.strip():
        problems.append(f"{place}:1: its first line must be a docstring that says what it is")
        return None
    return explanation.strip().splitlines()[0], text
