"""Update steps: returned or in place, and never written at all."""

from __future__ import annotations

import re

import pytest
from in_process import complaints, grade_texts, prepared

from grader.model import Outcome, TaskResult

HEAD = "import numpy as np\n\n\n"


def graded(source: str) -> TaskResult:
    """Grade one task of the assignment ``descent``, the one whose function comes last."""
    name = re.findall(r"^def (\w+)", source, re.MULTILINE)[-1]
    ready = prepared("descent", 0)
    (task,) = grade_texts(ready, {"descent.py": HEAD + source}, {name}).tasks
    return task


ONE = "def gradient_descent(w, dw, step):\n"
TWO = "def momentum(w, v, dw, step, mu):\n"


@pytest.mark.parametrize(
    "body",
    [
        ONE + "    w -= step * dw",
        ONE + "    w -= step * dw\n    return w",
        ONE + "    w[...] = w - step * dw\n    return None",
        ONE + "    np.subtract(w, step * dw, out=w)",
        TWO + "    v *= mu\n    v -= step * dw\n    w += v",
        TWO + "    v[...] = mu * v - step * dw\n    w += v\n    return w, v",
    ],
)
def test_a_step_in_place_is_right_and_nothing_is_said_of_it(body: str) -> None:
    """What the task allows is no note; whether the array comes back as well is all one."""
    task = graded(body)
    assert complaints(task) == []
    assert not task.findings


def test_an_argument_that_must_stay_is_noted() -> None:
    """The gradient belongs to the caller."""
    task = graded(ONE + "    dw *= step\n    w -= dw")
    assert task.outcome is Outcome.PASSED
    assert [(f.code, f.argument) for f in task.findings] == [("N701", "dw")]


@pytest.mark.parametrize("body", ["pass", "...", "return None", "w_next = None\n    return w_next"])
@pytest.mark.parametrize("head", [ONE, TWO, "def circuit_step(x, y, z, step):\n"])
def test_a_step_that_was_never_written_is_not_attempted(head: str, body: str) -> None:
    """The starter gives the parameters back as they were, which is no wrong step."""
    task = graded(f"{head}    {body}")
    assert task.outcome is Outcome.NOT_ATTEMPTED
    assert not task.findings


@pytest.mark.parametrize(
    "body",
    [
        "w = w - step * dw",
        "w -= 0 * dw",
        "w = w.copy()\n    w -= step * dw",
        "w *= 1\n    return None",
        "return w",
    ],
)
def test_a_step_that_leaves_w_alone_is_wrong(body: str) -> None:
    """Code that computes something and changes nothing was attempted."""
    task = graded(f"{ONE}    {body}")
    assert task.outcome is Outcome.FAILED
    assert {f.code for f in task.findings} == {"V401"}


@pytest.mark.parametrize("act", ["w -= step * dw", "return w - step * dw"])
def test_a_body_may_come_from_a_decorator(act: str) -> None:
    """A source that looks unwritten is judged by what it does."""
    task = graded(
        f"def step_of(_stub):\n    def run(w, dw, step):\n        {act}\n    return run\n\n\n"
        f"@step_of\n{ONE}    pass"
    )
    assert task.outcome is Outcome.PASSED
