"""An instrumented copy of a circuit's reference: every named stage passes through a hook.

``Stages``      the copy; the hook sees each stage right after its assignment, and may replace it.
``own_values``  what the reference computes from a student's own earlier stages.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from grader.checks import check_of_case
from grader.compare import OwnValues
from grader.compare.leaves import leaves_of, shapes_of
from grader.model import Array, Battery, Expected, Named, Observation
from grader.numeric import largest, largest_difference
from grader.oracle.reference import Answer, Reference, answer, with_conventions

Hook = Callable[[str, Any], Any]
_SAME = 1e-9  # of the scale: a stage moved by less is not computed from what was changed


class Stages:
    """The reference's function, compiled anew with a hook behind plain assignments.

    ``names`` are those that are assigned exactly once; only they meet the hook. Raises
    ``KeyError`` where the target is no plain function of the reference file.
    """

    def __init__(self, reference: Reference, wanted: Collection[str]) -> None:
        """Instrument the assignments of the wanted names."""
        task = reference.task
        code, assigned = _instrument(reference.source, task.call.target, frozenset(wanted))
        self.names = frozenset(name for name in wanted if assigned.count(name) == 1)
        self._hook: Hook = _unchanged
        scope = {**reference.scope, "__stage__": self._pass}
        exec(code, scope)  # noqa: S102  the course's own code
        self._namespace = {task.call.target: with_conventions(scope[task.call.target], task)}

    def hooked(self, hook: Hook) -> Mapping[str, Any]:
        """Return the names to call, with this hook in force from now on."""
        self._hook = hook
        return self._namespace

    def _pass(self, name: str, value: Any) -> Any:
        return self._hook(name, value) if name in self.names else value


def own_values(
    reference: Reference,
    battery: Battery,
    observations: Sequence[Observation],
    wrong: Collection[str],
) -> OwnValues | None:
    """Return what each stage should be, given the student's own earlier ones.

    ``wrong`` are the stages known to be wrong. None where the reference cannot be instrumented.
    """
    task = battery.task
    names = {*task.outputs, *(f"d{name}" for name in task.gradients)}
    try:
        circuit = _Circuit(reference, names, battery.probed[0])
    except Exception:  # noqa: BLE001  a proven reference that cannot be taken apart: no credit
        return None
    answers = {e.case.id: e for cases in battery.expected.values() for e in cases}
    expected: dict[tuple[str, int], Named] = {}
    sources: dict[str, set[str]] = {}
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        for observation in observations:
            if check_of_case(task, observation.case) is not None:
                continue  # special cases are judged where the ordinary ones are right
            case = answers[observation.case.id]
            for index, draw in enumerate(observation.draws):
                leaves = leaves_of(task, draw, shapes_of(case))
                own = _like({n: leaf.array for n, leaf in leaves.items()}, case, index)
                found = circuit.run(case, index, own)
                if found is None:
                    continue
                expected[case.case.id, index] = found
                for name in own.keys() & set(wrong) if index == 0 else ():
                    without = {n: array for n, array in own.items() if n != name}
                    right = {name: _right(case, index)[name]}
                    for stage in _moved(found, circuit.run(case, index, without | right) or {}):
                        sources.setdefault(stage, set()).add(name)
    return OwnValues(expected, {name: frozenset(found) for name, found in sources.items()})


def _right(expected: Expected, draw: int) -> Named:
    """Return the reference's own value of every stage."""
    return {**expected.outputs, **expected.gradients[draw]}


def _like(own: Named, expected: Expected, draw: int) -> dict[str, Array]:
    """Return the student's stages that can take the place of the reference's."""
    found = {}
    for name, right in _right(expected, draw).items():
        mine = own.get(name)
        if mine is not None and mine.size == 1 == right.size:
            mine = mine.reshape(right.shape)
        if mine is not None and mine.shape == right.shape and np.isfinite(mine).all():
            found[name] = _copy(mine)
    return found


class _Circuit:
    """A reference whose stages can be replaced by a student's."""

    def __init__(self, reference: Reference, names: Collection[str], probed: Expected) -> None:
        self._reference = reference
        self._stages = Stages(reference, names)
        # A name that changes after its assignment, or is assigned in a loop, cannot be replaced.
        seen: dict[str, list[Array]] = {}

        def watch(name: str, value: Any) -> Any:
            seen.setdefault(name, []).append(_copy(value))
            return value

        got = self._answer(probed, 0, watch)
        ends = {**got.outputs, **got.gradients[0]}
        for name, array in ends.items():
            if largest_difference(array, _right(probed, 0)[name]) != 0:
                raise ValueError(name)
        self._replaced = frozenset(
            name
            for name, arrays in seen.items()
            if len(arrays) == 1 and np.array_equal(arrays[0], ends[name])
        )

    def run(self, expected: Expected, draw: int, own: Named) -> dict[str, Array] | None:
        """Return every stage as it is before the student's value takes its place.

        None where the reference raises on these values: that is the student's, not ours.
        """
        seen: dict[str, Array] = {}

        def replace(name: str, value: Any) -> Any:
            if name not in self._replaced or np.asarray(value).dtype.kind != "f":
                return value
            seen[name] = _copy(value)
            return own[name].copy()[()] if name in own else value

        try:
            got = self._answer(expected, draw, replace)
        except Exception:  # noqa: BLE001  the student's values may be anything
            return None
        return {**got.outputs, **got.gradients[0], **seen}

    def _answer(self, expected: Expected, draw: int, hook: Hook) -> Answer:
        namespace = self._stages.hooked(hook)
        copy = dataclasses.replace(self._reference, namespace=namespace)
        return answer(copy, expected.case.inputs, (expected.case.upstreams[draw],))


def _moved(before: Named, after: Named) -> list[str]:
    return [
        name
        for name, array in after.items()
        if name in before
        and not largest_difference(array, before[name]) <= _SAME * largest(before[name])
    ]


def _unchanged(_name: str, value: Any) -> Any:
    return value


def _copy(value: Any) -> Array:
    return np.array(value, dtype=np.float64)


@lru_cache(maxsize=256)
def _instrument(
    source: str, function: str, names: frozenset[str]
) -> tuple[CodeType, tuple[str, ...]]:
    """Return the code of one function with every assignment of a name followed by the hook.

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
    """Insert ``name = __stage__("name", name)`` after the plain assignments of some names."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self.assigned: list[str] = []

    def visit_Assign(self, node: ast.Assign) -> Any:
        """Add the hook behind a plain assignment of a wanted name."""
        target = node.targets[0]
        if len(node.targets) > 1 or not isinstance(target, ast.Name):
            return node
        if target.id not in self._names:
            return node
        self.assigned.append(target.id)
        hook = ast.parse(f"{target.id} = __stage__({target.id!r}, {target.id})").body
        return [node, *hook]
