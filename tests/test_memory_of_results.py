"""Conventions on what a backward returns: memory of its own, and what a second call gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from in_process import grade_texts
from small_course import graded, made, outcomes, told
from test_behaviour import GATE, GATE_SPEC, PAIR, PAIR_SPEC, edited

from grader.isolation import SANDBOXES
from grader.isolation.values import to_returned
from grader.model import Severity
from grader.worker.memory import ANOTHER_RESULT, shared
from grader.worker.wire import Frame, WireError

LOSS_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - {id: t, style: loss_function, target: f, inputs: {x: [N], w: [N]}, outputs: [loss]}
"""
LOSS = "def f(x, w):\n    return (x * w).sum(), (w * 1.0, x * 1.0)\n"
CIRCUIT_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - {id: t, style: circuit, target: f, inputs: {x: [N], y: [N]}, outputs: [q, f],
     upstream: [f], gradients: [q, x, y]}
"""
CIRCUIT = """\
def f(x, y, df):
    q = x + y
    f = 3 * q
    dq = 3 * df
    return {"q": q, "f": f, "dq": dq, "dx": 1.0 * dq, "dy": 1.0 * dq}
"""
_BACK = "return dz * self.w, (dz * self.x).sum(axis=0)"
FORMS = {
    "gate": (GATE_SPEC, GATE),
    "pair": (PAIR_SPEC, PAIR),
    "loss": (LOSS_SPEC, LOSS),
    "circuit": (CIRCUIT_SPEC, CIRCUIT),
}

# Whose memory a result shares -> what must be said of it, or nothing.
SHARED: dict[str, tuple[str, tuple[tuple[str, str], ...], str]] = {
    "the upstream, written into": ("gate", ((_BACK, ("dw = (dz * self.x).sum(axis=0)\n"
        "        dz *= self.w\n        return dz, dw")),), "dz"),
    "a view of the upstream": ("gate", ((_BACK, ("dw = (dz * self.x).sum(axis=0)\n"
        "        dz *= self.w\n        return dz[:, ::-1][:, ::-1], dw")),), "dz"),
    "an input, written into": ("gate", (("return x * w", "x *= w\n        return x"),
        ("self.x, self.w = x, w", "self.x, self.w = x.copy(), w")), "x"),
    "an input of forward, in backward": ("gate", ((_BACK, ("dw = (dz * self.x).sum(axis=0)\n"
        "        np.multiply(dz, self.w, out=self.x)\n        return self.x, dw")),), "x"),
    "the output of forward": ("gate", (("return x * w", "self.z = x * w\n        return self.z"),
        (_BACK, ("dw = (dz * self.x).sum(axis=0)\n        self.z[...] = dz * self.w\n"
                "        return self.z, dw"))), "another result"),
    "the upstream, of a pair": ("pair", (("return dz * w, (dz * x).sum(axis=0)",
        "dw = (dz * x).sum(axis=0)\n    dz *= w\n    return dz, dw"),), "dz"),
    "the input, of a loss": ("loss", (("w * 1.0", "w"),), "w"),
    "both arguments, of a loss": ("loss", (("(w * 1.0, x * 1.0)", "(w, x)"),), "w and x"),
    "one gradient for two": ("circuit", (('"dy": 1.0 * dq', '"dy": dq'),), "another result"),
    "one buffer for two": ("loss", (("return (x * w).sum(), (w * 1.0, x * 1.0)",
        ("import numpy as np\n    both = np.stack([w, x])\n"
        "    return (x * w).sum(), (both[0], both[1])")),), ""),
    "columns of one buffer": ("loss", (("return (x * w).sum(), (w * 1.0, x * 1.0)",
        ("import numpy as np\n    both = np.stack([w, x], axis=1)\n"
        "    return (x * w).sum(), (both[:, 0], both[:, 1])")),), ""),
    "the cache of a pair": ("pair", (("cache = (x, w)", "cache = (x, w, x * w)"),
        ("return x * w, cache", "return cache[2], cache"), ("x, w = cache", "x, w, _ = cache")),
        ""),
    "a kept result": ("gate", (("return x * w", "self.z = x * w\n        return self.z"),), ""),
    "lists": ("loss", (("(w * 1.0, x * 1.0)", "(w.tolist(), x.tolist())"),), ""),
}  # fmt: skip


def with_convention(spec: str, convention: str) -> str:
    """Return the spec with one convention stated for the file."""
    return spec.replace("tasks:", f"conventions: {{{convention}}}\ntasks:")


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize("seed", range(3))
def test_shared_memory(name: str, seed: int) -> None:
    """With `aliasing: copy` shared memory is told with its owner; by default it is nobody's."""
    form, edits, owner = SHARED[name]
    spec, right = FORMS[form]
    source = edited(right, edits)
    result = graded(made(with_convention(spec, "aliasing: copy"), right, seed), source)
    expected = [("behaviour.aliasing", "B507")] if owner else []
    assert [(f.check, f.code) for f in told(result)] == expected
    for finding in told(result):
        assert finding.message == f"a result shares its memory with {owner}"
    assert outcomes(result)["behaviour.aliasing"] == ("failed" if owner else "passed")
    assert result.outcome.value == "passed", "free unless priced"
    by_default = graded(made(spec, right, seed), source)
    assert told(by_default) == []
    assert "behaviour.aliasing" not in outcomes(by_default)


def test_memory_in_a_real_child() -> None:
    """The same is seen of a process of its own."""
    source = edited(GATE, SHARED["the upstream, written into"][1])
    ready = made(with_convention(GATE_SPEC, "aliasing: copy"), GATE)
    (result,) = grade_texts(ready, {"m.py": source}, open_session=SANDBOXES["process"]).tasks
    assert [f.code for f in told(result)] == ["B507"]


