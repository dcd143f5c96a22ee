"""In a circuit an early mistake is charged once, and ruins earn nothing."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from in_process import grade_texts, prepared, read_right
from small import check_of, graded
from small import prepared as small
from variants.wrong import Wrong, text_of

from grader.model import TaskResult
from grader.prepare import Prepared

Edits = tuple[tuple[str, str], ...]

CHAIN = (
    "{id: t, style: circuit, target: f, inputs: {x: [N], y: [N]}, outputs: [p, q, r, f], "
    "upstream: [f], gradients: [r, q, p, x, y], sizes: {N: [3, 6]}}"
)
REFERENCE = """
def f(x, y, df):
    p = x * y
    q = np.exp(0.3 * p)
    r = p + q
    f = np.sum(r * r)
    dr = 2 * r * df
    dq = 1.0 * dr
    dp = dr + 0.3 * q * dq
    dx = y * dp
    dy = x * dp
    return {"p": p, "q": q, "r": r, "f": f, "dr": dr, "dq": dq, "dp": dp, "dx": dx, "dy": dy}
"""
NAMES = ("p", "q", "r", "f", "dr", "dq", "dp", "dx", "dy")


@cache
def chain(reference: str = REFERENCE, seed: int = 0) -> Prepared:
    """Return the chain as an assignment."""
    return small(CHAIN, reference, seed=seed)


def edited(*edits: tuple[str, str]) -> str:
    """Return the reference with some edits."""
    source = REFERENCE
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def outcomes(result: TaskResult) -> dict[str, str]:
    """Return what each stage that is not simply right is: ``failed``, or right for whose own."""
    found = {}
    for name in NAMES:
        check = check_of(result, f"{'backward' if name[0] == 'd' else 'forward'}[{name}]")
        _, is_own, own = check.reason.partition("right for your own ")
        found[name] = own if is_own else check.outcome.value
        assert not is_own or (check.outcome.value, check.score) == ("passed", check.max_score)
    return {name: word for name, word in found.items() if word != "passed"}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), {}),
        ((("p = x * y", "p = x + y"),),
         {"p": "failed", **dict.fromkeys(("q", "r", "f", "dr", "dq", "dp", "dx", "dy"), "p")}),
        ((("dr = 2 * r", "dr = r"),),
         {"dr": "failed", "dq": "dr", "dp": "dr", "dx": "dr", "dy": "dr"}),
        ((("0.3 * q * dq", "q * dq"),), {"dp": "failed", "dx": "dp", "dy": "dp"}),
        ((("dx = y * dp", "dx = x * dp"),), {"dx": "failed"}),
        # Two mistakes, each charged once.
        ((("dr = 2 * r", "dr = r"), ("dy = x", "dy = y")),
         {"dr": "failed", "dq": "dr", "dp": "dr", "dx": "dr", "dy": "failed"}),
        ((("q = np.exp(0.3 * p)", "q = np.exp(p)"), ("0.3 * q * dq", "q * dq")),
         {"q": "failed", "r": "q", "f": "q", "dr": "q", "dq": "q", "dp": "failed",
          "dx": "dp", "dy": "dp"}),
        # Another way to write it, and the student's own slip before: still its own values.
        ((("p = x * y", "p = x - y"), ("r = p + q", "r = p - -q")),
         {"p": "failed", **dict.fromkeys(("q", "r", "f", "dr", "dq", "dp", "dx", "dy"), "p")}),
        # Right by the reference although the stage before is wrong: passed as ever.
        ((("r = p + q", "r = x * y + q"), ("p = x * y", "p = 2 * x * y"), ("(0.3 * p)",
          "(0.3 * x * y)")), {"p": "failed"}),
        # Missing or misshapen stages are charged, and later ones judged without them.
        ((('"dq": dq, ', ""), ("dr = 2 * r", "dr = r")),
         {"dr": "failed", "dq": "failed", "dp": "dr", "dx": "dr", "dy": "dr"}),
        ((('"dq": dq', '"dq": dq[None]'),), {"dq": "failed"}),
        # Ruins: zeros, constants, rubbish that is too large, too small or not finite.
        ((("dr = 2 * r", "dr = 0 * r"),), dict.fromkeys(("dr", "dq", "dp", "dx", "dy"), "failed")),
        ((("dr = 2 * r * df", "dr = 1e-9 * r * df"),),
         dict.fromkeys(("dr", "dq", "dp", "dx", "dy"), "failed")),
        ((("p = x * y", "p = np.full_like(x, np.nan)"),), dict.fromkeys(NAMES, "failed")),
        ((("p = x * y", "p = 1e9 * x * y"), ("q = np.exp(0.3 * p)", "q = np.exp(0.3 * x * y)"),
          ("r = p + q", "r = p")),
         dict.fromkeys(("p", "r", "f", "dr", "dq", "dp", "dx", "dy"), "failed")),
        # An output that is the same in every case makes all that follows simple; a gradient may
        # be so by an upstream that is ignored.
        ((("p = x * y", "p = np.ones_like(x)"),), dict.fromkeys(NAMES, "failed")),
        ((("dr = 2 * r * df", "dr = np.ones_like(r)"),),
         {"dr": "failed", "dq": "failed", "dp": "dr, dq", "dx": "dr, dq", "dy": "dr, dq"}),
    ],
)  # fmt: skip
def test_later_stages_pass_for_the_students_own(edits: Edits, expected: dict[str, str]) -> None:
    """What follows from a wrong stage passes and says so; the stage itself stays charged."""
    for seed in range(3):
        result = graded(chain(seed=seed), edited(*edits))
        assert outcomes(result) == expected, seed
        assert (result.outcome.value == "passed") is not bool(expected)


def test_a_constant_shows_nothing() -> None:
    """Ones everywhere are equal to each other, which no rule of the chain explains."""
    ones = "def f(x, y, df):\n    return dict.fromkeys({names!r}, 1.0)\n"
    task = ("{id: t, style: circuit, target: f, inputs: {x: [], y: [], z: []}, outputs: [q, f], "
            "upstream: [f], gradients: [q, x, y, z]}")  # fmt: skip
    reference = (
        "def f(x, y, z, df):\n    q = x + y\n    f = q * z\n    dq = z * df\n    dz = q * df\n"
        '    return {"q": q, "f": f, "dq": dq, "dx": 1.0 * dq, "dy": 1.0 * dq, "dz": dz}\n'
    )
    ready = small(task, reference)
    for value in ("1.0", "0.0", "1e-30", "float('nan')"):
        source = ones.format(names=("q", "f", "dq", "dx", "dy", "dz")).replace("1.0", value)
        assert graded(ready, source).score == 0, value


def test_the_finding_of_the_first_stage_names_the_later_ones() -> None:
    """One finding tells the mistake and what follows from it; the later stages have none."""
    result = graded(chain(), edited(("p = x * y", "p = x + y")))
    errors = [f for f in result.findings if f.severity.value == "error"]
    assert [f.check for f in errors] == ["forward[p]"]
    assert errors[0].message.endswith("; q, r, f, dr, dq, dp and 2 more follow from it")
    assert errors[0].evidence["followed_by"] == ["q", "r", "f", "dr", "dq", "dp", "dx", "dy"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    dq = 1.0 * dr\n", "    dq = 2.0 * dr\n    dq = 0.5 * dq\n"),
        ("    dq = 1.0 * dr\n", "    dq = 0.5 * dr\n    dq += 0.5 * dr\n"),
        ("    dq = 1.0 * dr\n", "    dq = dr.copy()\n    dq[0] = dr[0]\n"),
        ("    dq = 1.0 * dr\n", "    for _ in range(2):\n        dq = 1.0 * dr\n"),
        ("    dq = 1.0 * dr\n", "    other = dq = 1.0 * dr\n"),
        ('"dq": dq', '"dq": 1.0 * dr'),
    ],
)
def test_a_stage_that_cannot_be_replaced_is_computed_anew(old: str, new: str) -> None:
    """Only plain single assignments are replaced; the rest is judged on what came before it."""
    task = CHAIN.replace("gradients: [r, q, p, x, y]", "gradients: [r, p, x, y]")
    reference = edited((old, new)).replace('"dq"', '"unasked"')
    ready = small(task, reference)
    wrong = edited(("dr = 2 * r", "dr = r")).replace('"dq"', '"unasked"')
    result = graded(ready, wrong)
    charged = [c.id for c in result.checks if c.outcome.value == "failed"]
    assert charged == ["backward[dr]"]


ODD = (
    "x > 0", "np.ones(3, dtype=np.uint8)", "(10 * x).astype(int)", "np.zeros((0,))", "1e300 * x",
    "x[None]", "x.astype(np.float32)", "x.tolist()", "np.inf * x", "None", "'text'", "True",
    "[x, x]", "{}", "np.full(x.shape, 1e-320)", "np.where(x > 0, np.nan, x)", "-(2**63)",
    "x.T[::-1]",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_odd_values_are_findings_never_our_fault(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a stage is, alone or with a slip before it, the witnesses answer without a fault."""
    monkeypatch.setenv("GRADER_DEBUG", "1")
    for odd in ODD:
        for slip in ((), (("p = x * y", "p = x + y"),)):
            result = graded(chain(), edited((f'"{name}": {name}', f'"{name}": {odd}'), *slip))
            check = f"{'backward' if name[0] == 'd' else 'forward'}[{name}]"
            assert check_of(result, check).outcome.value in ("failed", "faulted"), odd
            assert result.outcome.value in ("failed", "faulted"), odd


