"""What was never written is told apart from what is wrong; what is half written is judged so."""

from __future__ import annotations

import textwrap

import pytest
from in_process import grade_texts
from in_process import prepared as shipped
from small import check_of, graded, prepared

from grader.model import Outcome
from grader.worker.stubs import find_stubs

# Starters of courses, and code that looks like one: whether nothing was written.
LOSS = {
    "raises": ("raise NotImplementedError('TODO')", True),
    "pass": ("pass", True),
    "none": ("return None", True),
    "nones": ("loss, dW = None, None\npass\nreturn loss, dW", True),
    "zeros": ("loss = 0.0\ndW = np.zeros(W.shape)\npass\nreturn loss, dW", True),
    "zeros like": ("'''Doc.'''\nloss = 0.0\ndW = np.zeros_like(W)\nreturn loss, dW", True),
    "zeros at once": ("return 0.0, np.zeros(W.shape)", True),
    "zeros by another name": ("import numpy\nreturn 0, numpy.zeros(W.shape)", False),
    "a mode": (
        "dW = None\nif reg == 0:\n  loss = None\nelse:\n  loss = 0.0\nreturn loss, dW",
        True,
    ),
    "computes": ("dW = np.zeros(W.shape)\nloss = np.sum(W * W)\nreturn loss, dW", False),
    "fills": ("loss = 0.0\ndW = np.zeros(W.shape)\ndW[0] = W[0]\nreturn loss, dW", False),
    "fills by mask": ("dW = np.zeros_like(W)\ndW[y] = 1\nreturn 0.0, dW", False),
    "adds": ("loss = 0.0\ndW = np.zeros(W.shape)\ndW += W\nreturn loss, dW", False),
    "loops": ("loss = 0.0\ndW = np.zeros(W.shape)\nfor i in y: pass\nreturn loss, dW", False),
    "calls": ("dW = np.zeros(W.shape)\nfill(W, dW)\nreturn 0.0, dW", False),
    "ones": ("return 0.0, np.ones(W.shape)", False),
    "numbers": ("return 0.0, 0.0", False),
    "its arguments": ("return reg, W", False),
    "forgets to return": ("dW = np.zeros(W.shape)\ndW += W", False),
    "forgets to return its arguments": ("dW = W\nreg, dW", False),
}
BATCHNORM = """
mode = param["mode"]
eps = param.get("eps", 1e-5)
N, D = x.shape
running_mean = param.get("running_mean", np.zeros(D, dtype=x.dtype))
out, cache = None, None
if mode == "train":
    pass
elif mode == "test":
    pass
else:
    raise ValueError('Invalid forward mode "%s"' % mode)
param["running_mean"] = running_mean
return out, cache
"""
DROPOUT = """
p, mode = param["p"], param["mode"]
if "seed" in param:
    np.random.seed(param["seed"])
mask = None
out = None
if mode == "train":
    pass
cache = (param, mask)
out = out.astype(x.dtype, copy=False)
return out, cache
"""
DROPOUT_BACKWARD = """
param, mask = cache
mode = param["mode"]
dx = None
if mode == "train":
    pass
elif mode == "test":
    dx = dout
return dx
"""
LAYER = {
    "batchnorm": (BATCHNORM, True),
    "batchnorm, half": (BATCHNORM.replace("    pass\nelif", "    out = x * 2\nelif"), False),
    "dropout": (DROPOUT, True),
    "dropout, written": (DROPOUT.replace("    pass", "    out = x * (x > 0)"), False),
    "dropout backward": (DROPOUT_BACKWARD, True),
    "an early return": ("scores = None\nif y is None:\n  return scores\nreturn None, {}", True),
    "a name that is filled in a loop": ("dx = None\nfor i in x:\n  dx = i\nreturn dx", False),
    "an inner function": ("def g(): return x * 2\nout = None\nreturn out, g", False),
    "one that raises": ("raise ValueError", False),
}


@pytest.mark.parametrize(("body", "expected"), [*LOSS.values(), *LAYER.values()],
                         ids=[*LOSS, *LAYER])  # fmt: skip
def test_a_starter_is_told_by_its_source(body: str, expected: bool) -> None:
    """A starter prepares, branches and returns what it began with; whatever computes is written."""
    source = f"def f(W, x=0, y=0, reg=0):\n{textwrap.indent(body, '    ')}\n"
    assert ("forward" in find_stubs(source, {"forward": "f"})) == expected


