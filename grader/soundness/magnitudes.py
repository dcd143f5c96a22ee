"""Gradients that are zero, nearly zero or constant, and outputs that are constant.

Asking for them tests nothing: a literal would pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from grader.codes import finding
from grader.compare.judge import tolerance_for
from grader.model import Array, Battery, Finding, Kind
from grader.numeric import largest

_SAME = 1e-9


def flat_gradients(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each gradient that is zero, nearly zero or constant."""
    scale = battery.scale[Kind.RANDOM]
    effects = _effects(battery)
    whole = max([_result_size(battery), *effects.values()])
    allowed = tolerance_for(np.zeros(1), battery.task.tolerance)
    for name, effect in effects.items():
        gradient = f"d{name}"
        arrays = [g[gradient] for e in battery.expected[Kind.RANDOM] for g in e.gradients]
        if scale[gradient] == 0.0:
            message = f"{gradient} is 0 in all {len(arrays)} random cases and upstreams"
            yield finding("W811", "", message, argument=gradient, evidence={"largest": 0.0})
        elif effect <= allowed * whole:
            yield finding(
                "W812",
                "",
                f"{gradient} is at most {scale[gradient]:.2g}: {name} moves the result by "
                f"{effect / whole:.2g} of its size, and {allowed:.2g} is allowed",
                argument=gradient,
                evidence={"largest": scale[gradient], "share": effect / whole,
                          "tolerance": allowed},
            )  # fmt: skip
        elif _is_constant(arrays):
            yield _constant("W813", gradient, arrays)


def constant_outputs(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each output that is the same in every random case."""
    for name in battery.task.outputs:
        arrays = [e.outputs[name] for e in battery.expected[Kind.RANDOM]]
        if _is_constant(arrays):
            yield _constant("W814", name, arrays)


def _constant(code: str, name: str, arrays: Sequence[Array]) -> Finding:
    value = float(arrays[0].flat[0])
    what = f"{value:.6g}" if _is_one_number(arrays) else "the same array"
    message = f"{name} is {what} in all {len(arrays)} random cases"
    return finding(code, "", message, argument=name, evidence={"first_entry": value})


def _is_constant(arrays: Sequence[Array]) -> bool:
    """Return True for one number everywhere, or the same array in every case."""
    if len({array.shape for array in arrays}) > 1:
        return _is_one_number(arrays)
    return all(np.allclose(array, arrays[0], rtol=_SAME, atol=0) for array in arrays)


def _is_one_number(arrays: Sequence[Array]) -> bool:
    entries = np.concatenate([array.ravel() for array in arrays])
    return bool(np.allclose(entries, entries[0], rtol=_SAME, atol=0))


def _effects(battery: Battery) -> dict[str, float]:
    """Return what a change of each argument by its own size does to the result."""
    cases = battery.expected[Kind.RANDOM]
    effects = {}
    for name in battery.task.gradients:
        values = [{**e.outputs, **e.case.inputs}[name] for e in cases]
        size = max(largest(np.asarray(value)) for value in values)
        effects[name] = battery.scale[Kind.RANDOM][f"d{name}"] * size
    return effects


def _result_size(battery: Battery) -> float:
    """Return the size of what is differentiated: the outputs times their upstreams."""
    task, scale = battery.task, battery.scale[Kind.RANDOM]
    if not task.upstream:
        return scale[task.outputs[-1]]
    upstreams = [u for e in battery.expected[Kind.RANDOM] for u in e.case.upstreams]
    return max(
        scale[name] * max(largest(np.asarray(u[f"d{name}"])) for u in upstreams)
        for name in task.upstream
    )
