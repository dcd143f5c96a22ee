"""One starter file without markers: the functions and classes of the tasks, and no body of them.

``skeleton``   the syntax tree of a reference and the tasks of its file -> the text of a starter.
``wanted``     what to write in each function of some tasks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import CourseError
from grader.model import Assignment, Task
from grader.release.signatures import (
    Function,
    for_students,
    header,
    is_plain_storing,
    kept_at_the_top,
    names_needed,
)
from grader.release.wording import (
    CONSTRUCTOR,
    Shapes,
    about_function,
    about_tasks,
    arguments_of,
    docstring,
    to_write,
    unwritten,
)
from grader.styles import BACKWARD, FORWARD, STYLES

MARK = "mark what students write with `### BEGIN SOLUTION` and `### END SOLUTION`"
_BESIDE = {"torch7_module": ("accGradParameters", "zeroGradParameters")}
_INDENT = " " * 4
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class _Stage:
    """One call of a task; ``stage`` is forward, backward, or the name of another method."""

    task: Task
    stage: str
    owner: str  # the class, where the target is one
    name: str

    @property
    def whole_name(self) -> str:
        """The function, or ``Class.method``."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def wanted(tasks: Sequence[Task]) -> dict[str, str]:
    """Return what to write, by function or ``Class.method``; the first task of each speaks."""
    found: dict[str, str] = {}
    for each in (stage for task in tasks for stage in _stages(task)):
        found.setdefault(each.whole_name, to_write(each.task, each.stage, each.whole_name))
    return found


def skeleton(
    assignment: Assignment,
    tasks: Sequence[Task],
    tree: ast.Module,
    path: str,
    shapes: Mapping[str, Shapes],
) -> str:
    """Return the text; ``path`` names the reference in messages.

    Raises ``CourseError`` where a signature needs something that may be an answer.
    """
    if not tasks:
        raise CourseError(f"{path}: no task is about this file; {MARK}")
    stages = [stage for task in tasks for stage in _stages(task)]
    targets = dict.fromkeys(stage.owner or stage.name for stage in stages)
    nodes = [_definition(tree, name, path) for name in targets]
    nodes.sort(key=lambda node: node.lineno)
    needed: list[ast.Name] = []
    blocks = []
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            own = [stage for stage in stages if stage.owner == node.name]
            _refuse_missing(node, own, path)
            blocks.append(_class(node, own, shapes, needed))
        else:
            own = [stage for stage in stages if stage.whole_name == node.name]
            blocks.append(_function(node, own, shapes, needed))
    top = docstring(f"{assignment.title}.\n\n{assignment.statement}", "")
    kept = kept_at_the_top(tree, needed, set(targets), assignment, path)
    head = ["\n".join(top), "\n".join(kept)] if kept else ["\n".join(top)]
    return "\n\n\n".join(["\n\n".join(head), *("\n".join(block) for block in blocks)]) + "\n"


def _stages(task: Task) -> Iterator[_Stage]:
    style = STYLES[task.call.style]
    owner = task.call.target if style.is_class else ""
    names = style.methods or tuple(filter(None, (task.call.target, task.call.backward)))
    if owner:
        yield _Stage(task, CONSTRUCTOR, owner, CONSTRUCTOR)
    for stage, name in zip((FORWARD, BACKWARD), names, strict=False):
        yield _Stage(task, stage, owner, name)
    for name in _BESIDE.get(task.call.style, ()):
        yield _Stage(task, name, owner, name)


def _definition(tree: ast.Module, name: str, path: str) -> Function | ast.ClassDef:
    """Return the last function or class of a name, which is the one that counts."""
    kinds = (*_FUNCTIONS, ast.ClassDef)
    found = [node for node in tree.body if isinstance(node, kinds) and node.name == name]
    if not found:
        raise CourseError(f"{path}: `{name}` is not defined by `def` or `class` there; {MARK}")
    return found[-1]


def _refuse_missing(node: ast.ClassDef, stages: Sequence[_Stage], path: str) -> None:
    """Raise for a method that a class inherits, say: nobody would see that it is to be written."""
    defined = {each.name for each in node.body if isinstance(each, _FUNCTIONS)}
    for each in stages:
        if each.stage in (FORWARD, BACKWARD) and each.name not in defined:
            raise CourseError(f"{path}: `{each.whole_name}` is not defined by `def` there; {MARK}")


def _class(
    node: ast.ClassDef,
    stages: Sequence[_Stage],
    shapes: Mapping[str, Shapes],
    needed: list[ast.Name],
) -> list[str]:
    needed += names_needed(node)
    lines = [*header(node, ""), *docstring(about_tasks([s.task for s in stages]), _INDENT)]
    for method in node.body:
        if isinstance(method, _FUNCTIONS):
            own = [stage for stage in stages if stage.name == method.name]
            if own:
                lines += ["", *_function(method, own, shapes, needed)]
    return lines


def _function(
    node: Function,
    stages: Sequence[_Stage],
    shapes: Mapping[str, Shapes],
    needed: list[ast.Name],
) -> list[str]:
    """Return a function or method with its signature, a docstring of the spec's, and no body."""
    first = stages[0]
    indent = _INDENT if first.owner else ""
    inner = indent + _INDENT
    names = {name for each in stages for name in arguments_of(each.task, each.stage)}
    own = for_students(node, names)
    needed += names_needed(own)
    parameters = [parameter.arg for parameter in (*own.args.args, *own.args.kwonlyargs)]
    about = about_function([(each.task, each.stage) for each in stages], parameters, shapes)
    lines = [*header(own, indent), *(docstring(about, inner) if about else ())]
    if first.name == CONSTRUCTOR and is_plain_storing(own, parameters):
        return [*lines, *(inner + ast.unparse(s) for s in own.body if isinstance(s, ast.Assign))]
    return [*lines, *unwritten(to_write(first.task, first.stage, first.whole_name), inner)]