def test_deep_source_is_no_starter() -> None:
    """Source that is too deep to be read is left to be judged by what it returns."""
    rest = "".join(f"    elif y == {i}:\n        pass\n" for i in range(900))
    source = f"def f(y):\n    if y == 0:\n        pass\n{rest}    return None\n"
    assert set(find_stubs(source, {"forward": "f"})) <= {"forward"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("loss = W.sum()\ndW = np.zeros(W.shape)\nreturn loss, dW", [1]),
        ("loss = 0.0\ndW = np.zeros(W.shape)\ndW += W\nreturn loss, dW", [0]),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\ndW[0] = 1\nreturn loss, dW", []),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\nnp.add(W, W, out=dW)\nreturn loss, dW", []),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\ng = dW\ng += W\nreturn loss, dW", []),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\nfor dW in W: pass\nreturn loss, dW", []),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\ndW = W\nreturn loss, dW", []),
        ("loss = W.sum()\ndW = np.zeros(W.shape)\nif loss:\n  return loss, W\nreturn loss, dW", []),
        ("dx, db = np.zeros(3), np.zeros(2)\ndx[0] = W\nreturn dx, db", [1]),
        ("dx = W * 2\ndb = None\nreturn dx, db", []),
        ("x = W * 2\nreturn x", []),
        ("W * 2", []),
    ],
)
def test_results_that_nothing_was_written_into(body: str, places: list[int]) -> None:
    """They are zeros that are made once, never touched, and returned in every case."""
    source = f"def f(W):\n{textwrap.indent(body, '    ')}\n"
    assert find_stubs(source, {"forward": "f"}) == [f"forward:{place}" for place in places]


SVM = (
    "{id: t, style: loss_function, target: f, inputs: {W: [D]}, outputs: [loss], "
    "hyper_parameters: {reg: {range: [0.5, 2]}}}"
)
SVM_REFERENCE = "def f(W, reg):\n    return reg * np.sum(W * W) + np.sum(W), 2 * reg * W + 1\n"


@pytest.mark.parametrize(
    ("body", "task", "forward", "backward"),
    [
        ("loss = 0.0\ndW = np.zeros(W.shape)\nreturn loss, dW",
         "not_attempted", "not_attempted", "not_attempted"),
        ("raise NotImplementedError", "not_attempted", "not_attempted", "not_attempted"),
        ("loss = reg * np.sum(W * W) + np.sum(W)\ndW = np.zeros(W.shape)\nreturn loss, dW",
         "failed", "passed", "not_attempted"),
        ("loss = 0.0\ndW = np.zeros(W.shape)\ndW += 2 * reg * W + 1\nreturn loss, dW",
         "failed", "not_attempted", "passed"),
        ("loss = np.sum(W)\ndW = np.zeros(W.shape)\nreturn loss, dW",
         "failed", "failed", "not_attempted"),
        ("loss = reg * np.sum(W * W) + np.sum(W)\ndW = 0 * W\nreturn loss, dW",
         "failed", "passed", "failed"),
        ("loss = reg * np.sum(W * W) + np.sum(W)\ndW = None\nreturn loss, dW",
         "failed", "passed", "failed"),
    ],
)  # fmt: skip
def test_a_loss_is_judged_result_by_result(
    body: str, task: str, forward: str, backward: str
) -> None:
    """Zeros of the starter are not attempted; zeros that were worked out are wrong."""
    source = f"def f(W, reg):\n{textwrap.indent(body, '    ')}\n"
    found = graded(prepared(SVM, SVM_REFERENCE), source)
    assert found.outcome.value == task
    assert check_of(found, "forward").outcome.value == forward
    assert check_of(found, "backward[dW]").outcome.value == backward
    if (forward, backward) == ("passed", "not_attempted"):
        reason = check_of(found, "backward[dW]").reason
        assert reason == "zeros that nothing was written into"
    told = {f.check for f in found.findings if f.severity.value == "error"}
    assert told == {name for name, how in (("forward", forward), ("backward[dW]", backward))
                    if how == "failed"}  # fmt: skip


