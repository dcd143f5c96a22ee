"""Submissions as students really hand them in, each with what it must get written beside it.

A submission is a tree of files: for each function a version (right in some style, a mistake, two
mistakes, a stub, half written), and for the whole a manner (imports, folders, age, notebooks). What
each function must get is known from the parts, before anything is graded.

``composed``   submissions in a fixed order, as many as wanted.
``graded``     a submission, written to a folder and graded in a real child -> its report.
``unlike``     a report -> where it is not what was written down, one line each.
"""

from __future__ import annotations

import ast
import random
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from in_process import NETWORKS, RIGHT, prepared, read_right
from manners import MANNERS, Manner
from variants.wrong.family import FAMILY
from variants.wrong.record import Wrong, used_by

from grader.grade import Run, grade_submission
from grader.isolation import SANDBOXES
from grader.model import Outcome, Report, Severity, Task, TaskResult
from grader.submission import read_submission

STYLES = sorted(path.name for path in RIGHT.iterdir() if path.is_dir())
_NAMED = (ast.ClassDef, ast.FunctionDef)
_STUBS = (
    "raise NotImplementedError",
    "pass",
    "return None",
    "out = None\n    # TODO: your code here\n    return out, None",
)


class Due(NamedTuple):
    """What one function must get; of two mistakes at once, at least one word of them."""

    label: str
    outcome: Outcome
    wrong: tuple[Wrong, ...] = ()


class Handed(NamedTuple):
    """One submission and what is due."""

    label: str
    assignment: str
    manner: Manner
    files: Mapping[str, str]
    due: Mapping[str, Due]


def composed(count: int, names: tuple[str, ...] = NETWORKS, seed: int = 0) -> Iterator[Handed]:
    """Yield submissions: every manner in turn, every mistake of an assignment in turn."""
    rng = random.Random(seed)
    manners = list(MANNERS)
    mistakes = {name: _shuffled(list(FAMILY[name]), rng) for name in names}
    for index in range(count):
        name = names[index % len(names)]
        manner = manners[index // len(names) % len(manners)]
        style = rng.choice([s for s in STYLES if s != "single" and read_right(s, name)])
        if index % 3 or manner.needs_plain:
            style = "plain"
        text, due = _text(name, style, mistakes[name], rng)
        files = {
            place: content
            for file in prepared(name, 0).assignment.files
            for place, content in manner.tree(file, text).items()
        }
        yield Handed(f"{index} {name}, {style}, {manner.name}", name, manner, files, due)


def _shuffled(wrong: list[Wrong], rng: random.Random) -> list[Wrong]:
    rng.shuffle(wrong)
    return wrong


def _text(
    name: str, style: str, mistakes: list[Wrong], rng: random.Random
) -> tuple[str, dict[str, Due]]:
    """Return the text of a module, and what each task must get."""
    tasks = prepared(name, 0).assignment.tasks
    source = next(iter(read_right(style, name).values()))
    if style != "plain":  # other styles are taken whole: their parts belong together
        return source, {t.id: Due(f"right, {style}", Outcome.PASSED) for t in tasks}
    due = {}
    taken: set[str] = set()
    altered: dict[str, set[str]] = {}
    for task in rng.sample(tasks, len(tasks)):
        functions = {f for f in (task.call.target, task.call.backward) if f}
        kind = rng.choice(("right", "mistake", "mistake", "pair", "stub", "backward stub"))
        if functions & taken:  # two tasks of one function: the first has chosen its version
            kind = "right"
        before = source
        source, due[task.id] = _version(source, task, kind, mistakes, rng)
        altered[task.id] = _altered(before, source)
        if kind != "right":
            taken |= functions
    return source, {t.id: due[t.id] for t in tasks if not _is_touched(source, t, altered)}


def _is_touched(source: str, task: Task, altered: Mapping[str, set[str]]) -> bool:
    """Return True where a function that the task uses is not right for the sake of another."""
    used = used_by(source, {f for f in (task.call.target, task.call.backward) if f})
    return any(used & names for other, names in altered.items() if other != task.id)


def _altered(before: str, after: str) -> set[str]:
    """Return the functions and classes that are not what they were."""
    bodies = [
        {n.name: ast.dump(n) for n in ast.parse(text).body if isinstance(n, _NAMED)}
        for text in (before, after)
    ]
    return {name for name, body in bodies[0].items() if bodies[1].get(name) != body}


def _version(
    source: str, task: Task, kind: str, mistakes: list[Wrong], rng: random.Random
) -> tuple[str, Due]:
    """Return the source with one task's functions in some version."""
    if kind in ("stub", "backward stub"):
        names = [task.call.target, task.call.backward]
        if kind == "backward stub" and names[1] is None:
            return source, Due("right", Outcome.PASSED)
        for function in names if kind == "stub" else names[1:]:
            if function:
                source = _stubbed(source, function, rng.choice(_STUBS[:2]))
        outcome = Outcome.NOT_ATTEMPTED if kind == "stub" else Outcome.FAILED
        return source, Due(kind, outcome)
    if kind in ("mistake", "pair"):
        own = [w for w in mistakes if w.task == task.id and _applies(source, w)]
        chosen: list[Wrong] = []
        for wrong in own:
            if len(chosen) < (2 if kind == "pair" else 1) and _applies(source, wrong):
                source = _edited(source, wrong)
                chosen.append(wrong)
        for wrong in chosen:  # at the end of the queue, so that each gets its turn
            mistakes.remove(wrong)
            mistakes.append(wrong)
        if chosen:
            outcome = Outcome.FAILED
            return source, Due(" and ".join(w.label for w in chosen), outcome, tuple(chosen))
    return source, Due("right", Outcome.PASSED)


def _applies(source: str, wrong: Wrong) -> bool:
    return bool(wrong.edits) and all(source.count(old) == 1 for old, _ in wrong.edits)


def _edited(source: str, wrong: Wrong) -> str:
    for old, new in wrong.edits:
        source = source.replace(old, new)
    return source


def _stubbed(source: str, name: str, body: str) -> str:
    """Return the source with the body of a function, or of the methods of a class, unwritten."""
    lines = source.splitlines(keepends=True)
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, _NAMED)]
    named = [node for node in nodes if node.name == name]
    inner = [m for node in named if isinstance(node, ast.ClassDef) for m in node.body]
    functions = [n for n in (*named, *inner) if isinstance(n, ast.FunctionDef)]
    for node in sorted(functions, key=lambda n: -n.lineno):
        if node.name != "__init__":
            indent = " " * (node.col_offset + 4)
            lines[node.body[0].lineno - 1 : node.end_lineno] = [f"{indent}{body}\n"]
    return "".join(lines)


