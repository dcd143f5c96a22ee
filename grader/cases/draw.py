"""Drawing inputs and upstream gradients: small, random, signed, of distinct dimensions."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.cases.forms import draw_integers, in_single
from grader.model import ANY_SHAPE, FORMS, Array, Domain, HyperParameter, Input, Kind, Task

_SMALL_SCALE = 1e-2
_MID_BATCH = 50
_MID = (64, 10, 23, 17, 29, 31)  # mid-size dimensions, in order of appearance
_COUNTS = {Kind.LABELS: 2, Kind.SCALAR: 4, Kind.NEAR_KINK: 2, Kind.TIES: 2, Kind.STRESS: 3}
# Upstream gradients per case, so eight in the random cases alone. Scalar cases are many and of one
# number each: a new upstream comes with every new input there.
_DRAWS = {
    Kind.RANDOM: 2, Kind.LABELS: 2, Kind.TIES: 2, Kind.NAMED: 2, **dict.fromkeys(FORMS, 2),
}  # fmt: skip
_OTHER_DRAWS = 1
_SHARE_OF_TRUE = 0.6  # in a mask: most of it is kept, and no small one is the same all over
# A backward is linear in the upstream; one that clips it, or adds to it, shows at other sizes.
_UPSTREAM_SCALE = {Kind.SMALL: 100.0, Kind.BATCH1: 0.01}
_QUARTERS = {Domain.REAL: (-8, 8), Domain.UNIT: (1, 3)}  # of other domains: 2 to 8
# Of scalars: enough numbers for a scale, and two kink arguments for each decade of size.
_SCALAR_COUNTS = {Kind.SMALL: 6, Kind.NEAR_KINK: 10}


def case_count(task: Task, kind: Kind) -> int:
    """Return how many cases of ``kind`` the task has."""
    if kind is Kind.RANDOM:
        return task.random_cases
    if kind is Kind.EXAMPLE:
        return len(task.examples)
    if kind is Kind.NAMED:
        return sum(named.draws for named in task.cases)
    return (_SCALAR_COUNTS if task.is_scalar else {}).get(kind, _COUNTS.get(kind, 1))


def dimensions_of(task: Task, values: Mapping[str, Any]) -> dict[str, int]:
    """Return the size of every named dimension, read off the inputs of a case."""
    return {
        name: int(size)
        for item in task.inputs
        if not item.is_elementwise
        if len(item.shape) == np.ndim(values[item.name])  # a sub-case may state another shape
        for name, size in zip(item.shape, np.shape(values[item.name]), strict=True)
        if isinstance(name, str)
    }


def draw_inputs(task: Task, kind: Kind, index: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return the inputs and hyper-parameters of one case by name.

    Arrays are float64, for labels and other integers int64, for masks bool; scalars and
    hyper-parameters are Python numbers.
    """
    if kind is Kind.EXAMPLE:
        given = task.examples[index].inputs
        values = {i.name: _given(given[i.name], i) for i in task.inputs}
        return values | {h.name: _given_hyper(given[h.name], h) for h in task.hyper_parameters}
    named = task.named_case(index) if kind is Kind.NAMED else None
    if named is not None:
        task = dataclasses.replace(task, sizes={**task.sizes, **named.sizes})
    dimensions = _dimensions(task, kind, index, rng)
    any_shape = _any_shape(task, kind, index, rng)
    values = {}
    for item in task.inputs:
        shape = any_shape if item.is_elementwise else _resolve(item.shape, dimensions)
        shape = named.shapes.get(item.name, shape) if named else shape
        values[item.name] = _entries(item, kind, index, shape, dimensions, rng)
    if kind is Kind.INTEGERS:
        values |= draw_integers(task, values, rng)
    elif kind is Kind.FLOAT32:
        values = in_single(values)
    for hyper in task.hyper_parameters:
        values[hyper.name] = _hyper(hyper, kind, rng)
    for name, factor in task.stress.items() if kind is Kind.STRESS else ():
        values[name] = values[name] * factor
    if named is not None:
        hypers = {h.name: h for h in task.hyper_parameters}
        items = {i.name: i for i in task.inputs}
        for name, value in named.values.items():
            if isinstance(value, str):  # in the place of a constant
                values[name] = value
            elif name in hypers:
                values[name] = _given_hyper(value, hypers[name])
            else:
                values[name] = _given(value, items[name])
    return values


