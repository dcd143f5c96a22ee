"""Gradients that look numerical are shown to a human; honest ones of every precision never are."""

from __future__ import annotations

import pytest
from in_process import ASSIGNMENTS, RIGHT, grade_texts, prepared, read_right
from small_course import graded, made, told
from test_behaviour import GATE, GATE_SPEC
from variants.numerical import RULES, text_of

from grader import review
from grader.grade import is_full_marks
from grader.isolation import SANDBOXES
from grader.model import Battery, Severity
from grader.oracle.variations import variations

BATCHNORM_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: function_pair
    target: bn
    inputs: {x: [N, D], gamma: [D], beta: [D]}
    hyper_parameters: {eps: {value: 1.0e-8, large: 0.3}}
    outputs: [out]
    sizes: {N: [4, 9]}
"""
BATCHNORM = """\
import numpy as np


def bn_forward(x, gamma, beta, eps):
    mu = x.mean(axis=0)
    var = ((x - mu) ** 2).mean(axis=0)
    h = (x - mu) / np.sqrt(var + eps)
    return gamma * h + beta, (h, gamma, var, eps)


def bn_backward(dout, cache):
    h, gamma, var, eps = cache
    dh = dout * gamma
    dx = (dh - dh.mean(axis=0) - h * (dh * h).mean(axis=0)) / np.sqrt(var + eps)
    return dx, (dout * h).sum(axis=0), dout.sum(axis=0)
"""
_DX = "dx = (dh - dh.mean(axis=0) - h * (dh * h).mean(axis=0)) / np.sqrt(var + eps)"
SOFTMAX_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: loss_function
    target: loss
    inputs: {s: [N, C], y: {shape: [N], domain: labels, classes: C}}
    outputs: [loss]
    gradients: [s]
"""
SOFTMAX = """\
import numpy as np


def loss(s, y):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    d = p.copy()
    d[rows, y] -= 1
    return -np.log(p[rows, y]).mean(), d / len(y)
"""
_CHAIN = """\
import numpy as np


def loss(s, y):
    e = np.exp(s)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    dp = np.zeros_like(p)
    dp[rows, y] = -1 / (p[rows, y] + GUARD) / len(y)
    d = p * (dp - (dp * p).sum(axis=1, keepdims=True))
    return -np.log(p[rows, y] + GUARD).mean(), d
"""
SIGMOID_SPEC = GATE_SPEC.replace("{x: [N, D], w: [D]}", "{x: [...]}")
SIGMOID = """\
import numpy as np


class G:
    def forward(self, x):
        self.x = x
        return 1 / (1 + np.exp(-x))

    def backward(self, dz):
        s = self.forward(self.x)
        return (s - s * s) * dz
"""

