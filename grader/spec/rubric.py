"""Reading a rubric: what each check of an assignment is worth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from fractions import Fraction

from grader.checks import FOLLOW_THROUGH, checks_of, is_free
from grader.errors import CourseError
from grader.model import Assignment, Rubric, Task, Visibility
from grader.spec.lateness import read_due, read_late
from grader.spec.visibility import read_visibility
from grader.spec.yaml_cursor import NAME, Cursor, Problems, nearest, open_document

_MANUAL = "manual"
_VISIBILITY = "visibility"

SIZE_ONE_AXES = "size_one_axes"
RIGHT_HELPER = "with_right_helper"
_SHARES = (FOLLOW_THROUGH, SIZE_ONE_AXES, RIGHT_HELPER)


def load_rubric(text: str, path: str, assignment: Assignment) -> Rubric:
    """Read a rubric; raises ``CourseError`` with everything that is wrong."""
    problems: Problems = []
    top = open_document(text, path, problems)
    required = ["rubric", "total", "tasks"]
    optional = ["after_repair", *_SHARES, "due", "late", _VISIBILITY]
    fields = top.mapping([*required, *optional], required) if top else {}
    points: dict[str, Mapping[str, Fraction]] = {}
    manual: dict[str, Fraction] = {}
    ids = [task.id for task in assignment.tasks]
    shares = {name: dict.fromkeys(ids, _stated(fields, name)) for name in _SHARES}
    if RIGHT_HELPER in fields and not any(task.leans_on for task in assignment.tasks):
        fields[RIGHT_HELPER].problem("no task of this assignment leans on another")
    if "rubric" in fields and fields["rubric"].text() != assignment.id:
        fields["rubric"].problem(f"this rubric is for `{assignment.id}`")
    if "tasks" in fields:
        entries = fields["tasks"].mapping()
        manual = {n: _manual(entries.pop(n), n) for n in _by_hand(entries, assignment)}
        points = _tasks(fields["tasks"], entries, assignment, shares)
    repaired = _stated(fields, "after_repair")
    total = fields["total"].points() if "total" in fields else Fraction(0)
    given = sum((p for checks in points.values() for p in checks.values()), Fraction(0))
    given += sum(manual.values(), Fraction(0))
    due = read_due(fields["due"]) if "due" in fields else None
    late = read_late(fields["late"]) if "late" in fields else None
    seen: Mapping[str, Mapping[str, Visibility]] = {}
    if _VISIBILITY in fields:
        seen = read_visibility(fields[_VISIBILITY], assignment, has_due="due" in fields)
    if not problems and given != total:
        fields["total"].problem(f"the checks add up to {float(given):g}, not {float(total):g}")
    if problems:
        raise CourseError(*problems)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Rubric(
        assignment.id,
        path,
        digest,
        total,
        points,
        follow_through=shares[FOLLOW_THROUGH],
        size_one_axes=shares[SIZE_ONE_AXES],
        with_right_helper=shares[RIGHT_HELPER],
        after_repair=repaired,
        manual=manual,
        due=due,
        late=late,
        visibility=seen,
    )


def default_rubric(assignment: Assignment) -> Rubric:
    """Return a rubric that gives every check that counts one point."""
    points = {t.id: {c: Fraction(1) for c in _counting(t)} for t in assignment.tasks}
    total = sum((Fraction(len(checks)) for checks in points.values()), Fraction(0))
    return Rubric(assignment.id, "", "", total, points)


def _counting(task: Task) -> tuple[str, ...]:
    return tuple(check for check in checks_of(task) if not is_free(check))


def _stated(fields: Mapping[str, Cursor], name: str) -> Fraction:
    return _share(fields[name]) if name in fields else Fraction(0)


def _share(cursor: Cursor) -> Fraction:
    """Return the share of some points that code which is not simply right earns."""
    share = cursor.points()
    if share > 1:
        cursor.problem("a share of the points, from 0 to 1, is expected")
    return share


def _by_hand(entries: Mapping[str, Cursor], assignment: Assignment) -> list[str]:
    """Return the names of what a human grades: no tasks, and of the form ``{manual: points}``."""
    ids = {task.id for task in assignment.tasks}
    return [name for name, entry in entries.items() if name not in ids and entry.has(_MANUAL)]


def _manual(entry: Cursor, name: str) -> Fraction:
    """Return the points of what a human grades."""
    fields = entry.mapping([_MANUAL])
    points = fields[_MANUAL].points()
    if not NAME.fullmatch(name):
        entry.problem(f"`{name}` is not a name (letters, digits, underscore)")
    elif not points:
        entry.problem("more than 0 points are expected")
    return points


def _tasks(
    cursor: Cursor,
    entries: Mapping[str, Cursor],
    assignment: Assignment,
    shares: Mapping[str, dict[str, Fraction]],
) -> dict[str, Mapping[str, Fraction]]:
    """Return the points of every task; the shares of those that state one are put in."""
    known = {task.id: task for task in assignment.tasks}
    points: dict[str, Mapping[str, Fraction]] = {}
    for name, entry in entries.items():
        if name not in known:
            entry.problem(f"no task of `{assignment.id}` has this id{nearest(name, known)}")
            continue
        checks = entry.mapping() if entry.is_mapping else None
        for key in _shares_of(known[name]):
            if checks and key in checks:
                shares[key][name] = _share(checks.pop(key))
        if checks and checks.pop(_MANUAL, None):
            entry.problem("what a human grades needs a name of its own, beside the tasks")
        points[name] = _checks(entry, checks, known[name])
        if not sum(points[name].values(), Fraction(0)):
            entry.problem("a task needs at least one check worth more than 0 points")
    for name in known:
        if name not in points:
            cursor.problem(f"the task `{name}` has no points; leave no task out")
    return points


def _shares_of(task: Task) -> Iterator[str]:
    """Yield the shares that make sense for a task."""
    yield SIZE_ONE_AXES
    if FOLLOW_THROUGH in checks_of(task):
        yield FOLLOW_THROUGH
    if task.leans_on:
        yield RIGHT_HELPER


def _checks(
    cursor: Cursor, checks: Mapping[str, Cursor] | None, task: Task
) -> Mapping[str, Fraction]:
    counting = _counting(task)
    if checks is None:
        return _shared(cursor.points(), counting)
    points: dict[str, Fraction] = {}
    for name, entry in checks.items():
        group = [c for c in checks_of(task) if c == name or c.startswith(f"{name}[")]
        if not group or name == "load":
            choices = [c for c in checks_of(task) if c != "load"]
            entry.problem(
                f"the task `{task.id}` has no such check{nearest(name, choices)}; "
                f"it has {', '.join(choices)}"
            )
            continue
        for check, share in _shared(entry.points(), group).items():
            if check in points:
                entry.problem(f"`{check}` is priced twice")
            points[check] = share
    missing = [check for check in counting if check not in points]
    if missing:
        cursor.problem(f"no points for {', '.join(missing)} (write 0 to show without points)")
    return points


def _shared(points: Fraction, checks: tuple[str, ...] | list[str]) -> dict[str, Fraction]:
    return {check: points / len(checks) for check in checks}
