"""The contract of working in place: who shares memory with whom, and what is restored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from in_process import grade_texts
from small_course import graded, made, outcomes, told

from grader.isolation import SANDBOXES
from grader.isolation.values import to_returned
from grader.model import Severity
from grader.worker.wire import Frame, WireError

SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: torch7_module
    target: M
    inputs: {x: [N, D]}
    hyper_parameters: {a: {range: [0.5, 2], signed: true}, in_place: false}
    constructor_args: [a, in_place]
    outputs: [out]
    conventions: {in_place: by_flag}
    cases: {in_place: {set: {in_place: true}}}
"""
BY_DEFAULT = SPEC.replace("    conventions: {in_place: by_flag}\n", "")
RUBRIC = (
    "rubric: m\ntotal: 5\ntasks:\n"
    "  t: {forward: 1, backward: 1, case.in_place: 1, behaviour.in_place: 2}\n"
)


def module(**methods: str) -> str:
    """Write the module with other expressions for what its methods do."""
    bodies = {
        "out": "return x * self.a",
        "out_in": "x *= self.a; return x",
        "back": "return dout * self.a",
        "back_in": "x /= self.a; dout *= self.a; return dout",
        **methods,
    }
    return (
        "import numpy as np\n\n\nclass M:\n"
        "    def __init__(self, a, in_place):\n"
        "        self.a, self.in_place = a, in_place\n\n"
        "    def updateOutput(self, x):\n"
        "        if self.in_place:\n"
        f"            {bodies['out_in']}\n"
        f"        {bodies['out']}\n\n"
        "    def updateGradInput(self, x, dout):\n"
        "        if self.in_place:\n"
        f"            {bodies['back_in']}\n"
        f"        {bodies['back']}\n"
    )


RIGHT = {
    "as stated": {},
    "a view is the same memory": {"out_in": "x *= self.a; return x[...]"},
    "restored from a copy": {
        "out_in": "self.before = x.copy(); x *= self.a; return x",
        "back_in": "x[:] = self.before; dout *= self.a; return dout",
    },
    "restored in single precision": {
        "back_in": "x[:] = np.float32(x) / np.float32(self.a); dout *= self.a; return dout"
    },
    "in a tuple of one": {"out_in": "x *= self.a; return (x,)"},
}
WRONG = {
    "not restored": ({"back_in": "dout *= self.a; return dout"}, "does not restore: x["),
    "restored in part": (
        {"back_in": "x[0] /= self.a; dout *= self.a; return dout"}, "does not restore: x[",
    ),
    "restored to nan": (
        {"back_in": "x *= np.nan; dout *= self.a; return dout"}, "does not restore: x[0, 0] is nan",
    ),
    "another output": (
        {"out_in": "return x * self.a", "back_in": "dout *= self.a; return dout"},
        "is True, but out is not x itself",
    ),
    "written into, and another output": (
        {"out_in": "x *= self.a; return x.copy()"}, "is True, but out is not x itself",
    ),
    "another gradient": (
        {"back_in": "x /= self.a; return dout * self.a"}, "is True, but dx is not dout itself",
    ),
    "the gradient in the memory of x": (
        {"back_in": "np.multiply(dout, self.a, out=x); return x"},
        "is True, but dx is not dout itself",
    ),
    "always in place": (
        {"out": "x *= self.a; return x"}, "is False, but x is changed",
    ),
    "the upstream is changed": (
        {"back": "dx = dout * self.a; dout[0] = 7; return dx"}, "is False, but dout is changed",
    ),
    "changed and put back": (
        {
            "out": "self.b = x.copy(); x *= self.a; return x",
            "back": "x[:] = self.b; return dout * self.a",
        },
        "is False, but x is changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("seed", range(3))
def test_the_contract_is_kept(name: str, seed: int) -> None:
    """Whoever writes in place when asked, and only then, has full marks and no note about it."""
    result = graded(made(SPEC, module(), seed, RUBRIC), module(**RIGHT[name]))
    assert outcomes(result)["behaviour.in_place"] == "passed", told(result)
    assert float(result.score) == 5
    assert [f.code for f in told(result, Severity.NOTE) if f.code in ("N701", "N702")] == []


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("seed", range(3))
def test_the_contract_is_broken(name: str, seed: int) -> None:
    """The values are right, so the contract alone is lost, and told once."""
    methods, words = WRONG[name]
    result = graded(made(SPEC, module(), seed, RUBRIC), module(**methods))
    assert [(f.check, f.code) for f in told(result)] == [("behaviour.in_place", "B509")]
    assert words in told(result)[0].message
    assert float(result.score) == 3
    assert [f.code for f in told(result, Severity.NOTE) if f.code in ("N701", "N702")] == []


def test_a_change_is_a_note_by_default() -> None:
    """Without the convention there is no such check, and what is changed is a note."""
    result = graded(made(BY_DEFAULT, module()), module())
    assert "behaviour.in_place" not in outcomes(result)
    assert not told(result)
    assert {f.code for f in told(result, Severity.NOTE)} == {"N701", "N702"}


@pytest.mark.parametrize(
    ("methods", "outcome"),
    [
        ({"back": "return dout"}, "skipped"),
        ({"out_in": "raise KeyError('x')"}, "skipped"),
        ({"back_in": "raise KeyError('x')"}, "skipped"),
        ({"back_in": "x /= self.a; return dout"}, "passed"),  # told as a wrong value
    ],
)
def test_what_was_not_seen_is_not_passed(methods: dict[str, str], outcome: str) -> None:
    """Wrong gradients come first, and a case that raised says nothing about memory."""
    result = graded(made(SPEC, module(), 0, RUBRIC), module(**methods))
    assert outcomes(result)["behaviour.in_place"] == outcome
    assert "B509" not in [f.code for f in told(result)]
    assert float(result.score) < 5


def test_the_contract_in_a_real_child() -> None:
    """The same is seen of a process of its own."""
    for methods, codes in (({}, []), (WRONG["not restored"][0], ["B509"])):
        texts = {"m.py": module(**methods)}
        ready = made(SPEC, module(), 0, RUBRIC)
        (result,) = grade_texts(ready, texts, open_session=SANDBOXES["process"]).tasks
        assert [f.code for f in told(result)] == codes


def reply(seen: object, arrays: list[Any]) -> Frame:
    """Return the answer to a step, with what it says of the arguments."""
    body = {"value": {"t": "none"}, "seconds": 0.0, "mutated": [], "shared": []}
    return Frame({"id": 1, "step": 0, **body, "seen": seen}, arrays)


def test_arguments_as_last_seen_are_read() -> None:
    """They arrive as arrays by name."""
    node = {"t": "dict", "keys": ["x"], "items": [{"t": "array", "a": 0, "as": "ndarray"}]}
    returned = to_returned(reply(node, [np.ones(2)]), 1.0)
    assert returned is not None
    assert returned.seen["x"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "lie",
    [
        None,
        "x",
        {"t": "array", "a": 0, "as": "ndarray"},
        {"t": "dict", "keys": ["x"], "items": []},
        {"t": "dict", "keys": ["x"], "items": [{"t": "none"}]},
        {"t": "dict", "keys": ["x"], "items": [{"t": "array", "a": 7, "as": "ndarray"}]},
    ],
    ids=str,
)
def test_a_lie_about_the_arguments_is_no_answer(lie: object) -> None:
    """What the child says of them is read as strictly as everything else."""
    with pytest.raises(WireError):
        to_returned(reply(lie, [np.ones(2)]), 1.0)
