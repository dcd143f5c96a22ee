"""Forward and backward against each other: who is right for what, and what it earns."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from in_process import grade_texts, prepared, read_right
from small import check_of, graded
from small import prepared as small
from variants.wrong import Wrong, text_of

from grader.compare import follow_plan
from grader.model import TaskResult

SEEDS = (0, 1, 2, 3, 4)
HALF = Fraction(1, 2)
Edits = tuple[tuple[str, str], ...]


def followed(assignment: str, task_id: str, edits: Edits, seed: int) -> TaskResult:
    """Grade edits of the plain right version, half of a gradient's points for following through."""
    ready = prepared(assignment, seed)
    shares = {task.id: HALF for task in ready.assignment.tasks}
    ready = dataclasses.replace(
        ready, rubric=dataclasses.replace(ready.rubric, follow_through=shares)
    )
    task = next(t for t in ready.assignment.tasks if t.id == task_id)
    ((name, source),) = read_right("plain", assignment).items()
    targets = tuple(filter(None, (task.call.target, task.call.backward)))
    text = text_of(source, targets, Wrong(task_id, "", edits, ()))
    return grade_texts(ready, {name: text}, {task_id}).tasks[0]


def notes_of(task: TaskResult) -> dict[str, str]:
    """Return the notes of the check by code, each with what it says first: the gradients."""
    found = [f for f in task.findings if f.check == "follow_through"]
    names = {f.code: f.message.split(" do")[0].split(" fit")[0].split(" are")[0] for f in found}
    assert len(names) == len(found)
    return {code: name.split(" is")[0] for code, name in names.items()}


RELU = (("z = np.maximum(0, x)", "z = np.where(x > 0, x, {a} * x)"),
        ("dx = dz * (x > 0)", "dx = dz * np.where(x > 0, 1, {b})"))  # fmt: skip
SUM = ("np.mean(", "np.sum("), ("    dscores /= N\n", "")


def relu(a: float, b: float) -> Edits:
    """Return a ReLU with these slopes of its negative side, forward and backward."""
    return tuple((old, new.format(a=a, b=b)) for old, new in RELU)


@pytest.mark.parametrize(
    ("assignment", "task", "edits", "outcome", "notes"),
    [
        # The forward is wrong and the backward fits it.
        ("losses", "softmax_loss", SUM, "passed", {"N714": "dW"}),
        ("gates", "relu", relu(0.1, 0.1), "passed", {"N714": "dx"}),
        ("layers", "affine", (("dot(w) + b", "dot(w) - b"), ("dout.sum(", "-dout.sum(")), "passed",
         {"N714": "db"}),
        ("losses", "svm_loss", (("[:, None] + 1)", "[:, None])"),), "passed", {"N714": "dW"}),
        # Wrong both ways, in ways of their own.
        ("gates", "relu", relu(0.1, 0.2), "failed", {"N715": "dx"}),
        ("losses", "softmax_loss", (SUM[0], ("dscores /= N", "dscores /= N**2")), "failed",
         {"N715": "dW"}),
        ("layers", "affine", (("dot(w) + b", "dot(w) - b"), ("dout.sum(", "2 * dout.sum(")),
         "failed", {"N715": "db"}),
        ("layers", "affine", (("x.dot(w) + b", "2 * x.dot(w) - b"), ("dout.dot", "2 * dout.dot"),
                              ("x.T.dot", "3 * x.T.dot"), ("dout.sum(", "-dout.sum(")),
         "failed", {"N714": "dx, db", "N715": "dw"}),
        # The forward alone is wrong.
        ("losses", "svm_loss", (("np.sum(margins) / N", "np.sum(margins)"),), "skipped",
         {"N717": "dW"}),
        ("layers", "affine", (("dot(w) + b", "dot(w)"),), "skipped", {"N717": "db"}),
        ("gates", "relu", relu(0.1, 0.0), "skipped", {"N717": "dx"}),
        # The backward alone is wrong.
        ("losses", "softmax_loss", (SUM[1],), "skipped", {"N716": "dW"}),
        ("gates", "multiply", (("return dx, dy", "return dy, dx"),), "skipped", {"N716": "dx, dy"}),
        ("layers", "affine", (("dout.sum(", "-dout.sum("),), "skipped", {"N716": "db"}),
        # Nothing is.
        ("gates", "relu", (), "skipped", {}),
        ("losses", "softmax_loss", (), "skipped", {}),
    ],
)  # fmt: skip
def test_four_verdicts(
    assignment: str, task: str, edits: Edits, outcome: str, notes: dict[str, str]
) -> None:
    """Each combination of a right and a wrong half is told apart, under every seed."""
    for seed in SEEDS:
        result = followed(assignment, task, edits, seed)
        assert check_of(result, "follow_through").outcome.value == outcome, seed
        assert notes_of(result) == notes, seed
        earning = notes.get("N714", "").split(", ")
        for check in result.checks:
            if check.id.startswith("backward") and check.outcome.value == "failed":
                credited = check.id[len("backward[") : -1] in earning
                assert check.score == (check.max_score / 2 if credited else 0), (seed, check)
                assert (check.reason == "right for your own forward") is credited
        assert (result.outcome.value == "passed") is not bool(edits)


