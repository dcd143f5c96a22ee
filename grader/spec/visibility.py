"""Reading what students may see: of a whole rubric, a task, a group of checks, or a check."""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks import FOLLOW_THROUGH, LINEARITY, LOAD, checks_of, value_checks
from grader.model import Assignment, Task, Visibility
from grader.spec.yaml_cursor import Cursor, nearest

_CHOICES = tuple(each.value for each in Visibility)
_MILDEST_FIRST = tuple(Visibility)
_BACKWARD, _BEHAVIOUR = "backward[", "behaviour."
_Stated = dict[str, Visibility]


def read_visibility(
    cursor: Cursor, assignment: Assignment, *, has_due: bool
) -> Mapping[str, Mapping[str, Visibility]]:
    """Return the checks of each task that are not public; ``load`` always is."""
    known = {task.id: task for task in assignment.tasks}
    if cursor.is_mapping:
        entries = cursor.mapping()
    else:
        entries = dict.fromkeys(known, cursor)
        _one(cursor, has_due=has_due)  # says once what is wrong with the word for all tasks
        if cursor.problems:
            return {}
    found = {}
    for name, entry in entries.items():
        if name not in known:
            entry.problem(f"no task of `{assignment.id}` has this id{nearest(name, known)}")
            continue
        task = known[name]
        seen = {
            **dict.fromkeys(_choices(task), Visibility.PUBLIC),
            **_of_task(entry, task, has_due=has_due),
        }
        found[name] = {c: v for c, v in seen.items() if v is not Visibility.PUBLIC}
    return {name: checks for name, checks in found.items() if checks}


def _choices(task: Task) -> tuple[str, ...]:
    return tuple(check for check in checks_of(task) if check != LOAD)


def _of_task(entry: Cursor, task: Task, *, has_due: bool) -> _Stated:
    choices = _choices(task)
    if not entry.is_mapping:
        return dict.fromkeys(choices, _one(entry, has_due=has_due))
    stated: _Stated = {}
    for name, each in entry.mapping().items():
        group = [c for c in choices if c == name or c.startswith((f"{name}[", f"{name}."))]
        if not group:
            each.problem(
                f"the task `{task.id}` has no such check to hide{nearest(name, choices)}; "
                f"it has {', '.join(choices)}"
            )
        for check in (twice := [check for check in group if check in stated]):
            each.problem(f"`{check}` is stated twice")
        if not twice:
            stated |= dict.fromkeys(group, _one(each, has_due=has_due))
    return {**_implied(task, stated), **stated}


def _implied(task: Task, stated: Mapping[str, Visibility]) -> _Stated:
    """Return what follows for checks that would tell of the ordinary cases what those do not.

    Witnesses speak about the same gradients as ``backward``, so the strictest of them counts.
    Behaviour is seen in the ordinary cases; where no check of those is public, nor is it.
    """
    values = [stated.get(check, Visibility.PUBLIC) for check in value_checks(task)]
    gradients = [v for check, v in stated.items() if check.startswith(_BACKWARD)]
    mildest = min(values, key=_MILDEST_FIRST.index, default=Visibility.PUBLIC)
    strictest = max(gradients, key=_MILDEST_FIRST.index, default=Visibility.PUBLIC)
    implied = {check: mildest for check in checks_of(task) if check.startswith(_BEHAVIOUR)}
    witnesses = [check for check in checks_of(task) if check in (FOLLOW_THROUGH, LINEARITY)]
    return {**implied, **dict.fromkeys(witnesses, strictest)}


def _one(cursor: Cursor, *, has_due: bool) -> Visibility:
    found = Visibility(cursor.choice(_CHOICES))
    if found is Visibility.AFTER_DUE_DATE and not has_due:
        cursor.problem("`after_due_date` needs `due:`, a time with its zone, in this rubric")
    return found
