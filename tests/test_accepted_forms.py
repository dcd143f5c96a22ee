"""`accept_any`: a loss may have either form of an open convention, if its gradient has it too."""

from __future__ import annotations

import pytest
from small import check_of, graded, prepared, told

from grader.errors import CourseError
from grader.model import Outcome, TaskResult
from grader.prepare import Prepared
from grader.spec import load_assignment

TASK = (
    "{id: t, style: loss_function, target: f, inputs: {W: [D, C], X: [N, D]}, outputs: [loss], "
    "gradients: [W], hyper_parameters: {reg: {range: [0.5, 2]}}, ACCEPT}"
)
REFERENCE = """
def f(W, X, reg, *, regulariser="full", reduction="mean"):
    s = reg if regulariser == "full" else 0.5 * reg
    n = X.shape[0] if reduction == "mean" else 1
    out = X @ W
    return np.sum(out ** 2) / n + s * np.sum(W * W), 2 * X.T @ out / n + 2 * s * W
"""
STUDENT = """
def f(W, X, reg):
    out = X @ W
    n = len(X)
    loss = np.sum(out ** 2) / {n} + {loss} * reg * np.sum(W * W)
    return loss, 2 * X.T @ out / {m} + {grad} * reg * W
"""
OPEN = "accept_any: [regulariser]"
BOTH = "accept_any: [regulariser, reduction]"
HALF = "conventions: {regulariser: half}, accept_any: [regulariser]"


def ready(accept: str, rubric: str = "") -> Prepared:
    """Return the task with what it accepts."""
    return prepared(TASK.replace("ACCEPT", accept), REFERENCE, rubric)


def result(accept: str, *, loss: float, grad: float, n: str = "n", m: str = "") -> TaskResult:
    """Grade a loss whose regulariser has these factors, in the loss and in its gradient."""
    return graded(ready(accept), STUDENT.format(loss=loss, grad=grad, n=n, m=m or n))


@pytest.mark.parametrize(
    ("accept", "student", "form"),
    [
        (OPEN, {"loss": 1, "grad": 2}, ""),
        (OPEN, {"loss": 0.5, "grad": 1}, "regulariser half; stated is regulariser full"),
        (HALF, {"loss": 0.5, "grad": 1}, ""),
        (HALF, {"loss": 1, "grad": 2}, "regulariser full; stated is regulariser half"),
        (BOTH, {"loss": 1, "grad": 2}, ""),
        (BOTH, {"loss": 1, "grad": 2, "n": "1"}, "regulariser full, reduction sum;"),
        (BOTH, {"loss": 0.5, "grad": 1}, "regulariser half, reduction mean;"),
        (BOTH, {"loss": 0.5, "grad": 1, "n": "1"}, "regulariser half, reduction sum;"),
    ],
)
def test_one_and_the_same_form_passes(accept: str, student: dict[str, float], form: str) -> None:
    """Every accepted form passes in full; the note names it unless it is the stated one."""
    task = result(accept, **student)  # type: ignore[arg-type]
    assert task.outcome is Outcome.PASSED
    notes = [f.message for f in task.findings if f.code == "N726"]
    assert len(notes) == (form != "")
    assert form in "".join(notes)


@pytest.mark.parametrize("accept", [OPEN, HALF, BOTH])
@pytest.mark.parametrize(
    "student",
    [
        {"loss": 0.5, "grad": 2},
        {"loss": 1, "grad": 1},
        {"loss": 0, "grad": 2},
        {"loss": 0.5, "grad": 0},
        {"loss": 2, "grad": 4},
        {"loss": 1, "grad": 2, "n": "n", "m": "1"},
        {"loss": 0.5, "grad": 1, "n": "1", "m": "n"},
        {"loss": "(1 if reg < 1 else 0.5)", "grad": "(2 if reg < 1 else 1)"},
    ],
    ids=str,
)
def test_a_mixture_of_forms_fails(accept: str, student: dict[str, float]) -> None:
    """A half in the loss and none in the gradient is wrong, as is one form here and one there."""
    task = result(accept, **student)  # type: ignore[arg-type]
    assert task.outcome is Outcome.FAILED
    assert not [f for f in task.findings if f.code == "N726"]


def test_without_it_the_other_form_fails() -> None:
    """What a spec does not leave open is as strict as ever."""
    task = result("conventions: {}", loss=0.5, grad=1)
    assert task.outcome is Outcome.FAILED


def test_a_mixture_is_told_by_the_stated_form_and_what_it_would_fit() -> None:
    """Where no form is nearer the stated one speaks, and the message names the one that fits."""
    task = result(OPEN, loss=0.5, grad=2)
    assert check_of(task, "backward[dW]").outcome is Outcome.PASSED
    (one,) = told(task, "forward")
    assert one.code == "V401"
    assert one.message.endswith("; right with regulariser half, where other results are not")


