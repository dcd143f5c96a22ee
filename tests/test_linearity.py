"""Linearity in the upstream: a witness that needs no reference, for every style that has one."""

from __future__ import annotations

import pytest
from small import check_of, graded, prepared, told

GATE = "{id: t, style: gate_class, target: F, inputs: {x: [N, D]}, outputs: [z]}"
PAIR = "{id: t, style: function_pair, target: f, inputs: {x: [N, D], w: [D, M]}, outputs: [out]}"
LOSS = ("{id: t, style: loss_function, target: f, inputs: {x: [N]}, outputs: [loss], "
        "upstream: [loss], forward_args: [x, dloss]}")  # fmt: skip
CIRCUIT = ("{id: t, style: circuit, target: f, inputs: {x: [], y: []}, outputs: [q, f], "
           "upstream: [f], gradients: [q, x, y]}")  # fmt: skip
TWO = ("{id: t, style: gate_class, target: F, inputs: {x: [N, D]}, outputs: [u, v], "
       "backward_args: [du, dv]}")  # fmt: skip
SOURCES = {
    GATE: """
class F:
    def forward(self, x):
        self.x = x
        return np.maximum(0, x) ** 2

    def backward(self, dz):
        dx = 2 * np.maximum(0, self.x) * dz
        return dx
""",
    PAIR: """
def f_forward(x, w):
    return x @ w, (x, w)


def f_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    return dx, dw
""",
    LOSS: "def f(x, dloss):\n    dx = 3 * x**2 * dloss\n    return np.sum(x**3), dx\n",
    CIRCUIT: """
def f(x, y, df):
    q = x * y
    f = q * q
    dq = 2 * q * df
    dx = y * dq
    dy = x * dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy}
""",
    TWO: """
class F:
    def forward(self, x):
        self.x = x
        return x * x, np.sum(x)

    def backward(self, du, dv):
        dx = 2 * self.x * du + dv
        return dx
""",
}


def edited(task: str, *edits: tuple[str, str]) -> str:
    """Return the right source of a task with some edits."""
    source = SOURCES[task]
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize(
    ("task", "edits"),
    [
        *((task, ()) for task in SOURCES),
        (GATE, (("return dx", "return dx.astype(np.float32)"),)),
        (GATE, (("self.x) * dz", "self.x.astype(np.float32)) * np.float32(dz)"),)),
        (GATE, (("return dx", "return dx.tolist()"),)),
        (PAIR, (("return dx, dw", "return np.asfortranarray(dx), dw.astype(np.float32)"),)),
        # Wrong, but linear: another witness finds these.
        (GATE, (("2 * np.maximum(0, self.x) * dz", "-7 * dz"),)),
        (GATE, (("return dx", "return dx.T"),)),
        (GATE, (("return dx", "return dx * 0"),)),
        (PAIR, (("return dx, dw", "return dx, 1e6 * dw"),)),
        (CIRCUIT, (("dx = y * dq", "dx = x * dq"),)),
        (TWO, (("2 * self.x * du + dv", "2 * self.x * du"),)),
    ],
)
def test_what_is_linear_passes(task: str, edits: tuple[tuple[str, str], ...]) -> None:
    """Right work of every style and precision passes, and so does wrong work that is linear."""
    for seed in range(3):
        result = graded(prepared(task, SOURCES[task], seed=seed), edited(task, *edits))
        assert check_of(result, "linearity").outcome.value == "passed", seed
        assert not told(result, "linearity")