def draw_upstreams(
    task: Task, kind: Kind, index: int, outputs: Mapping[str, Array], rng: np.random.Generator
) -> tuple[dict[str, Any], ...]:
    """Return one mapping per draw, ``dz`` -> array shaped like the output ``z``.

    Entries have magnitude 0.5 to 2, in some kinds scaled, and a random sign: near 1 they would
    hide a backward that ignores them, near 0 one that is wrong. Of a number, every other draw has
    the other sign. Without upstream there is one empty draw.
    """
    if not task.upstream:
        return ({},)
    if kind is Kind.EXAMPLE:
        given = task.examples[index].upstream
        return ({name: _shaped(value) for name, value in given.items()},)
    count = 1 if task.is_scalar else _DRAWS.get(kind, _OTHER_DRAWS)
    factor = _UPSTREAM_SCALE.get(kind, 1.0)
    draws = [
        {f"d{name}": factor * _signed(outputs[name].shape, rng) for name in task.upstream}
        for _ in range(count)
    ]
    for first, second in zip(draws[::2], draws[1::2], strict=False):
        for name, value in first.items():
            if isinstance(value, float):  # eight of one sign would come with one seed of 128
                second[name] = -math.copysign(second[name], value)
    return tuple(map(in_single, draws)) if kind is Kind.FLOAT32 else tuple(draws)


def _given(value: object, item: Input) -> Any:
    """Return the stated value of an input as it is handed out."""
    if item.domain is Domain.BOOLEANS:
        return _flags(np.asarray(value))
    return _shaped(value) if item.is_float else _whole(np.asarray(value, dtype=np.int64))


def _given_hyper(value: object, hyper: HyperParameter) -> Any:
    """Return the stated value of a hyper-parameter: a flag, a whole number, a number, an array."""
    if isinstance(value, bool):
        return value
    return _whole(np.asarray(value, dtype=np.int64)) if hyper.is_whole else _shaped(value)


def _whole(array: Array) -> Any:
    return int(array) if array.ndim == 0 else array


def _flags(array: Array) -> Any:
    flags = array.astype(np.bool_)
    return bool(flags) if flags.ndim == 0 else flags


