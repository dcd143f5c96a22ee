"""Random cases moved and enlarged: there a numerical derivative is not as good as it looks.

A difference of two forwards divided by a small step carries rounding errors that a formula has
not. They change altogether when the inputs move by their last digits, and they swallow the step
when the inputs are huge.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Battery, Case, Expected, Kind, Named
from grader.numeric import largest, largest_difference
from grader.oracle.reference import Reference, answer

_ARRAY_CASES = 3  # of a task with arrays; a task of numbers needs all of its cases
_NUDGES = 2
_NUDGE = 2.0**-52  # the last digit of a number
_MOST_DIGITS = 4
_HUGE, _LARGE = 40, 20  # powers of two; the second for what would overflow float32
# At a scale that changes nothing but the scale of the gradients, float32 and float64 agree to
# 5e-7; where an operation saturates or loses digits, they do not.
_AGREEMENT = 1e-5


@dataclass(frozen=True)
class Variations:
    """Cases, their inputs moved twice by their last digits, and enlarged where that is fair.

    ``judged`` are the gradients that can be judged in the enlarged cases, ``factor`` says how
    much larger the inputs are there.
    """

    plain: tuple[Expected, ...]
    nudged: tuple[tuple[Expected, ...], ...]
    enlarged: tuple[Expected, ...]
    judged: frozenset[str]
    factor: str

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case that the student's code has not seen yet."""
        return tuple(e.case for group in (*self.nudged, self.enlarged) for e in group)


def variations(reference: Reference, battery: Battery) -> Variations:
    """Return the variations of a task's random cases, with one upstream each."""
    random = battery.expected[Kind.RANDOM]
    plain = tuple(map(_first_draw, random if battery.task.is_scalar else random[:_ARRAY_CASES]))
    index = len(random)
    nudged = []
    for _ in range(_NUDGES):
        rng = np.random.default_rng(index)
        nudged.append(
            tuple(_moved(reference, e, _nudges(reference, e, rng), index + i)
                  for i, e in enumerate(plain))
        )  # fmt: skip
        index += len(plain)
    for powers in _scalings(reference):
        factors = {name: 2.0**power for name, power in powers.items()}
        enlarged = _enlarged(reference, plain, factors, index)
        judged = _judged(reference, plain, enlarged)
        if judged:
            factor = ", ".join(f"{name} times 2^{power}" for name, power in powers.items())
            return Variations(plain, tuple(nudged), tuple(enlarged), judged, factor)
    return Variations(plain, tuple(nudged), (), frozenset(), "")


def _first_draw(expected: Expected) -> Expected:
    case = dataclasses.replace(expected.case, upstreams=expected.case.upstreams[:1])
    return dataclasses.replace(expected, case=case, gradients=expected.gradients[:1])


def _moved(
    reference: Reference, expected: Expected, factors: Mapping[str, Any], index: int
) -> Expected:
    """Return a case with its inputs multiplied, and the reference's answer to it."""
    inputs = dict(expected.case.inputs)
    inputs |= {name: inputs[name] * factor for name, factor in factors.items()}
    case = dataclasses.replace(expected.case, inputs=inputs, index=index)
    got = answer(reference, inputs, case.upstreams)
    return Expected(case, got.outputs, got.gradients)


def _enlarged(
    reference: Reference, plain: tuple[Expected, ...], factors: Mapping[str, float], index: int
) -> list[Expected]:
    """Return the enlarged cases, none where the reference raises there, as math.exp does."""
    with suppress(Exception):
        return [_moved(reference, e, factors, index + i) for i, e in enumerate(plain)]
    return []


def _nudges(reference: Reference, expected: Expected, rng: np.random.Generator) -> dict[str, Any]:
    """Return factors that change the last digits of every input, each entry in its own way."""
    factors = {}
    for name in _floats(reference):
        shape = np.shape(expected.case.inputs[name])
        digits = rng.integers(1, _MOST_DIGITS + 1, shape) * rng.choice((-1, 1), shape)
        factor = 1.0 + _NUDGE * digits
        factors[name] = factor if shape else float(factor)
    return factors


def _scalings(reference: Reference) -> Iterator[dict[str, int]]:
    """Yield powers of two for the inputs: all of them up, or one up and the others down."""
    names = _floats(reference)
    for power in (_HUGE, _LARGE):
        yield dict.fromkeys(names, power)
    if len(names) > 1:
        for chosen in names:
            yield {name: _HUGE if name == chosen else -_HUGE for name in names}


def _floats(reference: Reference) -> tuple[str, ...]:
    return tuple(item.name for item in reference.task.inputs if item.is_float)


def _judged(
    reference: Reference, plain: tuple[Expected, ...], enlarged: list[Expected]
) -> frozenset[str]:
    """Return the gradients that scaling multiplied by a power of two, and did not change else.

    Only then is a student's honest formula as exact there as it was. All gradients must still be
    finite, in float32 too.
    """
    if not enlarged:
        return frozenset()
    with np.errstate(all="ignore"):
        single = [_in_single(reference, each) for each in enlarged]
        exact = [each.gradients[0] for each in enlarged]
        names = tuple(exact[0])
        if not all(np.isfinite(a).all() for named in (*single, *exact) for a in named.values()):
            return frozenset()
        return frozenset(
            name for name in names
            if _is_multiple(name, [e.gradients[0] for e in plain], exact)
            and _agree(name, single, exact)
        )  # fmt: skip


def _in_single(reference: Reference, expected: Expected) -> Named:
    def single(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _as_single(value) for name, value in values.items()}

    case = expected.case
    return answer(reference, single(case.inputs), tuple(map(single, case.upstreams))).gradients[0]


def _as_single(value: Any) -> Any:
    is_float = isinstance(value, float) or getattr(value, "dtype", None) == np.float64
    return np.asarray(value, np.float32)[()] if is_float else value


def _is_multiple(name: str, plain: list[Named], enlarged: list[Named]) -> bool:
    before, after = (max(largest(named[name]) for named in all_) for all_ in (plain, enlarged))
    if not before > 0 < after:
        return False
    power = 2.0 ** np.round(np.log2(after / before))
    return all(
        largest_difference(np.asarray(b[name]) * power, a[name]) <= _AGREEMENT * after
        for b, a in zip(plain, enlarged, strict=True)
    )


def _agree(name: str, single: list[Named], exact: list[Named]) -> bool:
    scale = max(largest(named[name]) for named in exact)
    return all(
        largest_difference(np.asarray(s[name]), e[name]) <= _AGREEMENT * scale
        for s, e in zip(single, exact, strict=True)
    )
