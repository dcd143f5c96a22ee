"""Dimensions that are equal or 1 in every random case: shapes that could fit by luck.

Equal ones that some sub-case tells apart are meant: square kernels, and a line for other ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from grader.cases import dimensions_of
from grader.codes import finding
from grader.model import Array, Battery, Finding, Input, Kind


def weak_dimensions(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each pair of equal dimensions, and for each dimension that is 1."""
    task = battery.task
    drawn = [dimensions_of(task, e.case.inputs) for e in battery.expected[Kind.RANDOM]]
    named = [dimensions_of(task, e.case.inputs) for e in battery.expected.get(Kind.NAMED, ())]
    for one, two in combinations(drawn[0], 2):
        if all(sizes[one] == sizes[two] for sizes in (*drawn, *named)):
            size = " or ".join(map(str, sorted({sizes[one] for sizes in drawn})))
            yield _equal(battery, f"{one} and {two}", (one, two), size)
    for item in task.inputs:
        yield from _equal_within(battery, item, [*drawn, *named])
    yield from _mirrored(battery)
    for name in drawn[0]:
        if all(sizes[name] == 1 for sizes in drawn):
            counts = ", and it counts the examples" if name == task.batch else ""
            message = f"{name} is 1 in all {len(drawn)} random cases{counts}"
            yield finding("W822", "", message, argument=name, evidence={"size": 1})
    yield from _single_class(battery, drawn)


def _equal_within(
    battery: Battery, item: Input, drawn: Sequence[Mapping[str, int]]
) -> Iterator[Finding]:
    """Yield the fixed sizes of one input that equal another of its dimensions."""
    for one, two in combinations(item.shape, 2):
        if isinstance(one, str) and isinstance(two, str):
            continue  # names are compared over all inputs
        sizes = [(d.get(str(one), one), d.get(str(two), two)) for d in drawn]
        if all(a == b for a, b in sizes) and sizes[0][0] != 1:
            names = [d for d in (one, two) if isinstance(d, str)]
            what = f"{names[0]} and another dimension" if names else "two dimensions"
            yield _equal(battery, f"{what} of {item.name}", (str(one), str(two)), f"{sizes[0][0]}")


def _mirrored(battery: Battery) -> Iterator[Finding]:
    """Yield two matrices of fixed sizes whose product is square, [4, 3] and [3, 4]."""
    fixed = [i for i in battery.task.inputs if len(i.shape) == 2 and not _names(i.shape)]
    for one, two in combinations(fixed, 2):
        if one.shape == two.shape[::-1] and one.shape != two.shape:
            what = f"the outer dimensions of {one.name} and {two.name}"
            pair = (str(one.shape[0]), str(two.shape[1]))
            yield _equal(battery, what, pair, pair[0])


def _names(shape: tuple[str | int, ...]) -> list[str]:
    return [d for d in shape if isinstance(d, str)]


def _equal(battery: Battery, what: str, pair: tuple[str, str], size: str) -> Finding:
    hidden = _hidden(battery, pair)
    return finding(
        "W821",
        "",
        f"{what} are both {size} in every random case; no shape tells apart: {', '.join(hidden)}",
        argument=pair[0],
        evidence={"dimensions": pair, "size": size, "hidden": hidden},
    )


def _hidden(battery: Battery, pair: tuple[str, str]) -> list[str]:
    """Name the mistakes that fit the shapes only because two dimensions are equal."""
    task, cases = battery.task, battery.expected[Kind.RANDOM]
    shapes = {f"d{i.name}": tuple(map(str, i.shape)) for i in task.inputs}
    wanted = {name: shapes.get(name, ()) for name in (f"d{g}" for g in task.gradients)}
    square = [o for o in task.outputs if all(_is_square(e.outputs[o]) for e in cases)]
    hidden = [f"a transposed {name}" for name, s in wanted.items() if sorted(s) == sorted(pair)]
    hidden += [f"a transposed {name}" for name in square]
    hidden += [
        f"{name} summed over the wrong axis"
        for name, shape in wanted.items()
        if shape in (pair[:1], pair[1:])
    ]
    if pair[0] != pair[1]:
        hidden.append(f"{pair[1]} counted for {pair[0]}")
    return hidden or ["swapped axes"]


def _is_square(array: Array) -> bool:
    return array.ndim == 2 and array.shape[0] == array.shape[1]


def _single_class(battery: Battery, drawn: Sequence[Mapping[str, int]]) -> Iterator[Finding]:
    for item in battery.task.label_inputs:
        counts = {item.class_count(sizes) for sizes in drawn}
        if counts == {1} and item.classes not in drawn[0]:  # else told as a dimension of 1
            message = f"{item.name} has 1 class: every label is 0"
            yield finding("W823", "", message, argument=item.name, evidence={"classes": 1})
