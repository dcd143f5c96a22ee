"""The arrays of a replayed case, for the terminal: what went in, what came back, what was due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.model import Array, Battery, Draw, Expected, Fault, Observation, Task, Value

Due = Callable[[Task, Expected, Draw], Expected]

_ENTRIES = 100  # larger arrays are shown by their corners
_GATES = 50  # of a graph


def write(
    battery: Battery,
    observations: Sequence[Observation],
    due_to: Due,
    due_as: str = "expected",
) -> str:
    """Return the inputs, the answers and the expected answers of every replayed draw.

    ``due_to`` gives the answers that are due to a draw, whose noise may be its own; ``due_as`` is
    what they are called.
    """
    answers = {e.case.id: e for cases in battery.expected.values() for e in cases}
    parts = []
    for observation in observations:
        answer = answers[observation.case.id]
        label = f" ({observation.case.label})" if observation.case.label else ""
        parts.append(f"\ncase {observation.case.id}{label}\n")
        parts.append(_block("inputs", _readable(battery.task, observation.case.inputs)))
        for index, draw in enumerate(observation.draws):
            if observation.case.upstreams[index]:
                parts.append(_block(f"upstream, draw {index}", observation.case.upstreams[index]))
            expected = due_to(battery.task, answer, draw)
            due: dict[str, Any] = {**expected.outputs, **expected.gradients[index]}
            if expected.raises:
                due["raises"] = " or ".join(expected.raises)
            parts.append(_block(due_as, due))
            parts.append(_returned(draw))
    return "".join(parts)


def _readable(task: Task, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs; objects, and the wiring of a graph, by what their numbers stand for."""
    shown = dict(inputs)
    for name, source in task.call.objects:
        is_one = np.ndim(inputs[name]) == 0
        shown[name] = f"{source}[{inputs[name]}]" if is_one else _gates(task, inputs[name])
    return shown


def _gates(task: Task, rows: Array) -> dict[str, str]:
    """Return the gates, like ``{"g4": "GATES[2](x, g3)"}``, as many as can be read."""
    leaves = task.call.forward_args
    ((_, source),) = task.call.objects
    kinds = source.partition(".")[2]

    def name_of(number: int) -> str:
        return leaves[number] if number < len(leaves) else f"g{number}"

    gates = {
        name_of(own): f"{kinds}[{kind}]({', '.join(name_of(i) for i in used if i >= 0)})"
        for kind, own, *used in rows[:_GATES].tolist()
    }
    return gates if len(rows) <= _GATES else {**gates, "...": f"{len(rows) - _GATES} more"}


def _returned(draw: Draw) -> str:
    stages = {"forward": draw.forward, "backward": draw.backward}
    shown = {
        stage: f"{part.kind.value} {part.detail}" if isinstance(part, Fault) else _plain(part)
        for stage, part in stages.items()
        if part is not None
    }
    return _block("returned", shown)


def _plain(value: Value) -> Any:
    if value.form == "array":
        return value.array
    if value.form == "dict":
        return dict(zip(value.keys, map(_plain, value.items), strict=True))
    if value.form in ("tuple", "list"):
        return [_plain(item) for item in value.items]
    return value.type_name or value.form


def _block(title: str, named: Mapping[str, Any]) -> str:
    return f"  {title}\n" + "".join(_lines(name, value, 4) for name, value in named.items())


def _lines(name: str, value: Any, indent: int) -> str:
    pad = " " * indent
    if isinstance(value, dict):
        return f"{pad}{name}\n" + "".join(_lines(k, v, indent + 2) for k, v in value.items())
    if isinstance(value, list):
        named = {f"[{i}]": item for i, item in enumerate(value)}
        return _lines(name, named, indent)
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return f"{pad}{name} = {_number(value)}\n"
    return f"{pad}{name}, shape {value.shape} =\n{_shown(value, pad + '  ')}\n"


def _number(value: Any) -> str:
    if np.asarray(value).dtype.kind == "b":
        return str(bool(value))
    is_number = isinstance(value, (float, int, np.ndarray, np.generic))
    return f"{float(value):.8g}" if is_number else str(value)


def _shown(array: Array, prefix: str) -> str:
    text = np.array2string(
        array, precision=6, threshold=_ENTRIES, edgeitems=3, max_line_width=100 - len(prefix)
    )
    return "\n".join(prefix + line for line in text.splitlines())
