"""Proving a reference: its gradients against numerical derivatives of its own forward.

The first witness is a complex step along a random direction, exact to rounding and blind to
kinks. Code that is not complex-safe is proven by central differences, and the proof says so.
In a circuit every named intermediate is proven too: an instrumented copy of the function adds a
perturbation right after the assignment of that name.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from grader.model import Array, Expected, Task
from grader.numeric import CENTRAL_STEPS, central_difference, complex_step
from grader.oracle.reference import Reference, answer, outputs_of, with_conventions

COMPLEX = "complex step"
CENTRAL = "central differences"
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
    witnesses = set()
    instrumented: _Instrumented | None = None
    for draw in range(len(expected.gradients) if every_draw else 1):
        for name in reference.task.gradients:
            is_input = name in expected.case.inputs
            if not is_input and instrumented is None:
                instrumented = _Instrumented(reference)
            for _ in range(directions):
                witnesses.add(_prove_one(reference, expected, draw, name, rng, instrumented))
    return CENTRAL if CENTRAL in witnesses else COMPLEX


def _prove_one(
    reference: Reference,
    expected: Expected,
    draw: int,
    name: str,
    rng: np.random.Generator,
    instrumented: _Instrumented | None,
) -> str:
    gradient = expected.gradients[draw][f"d{name}"]
    direction = rng.standard_normal(gradient.shape)
    claimed = float(np.sum(gradient * direction))
    # Cauchy-Schwarz bounds the derivative by this; it is also the size of rounding errors.
    size = float(np.linalg.norm(gradient) * np.linalg.norm(direction)) or 1e-12
    upstream = expected.case.upstreams[draw]
    if name in expected.case.inputs:
        path = _along_input(reference, expected, upstream, name, direction)
    else:
        assert instrumented is not None
        path = instrumented.along(name, expected, upstream, direction)
    exact = _by_complex_step(path)
    if exact is not None and abs(exact - claimed) <= _COMPLEX_TOLERANCE * size:
        return COMPLEX
    with np.errstate(all="ignore"):
        slopes = [central_difference(path, step) for step in CENTRAL_STEPS]
    # A large step may leave the domain of a log, and give nan.
    best = min(slopes, key=lambda slope: abs(slope - claimed) if np.isfinite(slope) else np.inf)
    if abs(best - claimed) <= _CENTRAL_TOLERANCE * size:
        return CENTRAL
    by_step = "is not possible" if exact is None else f"says {exact:.9g}"
    raise Disproven(
        f"d{name} of the reference gives {claimed:.9g} along a random direction, where complex "
        f"step {by_step} and central differences say {best:.9g} (case {expected.case.id})"
    )


def _by_complex_step(path: Path) -> float | None:
    """Return the derivative, or None where the code cannot run on complex numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return complex_step(path)
        except Exception:  # noqa: BLE001  any failure means: not complex-safe
            return None


def _along_input(
    reference: Reference,
    expected: Expected,
    upstream: Mapping[str, Any],
    name: str,
    direction: Array,
) -> Path:
    values = expected.case.inputs

    def at(t: Any) -> Any:
        moved = {**values, name: values[name] + t * direction}
        return weighted(reference.task, outputs_of(reference, moved, upstream), upstream)

    return at


def weighted(task: Task, outputs: Mapping[str, Array], upstream: Mapping[str, Any]) -> Any:
    """Return the scalar whose gradient is asked for: outputs weighted by their upstreams.

    Without upstream it is the last output, a loss.
    """
    if not task.upstream:
        return np.sum(outputs[task.outputs[-1]])
    return sum(np.sum(outputs[name] * upstream[f"d{name}"]) for name in task.upstream)


class _Instrumented:
    """A copy of a circuit's reference in which named intermediates can be perturbed."""

    def __init__(self, reference: Reference) -> None:
        task = reference.task
        wanted = frozenset(name for name in task.gradients if name in task.outputs)
        code, assigned = _instrument(reference.source, task.call.target, wanted)
        unclear = sorted(name for name in wanted if assigned.count(name) != 1)
        if unclear:
            raise Disproven(
                f"{', '.join(unclear)} cannot be proven: `{task.call.target}` must assign each "
                "named intermediate exactly once, by a plain `name = ...`"
            )
        self._reference = reference
        self._nudges: dict[str, Any] = {}
        scope = {**reference.scope, "__nudge__": lambda n, value: value + self._nudges.get(n, 0)}
        exec(code, scope)  # noqa: S102  the course's own code
        self._namespace = {task.call.target: with_conventions(scope[task.call.target], task)}

    def along(
        self, name: str, expected: Expected, upstream: Mapping[str, Any], direction: Array
    ) -> Path:
        """Return the result as a function of a perturbation of one intermediate."""
        reference = self._reference

        def at(t: Any) -> Any:
            self._nudges.clear()
            self._nudges[name] = t * direction
            got = answer(reference, expected.case.inputs, (upstream,), self._namespace)
            return weighted(reference.task, got.outputs, upstream)

        return at


@lru_cache(maxsize=256)
def _instrument(
    source: str, function: str, names: frozenset[str]
) -> tuple[CodeType, tuple[str, ...]]:
    """Return the code of one function with every assignment of a name followed by its nudge.

    Also returns the names in the order of their assignments.
    """
    inserter = _Inserter(names)
    tree = inserter.visit(ast.parse(_functions(source)[function]))
    return compile(tree, "instrumented", "exec"), tuple(inserter.assigned)


@lru_cache(maxsize=16)
def _functions(source: str) -> dict[str, str]:
    lines = source.splitlines(keepends=True)
    return {
        node.name: "".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


class _Inserter(ast.NodeTransformer):
    """Insert ``name = __nudge__("name", name)`` after the plain assignments of some names."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self.assigned: list[str] = []

    def visit_Assign(self, node: ast.Assign) -> Any:
        """Add the perturbation behind a plain assignment of a wanted name."""
        target = node.targets[0]
        if len(node.targets) > 1 or not isinstance(target, ast.Name):
            return node
        if target.id not in self._names:
            return node
        self.assigned.append(target.id)
        nudge = ast.parse(f"{target.id} = __nudge__({target.id!r}, {target.id})").body
        return [node, *nudge]
