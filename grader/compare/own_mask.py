"""The mask of a random layer, read off the student's output, and the answers that belong to it.

``own_mask``      which entries a forward kept.
``masked``        the right output and gradients for the entries that were kept.
``for_own_mask``  both in one.
``seed_masks``, ``seed_problem``   masks drawn under seeds, and what is wrong with them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from grader.compare.collect import Problem
from grader.compare.leaves import leaves_of, shapes_of
from grader.model import Array, Draw, Expected, Task


def is_noisy(expected: Expected) -> bool:
    """Return True for a case whose right answer depends on chance."""
    return expected.keep is not None and expected.keep < 1.0


def own_mask(task: Task, expected: Expected, draw: Draw) -> Array | None:
    """Return the mask of a draw of a noisy case; None where its output has none to show."""
    if not is_noisy(expected):
        return None
    name = task.outputs[0]
    leaf = leaves_of(task, draw, shapes_of(expected)).get(name)
    if leaf is None or leaf.array.shape != expected.outputs[name].shape:
        return None
    is_finite = leaf.array.dtype.kind in "fiub" and np.isfinite(leaf.array).all()
    return np.asarray(leaf.array != 0) if is_finite else None


def is_whole(kept: Array) -> bool:
    """Return True where all entries are kept, or none."""
    return bool(kept.all() or not kept.any())


def masked(task: Task, expected: Expected, kept: Array) -> Expected:
    """Return the answers to a noisy case for the entries that were kept."""
    if task.random is None or expected.keep is None:
        return expected
    factor = kept / expected.keep
    name, argument = task.outputs[0], task.random.argument
    return dataclasses.replace(
        expected,
        outputs={name: expected.case.inputs[argument] * factor},
        gradients=tuple(
            {f"d{argument}": upstream[f"d{name}"] * factor} for upstream in expected.case.upstreams
        ),
    )


def for_own_mask(task: Task, expected: Expected, draw: Draw) -> Expected:
    """Return the answers to a case for the mask of a draw; as they are where there is none."""
    kept = own_mask(task, expected, draw)
    return expected if kept is None else masked(task, expected, kept)


def seed_masks(task: Task, expected: Expected, draws: Sequence[Draw]) -> list[Array]:
    """Return the masks that calls show; a call that keeps all, or nothing, shows none."""
    shown = [own_mask(task, expected, draw) for draw in draws]
    return [kept for kept in shown if kept is not None and not is_whole(kept)]


def seed_problem(masks: Sequence[Array]) -> Problem | None:
    """Return what is wrong with masks under one seed, under another, and the first one again."""
    one, other, again = masks
    if not np.array_equal(one, again):
        return Problem("B512", "two calls with the same seed drop different entries")
    if np.array_equal(one, other):
        return Problem("B512", "two seeds drop the same entries")
    return None
