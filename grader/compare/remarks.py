"""What is worth saying and never costs points: precision, containers, changed arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks import value_checks
from grader.codes import finding
from grader.compare.collect import Leaf, collect_gradients, collect_outputs
from grader.model import Battery, Draw, Fault, Finding, Observation, Task

Remark = tuple[str, str, str]  # code, argument, message


def notes(battery: Battery, observations: Sequence[Observation]) -> list[Finding]:
    """Return one note of each kind that applies, with the first case that shows it."""
    task = battery.task
    found: dict[str, Finding] = {}
    for observation in observations:
        remarks = [r for draw in observation.draws for r in _changed(task, draw)]
        remarks += _unusual(task, observation.draws[0])
        for code, argument, message in remarks:
            if code not in found:
                is_forward = argument in task.outputs or code == "N701"
                check = value_checks(task)[0 if is_forward else len(task.outputs)]
                found[code] = finding(
                    code, check, message, argument=argument, case=observation.case.id
                )
    return list(found.values())


def _changed(task: Task, draw: Draw) -> Iterator[Remark]:
    for name in draw.mutated:
        code = "N702" if name.removeprefix("d") in task.upstream else "N701"
        yield code, name, f"{name} is changed in place by {task.call.target}"


def _unusual(task: Task, draw: Draw) -> Iterator[Remark]:
    returned = []
    if not isinstance(draw.forward, Fault):
        returned.append(collect_outputs(task, draw.forward, {}))
    answer = draw.forward if draw.backward is None else draw.backward
    if not isinstance(answer, Fault):
        returned.append(collect_gradients(task, answer, {}))
    for collected in returned:
        for name, leaf in collected.items():
            if isinstance(leaf, Leaf):
                yield from _unusual_array(name, leaf)


def _unusual_array(name: str, leaf: Leaf) -> Iterator[Remark]:
    if leaf.array.dtype == "float32":
        yield "N704", name, f"{name} is float32"
    elif leaf.array.dtype.kind in "iub" and leaf.array.ndim:
        yield "N709", name, f"{name} has dtype {leaf.array.dtype}"
    if leaf.was in ("list", "tuple") and leaf.array.ndim:
        yield "N708", name, f"{name} is a {leaf.was} of numbers"