def test_a_reference_that_fails_on_the_students_values_charges_the_student() -> None:
    """A log of a negative stage of the student's raises in the reference: no excuse, no void."""
    task = ("{id: t, style: circuit, target: f, inputs: {x: {shape: [], domain: positive}}, "
            "outputs: [q, f], gradients: [x]}")  # fmt: skip
    reference = (
        "import math\n\n\ndef f(x):\n    q = x + 0\n    f = math.log(q)\n    dx = 1.0 / q\n"
        '    return {"q": q, "f": f, "dx": dx}\n'
    )
    result = graded(small(task, reference), reference.replace("q = x + 0", "q = -x").replace(
        "math.log(q)", "math.log(-q)"))  # fmt: skip
    assert result.outcome.value == "failed"
    charged = [c.id for c in result.checks if c.outcome.value == "failed"]
    assert charged == ["forward[q]", "backward[dx]"]


def staged(task_id: str, edits: Edits, seed: int) -> TaskResult:
    """Grade edits of a shipped staged loss."""
    ((name, source),) = read_right("plain", "losses").items()
    text = text_of(source, (task_id,), Wrong(task_id, "", edits, ()))
    return grade_texts(prepared("losses", seed), {name: text}, {task_id}).tasks[0]


@pytest.mark.parametrize(
    ("task", "edits", "charged", "score"),
    [
        ("svm_staged", (("-np.sum(dscores, axis=1)", "-1 / N"),), ["backward[dscores]"],
         Fraction(15, 2)),
        ("svm_staged", (("np.ones_like(margins) / N", "np.ones_like(margins)"),),
         ["backward[dmargins]"], Fraction(19, 2)),
        ("svm_staged", (("[:, None] + 1)", "[:, None] + 2)"),), ["forward[margins]"],
         Fraction(17, 2)),
        ("svm_staged", (("reg * np.sum(W * W)", "0.5 * reg * np.sum(W * W)"),),
         ["forward[reg_loss]"], Fraction(10)),
        ("svm_staged", (("scores = X.dot(W)", "scores = np.zeros((N, W.shape[1]))"),),
         ["forward[scores]", "forward[margins]", "forward[data_loss]", "forward[loss]",
          "backward[dscores]", "backward[dW]"], Fraction(3, 2)),
        ("softmax_staged", (("dscores[rows, y] -= 1\n", "pass\n"),), ["backward[dscores]"],
         Fraction(7)),
        ("softmax_staged", (("np.mean(", "np.sum("),), ["forward[data_loss]"], Fraction(9)),
    ],
)  # fmt: skip
def test_staged_losses(task: str, edits: Edits, charged: list[str], score: Fraction) -> None:
    """The shipped staged losses charge the first wrong stage alone, whatever the seed."""
    for seed in range(4):
        result = staged(task, edits, seed)
        failed = [c.id for c in result.checks if c.outcome.value == "failed" and c.max_score]
        assert failed == charged, seed
        # A staged loss with a wrong stage is not judged near its kinks.
        assert result.score == score, (seed, result.score)
        assert result.outcome.value == "failed"