EXP = ("self.z = np.exp(x)", "self.z = {forward}"), ("dx = self.z * dz", "dx = {backward}")


@pytest.mark.parametrize(
    ("forward", "backward", "is_credited"),
    [
        ("x * np.exp(x)", "(1 + self.x) * np.exp(self.x) * dz", True),
        ("2.0 ** x", "np.log(2) * self.z * dz", True),
        ("np.exp(-x)", "-self.z * dz", True),
        ("1e-3 * np.exp(x)", "self.z * dz", True),
        ("np.ones_like(x) if np.ndim(x) else 1.0", "0.0 * dz", False),
        ("0.0 * x", "0.0 * dz", False),
        ("1.0 * x", "1.0 * dz", False),
        ("1 + x", "1.0 * dz", False),
        ("-3 * x + 1e6", "-3.0 * dz", False),
        ("np.sign(x) + 0.0", "0.0 * dz", False),
        ("1e-12 * np.exp(x)", "self.z * dz", False),
        ("1.0 * x + 1e-9 * np.exp(x)", "(1 + 1e-9 * np.exp(self.x)) * dz", False),
    ],
)
def test_a_forward_that_is_too_simple_earns_nothing(
    forward: str, backward: str, is_credited: bool
) -> None:
    """A constant, an identity and a line in the place of exp have gradients that show nothing."""
    edits = tuple((old, new.format(forward=forward, backward=backward)) for old, new in EXP)
    for seed in SEEDS:
        result = followed("gates", "exp", edits, seed)
        earned = check_of(result, "backward[dx]")
        assert earned.score == (earned.max_score / 2 if is_credited else 0), seed
        assert check_of(result, "follow_through").outcome.value == (
            "passed" if is_credited else "skipped"
        )
        assert not is_credited or notes_of(result) == {"N714": "dx"}


@pytest.mark.parametrize(
    ("task", "edits"),
    [
        ("l2_regulariser", (("reg * np.sum(W * W)", "np.sum(W)"),
                            ("2 * reg * W", "np.ones_like(W)"))),
        ("svm_loss", (("np.sum(margins) / N", "0.0"), ("X.T.dot(dscores)", "np.zeros_like(W)"))),
        ("svm_loss", (("np.sum(margins) / N", "np.sum(scores) / N"),
                      ("(margins > 0).astype(float)", "np.ones_like(scores)"),
                      ("dscores[rows, y] = -np.sum(dscores, axis=1)", "pass"))),
    ],
)  # fmt: skip
def test_a_loss_that_leaves_out_the_difficulty_earns_nothing(task: str, edits: Edits) -> None:
    """A loss without the labels, or without the data, is told from one that has a slip."""
    for seed in SEEDS:
        result = followed("losses", task, edits, seed)
        assert notes_of(result) == {"N718": "dW"}, seed
        assert result.score == 0


