"""Proving a reference: its gradients against numerical derivatives of its own forward.

The first witness is a complex step along a random direction, exact to rounding and blind to
kinks. Code that is not complex-safe is proven by central differences, and the proof says so.
In a circuit every named intermediate is proven too: an instrumented copy of the function adds a
perturbation right after the assignment of that name.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.compare.follow_plan import contracted, weighted
from grader.model import Array, Expected, Task
from grader.numeric import CENTRAL_STEPS, central_difference, complex_step
from grader.oracle.reference import Reference, outputs_of
from grader.oracle.stages import Stages
from grader.styles import STYLES

COMPLEX = "complex step"
CENTRAL = "central differences"
GIVEN = "its examples"  # no gradient is wanted, so there is nothing to differentiate
# Complex step measures below 2e-15 on correct code, central differences below 4e-10.
_COMPLEX_TOLERANCE = 1e-11
_CENTRAL_TOLERANCE = 1e-6

Path = Callable[[Any], Any]  # t -> the scalar that is differentiated, at distance t


class Disproven(Exception):
    """The reference's gradient disagrees with every witness."""


def prove(
    reference: Reference,
    expected: Expected,
    rng: np.random.Generator,
    directions: int = 1,
    *,
    every_draw: bool = True,
) -> str:
    """Return which witness proved the gradients of one case; raises ``Disproven``."""
    task, case = reference.task, expected.case
    if not task.gradients:
        return GIVEN
    _check_shapes(task, expected)
    needs_nudges = any(name not in case.inputs for name in task.gradients)
    stages = _nudged_stages(reference) if needs_nudges else None
    witnesses = set()
    for draw in range(len(expected.gradients) if every_draw else 1):
        weights = _weights(reference, expected, draw, rng)
        gradients = contracted(task, expected.gradients[draw], weights)
        for _ in range(directions):
            along = {name: _direction(g, rng) for name, g in gradients.items()}
            claim = _Claim(reference, expected, gradients, weights, along, stages)
            # All arguments at once is one call; only a doubt is settled one by one.
            if claim.agrees(_by_complex_step(claim.at), _COMPLEX_TOLERANCE):
                witnesses.add(COMPLEX)
                continue
            for name, gradient in gradients.items():
                direction = {name: rng.standard_normal(gradient.shape)}
                own = _Claim(reference, expected, gradients, weights, direction, stages)
                witnesses.add(_prove_one(own, name))
    return CENTRAL if CENTRAL in witnesses else COMPLEX


def _check_shapes(task: Task, expected: Expected) -> None:
    """Refuse a gradient that has not the shape of its argument, a Jacobian that has not of both.

    Broadcast against the argument it could be the right derivative of the wrong thing.
    """
    arrays = {**expected.case.inputs, **expected.outputs}
    output = np.shape(expected.outputs[task.outputs[-1]])
    for name in task.gradients:
        due = np.shape(arrays[name])
        if STYLES[task.call.style].is_jacobian:
            is_numerator = task.conventions["layout"] == "numerator"
            due = output + due if is_numerator else due + output
        got = expected.gradients[0][f"d{name}"].shape
        if got != due:
            raise Disproven(f"d{name} of the reference has shape {got}, not {due}")


def _direction(gradient: Array, rng: np.random.Generator) -> Array:
    """Return a random direction in which every gradient weighs the same, small ones too."""
    size = float(np.linalg.norm(gradient))
    return np.asarray(rng.standard_normal(gradient.shape) / (size or 1.0))


def _weights(
    reference: Reference, expected: Expected, draw: int, rng: np.random.Generator
) -> Mapping[str, Any]:
    """Return what the outputs are weighted by: the upstream, or random rows of a Jacobian."""
    if not STYLES[reference.task.call.style].is_jacobian:
        return expected.case.upstreams[draw]
    return {f"d{n}": rng.standard_normal(out.shape) for n, out in expected.outputs.items()}


class _Claim:
    """What a reference says its result does along directions of some arguments."""

    def __init__(
        self,
        reference: Reference,
        expected: Expected,
        gradients: Mapping[str, Array],
        upstream: Mapping[str, Any],
        directions: Mapping[str, Array],
        stages: Stages | None,
    ) -> None:
        self.expected = expected
        self._reference = reference
        self._upstream = upstream
        self._directions = directions
        self._stages = stages
        pairs = [(gradients[name], along) for name, along in directions.items()]
        self.slope = float(sum(np.sum(gradient * along) for gradient, along in pairs))
        # Cauchy-Schwarz bounds the slope by this; it is also the size of rounding errors.
        sizes = (float(np.linalg.norm(g) * np.linalg.norm(along)) for g, along in pairs)
        self._size = sum(sizes) or 1e-12

    def agrees(self, slope: float | None, tolerance: float) -> bool:
        """Return True when a witness confirms the slope."""
        return slope is not None and abs(slope - self.slope) <= tolerance * self._size

    def at(self, t: Any) -> Any:
        """Return the weighted result at distance ``t``: the function to differentiate."""
        inputs = self.expected.case.inputs
        steps = {name: t * along for name, along in self._directions.items()}
        moved = {name: v + steps[name] if name in steps else v for name, v in inputs.items()}
        namespace = None
        if self._stages is not None:
            nudges = {name: step for name, step in steps.items() if name not in inputs}
            namespace = self._stages.hooked(lambda name, value: value + nudges.get(name, 0))
        outputs = outputs_of(self._reference, moved, self._upstream, namespace)
        return weighted(self._reference.task, outputs, self._upstream)


def _prove_one(claim: _Claim, name: str) -> str:
    exact = _by_complex_step(claim.at)
    if claim.agrees(exact, _COMPLEX_TOLERANCE):
        return COMPLEX
    with np.errstate(all="ignore"):
        slopes = [central_difference(claim.at, step) for step in CENTRAL_STEPS]
    # A large step may leave the domain of a log, and give nan.
    best = min(slopes, key=lambda s: abs(s - claim.slope) if np.isfinite(s) else np.inf)
    if claim.agrees(best, _CENTRAL_TOLERANCE):
        return CENTRAL
    by_step = "is not possible" if exact is None else f"says {exact:.9g}"
    raise Disproven(
        f"d{name} of the reference gives {claim.slope:.9g} along a random direction, where complex "
        f"step {by_step} and central differences say {best:.9g} (case {claim.expected.case.id})"
    )


def _by_complex_step(path: Path) -> float | None:
    """Return the derivative, or None where the code cannot run on complex numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return complex_step(path)
        except Exception:  # noqa: BLE001  any failure means: not complex-safe
            return None


def _nudged_stages(reference: Reference) -> Stages:
    """Return the instrumented reference in which every named intermediate can be perturbed."""
    task = reference.task
    wanted = {name for name in task.gradients if name in task.outputs}
    stages = Stages(reference, wanted)
    if unclear := sorted(wanted - stages.names):
        raise Disproven(
            f"{', '.join(unclear)} cannot be proven: `{task.call.target}` must assign each "
            "named intermediate exactly once, by a plain `name = ...`"
        )
    return stages