def test_zeros_that_are_right_are_written() -> None:
    """A gradient that is zero by right passes, untouched zeros and all."""
    task = "{id: t, style: function_pair, target: f, inputs: {x: [N, D], b: [D]}, outputs: [out]}"
    pair = (
        "def f_forward(x, b):\n    return x * x, (x, b)\n\n\n"
        "def f_backward(dout, cache):\n    x, b = cache\n    db = np.zeros_like(b)\n"
        "    return 2 * x * dout, db\n"
    )
    assert graded(prepared(task, pair), pair).outcome is Outcome.PASSED
    alone = (
        "def f_forward(x):\n    return np.sign(x), x\n\n\n"
        "def f_backward(dout, cache):\n    x = cache\n    dx = np.zeros_like(x)\n    return dx\n"
    )
    task = task.replace(", b: [D]", "")
    assert graded(prepared(task, alone), alone).outcome is Outcome.PASSED


GATED = """
def f_forward(x, stop):
    return 0 * x if stop else 1 * x, stop


def f_backward(dout, stop):
    dx = np.zeros_like(dout)
    if not stop:
        dx = GIVEN
    return dx
"""


@pytest.mark.parametrize(("given", "outcome"), [("dout", "passed"), ("dout[0]", "failed")])
def test_zeros_in_some_cases_are_written(given: str, outcome: str) -> None:
    """Source like a starter's that gives more than zeros in other cases is judged by its values."""
    task = (
        "{id: t, style: function_pair, target: f, inputs: {x: [N, D]}, outputs: [out], "
        "hyper_parameters: {stop: false}, cases: {stopped: {set: {stop: true}}}}"
    )
    source = GATED.replace("GIVEN", given)
    assert find_stubs(source, {"backward": "f_backward"}) == ["backward"]
    found = graded(prepared(task, GATED.replace("GIVEN", "dout")), source)
    assert check_of(found, "case.stopped").outcome is Outcome.PASSED
    assert check_of(found, "backward[dx]").outcome.value == outcome


NORM = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D], g: [D], b: [D]}, outputs: [out]}"
)
NORM_REFERENCE = """
def f_forward(x, g, b):
    return x * g + b, (x, g)


def f_backward(dout, cache):
    x, g = cache
    return dout * g, np.sum(dout * x, axis=0), np.sum(dout, axis=0)
"""


@pytest.mark.parametrize(
    ("start", "codes"),
    [("dx, dg, db = None, None, None", {"S301"}), ("dx = np.zeros_like(x)", set())],
)
def test_half_written_work_is_judged_output_by_output(start: str, codes: set[str]) -> None:
    """What is there passes; what is not costs its own points alone."""
    forward, backward = NORM_REFERENCE.split("    return dout * g")
    body = f"    {start}\n    dg = np.sum(dout * x, axis=0)\n    db = np.sum(dout, axis=0)\n"
    task = graded(prepared(NORM, NORM_REFERENCE), f"{forward}{body}    return dx, dg, db\n")
    assert backward
    assert task.score == 3
    assert check_of(task, "backward[dx]").outcome is not Outcome.PASSED
    assert {f.code for f in task.findings} == codes


# Every style of two calls: a right version, with the lines of forward and of backward in it.
STYLES = {
    "gate_class": ("inputs: {x: [N]}, outputs: [z]", (
        "class F:\n    def forward(self, x):\n        self.x = x; return x * x\n"
        "    def backward(self, dz):\n        return 2 * self.x * dz\n")),
    "function_pair": ("inputs: {x: [N]}, outputs: [z]", (
        "def F_forward(x):\n    return x * x, x\n\n"
        "def F_backward(dz, cache):\n    return 2 * cache * dz\n")),
    "function": ("inputs: {x: []}, outputs: [z]", (
        "def F(x):\n    return x * x\n\ndef F_gradient(x):\n    return 2 * x\n")),
    "jacobian_function": ("inputs: {x: [N]}, outputs: [z]", (
        "def F(x):\n    return x * x\n\ndef F_jacobian(x):\n    return np.diag(2 * x)\n")),
    "torch7_module": ("inputs: {x: [N]}, outputs: [z]", (
        "class F:\n    def updateOutput(self, x):\n        return x * x\n"
        "    def updateGradInput(self, x, dz):\n        return 2 * x * dz\n")),
}  # fmt: skip


