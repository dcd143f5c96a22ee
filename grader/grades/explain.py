"""What an appeal needs: on what a verdict rests, what was expected, what came, and how to see it.

``explain``   one task of one student, as Markdown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from grader.errors import CourseError
from grader.grades.documents import Document, named
from grader.grades.rows import Row, TaskGrade, shown
from grader.report.to_markdown import code, escape
from grader.spec.yaml_cursor import nearest

_FIRST = ("case", "argument", "index", "inputs", "upstream", "expected", "got")


def explain(row: Row, task: str, document: Document | None) -> str:
    """Return the page; ``document`` is the report of the attempt that counts, None without one.

    Raises ``CourseError`` where the gradebook has no such task.
    """
    known = {grade.label: grade for grade in row.tasks}
    if task not in known:
        raise CourseError(f"there is no task `{task}`{nearest(task, known)}")
    grade = known[task]
    parts = [f"# {escape(row.id)}: {escape(task)}", *_points(row, grade)]
    report = _report_of(grade, document)
    found = [t for t in report.get("tasks", ()) if t["id"] == grade.task]
    if not found:
        parts.append("Nothing of this task was handed in, or it is not graded from code.")
    for judged in found:
        parts += [*_checks(judged), *_findings(judged)]
    parts += _basis(row, report)
    return "\n\n".join(parts) + "\n"


def _report_of(grade: TaskGrade, document: Document | None) -> Mapping[str, Any]:
    for report in (document or {}).get("reports", ()):
        if report["assignment"] == grade.assignment:
            return dict(report)
    return {}


def _points(row: Row, grade: TaskGrade) -> Iterator[str]:
    points = f"{shown(grade.score)} of {shown(grade.max_score)} points, {grade.outcome}"
    yield f"**{points if grade.is_settled else grade.outcome}**, attempt {code(row.attempt or '-')}"
    if grade.override:
        yield (
            f"Set by hand: {escape(grade.override.text)}. The grader gave {shown(grade.machine)}."
        )
    for late in row.late:
        if late.assignment == grade.assignment:
            yield f"Beside the tasks: {escape(late.text)} ({shown(late.penalty)} points)."


def _checks(judged: Mapping[str, Any]) -> Iterator[str]:
    lines = ["| check | result | points | why |", "| :-- | :-- | --: | :-- |"]
    for check in judged["checks"]:
        points = f"{check['score']} / {check['max_score']}"
        cells = (named(check), check["outcome"], points, check["reason"])
        lines.append(f"| {' | '.join(escape(str(cell)) for cell in cells)} |")
    yield "\n".join(lines)


def _findings(judged: Mapping[str, Any]) -> Iterator[str]:
    for told in judged["findings"]:
        yield f"## {told['code']} {escape(told['check'])}\n\n{escape(told['message'])}"
        facts = {"case": told["case"], "argument": told["argument"], **told["evidence"]}
        order = [name for name in _FIRST if name in facts]
        order += [name for name in facts if name not in order]
        lines = [
            f"- {escape(name)}: {code(_text(facts[name]))}" for name in order if facts[name] != ""
        ]
        if told["replay"]:
            lines.append(f"- inputs, expected and got in full: {code(told['replay'])}")
        if lines:
            yield "\n".join(lines)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, allow_nan=False)


def _basis(row: Row, report: Mapping[str, Any]) -> Iterator[str]:
    if not report:
        return
    facts = {
        "handed in": row.submitted_at or "not known",
        "seed": report["seed"],
        "isolation": report["isolation"],
        **{f"digest of {name}": text for name, text in report["digests"].items()},
        **{f"version of {name}": text for name, text in report["versions"].items()},
    }
    lines = [f"- {escape(name)}: {code(str(text))}" for name, text in facts.items() if text]
    yield "\n".join(["## What the verdict rests on", "", *lines])
