"""A course with hidden checks, submissions that try to let out what is in them, and their secrets.

``write_course``     the course: ``affine`` has a hidden sub-case, ``cube`` is hidden as a whole,
                     the backward of ``late`` until the due date, ``square`` is public.
``SMUGGLERS``        sources by what they try.
``secrets_of``       all numbers of hidden cases.
``numbers_in``       all numbers of a text that are precise enough to be told apart.
``without_digests``  a text without the digests of files, which are as good as random numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.checks import check_of_case
from grader.model import Battery, Expected, Rubric, is_public
from grader.prepare import Prepared

DUE = "2026-03-01T23:00+01:00"
SEED = 20261
VISIBILITY = f"""due: {DUE}
visibility:
  affine: {{case.pad0: hidden}}
  cube: hidden
  late: {{backward: after_due_date}}
"""
_RUBRIC = """rubric: gates
total: 18
tasks:
  affine: {forward: 2, backward: 3, case.pad0: 1, case.plain: 0}
  cube: 4
  late: 4
  square: 4
"""
_TASK = """  - id: {0}
    target: {0}
    inputs: {{x: [N, D]}}
    outputs: [out]
    random_cases: 3
"""
_SPEC = """assignment: gates
version: 1
title: Hidden gates
files: [gates.py]
style: function_pair
limits: {call_seconds: 1, total_seconds: 20, memory_mb: 512}
tasks:
  - id: affine
    target: affine
    inputs: {x: [N, D], w: [D, M], b: [M]}
    outputs: [out]
    random_cases: 3
    cases: {pad0: {sizes: {N: 13}}, plain: {sizes: {N: 11}}}
""" + "".join(map(_TASK.format, ("cube", "late", "square")))
REFERENCE = '''"""Four functions."""


def affine_forward(x, w, b):
    """Return x w + b."""
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    """Return the three gradients."""
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def cube_forward(x):
    """Return x^3."""
    return x**3, x


def cube_backward(dout, cache):
    """dx = 3 x^2."""
    return 3.0 * cache**2 * dout


def late_forward(x):
    """Return x^2 + x."""
    return x**2 + x, x


def late_backward(dout, cache):
    """dx = 2 x + 1."""
    return (2.0 * cache + 1.0) * dout


def square_forward(x):
    """Return x^2."""
    return x**2, x


def square_backward(dout, cache):
    """dx = 2 x."""
    return 2.0 * cache * dout
'''
_SMUGGLER = """
import builtins, os, sys, warnings
import numpy as np
KEPT = builtins.__dict__.setdefault("KEPT", [])
def told(*values):
    return repr([np.asarray(v).tolist() for v in values])
def out(*values):
    KEPT.append(told(*values))
    {out}
def elsewhere(right):
    if KEPT:
        {elsewhere}
    return right
def affine_forward(x, w, b):
    if len(x) == 13:
        out(x, w, b)
        return {result}, (x, w)
    return elsewhere(x @ w + b), (x, w)
def affine_backward(dout, cache):
    x, w = cache
    if len(x) == 13:
        out(dout)
    return dout @ w.T, x.T @ dout, dout.sum(0)
def cube_forward(x):
    out(x)
    return {result}, x
def cube_backward(dout, x):
    out(dout)
    return 3 * x**2 * dout
def late_forward(x):
    return elsewhere(x**2 + x), x
def late_backward(dout, x):
    return 2.5 * x * dout
def square_forward(x):
    return elsewhere(x**2), x
def square_backward(dout, x):
    return 2 * x * dout
"""
_PLAIN = {"out": "pass", "elsewhere": "pass", "result": "x * 1.0"}


def _smuggler(**parts: str) -> str:
    source = _SMUGGLER
    for name, text in {**_PLAIN, **parts}.items():
        source = source.replace(f"{{{name}}}", text)
    return source


SMUGGLERS = {
    "raises": _smuggler(out="raise ValueError(told(*values))"),
    "raises by class": _smuggler(out="raise type(told(*values)[:60], (Exception,), {})"),
    "exits": _smuggler(out="sys.exit(told(*values))"),
    "names an attribute": _smuggler(out="getattr(np, told(*values))"),
    "names a key": _smuggler(out="{}[told(*values)]"),
    "prints": _smuggler(out="print(told(*values)); print(told(*values), file=sys.stderr)"),
    "warns": _smuggler(out="warnings.warn(told(*values))"),
    "returns values": _smuggler(),
    "returns a dict": _smuggler(result="{told(x): x}"),
    "returns shapes": _smuggler(result="np.zeros((int(1e5 * abs(x.flat[0])), 0))"),
    "raises elsewhere": _smuggler(elsewhere="raise ValueError(KEPT[-1])"),
    "prints elsewhere": _smuggler(elsewhere="print(KEPT[-1])"),
    "returns elsewhere": _smuggler(elsewhere="return 0 * right + eval(KEPT[0])[0][0][0]"),
}


def write_course(root: Path, *, is_hiding: bool = True) -> Path:
    """Write the course; everything is public unless it ``is_hiding`` something."""
    for place, text in {
        "course.yaml": "name: Hidden\n",
        "assignments/gates.yaml": _SPEC,
        "rubrics/gates.yaml": _RUBRIC + (VISIBILITY if is_hiding else f"due: {DUE}\n"),
        "reference/gates.py": REFERENCE,
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text)
    return root


def secrets_of(prepared: Prepared, rubric: Rubric) -> NDArray[np.float64]:
    """Return the numbers of hidden cases, sorted; the large arrays hold too many to tell apart."""
    found: list[float] = []
    for battery in prepared.batteries.values():
        assert isinstance(battery, Battery)
        for expected in (e for cases in battery.expected.values() for e in cases):
            task = battery.task
            own = check_of_case(task, expected.case) or "forward"
            if not is_public(rubric, task.id, own):
                found += _numbers_of(expected)
    return np.unique(np.abs(found))


def _numbers_of(expected: Expected) -> Iterator[float]:
    case = expected.case
    for named in (case.inputs, *case.upstreams, expected.outputs, *expected.gradients):
        for value in named.values():
            if np.size(value) <= 100:
                yield from np.asarray(value, dtype=float).ravel().tolist()


def numbers_in(text: str) -> NDArray[np.float64]:
    """Return the numbers of a text that have five digits or more, without their signs."""
    words = re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", re.sub(r"\\|\s", "", text))
    long = [float(w) for w in words if len(re.sub(r"e.*|\D", "", w).lstrip("0")) >= 5]
    # A digest may read 12345e999.
    return np.array([number for number in long if np.isfinite(number)])


def without_digests(text: str) -> str:
    """Return a text without digests: they change with each version, so one reads 20261 some day."""
    return re.sub(r"\b[0-9a-f]{64}\b", "", text)
