"""Public cases as data: one ``cases.json`` that names arrays, and their numbers in npy files.

``case_files``   batteries -> the files, by name.
``read_cases``   the files -> batteries of the tasks of an assignment.
"""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from grader.errors import CourseError
from grader.kit.public import is_known, unknown
from grader.model import Array, Assignment, Battery, Case, Expected, Kind, Named, Task

INDEX = "cases.json"
_FORMAT = 1
_AGAIN = "take a fresh copy of the kit"

Store = Callable[[str, Array], None]
Fetch = Callable[[str], Array]


def case_files(batteries: Mapping[str, Battery]) -> dict[str, bytes]:
    """Return ``cases.json`` and ``TASK.npz`` of each task; the same batteries, the same bytes."""
    index: dict[str, Any] = {"format": _FORMAT, "tasks": {}}
    files: dict[str, bytes] = {}
    for name, battery in batteries.items():
        arrays: dict[str, Array] = {}
        index["tasks"][name] = [
            _packed(each, f"{number}/", arrays.__setitem__)
            for number, each in enumerate((battery, *battery.accepted))
        ]
        file = io.BytesIO()
        np.savez_compressed(file, **cast("dict[str, Any]", arrays))
        files[f"{name}.npz"] = file.getvalue()
    text = json.dumps(index, allow_nan=False, indent=1)
    return {INDEX: f"{text}\n".encode(), **files}


def read_cases(assignment: Assignment, read: Callable[[str], bytes]) -> dict[str, Battery]:
    """Return the battery of each task; raises ``CourseError`` for what is missing or damaged."""
    try:
        index = json.loads(read(INDEX))
        _refuse_other(index["format"])
        found = {}
        for task in assignment.tasks:
            with np.load(io.BytesIO(read(f"{task.id}.npz")), allow_pickle=False) as arrays:
                stated, *others = (
                    _battery(task, packed, arrays.__getitem__) for packed in index["tasks"][task.id]
                )
            found[task.id] = dataclasses.replace(stated, accepted=tuple(others))
    except CourseError:
        raise
    except Exception as error:  # whatever zip, JSON and numpy raise for what is no such file
        what = f"{type(error).__name__}: {error}"
        raise CourseError(f"the public cases of the kit are damaged ({what}); {_AGAIN}") from error
    return found


def _refuse_other(stated: object) -> None:
    if stated != _FORMAT:
        raise CourseError(f"{INDEX}: format {stated} is of another version of the grader, which "
                          f"reads {_FORMAT}; {_AGAIN}")  # fmt: skip


def _packed(battery: Battery, place: str, store: Store) -> dict[str, Any]:
    cases = [e for cases in battery.expected.values() for e in cases]
    return {
        "conventions": dict(battery.task.conventions),
        "scale": {kind.value: dict(sizes) for kind, sizes in battery.scale.items()},
        "cases": [_packed_case(e, f"{place}{e.case.kind.value}/{e.case.index}/", store)
                  for e in cases],
    }  # fmt: skip


def _packed_case(expected: Expected, place: str, store: Store) -> dict[str, Any]:
    case = expected.case

    def packed(named: Mapping[str, Any], part: str) -> dict[str, Any]:
        return {n: _packed_value(v, f"{place}{part}/{n}", store) for n, v in named.items()}

    return {
        "kind": case.kind.value,
        "index": case.index,
        "label": case.label,
        "inputs": packed(case.inputs, "inputs"),
        "upstreams": [packed(u, f"upstream{i}") for i, u in enumerate(case.upstreams)],
        "outputs": packed(expected.outputs, "outputs"),
        "gradients": [packed(g, f"gradients{i}") for i, g in enumerate(expected.gradients)],
        "is_on_kink": expected.is_on_kink,
        "raises": list(expected.raises),
        "scale": dict(expected.scale),
        "keep": expected.keep,
    }


def _packed_value(value: Any, place: str, store: Store) -> dict[str, Any]:
    """Return a number or text as it is; of an array its name, of an unknown answer its shape."""
    if not isinstance(value, (np.ndarray, np.generic)):
        return {"value": value}
    if value.dtype.kind == "f" and not is_known(np.asarray(value)):
        return {"shape": list(value.shape)}
    store(place, np.asarray(value))
    return {"array": place}


def _battery(task: Task, packed: Mapping[str, Any], fetch: Fetch) -> Battery:
    task = dataclasses.replace(task, conventions={**task.conventions, **packed["conventions"]})
    expected: dict[Kind, list[Expected]] = {}
    for each in packed["cases"]:
        expected.setdefault(Kind(each["kind"]), []).append(_expected(task, each, fetch))
    if not expected.get(Kind.RANDOM):
        raise ValueError(f"{task.id} has no random case")
    for each in (e for cases in expected.values() for e in cases if not e.raises):
        names = {*task.outputs} == {*each.outputs}
        if not names or any({f"d{n}" for n in task.gradients} != {*g} for g in each.gradients):
            raise ValueError(f"{each.case.id} is not of the spec beside it")
    scale = {Kind(kind): {**sizes} for kind, sizes in packed["scale"].items()}
    whole = {kind: tuple(cases) for kind, cases in expected.items()}
    return Battery(task, whole, scale, no_ties="", proof="")


def _expected(task: Task, packed: Mapping[str, Any], fetch: Fetch) -> Expected:
    def all_of(parts: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
        return tuple({n: _value(v, fetch) for n, v in part.items()} for part in parts)

    (inputs,) = all_of([packed["inputs"]])
    outputs: Named = all_of([packed["outputs"]])[0]
    upstreams = all_of(packed["upstreams"])
    case = Case(task.id, Kind(packed["kind"]), int(packed["index"]), inputs, upstreams,
                str(packed["label"]))  # fmt: skip
    keep = packed["keep"]
    return Expected(
        case,
        outputs,
        all_of(packed["gradients"]),
        is_on_kink=bool(packed["is_on_kink"]),
        raises=tuple(map(str, packed["raises"])),
        scale={str(name): float(size) for name, size in packed["scale"].items()},
        keep=None if keep is None else float(keep),
    )


def _value(packed: Mapping[str, Any], fetch: Fetch) -> Any:
    if "shape" in packed:
        return unknown(tuple(int(n) for n in packed["shape"]))
    return fetch(packed["array"]) if "array" in packed else packed["value"]