def test_the_nearer_form_speaks() -> None:
    """Half of a circuit's results right with one form, none with the stated: told by the nearer."""
    task = result(OPEN, loss=0.5, grad=0.9)
    (one,) = told(task, "backward[dW]")
    assert one.message.startswith("with regulariser half: dW[")
    assert check_of(task, "forward").outcome is Outcome.PASSED


def test_the_form_that_earns_more_stands() -> None:
    """A mixture is judged by the form under which the right results are worth more."""
    rubric = "total: 6\ntasks:\n  t: {forward: 5, backward: 1}\n"
    task = graded(ready(OPEN, rubric), STUDENT.format(loss=0.5, grad=2, n="n", m="n"))
    assert float(task.score) == 5


PAIR = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D]}, outputs: [out], "
    "accept_any: [reduction]}"
)
PAIR_REFERENCE = """
def f_forward(x, *, reduction="mean"):
    return (np.mean if reduction == "mean" else np.sum)(x ** 3, axis=0), x


def f_backward(dout, cache, *, reduction="mean"):
    return 3 * cache ** 2 * dout / (len(cache) if reduction == "mean" else 1)
"""
PAIR_STUDENT = """
def f_forward(x):
    return {forward}, x


def f_backward(dout, x):
    return {backward}
"""


@pytest.mark.parametrize(
    ("forward", "backward", "share", "codes"),
    [
        ("np.sum(x ** 3, 0)", "3 * x ** 2 * dout", 1.0, {"N726"}),
        ("np.mean(x ** 3, 0)", "3 * x ** 2 * dout / len(x)", 1.0, set()),
        ("np.sum(x ** 3, 0)", "3 * x ** 2 * dout / len(x)", 0.5, {"V401", "N717"}),
        ("np.sum(x ** 3, 0)", "2 * x ** 2 * dout", 0.5, {"V402", "N716"}),
        ("np.sum(x ** 2, 0)", "2 * x * dout", 0.0, {"V401", "V402", "N714"}),
    ],
)
def test_the_witnesses_hear_the_same_form(
    forward: str, backward: str, share: float, codes: set[str]
) -> None:
    """Follow-through, linearity and behaviour are asked about the form that was chosen."""
    source = PAIR_STUDENT.format(forward=forward, backward=backward)
    task = graded(prepared(PAIR, PAIR_REFERENCE), source)
    assert float(task.score / task.max_score) == share
    assert {f.code for f in task.findings} == codes
    assert check_of(task, "linearity").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("accept", "words"),
    [
        ("accept_any: [regularizer]", "`regularizer` cannot be left open (did you mean `regul"),
        ("accept_any: [ties]", "`ties` cannot be left open"),
        ("accept_any: regulariser", "expected a list"),
        ("accept_any: [reduction, reduction]", "`reduction` stands here twice"),
        ("accept_any: [1]", "accept_any[0]"),
    ],
)
def test_malformed_keys_are_refused(accept: str, words: str) -> None:
    """Only conventions that say what is computed can be left open, each once."""
    text = f"assignment: a\nfiles: [a.py]\ntasks:\n  - {TASK.replace('ACCEPT', accept)}\n"
    with pytest.raises(CourseError) as caught:
        load_assignment(text, "a.yaml")
    assert words in "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("task", "reference", "words"),
    [
        (TASK.replace("ACCEPT", "accept_any: [layout]"), REFERENCE,
         "`accept_any: [layout]` of the task `t` needs a keyword-only parameter `layout`"),
        (TASK.replace("ACCEPT", "accept_any: [reduction], kinks: k"),
         REFERENCE + "\ndef k(W, X, reg, *, reduction):\n    return W\n",
         "the kink function `k` depends on `reduction`"),
    ],
)  # fmt: skip
def test_a_reference_must_know_the_forms(task: str, reference: str, words: str) -> None:
    """A convention that never reaches the reference accepts nothing; cases are the same for all."""
    with pytest.raises(CourseError) as caught:
        prepared(task, reference)
    assert words in "\n".join(caught.value.problems)


def test_every_form_is_proven() -> None:
    """A form whose gradient is not that of its loss makes the task void, and is named."""
    wrong = REFERENCE.replace("2 * s * W", '2 * s * W * (1 if regulariser == "full" else 3)')
    (found,) = prepared(TASK.replace("ACCEPT", OPEN), wrong).batteries.values()
    assert getattr(found, "code", "") == "G901"
    assert "with regulariser half: dW of the reference" in getattr(found, "message", "")