@pytest.mark.parametrize(("keys", "right"), STYLES.values(), ids=STYLES)
def test_a_backward_behind_no_forward_is_skipped(
    keys: str, right: str, request: pytest.FixtureRequest
) -> None:
    """Where forward is a stub or raises, backward is not reached, and says so; it is not wrong."""
    style = request.node.callspec.id
    made = prepared(f"{{id: t, style: {style}, target: F, {keys}}}", right)
    assert graded(made, right).outcome is Outcome.PASSED
    first = next(line for line in right.splitlines() if "return" in line)
    indent = " " * (len(first) - len(first.lstrip()))
    for body, outcome, reason in (
        ("raise NotImplementedError", "not_attempted", "forward is not written"),
        ("pass", "not_attempted", "forward is not written"),
        ("out = None; return out", "not_attempted", "forward is not written"),
        ("raise ValueError(x)", "faulted", "forward failed"),
        ("return undefined", "faulted", "forward failed"),
    ):
        task = graded(made, right.replace(first, f"{indent}{body}"))
        assert task.outcome.value == outcome, body
        assert check_of(task, "forward").outcome.value == outcome
        backward = check_of(task, "backward[dx]")
        assert (backward.outcome.value, backward.reason) == ("skipped", reason)
        assert {f.check for f in task.findings} <= {"forward"}


@pytest.mark.parametrize(
    ("body", "outcome", "reason"),
    [("pass", "not_attempted", "forward is not written"),
     ("raise ValueError(leaves)", "faulted", "forward failed")],
)  # fmt: skip
def test_a_graph_without_forward_is_not_wrong_backward(
    body: str, outcome: str, reason: str
) -> None:
    """So it is in a graph of gates, whose backward is then not reached."""
    source = (
        "class ComputationalGraph:\n    def __init__(self, gates):\n        self.gates = gates\n"
        f"    def forward(self, leaves):\n        {body}\n"
        "    def backward(self, df):\n        return {}\n"
    )
    made = shipped("graphs", 0)
    (task,) = grade_texts(made, {"graphs.py": source}, {"graph"}).tasks
    assert task.outcome.value == outcome
    backward = [c for c in task.checks if c.id.startswith("backward[")]
    assert {(c.outcome.value, c.reason) for c in backward} == {("skipped", reason)}


CACHES = {
    "a tuple in another order": ("(g, x)", "g, x = cache"),
    "a list": ("[x, [g]]", "x, (g,) = cache"),
    "a dict": ("{'x': x, 'g': g}", "x, g = cache['x'], cache['g']"),
    "nested": ("{'a': ({'x': x}, [g])}", "x, g = cache['a'][0]['x'], cache['a'][1][0]"),
    "closures": ("(lambda: x, lambda: g)", "x, g = cache[0](), cache[1]()"),
    "one closure that is backward": ("lambda: (x, g)", "x, g = cache()"),
    "a generator": ("(v for v in (x, g))", "x, g = cache"),
    "an iterator that is used up": ("iter([x, g])", "x, g = next(cache), next(cache)"),
    "an object": ("type('C', (), {'x': x, 'g': g})()", "x, g = cache.x, cache.g"),
    "views": ("(x.T, g[None], x[::-1])", "x, g = cache[0].T, cache[1][0]"),
    "a stack that is popped": ("[x, g]", "g = cache.pop(); x = cache.pop()"),
    "a dict that is emptied": ("{'x': x, 'g': g}", "x = cache.pop('x'); g = cache.pop('g')"),
    "arrays that are overwritten": (
        "[x.copy(), g]", "x = cache[0].copy(); g = cache[1]; cache[0][...] = 0; cache[1] = None"),
}  # fmt: skip


@pytest.mark.parametrize(("cache", "unpack"), CACHES.values(), ids=CACHES)
def test_any_cache_serves(cache: str, unpack: str) -> None:
    """The cache is private: of any kind, and used up by backward if it likes."""
    source = NORM_REFERENCE.replace("(x, g)\n", f"{cache}\n").replace("x, g = cache", unpack)
    task = graded(prepared(NORM, NORM_REFERENCE), source)
    assert task.outcome is Outcome.PASSED
    assert {f.code for f in task.findings} <= {"N703"}
