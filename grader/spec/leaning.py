"""Checking which tasks lean on which others: `leans_on` of a task."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model import Task
from grader.spec.yaml_cursor import Cursor, nearest
from grader.styles import STYLES


def check_leaning(cursors: Mapping[str, Cursor], tasks: Mapping[str, Task]) -> None:
    """Note what is wrong with the tasks that others lean on; the cursors are those of the tasks."""
    for name, task in tasks.items():
        for other in task.leans_on:
            problem = _problem(task, other, tasks)
            if problem:
                cursors[name].problem(f"`leans_on`: {problem}")
    for name in tasks:
        if name in _reached(name, tasks):
            cursors[name].problem(f"`leans_on`: `{name}` leans on itself")
            return  # the others of the circle need not be told


def _problem(task: Task, name: str, tasks: Mapping[str, Task]) -> str:
    if name not in tasks:
        return f"no task has the id `{name}`{nearest(name, tasks)}"
    other = tasks[name]
    if not STYLES[other.call.style].is_plain_function:
        return f"`{name}` is a `{other.call.style}`, which no other code can simply call"
    if other.call.objects:
        return f"`{name}` takes objects, which cannot be sent"
    if other.call.module != task.call.module:
        return f"`{name}` is in {other.file}, not in {task.file}"
    return ""


def _reached(name: str, tasks: Mapping[str, Task]) -> set[str]:
    """Return all tasks that one leans on, through others too."""
    found: set[str] = set()
    waiting = [*tasks[name].leans_on]
    while waiting:
        other = waiting.pop()
        if other in tasks and other not in found:
            found.add(other)
            waiting += tasks[other].leans_on
    return found
