"""Named sub-cases: what they fix, what they must raise, and that each costs its own line alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from in_process import InProcess, grade_texts, loading_once
from small_course import graded, made, outcomes, told

from grader.isolation import SANDBOXES
from grader.model import Battery, FaultKind, Finding, Kind, TaskResult
from grader.prepare import Prepared

SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: STYLE
    target: Scale
    inputs: {x: [N, D]}
    hyper_parameters: {a: {range: [0.5, 2]}, is_strict: false}
    constructor_args: [a, is_strict]
    outputs: [z]
    cases:
      half: {set: {a: 0.5}}
      bad: {set: {a: 0, is_strict: true}, raises: [ValueError, ZeroDivisionError]}
      three: {sizes: {N: 3}}
"""
GATE_SPEC = SPEC.replace("STYLE", "gate_class")
PAIR_SPEC = GATE_SPEC.replace("gate_class", "function_pair").replace(
    "    constructor_args: [a, is_strict]\n", ""
)
CIRCUIT_SPEC = (
    PAIR_SPEC.replace("function_pair", "circuit")
    .replace("target: Scale", "target: scale")
    .replace("outputs: [z]", "outputs: [z]\n    upstream: [z]")
)


def gate(constructor: str = "", forward: str = "", backward: str = "") -> str:
    """Write the gate with more statements in its methods."""
    return (
        "class Scale:\n"
        "    def __init__(self, a, is_strict):\n"
        "        self.a, self.is_strict = a, is_strict\n"
        f"        {constructor or 'pass'}\n"
        "    def forward(self, x):\n"
        f"        {forward or 'pass'}\n"
        "        return self.a * x\n"
        "    def backward(self, dz):\n"
        f"        {backward or 'pass'}\n"
        "        return self.a * dz\n"
    )


REFUSES = "if a == 0 and is_strict: raise ValueError(a)"
LATE = "if self.a == 0 and self.is_strict: raise ValueError(self.a)"
REFERENCE = gate(REFUSES)


def in_child(ready: Prepared, source: str, seconds: float = 10.0) -> TaskResult:
    """Grade in a process of its own, with this limit for a call."""
    limits = dataclasses.replace(ready.assignment.limits, call_seconds=seconds)
    assignment = dataclasses.replace(ready.assignment, limits=limits)
    quick = dataclasses.replace(ready, assignment=assignment)
    (result,) = grade_texts(quick, {"m.py": source}, open_session=SANDBOXES["process"]).tasks
    return result


ACCEPTS = "accepted bad; expected ValueError or ZeroDivisionError"
RAISES: dict[str, tuple[str, str]] = {
    "in the constructor": (gate(REFUSES), ""),
    "in forward": (gate(forward=LATE), ""),
    "the other exception": (gate("1 / a if is_strict else 0"), ""),
    "never": (gate(), ACCEPTS),
    "in backward, which is too late": (gate(backward=LATE), ACCEPTS),
    "something else": (gate(REFUSES.replace("ValueError(a)", "KeyError(a)")), "bad: KeyError in"),
    "a child of it": (
        "class B(ValueError): pass\n\n" + gate(REFUSES.replace("ValueError", "B")), "bad: B in",
    ),
    "an assertion": (gate("assert a != 0 or not is_strict"), "bad: AssertionError in place of"),
    "a text": (gate(REFUSES.replace("raise ValueError(a)", "print(a)")), ACCEPTS),
}  # fmt: skip


@pytest.mark.parametrize("name", RAISES)
@pytest.mark.parametrize("where", ["in process", "in a child"])
def test_what_must_be_raised(name: str, where: str) -> None:
    """One of the stated exceptions, by its exact name, is the right answer, and no other is."""
    source, words = RAISES[name]
    ready = made(GATE_SPEC, REFERENCE)
    result = graded(ready, source) if where == "in process" else in_child(ready, source)
    assert [(f.check, f.code) for f in told(result)] == ([("case.bad", "V407")] if words else [])
    assert all(words in f.message for f in told(result))
    failed = {c.id for c in result.checks if c.score < c.max_score}
    assert failed == ({"case.bad"} if words else set())


@pytest.mark.parametrize(
    ("hidden", "lost"),
    [("case.bad: hidden", {"case.bad"}), ("forward: hidden, backward: hidden", {"forward"})],
)
@pytest.mark.parametrize("kind", [FaultKind.RAISED, FaultKind.DIED])
def test_a_file_that_does_not_load_for_hidden_cases(
    kind: FaultKind, hidden: str, lost: set[str]
) -> None:
    """Nothing it raises then is the exception that is due, and public sub-cases are judged."""
    rubric = f"rubric: m\ntotal: 10\ntasks: {{t: 10}}\nvisibility: {{t: {{{hidden}}}}}\n"
    ready = made(GATE_SPEC, REFERENCE, rubric=rubric)
    (result,) = grade_texts(ready, {"m.py": REFERENCE}, open_session=loading_once(kind)).tasks
    code = "L104" if kind is FaultKind.RAISED else "L110"
    assert {(f.check, f.code) for f in told(result)} == {(check, code) for check in lost}
    passed = {check for check, outcome in outcomes(result).items() if outcome == "passed"}
    assert {"case.half", "case.three", "case.bad"} - lost <= passed


def test_an_exception_may_be_due_in_backward() -> None:
    """Where the reference raises in backward alone, whoever never raises is told so."""
    ready = made(GATE_SPEC, gate(backward=LATE))
    assert told(graded(ready, gate(backward=LATE))) == []
    assert told(graded(ready, REFERENCE)) == []
    (finding,) = told(graded(ready, gate()))
    assert finding.message.startswith(ACCEPTS)


