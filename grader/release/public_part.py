"""What students get of a spec and of a rubric: the same tasks, without what is hidden of them.

``public_spec``     the text of a spec -> its public part, as text.
``public_rubric``   the points of what is public, as the text of a rubric.

Both are read again by ``grader.spec``. Comments do not stay.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml

from grader.checks import backward_check, checks_of, forward_check, is_free
from grader.model import Assignment, Public, Rubric, Task, is_public

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDTH = 100
_DIGITS = 6  # a share of points need not end in the decimal system


def public_spec(text: str, assignment: Assignment, rubric: Rubric) -> str:
    """Return the spec without hidden sub-cases, and without answers that are not public."""
    tasks = {task.id: task for task in assignment.tasks}

    def task_of(node: yaml.Node) -> yaml.Node:
        named = {str(key.value): value for key, value in node.value}
        return _public_task(node, tasks[str(named["id"].value).strip()], rubric)

    def at_the_top(key: str, value: yaml.Node) -> yaml.Node | None:
        if key != "tasks":
            return value
        return yaml.SequenceNode(value.tag, [task_of(item) for item in value.value])

    top: Any = yaml.compose(text, Loader=_LOADER)
    return str(
        yaml.serialize(
            _filtered(top, at_the_top), Dumper=yaml.SafeDumper, allow_unicode=True, width=_WIDTH
        )
    )


def _filtered(node: Any, kept: Callable[[str, yaml.Node], yaml.Node | None]) -> yaml.MappingNode:
    """Return a copy of a mapping with other values; None leaves an entry out."""
    pairs = [(key, kept(str(key.value), value)) for key, value in node.value]
    left = [(key, value) for key, value in pairs if value is not None]
    return yaml.MappingNode(node.tag, left, flow_style=node.flow_style)


def _public_task(node: yaml.Node, task: Task, rubric: Rubric) -> yaml.Node:
    hidden = {check for check in checks_of(task) if not is_public(rubric, task.id, check)}
    forms = [form for form in task.input_forms if f"behaviour.{form}" not in hidden]

    shown = {f"d{n}" for n in task.gradients if backward_check(n) not in hidden}
    has_answers = any(shown & example.expected.keys() for example in task.examples)

    def kept(key: str, value: yaml.Node) -> yaml.Node | None:
        if key == "public" and not has_answers:  # what it says is hidden by the rubric
            return None if task.public is Public.WORKED_EXAMPLES else value
        if key in hidden and key in ("stress", "size"):
            return None
        if key == "cases":
            cases = _filtered(value, lambda n, each: None if f"case.{n}" in hidden else each)
            return cases if cases.value else None
        if key == "examples":
            examples = [_public_example(each, task, hidden) for each in value.value]
            return yaml.SequenceNode(value.tag, examples)
        if key == "hyper_parameters" and "eps" in hidden:
            return _filtered(value, lambda _, each: _without_large(each))
        return None if key == "input_forms" else value

    public = _filtered(node, kept)
    if task.input_forms:  # the task's own, since those of the whole file are not left out
        public.value.append((_text("input_forms"), _list(forms)))
    return public


def _public_example(node: yaml.Node, task: Task, hidden: set[str]) -> yaml.Node:
    checks = {name: forward_check(task, name) for name in task.outputs}
    if task.public is Public.NOTHING:
        checks = {}
    if task.public is Public.WORKED_EXAMPLES:
        checks |= {f"d{name}": backward_check(name) for name in task.gradients}
    shown = {name for name, check in checks.items() if check not in hidden}

    def kept(key: str, value: yaml.Node) -> yaml.Node | None:
        if key != "expected":
            return value
        expected = _filtered(value, lambda name, each: each if name in shown else None)
        return expected if expected.value else None

    return _filtered(node, kept)


def _without_large(node: yaml.Node) -> yaml.Node:
    if not isinstance(node, yaml.MappingNode):
        return node
    return _filtered(node, lambda key, value: None if key == "large" else value)


def _text(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text)


def _list(items: list[str]) -> yaml.SequenceNode:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", [*map(_text, items)], flow_style=True)


def public_rubric(rubric: Rubric, assignment: Assignment, public: Assignment) -> str:
    """Return a rubric of the public spec: points of public checks, 0 for the others it knows of.

    Of a task without a public check that is worth anything the points stand at the first one: a
    rubric wants some, and how much a task is worth is no secret.
    """
    tasks: dict[str, dict[str, Any]] = {}
    total = Decimal(0)
    for task, known in zip(assignment.tasks, public.tasks, strict=True):
        priced = rubric.points[task.id]
        checks = [c for c in checks_of(known) if c in priced or not is_free(c)]
        points = {
            check: _decimal(priced.get(check, Fraction(0)))
            if is_public(rubric, task.id, check)
            else Decimal(0)
            for check in checks
        }
        if not any(points.values()):
            points[checks[0]] = _decimal(sum(priced.values(), Fraction(0)))
        tasks[task.id] = {check: _number(each) for check, each in points.items()}
        total += sum(points.values(), Decimal(0))
    for name, worth in rubric.manual.items():
        tasks[name] = {"manual": _number(_decimal(worth))}
        total += _decimal(worth)
    hidden = {
        task.id: {c: "hidden" for c in rubric.visibility[task.id] if c in checks_of(task)}
        for task in public.tasks
        if task.id in rubric.visibility
    }
    document: dict[str, Any] = {"rubric": rubric.id, "total": _number(total), "tasks": tasks}
    if any(hidden.values()):
        document["visibility"] = {name: checks for name, checks in hidden.items() if checks}
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_WIDTH))


def _decimal(points: Fraction) -> Decimal:
    return round(Decimal(points.numerator) / Decimal(points.denominator), _DIGITS)


def _number(points: Decimal) -> int | float:
    return int(points) if points == int(points) else float(points)
