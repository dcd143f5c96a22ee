"""Kinks: declared ones that are too near, too far or idle, and jumps that nobody declared.

The gradient is followed along straight lines between random inputs. Where it still jumps after the
line was halved thirty times, it has a kink, and a kink argument must change its sign there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np

from grader.cases import case_count, case_rng, dimensions_of, kink_margin
from grader.codes import finding
from grader.model import Array, Battery, Domain, Finding, Kind
from grader.oracle import Reference, answer, clear_share, drawn_inputs

_DRAWS = 100
# A case is drawn up to 100 times: with this share one case of 5e9 finds no inputs.
_RARE = 0.2
_LINES = 12
_MOST_LINES = 64  # where no kink is crossed on fewer
_GRID = tuple(float(t) for t in np.linspace(0.0, 1.0, 33))
_HALVINGS = 30
# Smooth code moves by 1e-9 of its way over the last piece of a line; a jump stays what it was.
_JUMP = 1e-4


def near_kinks(reference: Reference, run_seed: bytes) -> Iterator[Finding]:
    """Yield a finding when random inputs seldom keep away from the kinks."""
    share = clear_share(reference, run_seed, _DRAWS)
    if share < _RARE:
        message = (
            f"{share:.0%} of random inputs keep away from every kink, too few to rely on finding "
            "a case"
        )
        yield finding("W841", "", message, evidence={"share": share, "needed": _RARE})


def weak_kinks(reference: Reference, battery: Battery, run_seed: bytes) -> Iterator[Finding]:
    """Yield what is wrong with the kinks that are declared, or with having none."""
    if not battery.task.gradients:
        return
    lines = [_line(reference, battery, run_seed, index) for index in range(_LINES)]
    jump = next(filter(None, map(_undeclared_jump, lines)), None)
    if jump is not None:
        yield finding(
            "W842",
            "",
            f"{jump.name} jumps by {jump.size:.2g} of its scale within {2.0**-_HALVINGS:.0e} of a "
            f"line between two inputs{_where(reference)}",
            argument=jump.name,
            evidence={"jump": jump.size},
        )
    if reference.kinks is None:
        return
    more = (_line(reference, battery, run_seed, i) for i in range(_LINES, _MOST_LINES))
    yield from _idle_kinks(lines, more)
    yield from _far_cases(reference, battery)
    if battery.no_ties:
        yield finding("W845", "ties", battery.no_ties, evidence={"ties": 0})


def _where(reference: Reference) -> str:
    return ", where no kink argument changes its sign" if reference.kinks else ""


def _idle_kinks(lines: Iterable[_Line], more: Iterable[_Line]) -> Iterator[Finding]:
    """Yield a finding unless something jumps at a kink; ``more`` lines if none crosses one."""
    places, most = 0, 0.0
    for line in chain(lines, more):
        if line.index >= _LINES and places:
            break
        for change in line.changes_at_kinks():
            if change > _JUMP:
                return
            places, most = places + 1, max(most, change)
    message = (
        f"at {places} places where a kink argument changes its sign, outputs and gradients change "
        f"by {most:.2g} of their scale"
    )
    yield finding("W843", "", message, evidence={"places": places, "change": most})


def _far_cases(reference: Reference, battery: Battery) -> Iterator[Finding]:
    """Compare the nearest kink of the `near_kink` cases with where they are meant to be."""
    kinks, cases = reference.kinks, battery.expected.get(Kind.NEAR_KINK, ())
    if kinks is None or not cases:
        return
    nearest = min(kink_margin(kinks, e.case.inputs) for e in cases)
    count = int(np.size(kinks(**cases[0].case.inputs)))
    # As `approach_kinks` aims: five decades in as many strata as there are arguments, or cases.
    strata = case_count(battery.task, Kind.NEAR_KINK) if count == 1 else (min(count, 6) + 1) // 2
    wanted = 10.0 ** (5.0 / strata - 5.0)
    if nearest > 1.01 * wanted:
        message = f"the nearest kink is {nearest:.2g} away, where {wanted:.2g} is meant"
        yield finding("W844", "near_kink", message, evidence={"nearest": nearest, "wanted": wanted})


@dataclass(frozen=True)
class _Jump:
    name: str
    size: float


@dataclass(frozen=True)
class _Line:
    """Answers of a reference, and its kink arguments, along a line between two inputs."""

    index: int
    at: Callable[[float], Mapping[str, Array]]
    signs: Callable[[float], Array]
    scale: Mapping[str, float]

    def differences(self, low: float, high: float) -> dict[str, float]:
        """Return the largest change of each array between two points, in units of its scale."""
        one, two = self.at(low), self.at(high)
        return {
            name: float(np.max(np.abs(two[name] - array), initial=0.0)) / self.unit(name)
            for name, array in one.items()
        }

    def unit(self, name: str) -> float:
        """Return the scale of an array; 1 for one that is always 0."""
        return self.scale[name] or 1.0

    def is_declared(self, low: float, high: float) -> bool:
        """Return True where a kink argument changes its sign between two points, or is 0."""
        one, two = self.signs(low), self.signs(high)
        return bool(np.any((one != two) | (one == 0)))

    def changes_at_kinks(self) -> Iterator[float]:
        """Yield how far the answers jump at each place where a kink argument changes its sign."""
        for low, high in pairwise(_GRID):
            if not self.is_declared(low, high):
                continue
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                is_left = self.is_declared(low, middle)
                low, high = (low, middle) if is_left else (middle, high)  # noqa: PLW2901
            yield max(self.differences(low, high).values())

    def jump(self, name: str, entry: int, low: float, high: float) -> float:
        """Return what is left of the change of one entry when a piece of the line is halved."""

        def value(t: float) -> float:
            return float(self.at(t)[name].flat[entry])

        left, right = value(low), value(high)
        for _ in range(_HALVINGS):
            if abs(right - left) <= _JUMP * self.unit(name):
                return 0.0
            middle = 0.5 * (low + high)
            between = value(middle)
            if abs(between - left) >= abs(right - between):
                high, right = middle, between
            else:
                low, left = middle, between
        return abs(right - left) / self.unit(name)


def _undeclared_jump(line: _Line) -> _Jump | None:
    """Return the largest jump on a line at a place where no kink argument changes its sign."""
    seen = [line.at(t) for t in _GRID]
    is_declared = np.array([line.is_declared(a, b) for a, b in pairwise(_GRID)])
    worst = _Jump("", 0.0)
    for name in seen[0]:
        steps = np.abs(np.diff(np.stack([array[name].ravel() for array in seen]), axis=0))
        # A jump stands out from the steps beside it; a smooth array changes its step slowly.
        padded = np.pad(steps, ((1, 1), (0, 0)), mode="edge")
        excess = steps - np.minimum(padded[:-2], padded[2:])
        excess[is_declared] = 0.0
        if excess.size and excess.max() > _JUMP * line.unit(name):
            piece, entry = np.unravel_index(int(np.argmax(excess)), excess.shape)
            size = line.jump(name, int(entry), _GRID[piece], _GRID[piece + 1])
            if size > worst.size:
                worst = _Jump(name, size)
    return worst if worst.name else None


def _line(reference: Reference, battery: Battery, run_seed: bytes, index: int) -> _Line:
    """Return a line between two inputs of the same shapes, labels and hyper-parameters."""
    task = battery.task
    kind = Kind.SCALAR if Kind.SCALAR in battery.expected else Kind.RANDOM
    cases = battery.expected[kind]
    start = cases[index % max(len(cases) - 1, 1)].case  # the last one may be of real size
    rng = case_rng(run_seed, task.id, kind, -2 - index)
    first, upstream = start.inputs, start.upstreams[0]
    second = drawn_inputs(_of_sizes(reference, first), kind, 0, rng)
    ends = {
        item.name: _same_side(item.domain, first[item.name], second[item.name])
        for item in task.inputs
        if item.is_float and np.shape(second[item.name]) == np.shape(first[item.name])
    }

    def values(t: float) -> dict[str, Any]:
        moved = {name: (1.0 - t) * first[name] + t * end for name, end in ends.items()}
        return {**first, **moved}

    def at(t: float) -> Mapping[str, Array]:
        got = answer(reference, values(t), (upstream,))
        arrays = {**got.outputs, **got.gradients[0]}
        return {name: np.asarray(array, dtype=np.float64) for name, array in arrays.items()}

    def signs(t: float) -> Array:
        if reference.kinks is None:
            return np.zeros(0)
        return np.sign(np.asarray(reference.kinks(**values(t)), dtype=np.float64).ravel())

    return _Line(index, at, signs, battery.scale[Kind.RANDOM])


def _of_sizes(reference: Reference, inputs: Mapping[str, Any]) -> Reference:
    sizes = {name: (size, size) for name, size in dimensions_of(reference.task, inputs).items()}
    task = dataclasses.replace(reference.task, sizes=sizes)
    return dataclasses.replace(reference, task=task)


def _same_side(domain: Domain, first: Any, second: Any) -> Any:
    """Return the end of a line that does not leave the domain: past 0 where 0 is not in it."""
    if domain is not Domain.NONZERO:
        return second
    end = np.copysign(second, first)
    return end if np.ndim(end) else float(end)