PAIR = """\
def Scale_forward(x, a, is_strict):
    if is_strict and a == 0:
        raise ValueError(a)
    return a * x, a


def Scale_backward(dz, cache):
    return cache * dz
"""
CIRCUIT = """\
def scale(x, a, is_strict, dz):
    if is_strict and a == 0:
        raise ValueError(a)
    return {"z": a * x, "dx": a * dz}
"""


@pytest.mark.parametrize(("spec", "source"), [(PAIR_SPEC, PAIR), (CIRCUIT_SPEC, CIRCUIT)])
def test_other_styles_raise_too(spec: str, source: str) -> None:
    """Functions are asked in the same way, and accepting is told."""
    ready = made(spec, source)
    assert told(graded(ready, source)) == []
    accepting = source.replace("raise ValueError(a)", "pass")
    assert [f.code for f in told(graded(ready, accepting))] == ["V407"]
    assert [f.code for f in told(in_child(ready, accepting))] == ["V407"]


SIZES = GATE_SPEC.replace("outputs: [z]", "outputs: [z]\n    sizes: {N: [4, 9]}")
MORE = SIZES.replace("three: {sizes: {N: 3}}", "three: {sizes: {N: 3}}\n      last: {set: {a: 2}}")
# Only the sub-case has three examples.
LOST = {
    "endless": ("while len(x) == 3: pass", "R202", "timed_out"),
    "ends the process": ("if len(x) == 3: import os; os._exit(3)", "R204", "faulted"),
    "raises": ("if len(x) == 3: raise KeyError(3)", "R201", "faulted"),
    "leaves": ("if len(x) == 3: raise SystemExit", "R204", "faulted"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_sub_case_costs_its_own_line(name: str) -> None:
    """What comes after an endless loop or the end of the process is judged all the same."""
    do, code, outcome = LOST[name]
    result = in_child(made(MORE, REFERENCE), gate(REFUSES, do), seconds=1.0)
    lost = {c.id: c.outcome.value for c in result.checks if c.score < c.max_score}
    assert lost == {"case.three": outcome}
    assert {outcomes(result)[f"behaviour.{n}"] for n in ("repeatable", "stale_cache")} == {"passed"}
    assert [(f.check, f.code) for f in told(result)] == [("case.three", code)]


def test_an_ordinary_case_costs_what_comes_after_it() -> None:
    """An endless loop in a random case is waited for once."""
    result = in_child(made(MORE, REFERENCE), gate(REFUSES, "while True: pass"), seconds=1.0)
    assert outcomes(result)["case.last"] == "skipped"
    assert outcomes(result)["behaviour.repeatable"] == "skipped"
    assert [f.code for f in told(result)] == ["R202"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (gate("raise KeyError(a)"), "m.py:4: Scale.__init__ raised KeyError: "),
        (gate(REFUSES, "raise KeyError(7)"), "m.py:6: Scale.forward raised KeyError: 7"),
        (gate(REFUSES, backward="dz[99]"), "m.py:9: Scale.backward raised IndexError: "),
    ],
)
def test_a_fault_names_the_method(source: str, place: str) -> None:
    """A constructor is named as such, though it is called before the first forward."""
    for open_session in (InProcess, SANDBOXES["process"]):
        ready = made(GATE_SPEC, REFERENCE)
        (result,) = grade_texts(ready, {"m.py": source}, open_session=open_session).tasks
        assert any(f.message.startswith(place) for f in told(result)), told(result)


def test_one_cause_with_many_words_is_told_once() -> None:
    """An exception that names something else in every case is one finding all the same."""
    result = graded(made(GATE_SPEC, REFERENCE), gate(REFUSES, "raise KeyError(float(x[0, 0]))"))
    assert [(f.check, f.code) for f in told(result)] == [("forward", "R201")]


def test_the_reference_must_raise() -> None:
    """A reference that accepts what must raise, or raises something else, voids its task."""
    cases = {
        gate(): "the reference accepts bad; expected ValueError or ZeroDivisionError",
        gate("assert a or not is_strict"): "AssertionError:",
    }
    for reference, words in cases.items():
        void = made(GATE_SPEC, reference).batteries["t"]
        assert isinstance(void, Finding)
        assert (void.code, void.message) == ("G902", words)


ROUNDED_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: gate_class
    target: M
    inputs: {x: []}
    outputs: [z]
    cases: {ordinary: {}, huge: {set: {x: 1000}}}
"""
ROUNDED = """\
class M:
    def forward(self, x):
        return (x + 8) - 8

    def backward(self, dz):
        return dz
"""


def test_a_sub_case_is_fair_to_single_precision_on_its_own_scale() -> None:
    """Rounding is weighed against the numbers of the sub-case, not those of a larger one."""
    for seed in range(40):
        battery = made(ROUNDED_SPEC, ROUNDED, seed).batteries["t"]
        assert isinstance(battery, Battery)
        cases = [e for e in battery.expected[Kind.NAMED] if e.case.label == "ordinary"]
        largest = max(abs(float(e.case.inputs["x"])) for e in cases)
        for expected in cases:
            x = expected.case.inputs["x"]
            rounded = float((np.float32(x) + np.float32(8)) - np.float32(8))
            assert abs(rounded - x) <= 1.1e-6 * largest, seed
