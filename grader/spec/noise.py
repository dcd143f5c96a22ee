"""Reading ``random``: which random mask the output of a task is made with."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.model import Domain, HyperParameter, Input, Mask, Task
from grader.spec.yaml_cursor import Cursor, nearest
from grader.styles import BACKWARD, STYLES

# Nearer to one half, a mask that keeps what it should drop looks like one that does not.
_HALF = 0.05
_AWAY_FROM_ZERO = (Domain.NONZERO, Domain.POSITIVE)


def seed_of(cursor: Cursor | None) -> str | None:
    """Return the name of the seed; its place is checked where the dicts are known."""
    if cursor is None or not cursor.is_mapping:
        return None
    entry = dict(cursor.mapping()).get("seed")
    return entry.name() if entry else None


def read_mask(
    cursor: Cursor | None,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    dicts: Mapping[str, Collection[str]],
) -> Mask | None:
    """Read ``{mask: x, keep: p, seed: seed}``; with ``drop:`` p is the probability to drop."""
    if cursor is None:
        return None
    fields = cursor.mapping(["mask", "keep", "drop", "seed"], ["mask"])
    if len({"keep", "drop"} & fields.keys()) != 1:
        cursor.problem("state either `keep:` or `drop:`, the probability that an entry is so")
    if "mask" not in fields or len({"keep", "drop"} & fields.keys()) != 1:
        return None
    argument = fields["mask"].choice([i.name for i in inputs])
    if any(i.name == argument and i.domain not in _AWAY_FROM_ZERO for i in inputs):
        fields["mask"].problem(
            f"`{argument}` needs `domain: nonzero` or `positive`: a 0 hides whether it was kept"
        )
    meaning = "keep" if "keep" in fields else "drop"
    probability = fields[meaning].choice([h.name for h in hypers])
    for hyper in (h for h in hypers if h.name == probability):
        _check_range(fields[meaning], hyper)
    seed = fields["seed"].name() if "seed" in fields else None
    if seed is not None and not any(seed in keys for keys in dicts.values()):
        entries = [key for keys in dicts.values() for key in keys]
        fields["seed"].problem(
            f"`{seed}` must be an entry of a dict, where it can be left out{nearest(seed, entries)}"
        )
    if seed in {i.name for i in inputs} | {h.name for h in hypers}:
        fields["seed"].problem(f"the name `{seed}` is given to two things")
    return Mask(argument, probability, meaning == "keep", seed)


def _check_range(cursor: Cursor, hyper: HyperParameter) -> None:
    low, high = hyper.low, hyper.high
    is_below, is_above = 0 < low <= high <= 0.5 - _HALF, 0.5 + _HALF <= low <= high < 1
    if hyper.flag is not None or hyper.signed or hyper.large or not (is_below or is_above):
        cursor.problem(
            f"`{hyper.name}` needs a range within 0 and {0.5 - _HALF:g}, or {0.5 + _HALF:g} and 1: "
            "at one half nobody can tell what it is the probability of"
        )


def check_random(cursor: Cursor, task: Task) -> None:
    """Refuse a task whose noise cannot be read off its output."""
    if task.random is None:
        return
    traits = STYLES[task.call.style]
    floats = {i.name for i in task.inputs if i.is_float}
    if (
        BACKWARD not in traits.stages
        or traits.sees_inputs_twice
        or floats != {task.random.argument}
        or task.gradients != (task.random.argument,)
        or len(task.outputs) != 1
        or task.upstream != task.outputs
        or task.kinks is not None
        or task.draw is not None
        or task.examples
        or task.conventions["in_place"] == "by_flag"
    ):
        cursor.problem(
            "`random` needs a forward and a backward of their own, one input of real numbers and "
            "its gradient, one output with an upstream, and no `kinks`, `draw`, "
            "`examples` or `in_place`"
        )
