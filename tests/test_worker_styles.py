"""Styles, signatures and stubs, in one process as the oracle uses them."""

from __future__ import annotations

import linecache
import re
import sys
from typing import Any

import numpy as np
import pytest

from grader.model import Call
from grader.worker.load import Submission
from grader.worker.objects import with_objects
from grader.worker.stubs import find_stubs
from grader.worker.styles import STYLES, CallFault

GATE = Call("gate_class", "m", "Gate", None, ("k",), ("x",), ("dz",))
PAIR = Call("function_pair", "m", "f_forward", "f_backward", (), ("x",), ("dout", "cache"))
LOSS = Call("loss_function", "m", "loss", None, (), ("x", "k"), ())
POINT = Call("function", "m", "f", "f_gradient", (), ("x", "k"), ("x", "k"))
STEP = Call("update_step", "m", "step", None, (), ("x", "dz", "k"), (), updates=("x",))
STEPS = Call("update_step", "m", "step", None, (), ("x", "dz", "k"), (), updates=("x", "dz"))
CHECKER = Call("checker", "m", "check", None, (), ("x", "k"), (), objects=(("k", "given.LIST"),))
FUNCTION = Call("function", "m", "f", "f_vjp", (), ("x", "k"), ("x", "k", "dout"))
JACOBIAN = Call("jacobian_function", "m", "f", "f_jacobian", (), ("x", "k"), ("x", "k"))
VALUES = {"x": np.ones(2), "k": 3.0, "dz": np.ones(2), "dout": np.ones(2)}

GATE_SOURCE = """
class Gate:
    def __init__(self, k):
        self.k = k
    def forward(self, x):
        return x * self.k
    def backward(self, dz):
        return dz * self.k
"""

SOUND = {
    "gate": (
        GATE,
        GATE_SOURCE,
        [3.0, 3.0],
    ),
    "pair": (
        PAIR,
        "def f_forward(x): return x * 2, 5\ndef f_backward(dout, cache): return dout * cache",
        [2.0, 5.0],
    ),
    "pair in a list": (
        PAIR,
        "def f_forward(x): return [x, 5]\ndef f_backward(*a): return a[0] * a[1]",
        [1.0, 5.0],
    ),
    "loss": (LOSS, "def loss(x, k, extra=1): return x * k", [3.0]),
    "function": (
        POINT,
        "def f(x, k): return x + k\ndef f_gradient(x, k): return x * k",
        [4.0, 3.0],
    ),
    "function that hands nothing on": (
        POINT,
        "def f(x, k):\n  x += 5\n  return x\ndef f_gradient(*a): return a[0] * len(a)",
        [6.0, 2.0],
    ),
    "step": (STEP, "def step(x, dx, k): return x - k * dx", [-2.0]),
    "step in place": (STEP, "def step(x, dx, k): x -= k * dx", [-2.0]),
    "step in place and returned": (STEP, "def step(x, dx, k):\n  x -= k * dx\n  return x", [-2.0]),
    "step unwritten": (STEP, "def step(x, dx, k): pass", [1.0]),
    "function with an upstream": (
        FUNCTION,
        "def f(x, k): return x * k\ndef f_vjp(x, k, dout): return k * dout + x",
        [3.0, 4.0],
    ),
    "jacobian": (
        JACOBIAN,
        "def f(x, k): return x * k\ndef f_jacobian(x, k): return k * x[:, None] + x",
        [3.0, [4.0, 4.0]],
    ),
    "jacobian in a tuple": (
        JACOBIAN,
        "def f(*args): return args[0]\nf_jacobian = lambda x, k: (x, k)",
        [1.0, [1.0, 1.0]],
    ),
}


def names(source: str) -> dict[str, Any]:
    """Return the namespace of a module."""
    space: dict[str, Any] = {"__name__": "m"}
    exec(source, space)
    return space


def play(call: Call, source: str) -> list[Any]:
    """Call every stage of the style and return what comes back."""
    style = STYLES[call.style]
    subject = style(call, names(source), VALUES)
    stages = style.definitions(call)
    return [subject.call(stage, {**VALUES, "x": np.ones(2)}) for stage in stages]


@pytest.mark.parametrize(("call", "source", "expected"), SOUND.values(), ids=SOUND)
def test_styles(call: Call, source: str, expected: list[Any]) -> None:
    """Each style calls its functions with the named values."""
    assert [np.asarray(part[0]).tolist() for part in play(call, source)] == expected


def test_a_step_of_several_parameters_gives_all_of_them() -> None:
    """What the function returns goes first; None stands for the first arguments, in their order."""
    source = "def step(x, dx, k):\n  x += k\n  dx *= k\n"
    (changed,) = play(STEPS, source)
    assert [array.tolist() for array in changed] == [[4.0, 4.0], [3.0, 3.0]]
    assert play(STEPS, "def step(x, dx, k): return 7.0, 8.0") == [(7.0, 8.0)]
    assert play(STEPS, "def step(x, dx, k): return 7.0") == [7.0]