def graded(handed: Handed, rung: str = "process") -> Report:
    """Write a submission to a folder of its own and grade it."""
    ready = prepared(handed.assignment, 0)
    asked = ready.assignment
    with tempfile.TemporaryDirectory() as home:
        for place, text in handed.files.items():
            path = Path(home, place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        submission = read_submission(Path(home), asked.files, is_tree=asked.is_tree)
        return grade_submission(ready, submission, Run(SANDBOXES[rung], rung, ""))


def unlike(handed: Handed, report: Report) -> list[str]:
    """Return every function whose verdict is not what was written down."""
    lines = []
    for task in report.tasks:
        if task.id in handed.due:
            lines += [
                f"{handed.label}: {task.id} ({handed.due[task.id].label}): {line}"
                for line in _unlike(handed, handed.due[task.id], task)
            ]
    told = {f.code for f in report.findings} | {f.code for t in report.tasks for f in t.findings}
    missing = handed.manner.notes - told
    return lines + [f"{handed.label}: not told: {code}" for code in sorted(missing)]


def _unlike(handed: Handed, due: Due, task: TaskResult) -> Iterator[str]:
    # Stress is a demand of its own: where it has no points, an unstable formula is right.
    free = {c.id for c in task.checks if c.id == "stress" and c.max_score == 0 and not due.wrong}
    errors = [f for f in task.findings if f.severity is Severity.ERROR and f.check not in free]
    seen = f"{task.outcome.value} {[f'{f.check} {f.code} {f.message}' for f in errors][:3]}"
    if task.outcome is Outcome.VOID:
        yield f"void: {[f.message for f in task.findings]}"
    elif handed.manner.error:  # the file as a whole cannot be run as it is
        if handed.manner.error not in {f.code for f in errors}:
            yield f"{handed.manner.error} is not told: {seen}"
        repaired = any(
            f.code == "D610" and f.message.startswith("right after repair") for f in task.findings
        )
        is_right = due.outcome is Outcome.PASSED or (bool(due.wrong) and _is_free(due, task))
        if handed.manner.is_of_age and repaired != is_right:
            yield f"right after repair is {repaired}: {seen}"
    elif _outcome(task, due) is not due.outcome:
        yield f"must be {due.outcome.value}: {seen}"
    elif due.outcome is Outcome.PASSED and errors:
        yield f"falsely told: {seen}"
    elif due.wrong and not _is_said(due, task):
        yield f"told otherwise: {seen}"


def _outcome(task: TaskResult, due: Due) -> Outcome:
    """Return the outcome; one that raises in its mistake is as good as one that fails."""
    if due.outcome is Outcome.FAILED and task.outcome is Outcome.FAULTED:
        return Outcome.FAILED
    if due.label == "backward stub" and task.outcome is Outcome.NOT_ATTEMPTED:
        return Outcome.FAILED
    if due.wrong and task.outcome is Outcome.PASSED and _is_free(due, task):
        return Outcome.FAILED
    forwards = [c.max_score for c in task.checks if c.id.startswith("forward")]
    if due.label == "stub" and task.outcome is Outcome.SKIPPED and not any(forwards):
        return Outcome.NOT_ATTEMPTED  # its forward is the business of another task
    return task.outcome


def _is_free(due: Due, task: TaskResult) -> bool:
    """Return True where all that is due to be told costs nothing."""
    priced = {c.id for c in task.checks if c.max_score > 0}
    return all(w.checks.isdisjoint(priced) for w in due.wrong)


def _is_said(due: Due, task: TaskResult) -> bool:
    """Return True where all words due to one mistake, or some of those due to two, are told."""
    told = {(f.check, f.code) for f in task.findings if f.severity is Severity.ERROR}
    said = [
        any((check, code) in told for check, code, _ in alternatives)
        for wrong in due.wrong
        for alternatives in wrong.expected
    ]
    if not said or any(not wrong.expected for wrong in due.wrong):
        return True  # of what is not written nothing is told but the outcome
    return all(said) if len(due.wrong) == 1 else any(said)
