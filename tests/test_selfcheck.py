"""Judging without answers: what must be seen, what must not be accused, what is left open."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from in_process import ASSIGNMENTS, NETWORKS, read_right
from judging import grade
from kits import checked, kit_of
from variants.wrong import WRONG, Wrong, text_of

from grader.compare import Fit
from grader.kit import unknown
from grader.model import (
    Array,
    CheckResult,
    Draw,
    Kind,
    Observation,
    Outcome,
    Public,
    Report,
    Severity,
    TaskResult,
    Value,
)
from grader.selfcheck import differences, probes
from grader.selfcheck.slopes import STEPS
from grader.selfcheck.verdicts import NO_WITNESS, ROUGH, SINGLE, SLOW, reading

AT = np.array([0.3, -0.7, 1.1, 2.0])
ALONG = np.array([1.0, -0.5, 0.25, 2.0])


def values_of(function: Callable[[Array], float], at: Array = AT) -> Array:
    """Return a function forth and back of every step: of each entry, and along a direction."""
    rows = [
        [[function(at + sign * step * along) for sign in (1, -1)] for step in STEPS]
        for along in (*np.eye(len(at)), ALONG)
    ]
    return np.array(rows)[..., None]


def fits(function: Callable[[Array], float], gradient: Array, magnitude: float = 1.0) -> set[Fit]:
    """Return how a gradient at ``AT`` fits a function."""
    slopes = np.append(gradient, gradient @ ALONG)[:, None]
    found = differences(values_of(function), slopes, np.zeros(1), np.array([magnitude]))
    return set() if found.is_rough else {Fit(int(fit)) for fit in found.fits.ravel()}


FUNCTIONS: dict[str, tuple[Callable[[Array], float], Array]] = {
    "squares": (lambda x: float(np.sum(x * x)), 2 * AT),
    "exp": (lambda x: float(np.sum(np.exp(x))), np.exp(AT)),
    "a kink near": (lambda x: float(np.sum(np.abs(x - 0.3000015))), np.array([-1, -1, 1, 1])),
    "rounding alone": (lambda x: float(np.sum(np.exp(x) / np.sum(np.exp(x)))), np.zeros(4)),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_gradient_is_never_off(name: str) -> None:
    """Also beside a kink, and where nothing but rounding is left."""
    function, gradient = FUNCTIONS[name]
    assert fits(function, gradient) == {Fit.FITS}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("change", [1.001, -1.0, 0.0], ids=["off by 1e-3", "sign", "zero"])
def test_a_wrong_gradient_is_off(name: str, change: float) -> None:
    """An error of a thousandth is seen; beside a gradient of 0 any number is wrong."""
    function, gradient = FUNCTIONS[name]
    wrong = gradient * change if gradient.any() else gradient + 2.0 + change
    assert Fit.DIFFERS in fits(function, wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("scale", [0.0, 1.0, -1.0])
def test_a_rough_function_tells_nothing(dtype: type, scale: float) -> None:
    """Of a forward in single precision no gradient is called wrong, nor right but for luck."""
    rough = lambda x: float(np.sum(np.exp(x.astype(dtype))))  # noqa: E731 - a table's row
    found = fits(rough, scale * np.exp(AT), 15.0)
    assert Fit.DIFFERS not in found
    assert Fit.FITS not in found or not scale


@pytest.mark.parametrize("gradient", [np.zeros(4), np.ones(4)])
def test_what_never_changes_accuses_nobody(gradient: Array) -> None:
    """A forward that is constant, or rounded to so few digits, shows no gradient to be wrong."""
    assert Fit.DIFFERS not in fits(lambda _: 3.0, gradient)


def test_what_is_not_finite_tells_nothing() -> None:
    """A direction without a number is left open, and does not spoil the others."""
    values = values_of(lambda x: float(np.sum(x * x)))
    values[1, 2, 0] = np.nan
    slopes = np.append(2 * AT, 2 * AT @ ALONG)[:, None]
    found = differences(values, slopes, np.zeros(1), np.ones(1))
    wanted = [Fit.FITS.value, Fit.UNCLEAR.value, *[Fit.FITS.value] * 3]
    assert found.fits.ravel().tolist() == wanted


@pytest.mark.parametrize(
    ("error", "words"), [(1.0, "wrong"), (1e-3, "uncomfortable"), (1e-5, "kinks"), (1e-9, "right")]
)
def test_errors_are_read_as_the_courses_teach(error: float, words: str) -> None:
    """1e-2, 1e-4 and 1e-7 are the limits of the notes on gradient checking."""
    assert words in reading(error)


def told(report: Report) -> list[str]:
    """Return what a student would take for a mistake."""
    found = [f for task in report.tasks for f in task.findings if f.severity is Severity.ERROR]
    bad = [f"{task.id} {c.id}" for task in report.tasks for c in task.checks
           if c.outcome not in (Outcome.PASSED, Outcome.SKIPPED)]  # fmt: skip
    return [f"{f.check} {f.code} {f.message}" for f in found] + bad


@pytest.mark.parametrize("name", [*ASSIGNMENTS, *NETWORKS])
def test_right_work_is_told_nothing(name: str) -> None:
    """In every shipped assignment each gradient of an input is known to fit, without a point."""
    report = checked(kit_of(name, 0), read_right("plain", name))
    assert told(report) == []
    assert report.is_self_check
    assert report.score == report.max_score == Fraction(0)
    left = {c.reason for t in report.tasks for c in t.checks
            if c.outcome is Outcome.SKIPPED and c.id != "stress"}  # fmt: skip
    assert left <= {NO_WITNESS}


WRONG_GATES = [
    version
    for version in WRONG["gates"]
    if all(line.startswith("backward") for line in version.told)
]


@pytest.mark.parametrize("version", WRONG_GATES, ids=lambda v: f"{v.task} {v.label}")
def test_wrong_gates_are_told(version: Wrong) -> None:
    """A wrong backward behind a right forward is found out without an answer."""
    task, due = grade("gates", version, 0)
    assert due.outcome is not Outcome.PASSED
    text = text_of(read_right("plain", "gates")["gates.py"], (task.call.target,), version)
    found = checked(kit_of("gates", 0), {"gates.py": text}, version.task)
    assert any(line.startswith(("backward", version.task)) for line in told(found))


def multiply(forward: str, backward: str) -> TaskResult:
    """Return what is said of a multiply gate."""
    text = (
        "import numpy as np\nclass MultiplyGate:\n    def forward(self, x, y):\n"
        f"        self.x, self.y = x, y\n        {forward}\n"
        f"    def backward(self, dz):\n        {backward}\n"
    )
    return checked(kit_of("gates", 0), {"gates.py": text}, "multiply").tasks[0]


def by_id(task: TaskResult) -> dict[str, CheckResult]:
    """Return the checks of a task."""
    return {check.id: check for check in task.checks}


RIGHT = ("return x * y", "return self.y * dz, self.x * dz")


def test_a_gradient_is_judged_by_its_own_forward() -> None:
    """A wrong forward is told; its own backward fits, and the right one does not."""
    own = multiply("return 2 * x * y", "return 2 * self.y * dz, 2 * self.x * dz")
    assert by_id(own)["forward"].outcome is Outcome.FAILED
    assert {f.case for f in own.findings if f.code != "V401"} == {"multiply:example:0"}
    other = multiply("return 2 * x * y", RIGHT[1])
    assert {f.argument for f in other.findings if f.code == "V406"} == {"dx", "dy"}


def test_the_worst_entry_is_named_with_both_numbers() -> None:
    """The finding says where, what it is, what differences say, how far off, and how to replay."""
    found = multiply("return x * y", "return self.y * dz, self.y * dz").findings
    first = next(f for f in found if f.code == "V406")
    assert (first.check, first.argument) == ("backward[dy]", "dy")
    assert first.message.startswith("dy[")
    assert "by differences of your own forward" in first.message
    index = first.evidence["index"]
    case = next(e.case for e in kit_of("gates", 0).batteries["multiply"].expected[Kind.RANDOM]
                if e.case.id == first.case)  # fmt: skip
    due = [(case.inputs["x"] * up["dz"])[index] for up in case.upstreams]
    assert min(abs(first.evidence["by_forward"] - number) for number in due) < 1e-6
    assert first.replay.endswith(f"--replay {first.case}")


@pytest.mark.parametrize(
    ("forward", "reason"),
    [
        ("return (x * y).astype(np.float32) if np.ndim(x) else np.float32(x * y)", SINGLE),
        (
            "return np.float64(np.float32(x)) * np.asarray(y).astype(np.float32).astype(float)",
            ROUGH,
        ),
    ],
    ids=["float32", "float32 inside"],
)
def test_single_precision_is_recognised(forward: str, reason: str) -> None:
    """Nothing is said for or against a gradient, and the reason names the precision."""
    for backward in (RIGHT[1], "return dz, dz"):
        task = multiply(forward, backward)
        assert "V406" not in {f.code for f in task.findings}
    check = by_id(multiply(forward, RIGHT[1]))["backward[dx]"]
    assert (check.outcome, check.reason) == (Outcome.SKIPPED, reason)


def test_what_is_not_written_is_not_attempted() -> None:
    """A starter is told neither right nor wrong, raising or returning zeros that it never fills."""
    raising = multiply("raise NotImplementedError", "raise NotImplementedError")
    assert raising.outcome is Outcome.NOT_ATTEMPTED
    zeros = multiply(RIGHT[0], "dx = np.zeros_like(dz)\n        dy = np.zeros_like(dz)\n"
                               "        return dx, dy")  # fmt: skip
    assert by_id(zeros)["backward[dx]"].outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("backward", "code"),
    [
        ("return self.y * dz", "S302"),
        ("return (self.y * dz).sum(), self.x * dz", "S306"),
        ("return self.y * dz / 0.0, self.x * dz", "V403"),
        ("return self.y * dz, self.z * dz", "R201"),
    ],
)
def test_everything_before_the_value_is_judged_as_ever(backward: str, code: str) -> None:
    """Containers, shapes, finiteness and exceptions need no answer."""
    assert code in {f.code for f in multiply(RIGHT[0], backward).findings}


def test_what_is_not_public_is_left_open() -> None:
    """Without public values nothing is said of forward, and backward is judged all the same."""
    kit = kit_of("gates", 0)
    battery = kit.batteries["multiply"]
    task = dataclasses.replace(battery.task, public=Public.NOTHING)
    bare = dataclasses.replace(
        battery,
        task=task,
        scale={kind: {} for kind in battery.scale},
        expected={
            kind: tuple(
                dataclasses.replace(
                    e, outputs={n: unknown(a.shape) for n, a in e.outputs.items()},
                    gradients=tuple(
                        {n: unknown(a.shape) for n, a in g.items()} for g in e.gradients
                    ),
                )
                for e in cases
            )
            for kind, cases in battery.expected.items()
        },
    )  # fmt: skip
    closed = dataclasses.replace(kit, batteries={"multiply": bare})
    text = ("class MultiplyGate:\n    def forward(self, x, y):\n        self.x, self.y = x, y\n"
            "        return x * y + 1\n    def backward(self, dz):\n"
            "        return self.y * dz, dz\n")  # fmt: skip
    checks = by_id(checked(closed, {"gates.py": text}, "multiply").tasks[0])
    assert checks["forward"].outcome is Outcome.SKIPPED
    assert "not public" in checks["forward"].reason
    assert checks["backward[dx]"].outcome is Outcome.PASSED
    assert checks["backward[dy]"].outcome is Outcome.FAILED


def test_behaviour_and_linearity_need_no_answer() -> None:
    """A cache that instances share, and an upstream that is ignored, are told as ever."""
    shared = multiply(
        "MultiplyGate.xy = x, y; return x * y",
        "x, y = MultiplyGate.xy; return y * dz, x * dz",
    )
    assert by_id(shared)["behaviour.shared_cache"].outcome is Outcome.FAILED
    ignored = multiply(RIGHT[0], "return self.y + 0 * dz, self.x + 0 * dz")
    assert by_id(ignored)["linearity"].outcome is Outcome.FAILED


def test_the_gradient_of_an_intermediate_is_left_open() -> None:
    """No differences of a circuit's inputs show it, and the report says so."""
    report = checked(kit_of("circuits", 0), read_right("plain", "circuits"), "hidden_score")
    open_ones = {c.id for c in report.tasks[0].checks if c.reason == NO_WITNESS}
    assert open_ones == {"backward[dz]", "backward[dh]"}