def test_memory_of_wrong_results_is_not_judged() -> None:
    """A wrong gradient is told as wrong, and its memory is left out."""
    source = edited(GATE, ((_BACK, "return dz, dz.sum(axis=0)"),))
    result = graded(made(with_convention(GATE_SPEC, "aliasing: copy"), GATE), source)
    assert outcomes(result)["behaviour.aliasing"] == "skipped"


class Loud(np.ndarray):
    """A student's array whose methods must not be asked."""

    def __getattribute__(self, name: str) -> Any:
        """Fail."""
        raise AssertionError(name)


A = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("returned", "names"),
    [
        (A, ["x"]),
        (A.T, ["x"]),
        (A[1:], ["x"]),
        ([{"dx": (A[0],)}], ["x"]),
        (A.copy(), []),
        ((A.copy(), 3.0, None, "text", object()), []),
        (np.float64(3), []),
        (A[:0], []),
        ([B := A.copy(), B], [ANOTHER_RESULT]),
        ([B := A.copy(), B[0], A], ["x", ANOTHER_RESULT]),
        ([B := A.copy(), B[::2, ::2], B[1::2, 1::2]], [ANOTHER_RESULT]),
        ([(B := A.copy())[:, ::2], B[:, 1::2]], []),
    ],
)
def test_whose_memory(returned: object, names: list[str]) -> None:
    """Views, parts and containers are looked through; parts that do not meet share nothing."""
    assert shared(returned, [("x", A), ("y", A + 1)], []) == names


def test_no_method_of_the_student_is_asked() -> None:
    """An array of the student's own class is seen as the array that it is."""
    assert shared(A.view(Loud), [("x", A)], []) == ["x"]
    assert shared(A.copy().view(Loud), [("x", A)], []) == []


def test_memory_of_earlier_results() -> None:
    """A gradient in the memory of an output that was returned before is shared too."""
    before = A.copy()
    assert shared(before[1], [("x", A)], [before]) == [ANOTHER_RESULT]


@pytest.mark.parametrize("lie", [None, "x", {"x": 1}, [1], [["x"]], ["x"] * 65, 3])
def test_a_lie_about_memory_is_no_answer(lie: object) -> None:
    """What the child says of memory is read as strictly as everything else."""
    message = {"id": 1, "step": 0, "value": {"t": "none"}, "seconds": 0.0, "mutated": []}
    assert to_returned(Frame({**message, "shared": ["x"]}, []), 1.0).shared == ("x",)  # type: ignore[union-attr]
    with pytest.raises(WireError):
        to_returned(Frame({**message, "shared": lie}, []), 1.0)


ADDS = edited(GATE, (
    ("self.x, self.w = x, w", "self.x, self.w = x, w\n        self.dx = self.dw = 0"),
    (_BACK, ("self.dx = self.dx + dz * self.w\n"
            "        self.dw = self.dw + (dz * self.x).sum(axis=0)\n"
            "        return self.dx, self.dw")),
))  # fmt: skip
ADDS_ONE = edited(ADDS, (("self.dx + dz * self.w", "dz * self.w"),))
POPS = edited(PAIR, (
    ("cache = (x, w)", "cache = [x, w]"),
    ("x, w = cache", "w, x = cache.pop(), cache.pop()"),
))  # fmt: skip
AGAIN = {
    "the same": ("gate", GATE, "same"),
    "adds": ("gate", ADDS, "adds"),
    "adds one of two": ("gate", ADDS_ONE, ""),
    "the same, of a pair": ("pair", PAIR, "same"),
    "works once": ("pair", POPS, ""),
}


@pytest.mark.parametrize("name", AGAIN)
@pytest.mark.parametrize("convention", ["any", "same", "adds"])
def test_second_backward(name: str, convention: str) -> None:
    """What a second backward gives is a note by default, and a check where the spec says so."""
    form, source, kind = AGAIN[name]
    spec, right = FORMS[form]
    if convention == "adds":
        right = ADDS if form == "gate" else right
    ready = made(with_convention(spec, f"second_backward: {convention}"), right)
    result = graded(ready, source)
    notes = [f.code for f in told(result, Severity.NOTE)]
    if convention == "any":
        assert not told(result)
        assert notes == ([] if kind == "same" else ["N703"])
        return
    is_as_said = kind == convention
    assert outcomes(result)["behaviour.second_backward"] == ("passed" if is_as_said else "failed")
    assert [f.code for f in told(result)] == ([] if is_as_said else ["B508"])
    assert not notes
    for finding in told(result):
        must = "give the same" if convention == "same" else "add to the first"
        assert finding.message.startswith(f"called again: it must {must}; ")


def test_conventions_of_behaviour_can_be_priced() -> None:
    """Points for them are lost by what is told, and by nothing else."""
    spec = with_convention(GATE_SPEC, "aliasing: copy, second_backward: adds")
    rubric = (
        "rubric: m\ntotal: 6\ntasks:\n  t: {forward: 1, backward: 2, behaviour.aliasing: 1, "
        "behaviour.second_backward: 2}\n"
    )
    copies = edited(ADDS, (("return self.dx, self.dw", "return self.dx.copy(), self.dw.copy()"),))
    ready = made(spec, copies, 0, rubric)
    assert float(graded(ready, copies).score) == 6
    assert float(graded(ready, GATE).score) == 4
    keeps = ("self.x, self.w = x, w", "self.x, self.w = x.copy(), w")
    aliased = edited(copies, (("return x * w", "x[...] = x * w; return x"), keeps))
    assert float(graded(ready, aliased).score) == 5