@pytest.mark.parametrize(
    ("task", "old", "new", "why"),
    [
        (GATE, "self.x) * dz", "self.x)", "dx: the upstream is ignored"),
        (GATE, "self.x) * dz", "self.x) + dz", "dx: the upstream is added, not multiplied"),
        (GATE, "self.x) * dz", "self.x) * dz * dz", "dx: the upstream is applied twice"),
        (GATE, "self.x) * dz", "self.x) * dz * (dz > 0)", "dx: not linear in the upstream"),
        (GATE, "self.x) * dz", "self.x) * np.clip(dz, -5, 5)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * np.abs(dz)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * np.sign(dz)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * dz / np.linalg.norm(dz)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * np.round(dz, 2)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * (1.0 if dz.max() > 3 else dz)", "dx: not linear"),
        (GATE, "self.x) * dz", "self.x) * np.float32(dz) ** 2", "dx: the upstream is applied"),
        (GATE, "self.x) * dz", "self.x) / (np.abs(dz).max() < 5) * dz", "dx: not linear"),
        (PAIR, "dx = dout", "dx = np.ones_like(dout)", "dx: the upstream is ignored"),
        (PAIR, "x.T @ dout", "x.T @ dout**2", "dw: not linear in the upstream"),
        (PAIR, "dw = x.T @ dout", "dx = dx + 1e-3 * w.sum(); dw = x.T @ dout", "dx: not linear"),
        (PAIR, "x, w = cache", "x, w = cache; dout = np.clip(dout, -5, 5)", "dx, dw: not linear"),
        (LOSS, "x**2 * dloss", "x**2", "dx: the upstream is ignored"),
        (LOSS, "x**2 * dloss", "x**2 * dloss**2", "dx: not linear"),
        (CIRCUIT, "2 * q * df", "2 * q", "dq, dx, dy: the upstream is ignored"),
        (CIRCUIT, "2 * q * df", "2 * q * df * df", "dq, dx, dy: the upstream is applied twice"),
        (CIRCUIT, "dx = y * dq", "dx = y + df", "dx: the upstream is added"),
        (TWO, "+ dv", "+ 1", "dx: not linear"),
        (TWO, "+ dv", "+ dv * dv", "dx: not linear"),
    ],
)
def test_what_is_not_linear_is_named(task: str, old: str, new: str, why: str) -> None:
    """An upstream that is ignored, added, applied twice, clipped or gated fails, at no price."""
    for seed in range(3):
        result = graded(prepared(task, SOURCES[task], seed=seed), edited(task, (old, new)))
        check = check_of(result, "linearity")
        assert check.outcome.value == "failed", seed
        assert check.max_score == 0
        (finding,) = told(result, "linearity")
        assert finding.code == "V405"
        assert finding.message.startswith(why), finding.message
        assert finding.case == "t:random:1"


def test_message_has_the_combination_and_one_entry() -> None:
    """The numbers are the student's own: what came back and what would be linear."""
    result = graded(prepared(GATE, SOURCES[GATE]), edited(GATE, ("self.x) * dz", "self.x)")))
    (finding,) = told(result, "linearity")
    index, got, due = (finding.evidence[k] for k in ("index", "got", "expected"))
    assert finding.message == (
        "dx: the upstream is ignored; for the upstream -6.25 d1 + 2.5 d2, "
        f"dx[{index[0]}, {index[1]}] is {got:.6g} where {due:.6g} would be linear"
    )
    assert due == pytest.approx(-3.75 * got)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("return dx", "return None", "no finite dx to judge"),
        ("return dx", "return dx * np.nan", "no finite dx to judge"),
        ("return dx", "raise ValueError", "backward[dx] comes first"),
        ("return dx", "return dx + np.random.default_rng().normal()", "behaviour.repeatable comes"),
    ],
)
def test_what_cannot_be_judged_is_skipped(old: str, new: str, reason: str) -> None:
    """Where there is no gradient, or never the same, the check is skipped with the reason."""
    result = graded(prepared(GATE, SOURCES[GATE]), edited(GATE, (old, new)))
    check = check_of(result, "linearity")
    assert check.outcome.value == "skipped"
    assert check.reason.startswith(reason)


def test_linearity_may_be_priced() -> None:
    """A rubric may give it points; without an upstream the task has no such check."""
    rubric = "total: 3\ntasks:\n  t: {forward: 1, backward: 1, linearity: 1}\n"
    ready = prepared(GATE, SOURCES[GATE], rubric)
    assert graded(ready, SOURCES[GATE]).score == 3
    assert graded(ready, edited(GATE, ("self.x) * dz", "self.x)"))).score == 1
    silent = "{id: t, style: loss_function, target: f, inputs: {x: [N]}, outputs: [loss]}"
    source = "def f(x):\n    return np.sum(x**2), 2 * x\n"
    assert "linearity" not in [c.id for c in graded(prepared(silent, source), source).checks]