# Honest ways of writing, among them those that a fixed tolerance would call numerical.
HONEST: dict[str, tuple[str, str, str]] = {
    "batchnorm": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM),
    "batchnorm, E[x^2] - mu^2": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(
        "((x - mu) ** 2).mean(axis=0)", "(x ** 2).mean(axis=0) - mu ** 2")),
    "batchnorm, by its Jacobian": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(_DX, """\
dx = np.zeros_like(dh)
    n = len(dh)
    for d in range(dh.shape[1]):
        jacobian = np.eye(n) - 1 / n - np.outer(h[:, d], h[:, d]) / n
        for i in range(n):
            total = sum(jacobian[i, j] * dh[j, d] for j in range(n))
            dx[i, d] = total / (var[d] + eps) ** 0.5""")),
    "batchnorm, another eps": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(
        "(h, gamma, var, eps)", "(h, gamma, var, eps + (1e-13 if eps < 0.1 else 0))")),
    "batchnorm, float32 inside": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(
        "mu = x.mean", "x = np.float32(x)\n    mu = x.mean")),
    "batchnorm, float32 in backward": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(
        "dh = dout * gamma", "dh = (dout * gamma).astype(np.float32).astype(float)")),
    "batchnorm, rounded": (BATCHNORM_SPEC, BATCHNORM, BATCHNORM.replace(
        "return dx, ", "return np.round(dx, 10), ")),
    **{
        f"softmax, log(p + {guard})": (SOFTMAX_SPEC, SOFTMAX, _CHAIN.replace("GUARD", guard))
        for guard in ("0", "1e-15", "1e-12", "1e-10", "1e-8")
    },
    "softmax, float32": (SOFTMAX_SPEC, SOFTMAX, SOFTMAX.replace(
        "e = np.exp(s", "s = np.float32(s)\n    e = np.exp(s")),
    "sigmoid, by its forward": (SIGMOID_SPEC, SIGMOID, SIGMOID),
    "sigmoid, by two forwards": (SIGMOID_SPEC, SIGMOID, SIGMOID.replace(
        "s - s * s", "self.forward(self.x) - self.forward(self.x) ** 2")),
    "sigmoid, by tanh": (SIGMOID_SPEC, SIGMOID, SIGMOID.replace(
        "s - s * s", "(1 - np.tanh(self.x / 2) ** 2) / 4")),
    "sigmoid, clipped": (SIGMOID_SPEC, SIGMOID, SIGMOID.replace(
        "np.exp(-x)", "np.exp(-np.clip(x, -30, 30))")),
}  # fmt: skip


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look into every submission, suspicious or not."""
    monkeypatch.setattr(review, "SUSPICIOUS", -1.0)


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.usefixtures("always")
def test_honest_work_never_looks_numerical(name: str) -> None:
    """Float64, float32, cancelling sums, guards, loops: nothing to review under any seed."""
    spec, reference, source = HONEST[name]
    for seed in range(20):
        result = graded(made(spec, reference, seed), source)
        assert not told(result, Severity.REVIEW), seed
        assert result.outcome.value == "passed"


@pytest.mark.parametrize("assignment", [a for a in ASSIGNMENTS if a != "graphs"])
@pytest.mark.usefixtures("always")
def test_no_right_variant_looks_numerical(assignment: str) -> None:
    """Every way of writing every shipped task has nothing to review."""
    for name in sorted(path.name for path in RIGHT.iterdir() if path.is_dir()):
        texts = read_right(name, assignment)
        for seed in range(2) if texts else ():
            report = grade_texts(prepared(assignment, seed), texts)
            found = [(t.id, f) for t in report.tasks for f in told(t, Severity.REVIEW)]
            assert not found, (name, seed)


# Tasks, and rules whose steps are too large or too small to be right there.
SHIPPED: dict[str, set[str]] = {
    "gates.add": set(),
    "gates.multiply": set(),
    "gates.exp": set(),
    "gates.sigmoid": set(),
    "gates.scale": set(),
    "gates.relu": {"central 1e-3", "central 1e-4", "Richardson 1e-3"},
    "gates.squared_norm": {"forward 1e-5"},
    "layers.matrix_vector_norm": {"forward 1e-5"},
    "losses.l2_regulariser": {"forward 1e-5"},
    "losses.softmax_loss": {"forward 1e-5"},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", SHIPPED)
def test_numerical_gradients_are_shown_to_a_human(name: str, rule: str) -> None:
    """Every rule that gives a right gradient is told, costs nothing and changes no outcome."""
    assignment, _, task_id = name.partition(".")
    ready = prepared(assignment, 0)
    task = next(t for t in ready.assignment.tasks if t.id == task_id)
    ((file, source),) = read_right("plain", assignment).items()
    text = text_of(source, task.call.style, task.call.target, task.call.backward, rule)
    report = grade_texts(ready, {file: text}, {task_id})
    (result,) = report.tasks
    codes = [f.code for f in told(result, Severity.REVIEW)]
    if rule in SHIPPED[name]:
        assert result.outcome.value == "failed"
        assert not codes
    else:
        assert codes == ["D601"]
        assert result.score == result.max_score
        assert is_full_marks(report)


# Written out in backward, without a call: u and its derivative, then a step and a slope.
DERIVATIVES = {
    "x": "1",
    "np.exp(x)": "np.exp(x)",
    "1 / (1 + x * x)": "-2 * x / (1 + x * x) ** 2",
}
INLINED = {
    "identity, central 1e-5": ("x", "h = 1e-5", "((x + h) - (x - h)) / (2 * h)"),
    "identity, central 1e-4": ("x", "h = 1e-4", "((x + h) - (x - h)) / (2 * h)"),
    "identity, central 1e-3": ("x", "h = 1e-3", "((x + h) - (x - h)) / (2 * h)"),
    "identity, one-sided": ("x", "h = 1e-6", "((x + h) - x) / h"),
    "exp, central": ("np.exp(x)", "h = 1e-5", "(np.exp(x + h) - np.exp(x - h)) / (2 * h)"),
    "exp, relative step": (
        "np.exp(x)", "h = 1e-5 * (1 + np.abs(x))", "(np.exp(x + h) - np.exp(x - h)) / (2 * h)"),
    "exp, complex": ("np.exp(x)", "h = 1e-20", "np.exp(x + 1j * h).imag / h"),
    "rational, central": (
        "1 / (1 + x * x)", "h = 1e-6",
        "(1 / (1 + (x + h) ** 2) - 1 / (1 + (x - h) ** 2)) / (2 * h)"),
}  # fmt: skip


@pytest.mark.parametrize("name", INLINED)
@pytest.mark.parametrize("seed", range(3))
def test_vectorised_differences_are_shown(name: str, seed: int) -> None:
    """Two forwards for all entries at once are told too, also where nothing calls forward."""
    u, step, slope = INLINED[name]

    def gate(derivative: str) -> str:
        backward = (
            f"x = self.x\n        {step}\n        "
            f"return dz * ({derivative}) * self.w, (dz * ({u})).sum(axis=0)"
        )
        source = GATE.replace("return x * w", f"return ({u}) * w")
        return source.replace("return dz * self.w, (dz * self.x).sum(axis=0)", backward)

    ready = made(GATE_SPEC, gate(DERIVATIVES[u]), seed)
    assert not told(graded(ready, gate(DERIVATIVES[u])), Severity.REVIEW)
    result = graded(ready, gate(slope))
    assert [f.code for f in told(result, Severity.REVIEW)] == ["D601"]
    assert not told(result)


def test_what_a_human_reads() -> None:
    """The finding says what was seen, with the numbers, and how to run the case."""
    ((file, source),) = read_right("plain", "gates").items()
    text = text_of(source, "gate_class", "MultiplyGate", None, "central 1e-5")
    report = grade_texts(prepared("gates", 0), {file: text}, {"multiply"})
    (finding,) = told(report.tasks[0], Severity.REVIEW)
    assert finding.message.startswith("the gradient looks numerical: its error changes by")
    assert "with x times 2^40, y times 2^40 it is off by" in finding.message
    assert "no points are lost" in finding.help
    assert finding.replay.endswith("--replay multiply:random:0")
    assert finding.check == "backward[dx]"
    assert 1e-12 < finding.evidence["unit_error"] < 1e-8
    assert finding.evidence["enlarged_error"] > 0.1


def test_wrong_work_is_not_reviewed() -> None:
    """Where the gradient is wrong, or another each time, nobody asks how it was found."""
    central = GATE.replace("dz * self.w", "((self.x + 1e-5) - (self.x - 1e-5)) / 2e-5 * dz")
    result = graded(made(GATE_SPEC, GATE), central)
    assert [f.code for f in told(result)] == ["V402"]
    assert not told(result, Severity.REVIEW)
    noisy = GATE.replace("dz * self.w", "dz * self.w * (1 + 1e-10 * os.urandom(1)[0])")
    result = graded(made(GATE_SPEC, GATE), noisy)
    assert [f.code for f in told(result)] == ["B502"]
    assert not told(result, Severity.REVIEW)


def test_through_a_real_child() -> None:
    """The same is seen of a process of its own."""
    ready = made(SIGMOID_SPEC, SIGMOID)
    fake = SIGMOID.replace("s - s * s", "(self.forward(x + 1e-5) - s) / 1e-5")
    fake = fake.replace("s = self", "x = self.x\n        s = self")
    report = grade_texts(ready, {"m.py": fake}, open_session=SANDBOXES["process"])
    (finding,) = told(report.tasks[0], Severity.REVIEW)
    assert "it subtracts one forward from another" in finding.message


def test_where_enlarged_inputs_are_fair() -> None:
    """Operations that scale with their inputs are enlarged; those that saturate are not."""
    factors = {}
    for assignment in ("gates", "layers", "losses", "circuits"):
        ready = prepared(assignment, 0)
        for task, battery in ready.batteries.items():
            assert isinstance(battery, Battery)
            factors[task] = variations(ready.references[task], battery).factor
    assert factors["multiply"] == factors["max"].replace("z", "y") == "x times 2^40, y times 2^40"
    assert factors["staged_rational"] == ""
    assert not {n for n in ("exp", "sigmoid", "softmax_loss", "svm_loss") if factors[n]}
    for name in ("add", "reciprocal", "scale", "relu", "squared_norm", "affine", "linear"):
        assert factors[name], name