def test_only_cases_that_are_slow_are_left_out() -> None:
    """The time that differences may take is reckoned case by case: arrays of mid size cost more."""
    battery = kit_of("gates", 0).batteries["exp"]
    sizes = {e.case.id: np.size(e.case.inputs["x"]) for e in battery.expected[Kind.RANDOM]}
    returned = Value("array", array=np.zeros(()))
    observed = [
        Observation(
            e.case,
            tuple(Draw(returned, returned, 10.0 if np.size(e.case.inputs["x"]) > 1000 else 1e-4)
                  for _ in e.case.upstreams),
        )
        for cases in battery.expected.values()
        for e in cases
    ]  # fmt: skip
    questions, is_cut = probes.ask(battery, observed)
    asked = {q.expected.case.id for q in questions}
    assert is_cut
    assert max(sizes.values()) > 1000
    assert asked & sizes.keys()
    assert not {case for case, size in sizes.items() if size > 1000} & asked


def test_slow_code_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where differences would take too long nothing is said of a gradient."""
    monkeypatch.setattr(probes, "PATIENCE", 0.0)
    text = read_right("plain", "jacobians")
    report = checked(kit_of("jacobians", 0), text)
    reasons = {c.reason for t in report.tasks for c in t.checks if c.id.startswith("backward")}
    assert SLOW in reasons
    assert told(report) == []
