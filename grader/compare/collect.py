"""From what a call returned to named arrays: container, count, type; the numbers come later.

``collect_outputs`` and ``collect_gradients`` give, for every wanted name, an array or the
``Problem`` that stands in its way. The reference goes through the same functions. ``shapes_of``
says what shapes an answer has; the reference, which decides on them, is collected without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.model import Array, Expected, Task, Value
from grader.styles import STYLES, Results


@dataclass(frozen=True)
class Problem:
    """Why there is no array to judge: a finding without its place.

    ``cause`` is the part of the message that stays the same where the same mistake shows again.
    """

    code: str
    message: str
    cause: str = ""


@dataclass(frozen=True)
class Leaf:
    """An array as the student meant it; ``was`` is its type there, e.g. ``list``.

    ``called`` is the attribute it was read from, if any: the name that the student knows.
    """

    array: Array
    was: str
    called: str = ""
    is_untouched: bool = False  # zeros that nothing was written into


Collected = Mapping[str, Leaf | Problem]
Shapes = Mapping[str, tuple[int, ...]]


def shapes_of(expected: Expected) -> Shapes:
    """Return the shapes of all outputs and gradients of a case."""
    gradients = expected.gradients[0] if expected.gradients else {}
    return {name: array.shape for name, array in {**expected.outputs, **gradients}.items()}


def collect_outputs(task: Task, value: Value, shapes: Shapes) -> Collected:
    """Return the outputs of a forward by name."""
    names = task.outputs
    results = STYLES[task.call.style].results
    if results is Results.LOSS_FIRST:
        parts = _loss_parts(task, value)
        if isinstance(parts, Problem):
            return dict.fromkeys(names, parts)
        return {names[0]: _leaf(parts[0], names[0])}
    if results is Results.BY_NAME:
        return _named(value, (*names, *_gradient_names(task)), names, shapes, task)
    return _named(value, names, names, shapes, task)


def collect_gradients(task: Task, value: Value, shapes: Shapes) -> Collected:
    """Return the gradients by name (``dx`` ...), from a backward or from a one-call style."""
    names = _gradient_names(task)
    results = STYLES[task.call.style].results
    if results is Results.LOSS_FIRST:
        parts = _loss_parts(task, value)
        if isinstance(parts, Problem):
            return dict.fromkeys(names, parts)
        return _named(parts[1], names, names, shapes, task)
    if results is Results.BY_NAME:
        return _named(value, (*task.outputs, *names), names, shapes, task)
    if results is Results.OUTPUTS:
        return {}
    if task.call.gradient_attributes:
        return _with_attributes(task, value, shapes)
    named = _named(value, names, names, shapes, task)
    if STYLES[task.call.style].is_jacobian:
        return {name: _without_unit_axis(part, name, task, shapes) for name, part in named.items()}
    return named


def _without_unit_axis(
    part: Leaf | Problem, name: str, task: Task, shapes: Shapes
) -> Leaf | Problem:
    """Return a Jacobian of, or by, one number without the axis of size 1 that a matrix has there.

    m x n with m = 1 is 1 x n: the lecture writes d(u^T h)/du as the row h^T.
    """
    if isinstance(part, Problem) or name not in shapes:
        return part
    whole, output = shapes[name], shapes[task.outputs[0]]
    one = (1,)
    if task.conventions["layout"] == "numerator":
        matrix = (output or one) + (whole[len(output) :] or one)
    else:
        matrix = (whole[: len(whole) - len(output)] or one) + (output or one)
    return Leaf(part.array.reshape(whole), part.was) if part.array.shape == matrix else part


def _with_attributes(task: Task, value: Value, shapes: Shapes) -> Collected:
    """Return the gradients that backward returned and those that it left as attributes."""
    names = _gradient_names(task)
    attributes = {f"d{name}": attribute for name, attribute in task.call.gradient_attributes}
    returned = [name for name in names if name not in attributes]
    if value.form != "tuple" or [item.form for item in value.items[1:]] != ["dict"]:
        # Only a process that was tampered with answers so.
        return dict.fromkeys(names, Problem("R206", f"returned {describe(value)}"))
    first, left = value.items
    held = dict(zip(left.keys, left.items, strict=True))
    parts = _named(first, returned, returned, shapes, task) if returned else {}
    for name, attribute in attributes.items():
        if attribute in held:
            leaf = _leaf(held[attribute], attribute)
            parts[name] = replace(leaf, called=attribute) if isinstance(leaf, Leaf) else leaf
        else:
            parts[name] = Problem("S304", f"there is no attribute `{attribute}` after backward")
    return {name: parts[name] for name in names}


def _gradient_names(task: Task) -> tuple[str, ...]:
    return tuple(f"d{name}" for name in task.gradients)


def _loss_parts(task: Task, value: Value) -> tuple[Value, Value] | Problem:
    wanted = f"({task.outputs[0]}, {', '.join(_gradient_names(task))})"
    if value.form == "none":
        return Problem("S301", f"returned None, not {wanted}")
    if value.form not in ("tuple", "list"):
        return Problem("S302", f"returned {describe(value)}, not the pair {wanted}")
    if len(value.items) == 2:
        return value.items[0], value.items[1]
    if len(value.items) == 1 + len(task.gradients):
        return value.items[0], Value("tuple", items=value.items[1:])
    return Problem("S303", f"returned {len(value.items)} results, not {wanted}")


def _named(
    value: Value, order: Sequence[str], wanted: Sequence[str], shapes: Shapes, task: Task
) -> dict[str, Leaf | Problem]:
    """Pick ``wanted`` out of a value that holds the results named in ``order``."""
    container = task.conventions["container"]
    is_by_name = STYLES[task.call.style].results is Results.BY_NAME
    if value.form == "none":
        return dict.fromkeys(wanted, Problem("S301", f"returned None, not {', '.join(order)}"))
    if value.form == "dict" and container != "tuple":
        # CS231n's networks key gradients by their argument, grads["W1"]; in a circuit "x" is
        # the value of x, never its gradient.
        by_argument = not is_by_name and tuple(wanted) == _gradient_names(task)
        return {name: _keyed(value, name, by_argument) for name in wanted}
    if len(order) == 1:
        leaf = _leaf(_unwrapped(value, shapes.get(order[0], ())), order[0])
        if isinstance(leaf, Problem) and value.form == "tuple" and len(value.items) > 1:
            leaf = Problem("S303", f"returned {len(value.items)} results, not {order[0]} alone")
        return {order[0]: leaf}
    if value.form not in ("tuple", "list") or container == "dict":
        must = "a dict" if container == "dict" or is_by_name else "a tuple"
        message = f"returned {describe(value)}, not {must} of {', '.join(order)}"
        return dict.fromkeys(wanted, Problem("S302", message))
    if len(value.items) != len(order):
        plural = "" if len(value.items) == 1 else "s"
        message = (
            f"returned {len(value.items)} result{plural}, not {len(order)}: {', '.join(order)}"
        )
        return dict.fromkeys(wanted, Problem("S303", message))
    items = dict(zip(order, value.items, strict=True))
    return {name: _leaf(items[name], name) for name in wanted}


def _keyed(value: Value, name: str, by_argument: bool) -> Leaf | Problem:
    entries = dict(zip(value.keys, value.items, strict=True))
    for key in (name, name[1:]) if by_argument else (name,):
        if key in entries:
            return _leaf(entries[key], name)
    held = ", ".join(value.keys) or "nothing"
    missing = f"`{name}` is not in the returned dict"
    return Problem("S304", f"{missing}, which has {held}", missing)


def _unwrapped(value: Value, shape: tuple[int, ...]) -> Value:
    """Take a single result out of a tuple or list of one, unless the list is the array itself."""
    if value.form not in ("tuple", "list") or len(value.items) != 1:
        return value
    as_array = _stacked(value)
    return value if as_array is not None and as_array.ndim == len(shape) else value.items[0]


def _leaf(value: Value, name: str) -> Leaf | Problem:
    if value.form == "none":
        return Problem("S301", f"{name} is None")
    if value.form == "array" and value.array is not None:
        return Leaf(value.array, value.type_name, is_untouched=value.is_untouched)
    if value.form in ("list", "tuple"):
        array = _stacked(value)
        if array is not None:
            return Leaf(array, value.form)
        return Problem("S305", f"{name} is a {value.form} that is not a rectangle of numbers")
    return Problem("S305", f"{name} is {describe(value)}, not a numeric array")


def _stacked(value: Value) -> Array | None:
    if value.form == "array":
        return value.array
    if value.form not in ("list", "tuple") or not value.items:
        return None
    rows = [_stacked(item) for item in value.items]
    arrays = [row for row in rows if row is not None]
    if len(arrays) != len(rows) or len({a.shape for a in arrays}) != 1:
        return None
    return np.stack(arrays)


def describe(value: Value) -> str:
    """Return a few words for a value: ``an array of shape (3,)``, ``a tuple of 2``."""
    if value.form == "array" and value.array is not None:
        if value.array.ndim == 0:
            return f"a number ({value.type_name})"
        return f"an array of shape {value.array.shape}"
    if value.form in ("tuple", "list", "dict"):
        return f"a {value.form} of {len(value.items)}"
    if value.form == "none":
        return "None"
    kind = value.type_name or "unknown type"
    return f"an array of dtype {kind.split()[0]}" if kind.endswith(" array") else f"a {kind}"