def test_a_checker_is_handed_objects_by_number() -> None:
    """A number chooses one entry, a matrix one for each row, and no other argument is touched."""
    entries = [np.sum, np.prod]
    values: dict[str, Any] = {"x": np.array([3.0, 4.0]), "k": 1}
    with_objects(CHECKER.objects, values, {"given": {"LIST": entries}}.__getitem__)
    checker = STYLES["checker"](CHECKER, names("def check(x, f): return f(x)"), values)
    assert checker.call("forward", values) == 12.0
    rows: dict[str, Any] = {"k": np.array([[1, 5, 6], [0, 7, -1]]), "x": 2.0}
    with_objects(CHECKER.objects, rows, {"given": {"LIST": entries}}.__getitem__)
    assert rows == {"k": [(np.prod, [5, 6]), (np.sum, [7, -1])], "x": 2.0}
    nothing: dict[str, Any] = {"x": 2.0}  # a later step of the same call has no object
    no_files: dict[str, dict[str, Any]] = {}
    with_objects(CHECKER.objects, nothing, no_files.__getitem__)
    assert nothing == {"x": 2.0}


@pytest.mark.parametrize("returned", [None, True, 0.5, (1, 2)])
def test_a_checker_returns_what_it_returns(returned: object) -> None:
    """None is no change in place here: the checker forgot its answer."""
    (got,) = play(CHECKER, f"def check(x, f):\n  x += 1\n  return {returned}")
    assert got == returned


G = "class Gate:\n  def __init__(self, k): pass\n"
FAULTS = {
    "near name": (GATE, "class gate: pass\nclass Other: pass", "name", "defines gate, Other"),
    "imports are not offered": (LOSS, "from math import exp", "name", "the file defines nothing"),
    "no callable": (LOSS, "loss = 3.0", "not_callable", "must be a function; its type is float"),
    "no constructor": (GATE, "class Gate: pass", "signature", "called as Gate(k)"),
    "no method": (GATE, G + "  def foward(self, x): pass", "name", "forward; it has foward"),
    "method is data": (GATE, G + "  forward = 3", "not_callable", "Gate.forward must be a method"),
    "no self": (GATE, G + "  def forward(x): pass", "signature", "is self missing?"),
    "no parameters": (GATE, G + "  def forward(): pass", "signature", "is self missing?"),
    "too few": (LOSS, "def loss(x): pass", "signature", "loss is defined with (x), but it is"),
    "too many": (LOSS, "def loss(x, k, r): pass", "signature", "called as loss(x, k)"),
    "keyword only": (LOSS, "def loss(x, *, k): pass", "signature", "called as loss(x, k)"),
    "bare array": (PAIR, "def f_forward(x): return x", "container", "one value of type ndarray"),
    "three values": (PAIR, "def f_forward(x): return x, 1, 2", "container", "returned 3 values"),
    "no gradient": (POINT, "def f(x, k): return x", "name", "no function f_gradient"),
    "gradient without inputs": (
        POINT,
        "def f(x, k): return x\ndef f_gradient(x): return x",
        "signature",
        "it is called as f_gradient(x, k)",
    ),
    "step without its size": (STEP, "def step(x, dx): pass", "signature", "step(x, dz, k)"),
    "no jacobian": (
        JACOBIAN,
        "def f(x, k): return x\ndef jacobian(x, k): return x",
        "name",
        "no function f_jacobian; the file defines jacobian, f",
    ),
    "jacobian of a part": (
        JACOBIAN,
        "def f(x, k): return x\ndef f_jacobian(x): return x",
        "signature",
        "f_jacobian is defined with (x), but it is called as f_jacobian(x, k)",
    ),
    "no upstream": (
        FUNCTION,
        "def f(x, k): return x\ndef f_vjp(x, k): return x",
        "signature",
        "called as f_vjp(x, k, dout)",
    ),
    "cache in a function": (
        FUNCTION,
        "def f(x, k): return x, k\ndef f_vjp(dout, cache): return dout",
        "signature",
        "called as f_vjp(x, k, dout)",
    ),
    "no backward": (PAIR, "def f_forward(x): return x, 1", "name", "no function f_backward"),
}


@pytest.mark.parametrize(("call", "source", "kind", "detail"), FAULTS.values(), ids=FAULTS)
def test_faults(call: Call, source: str, kind: str, detail: str) -> None:
    """What cannot be called says what it is and how it would be called."""
    with pytest.raises(CallFault) as caught:
        play(call, source)
    assert caught.value.kind == kind
    assert detail in caught.value.detail


