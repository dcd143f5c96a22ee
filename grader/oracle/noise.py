"""References that draw random numbers: the same ones in every call, and what they do with them.

``steady_noise``  a block in which numpy's global generator starts anew.
``noise_of``      the probability to keep an entry in a case, by what the reference does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from grader.compare.collect import Leaf, Problem
from grader.compare.judge_mask import judge_output
from grader.errors import GraderFault
from grader.model import Array, Case, Expected, Kind, Named, Task


@contextmanager
def steady_noise(task: Task) -> Iterator[None]:
    """Give the reference of a random layer the same random numbers in every call.

    Others get none of this: what they draw shows as what it is.
    """
    if task.random is None:
        yield
        return
    state = np.random.get_state()  # noqa: NPY002  references draw from the global generator
    np.random.seed(0)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def noise_of(task: Task, case: Case, outputs: Named) -> float | None:
    """Return the probability to keep an entry; 1 where a sub-case returns the argument itself.

    Raises ``GraderFault`` where an output is not the masked argument that the spec says it is.
    """
    if task.random is None:
        return None
    name, given = task.outputs[0], np.asarray(case.inputs[task.random.argument])
    output = outputs[name]
    is_quiet = case.kind is Kind.NAMED and _are_equal(output, given)
    keep = 1.0 if is_quiet else task.random.keep(case.inputs)
    right = given * ((output != 0) / keep)
    wrong = None if _are_equal(output, right) else Problem("V401", "")
    expected = Expected(case, {name: right}, (), keep=keep)
    problem = judge_output(task, expected, Leaf(output, "ndarray"), wrong, is_drawn=True)
    if problem is not None:
        raise GraderFault(f"{name} of the reference is not as `random` says: {problem.message}")
    return keep


def _are_equal(one: Array, two: Array) -> bool:
    return one.shape == two.shape and bool(np.allclose(one, two, rtol=1e-12, atol=0))
