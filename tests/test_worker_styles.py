"""Styles, signatures and stubs, in one process as the oracle uses them."""

from __future__ import annotations

import linecache
import sys
from typing import Any

import numpy as np
import pytest

from grader.model import Call
from grader.worker.load import Submission
from grader.worker.stubs import find_stubs
from grader.worker.styles import STYLES, CallFault

GATE = Call("gate_class", "m", "Gate", None, ("k",), ("x",), ("dz",))
PAIR = Call("function_pair", "m", "f_forward", "f_backward", (), ("x",), ("dout", "cache"))
LOSS = Call("loss_function", "m", "loss", None, (), ("x", "k"), ())
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
    return [subject.call(stage, VALUES) for stage in style.definitions(call)]


@pytest.mark.parametrize(("call", "source", "expected"), SOUND.values(), ids=SOUND)
def test_styles(call: Call, source: str, expected: list[Any]) -> None:
    """Each style calls its functions with the named values."""
    assert [np.asarray(part[0]).tolist() for part in play(call, source)] == expected


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


STUBS = {
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