def test_missing_self_is_suggested_only_when_it_fits() -> None:
    """Two arguments short is not a missing self."""
    with pytest.raises(CallFault) as caught:
        play(GATE, G + "  def forward(self, x, y, z): pass")
    assert "self missing" not in caught.value.detail


STUBS: dict[str, tuple[str, bool]] = {
    "pass": ("pass", True),
    "ellipsis": ("...", True),
    "docstring": ("'''Doc.'''", True),
    "raise": ("raise NotImplementedError('todo')", True),
    "raise bare": ("'''Doc.'''\nraise NotImplementedError", True),
    "return none": ("return None", True),
    "return": ("return", True),
    "none name": ("out = None\nreturn out", True),
    "cs231n forward": ("out = None\ncache = (x, w)\nreturn out, cache", True),
    "cs231n backward": ("x, w = cache\ndx, dw = None, None\nreturn dx, dw", True),
    "assign and fall": ("dx = None\npass", True),
    "cs231n loss": ("loss = 0.0\ndW = np.zeros_like(w)\npass\nreturn loss, dW", True),
    "cs231n network": (
        (
            "W, b = self.params['W'], self.params['b']\nN, D = x.shape\nscores = None\n"
            "if w is None:\n  return scores\nloss, grads = 0, {}\nreturn loss, grads"
        ),
        True,
    ),
    "zeros changed": ("dW = np.zeros(2)\ndW[0] = 1\nreturn 0.0, dW", False),
    "another branch": ("out = None\nif w is None:\n  return x\nreturn out", False),
    "either branch": ("if w is None:\n  return None\nelse:\n  return x", False),
    "identity": ("out = x\nreturn out", False),
    "swap": ("return w, x", False),
    "work": ("out = None\nout = x * w\nreturn out", False),
    "zero": ("return 0", False),
    "other error": ("raise ValueError", False),
    "loop": ("for i in x: pass", False),
}


@pytest.mark.parametrize(("body", "expected"), STUBS.values(), ids=STUBS)
def test_stubs(body: str, expected: bool) -> None:
    """A body that computes nothing is a stub; a wrong one is not."""
    lines = body.replace("\n", "\n  ")
    source = f"def f(x, w, cache=None):\n  {lines}\n"
    assert find_stubs(source, {"forward": "f"}) == ["forward"] * expected


def test_stubs_are_judged_apart() -> None:
    """One written method of a class is not a stub, the other may be; the last definition counts."""
    source = (
        "class Gate:\n  def backward(self, dz): return dz\n"
        "  def forward(self, x): return x\n  def backward(self, dz): pass\n"
    )
    stages = {"forward": "Gate.forward", "backward": "Gate.backward"}
    assert find_stubs(source, stages) == ["backward"]
    assert find_stubs("x = 1", stages) == []


def test_import_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files import each other, tracebacks know their lines, and nothing shadows the stdlib."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    files = {"mem_a.py": "\ufeffimport mem_b\nimport random\nn = mem_b.n", "mem_b.py": "n = 4\n"}
    submission = Submission({**files, "random.py": "raise SystemExit"})
    submission.install()
    try:
        assert submission.namespace("mem_a")["n"] == 4
        assert submission.namespace("mem_a")["__file__"] == "mem_a.py"
        assert linecache.getline("mem_b.py", 1) == "n = 4\n"
        with pytest.raises(CallFault, match="one of Python's own"):
            submission.namespace("random")
    finally:
        for name in files:
            sys.modules.pop(name.removesuffix(".py"), None)
            linecache.cache.pop(name, None)


LSTM = Call(
    "function_pair", "m", "f_forward", "f_backward", (), ("x", "param"), ("dh", "cache"),
    results=("h", "c"), read_back=(("mean", "param.mean"),),
)  # fmt: skip


def test_a_pair_may_return_several_outputs_and_leave_one_in_a_dict() -> None:
    """Outputs come before the cache; what is read back is what the student left in the dict."""
    source = "def f_forward(x, p):\n    p['mean'] = x + p['k']\n    return x, 2 * x, 'cache'\n"
    subject = STYLES["function_pair"](LSTM, names(source), {})
    assert subject.call("forward", {"x": 3.0, "param": {"k": 1.0}}) == (3.0, 6.0, 4.0)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f_forward(x, param): return x", "must return (h, c, cache); it returned one value"),
        ("def f_forward(x, param): return x, x", "must return (h, c, cache); it returned 2 values"),
    ],
)
def test_a_pair_with_other_results_is_told_what_it_must_return(source: str, message: str) -> None:
    """The message names the outputs in their order."""
    subject = STYLES["function_pair"](LSTM, names(source), {})
    with pytest.raises(CallFault, match=re.escape(message)):
        subject.call("forward", {"x": 3.0, "param": {}})