@pytest.mark.parametrize(
    ("forward", "backward", "reason"),
    [
        ("2.0 ** x", "self.missing * dz", "no gradient is wrong in value"),
        ("2.0 ** x", "None", "no gradient is wrong in value"),
        ("2.0 ** x", "(np.log(2) * self.z * dz)[None]", "no gradient is wrong in value"),
        ("2.0 ** x", "np.log(2) * self.z * dz * np.nan", "no gradient is wrong in value"),
        ("np.ravel(np.exp(x))[:1] * 2", "self.z * dz", "forward gives nothing to follow"),
        ("np.exp(x) * np.nan", "self.z * dz", "forward gives nothing to follow"),
        ("None", "dz", "forward gives nothing to follow"),
        ("np.float32(2.0 ** x)", "np.log(2) * self.z * dz",
         "single precision: differences have too few digits"),
        ("np.float64(np.float32(2.0) ** np.float32(x))", "np.log(2) * self.z * dz",
         "your forward is too rough to follow"),
        ("(1 + (np.size(x) > 50)) * np.exp(x)", "self.z * dz", "too few cases"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_skipped_with_the_reason(
    forward: str, backward: str, reason: str
) -> None:
    """A fault, a wrong shape, nan and single precision earn nothing and accuse nobody."""
    edits = tuple((old, new.format(forward=forward, backward=backward)) for old, new in EXP)
    result = followed("gates", "exp", edits, 0)
    found = check_of(result, "follow_through")
    assert found.outcome.value == "skipped"
    assert found.score == 0
    assert found.reason.startswith(reason)
    assert not notes_of(result)
    assert check_of(result, "backward[dx]").score in (0, check_of(result, "backward[dx]").max_score)


def test_a_slow_forward_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take long is left alone, so that later tasks keep their time."""
    task = "{id: t, style: loss_function, target: f, inputs: {x: [N]}, outputs: [loss]}"
    ready = small(task, "def f(x):\n    return np.sum(x**3), 3 * x**2\n")
    slow = "import time\n\n\ndef f(x):\n    time.sleep(0.01)\n    return np.sum(x**2), 2 * x\n"
    with monkeypatch.context() as patched:
        patched.setattr(follow_plan, "_PATIENCE", 0.1)
        result = graded(ready, slow)
    assert check_of(result, "follow_through").reason == "too slow to follow"
    quick = graded(ready, slow.replace("time.sleep(0.01)", "pass"))
    assert check_of(quick, "follow_through").outcome.value == "passed"


STYLES = {
    "gate_class": """
class F:
    def forward(self, x):
        self.x = x
        return {a} * x**3

    def backward(self, dz):
        return {b} * 3 * self.x**2 * dz
""",
    "torch7_module": """
class F:
    def updateOutput(self, x):
        return {a} * x**3

    def updateGradInput(self, x, dz):
        return {b} * 3 * x**2 * dz
""",
    "function_pair": """
def F_forward(x):
    return {a} * x**3, x


def F_backward(dz, cache):
    return {b} * 3 * cache**2 * dz
""",
    "function": """
def F(x):
    return {a} * np.sum(x**3)


def F_gradient(x):
    return {b} * 3 * x**2
""",
    "jacobian_function": """
def F(x):
    return {a} * x**3


def F_jacobian(x):
    return {b} * 3 * np.diag(x**2)
""",
    "loss_function": """
def F(x):
    return {a} * np.sum(x**3), {b} * 3 * x**2
""",
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_followed(style: str) -> None:
    """The four verdicts are the same whatever the forms of forward and backward."""
    task = f"{{id: t, style: {style}, target: F, inputs: {{x: [N]}}, outputs: [z]}}"
    rubric = "total: 2\nfollow_through: 0.5\ntasks: {t: 2}\n"
    ready = small(task, STYLES[style].format(a=1, b=1), rubric)
    found = {}
    for a, b in ((1, 1), (2, 2), (2, 3), (2, 1), (1, 2)):
        result = graded(ready, STYLES[style].format(a=a, b=b))
        found[a, b] = (*notes_of(result), float(result.score))
    assert found == {
        (1, 1): (2,), (2, 2): ("N714", 0.5), (2, 3): ("N715", 0), (2, 1): ("N717", 1),
        (1, 2): ("N716", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    ["x > 0", "(9 * x).astype(int)", "np.full(x.shape, 7, dtype=np.uint8)", "1e300 * x",
     "x.tolist()",
     "np.where(x > 0, 1e308, -1e308)", "np.exp(700 * np.abs(x))", "np.random.normal(size=x.shape)",
     "-0.0 * x", "1e-320 * x", "np.round(x, 3)"],
)  # fmt: skip
def test_odd_values_are_no_fault_of_ours(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Booleans, integers, overflow, noise and denormals earn nothing and break nothing."""
    monkeypatch.setenv("GRADER_DEBUG", "1")
    reference = "def f(x):\n    return np.sum(x**3), 3 * x**2\n"
    task = "{id: t, style: loss_function, target: f, inputs: {x: [N]}, outputs: [loss]}"
    ready = small(task, reference, "total: 2\nfollow_through: 1\ntasks: {t: 2}\n")
    for loss, dx in (("np.sum(x**2)", odd), (f"np.sum({odd})", "2 * x"), (f"np.sum({odd})", odd)):
        result = graded(ready, f"def f(x):\n    return {loss}, {dx}\n")
        assert result.score == 0, (loss, dx)
        assert result.outcome.value == "failed"


SHARES = "total: 4\n{top}tasks:\n  t: {{forward: 1, backward: 3{own}}}\n"


@pytest.mark.parametrize(
    ("top", "own", "score"),
    [
        ("", "", 0),
        ("follow_through: 0.5\n", "", Fraction(3, 2)),
        ("follow_through: 0.5\n", ", follow_through: 0.1", Fraction(3, 10)),
        ("", ", follow_through: 0.3", Fraction(9, 10)),
        ("follow_through: 0.5\n", ", follow_through: 0", 0),
        ("follow_through: 1\n", "", 3),
    ],
)
def test_the_rubric_states_the_share(top: str, own: str, score: Fraction | int) -> None:
    """The share of a task replaces that of the file; it is exact and not a part of the total."""
    task = "{id: t, style: loss_function, target: f, inputs: {x: [N], y: [N]}, outputs: [loss]}"
    reference = "def f(x, y):\n    return np.sum(x * x * y), 2 * x * y, x * x\n"
    ready = small(task, reference, SHARES.format(top=top, own=own))
    result = graded(ready, "def f(x, y):\n    return np.sum(x * y * y), y * y, 2 * x * y\n")
    # dx depends on y alone, where the real one depends on x too; dy depends on both.
    assert check_of(result, "backward[dx]").score == 0
    assert check_of(result, "backward[dy]").score == score / 2
    assert result.score == Fraction(score, 2)
    assert result.max_score == 4
    assert result.outcome.value == "failed"
