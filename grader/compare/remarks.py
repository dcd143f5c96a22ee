"""What is worth saying and never costs points: precision, containers, changed arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks import backward_check, forward_check, may_change, value_checks
from grader.codes import finding
from grader.compare.collect import Leaf, collect_gradients, collect_outputs
from grader.model import Battery, Draw, Fault, Finding, Kind, Observation, Task

_OTHER_TYPES = (Kind.FLOAT32, Kind.INTEGERS)
Remark = tuple[str, str, str]  # code, argument, message


def notes(battery: Battery, observations: Sequence[Observation]) -> list[Finding]:
    """Return one note of each kind that applies, with the first case that shows it."""
    task = battery.task
    found: dict[str, Finding] = {}
    for observation in observations:
        remarks = [r for draw in observation.draws for r in _changed(task, draw)]
        if observation.case.kind not in _OTHER_TYPES:  # the student's follow from ours there
            remarks += _unusual(task, observation.draws[0])
        for code, argument, message in remarks:
            if code not in found:
                found[code] = finding(
                    code,
                    _check_of(task, argument),
                    message,
                    argument=argument,
                    case=observation.case.id,
                )
    return list(found.values())


def _check_of(task: Task, argument: str) -> str:
    if argument in task.outputs:
        return forward_check(task, argument)
    gradient = argument.removeprefix("d")
    if argument != gradient and gradient in task.gradients:
        return backward_check(gradient)
    return value_checks(task)[-1 if argument != gradient else 0]


def _changed(task: Task, draw: Draw) -> Iterator[Remark]:
    if task.conventions["mutation"] == "error":  # a check of its own
        return
    for name in draw.mutated:
        if name not in may_change(task):
            code = "N702" if name in upstreams_of(task) else "N701"
            yield code, name, changed_in_place(task, name)


def upstreams_of(task: Task) -> set[str]:
    """Return the names of the upstream gradients."""
    return {f"d{output}" for output in task.upstream}


def changed_in_place(task: Task, name: str) -> str:
    """Return the words for an argument that was changed."""
    by = f" by {task.call.backward}" if name in upstreams_of(task) and task.call.backward else ""
    return f"{name} is changed in place{by}"


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
