"""A course whose functions lean on each other, and submissions that are wrong in either.

``READY``     the assignment: `step`, and `walk` that takes three steps and leans on it.
``source``    rnn.py made of a step and a walk.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from grader.cases import public_seed
from grader.course import Course
from grader.prepare import Prepared, prepare
from grader.spec import load_assignment, load_rubric

SPEC = """
assignment: rnn
files: [rnn.py]
style: function_pair
limits: {call_seconds: 5, total_seconds: 30}
conventions: {reduction: sum}
sizes: {N: [2, 5], D: [3, 6], T: [3, 4]}
tasks:
  - {id: step, target: step, inputs: {x: [N, D], h: [N, D], w: [D, D]}, outputs: [out],
     random_cases: 2}
  - {id: walk, target: walk, inputs: {xs: [N, T, D], h: [N, D], w: [D, D]}, outputs: [hs],
     random_cases: 2, leans_on: [step]}
"""
RUBRIC = """
rubric: rnn
total: 8
SHARES
tasks:
  step: {forward: 1, backward: 3}
  walk: {forward: 1, backward: 3}
"""
STEP = """
def step_forward(x, h, w):
    out = np.tanh(x + h @ w)
    return out, (h, w, out)


def step_backward(dout, cache):
    h, w, out = cache
    da = dout * (1 - out**2)
    return da, da @ w.T, h.T @ da
"""
WALK = """
def walk_forward(xs, h, w):
    hs, caches = np.zeros(xs.shape), []
    for t in range(xs.shape[1]):
        h, cache = step_forward(xs[:, t], h, w)
        hs[:, t] = h
        caches.append(cache)
    return hs, caches


def walk_backward(dhs, caches):
    dxs, dh, dw = np.zeros(dhs.shape), 0, 0
    for t in reversed(range(dhs.shape[1])):
        dxs[:, t], dh, more = step_backward(dhs[:, t] + dh, caches[t])
        dw = dw + more
    return dxs, dh, dw
"""
# The course's own step works under the convention that the spec states, and under no other.
_STATED_STEP = STEP.replace("(x, h, w):", '(x, h, w, *, reduction="mean"):').replace(
    "    out = np", '    assert reduction == "sum"\n    out = np'
)
_STATED_WALK = WALK.replace("h, w)\n", 'h, w, reduction="sum")\n')


def source(step: str = STEP, walk: str = WALK) -> str:
    """Return rnn.py made of these."""
    return f"import numpy as np\n{step}\n{walk}"


@cache
def ready(shares: str = "") -> Prepared:
    """Return the assignment, ready to grade; ``shares`` are more lines of its rubric."""
    assignment = load_assignment(SPEC, "assignments/rnn.yaml")
    rubric = load_rubric(RUBRIC.replace("SHARES", shares), "rubrics/rnn.yaml", assignment)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reference").mkdir()
        (root / "reference" / "rnn.py").write_text(source(_STATED_STEP, _STATED_WALK))
        course = Course(root, "Leaning")
        return prepare(course, assignment, rubric, public_seed(0, assignment), "public, 0")