def _shaped(value: object) -> Any:
    array = np.asarray(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array


def _signed(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    magnitude = rng.uniform(0.5, 2.0, shape)
    return _shaped(np.where(rng.random(shape) < 0.5, -magnitude, magnitude))


def _dimensions(task: Task, kind: Kind, index: int, rng: np.random.Generator) -> dict[str, int]:
    names = list(dict.fromkeys(d for i in task.inputs for d in i.shape if isinstance(d, str)))
    names = [name for name in names if name != ANY_SHAPE]
    is_mid = kind is Kind.RANDOM and index == task.random_cases - 1 and index > 0
    mid = iter(_MID)
    chosen: dict[str, int] = {}
    for name in names:
        low, high = task.sizes.get(name, (2, 9))
        if kind is Kind.NEAR_KINK:
            # Every entry is moved, so a few are enough; with fewer examples than features a
            # linear classifier can put all of its margins where we want them.
            wanted = (4, 4) if name == task.batch else (5, 7)
            low, high = (min(max(size, low), high) for size in wanted)
        if kind is Kind.SIZE and name in task.size:
            chosen[name] = task.size[name]
        elif is_mid:
            size = _MID_BATCH if name == task.batch else next(mid, 13)
            chosen[name] = min(max(size, low), high) if name in task.sizes else size
        else:
            free = [d for d in range(low, high + 1) if d not in chosen.values()]
            chosen[name] = int(rng.choice(free or range(low, high + 1)))
    if kind is Kind.BATCH1 and task.batch in chosen:
        chosen[task.batch] = 1
    if kind is Kind.LABELS and index == 0 and task.batch in chosen:
        classes = max(i.class_count(chosen) for i in task.label_inputs)
        chosen[task.batch] = classes + 2  # room for every class, and for repeated ones
    return chosen


def _any_shape(task: Task, kind: Kind, index: int, rng: np.random.Generator) -> tuple[int, ...]:
    if not task.is_elementwise:
        return ()
    dims = [int(d) for d in rng.permutation(np.arange(2, 8))]
    if kind is Kind.SCALAR:
        return ()
    if kind is Kind.BATCH1:
        return (1, dims[0])
    if kind is Kind.RANDOM and index == task.random_cases - 1:
        return (_MID_BATCH, _MID[0])
    if kind is Kind.NEAR_KINK:
        return (4, 5)  # two sizes in each decade, with both signs
    rank = 1 + index % 3 if kind is Kind.RANDOM else (1 if kind is Kind.TIES else 2)
    return tuple(dims[:rank])


def _resolve(shape: tuple[str | int, ...], dimensions: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(dimensions[d] if isinstance(d, str) else d for d in shape)


def _entries(
    item: Input,
    kind: Kind,
    index: int,
    shape: tuple[int, ...],
    dimensions: Mapping[str, int],
    rng: np.random.Generator,
) -> Any:
    if item.domain is Domain.LABELS:
        return _labels(kind, index, shape, item.class_count(dimensions), rng)
    if item.domain is Domain.BOOLEANS:
        return _flags(np.asarray(rng.random(shape) < _SHARE_OF_TRUE))
    if not item.is_float:
        return _whole(np.asarray(rng.integers(0, item.class_count(dimensions), shape)))
    if kind is Kind.TIES:
        # Quarters are exact in binary, and so are their sums and products: a tie made of them
        # is a tie under every order of summation, in float32 too.
        low, high = _QUARTERS.get(item.domain, (2, 8))
        quarters = rng.integers(low, high + 1, shape)
        sign = rng.choice([-1, 1], shape) if item.domain is Domain.NONZERO else 1
        return _shaped(quarters * sign / 4)
    if item.domain is Domain.REAL:
        drawn = rng.standard_normal(shape)
    elif item.domain is Domain.UNIT:
        drawn = rng.uniform(0.05, 0.95, shape)
    elif item.domain is Domain.NONZERO:
        return _scaled(_signed(shape, rng), kind)
    else:
        drawn = rng.uniform(0.5, 2.0, shape)
    return _scaled(_shaped(drawn), kind)


def _scaled(value: Any, kind: Kind) -> Any:
    return value * _SMALL_SCALE if kind is Kind.SMALL else value


def _labels(
    kind: Kind, index: int, shape: tuple[int, ...], classes: int, rng: np.random.Generator
) -> Array:
    count = int(np.prod(shape))
    if kind is Kind.LABELS and index == 0:
        labels = rng.permutation(np.arange(count) % classes)
    elif kind is Kind.LABELS:
        absent = int(rng.integers(classes))  # one class never occurs
        present = [c for c in range(classes) if c != absent] or [absent]
        labels = rng.choice(present, count)
    else:
        labels = rng.integers(0, classes, count)
    return labels.reshape(shape).astype(np.int64)


def _hyper(hyper: HyperParameter, kind: Kind, rng: np.random.Generator) -> float:
    if hyper.flag is not None:
        return hyper.flag
    if hyper.is_whole:
        return int(rng.integers(int(hyper.low), int(hyper.high), endpoint=True))
    if kind is Kind.EPS and hyper.large is not None:
        return hyper.large
    value = float(rng.uniform(hyper.low, hyper.high))
    if kind is Kind.TIES and hyper.low <= round(4 * value) / 4 <= hyper.high:
        value = round(4 * value) / 4  # exact, for a kink at a hyper-parameter
    return -value if hyper.signed and rng.random() < 0.5 else value
