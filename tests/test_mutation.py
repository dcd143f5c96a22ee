"""`mutation`: a changed argument is a note, or fails a check where the spec says so."""

from __future__ import annotations

import pytest
from small import check_of, graded, prepared, told

from grader.errors import CourseError
from grader.model import Outcome, Severity
from grader.prepare import Prepared
from grader.spec import load_assignment

PAIR = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D], w: [N, D]}, outputs: [out], "
    "conventions: {mutation: SAID}}"
)
REFERENCE = """
def f_forward(x, w):
    return x * w, (x, w)


def f_backward(dout, cache):
    x, w = cache
    return dout * w, dout * x
"""
PRICED = "total: 4\ntasks:\n  t: {forward: 1, backward: 2, behaviour.pure: 1}\n"
WRITES_X = "    out = x * w\n    x += 1\n    return out, (x - 1, w)"
# Where the numbers are right and what is changed, if anything.
DOUT_SCALED = """
    x, w = cache
    dx = dout * w
    dout *= x
    return dx, dout
"""
X_SCALED = """
    x, w = cache
    dx = dout * w
    x *= dout
    return dx, x
"""
COPIED = """
    x, w = x.copy(), w.copy()
    return x * w, [x, w]
"""
COPY_SCALED = """
    x, w = cache
    dx = w * dout
    x *= dout
    return dx, x
"""
FLATTENED = """
    out = x * w
    w.shape = (-1,)
    return out, (x, w)
"""
UNFLATTENED = """
    x, w = cache
    return dout * w.reshape(x.shape), dout * x
"""
STUDENTS = {
    "leaves all as it was": ("", "", set()),
    "forward writes into x": (WRITES_X, "", {"x"}),
    "backward scales dout": ("", DOUT_SCALED, {"dout"}),
    "backward writes into the cached x": ("", X_SCALED, {"x"}),
    "writes into its own copies": (COPIED, COPY_SCALED, set()),
    "changes the shape of w": (FLATTENED, UNFLATTENED, {"w"}),
}


def ready(said: str, rubric: str = "") -> Prepared:
    """Return the pair with this convention."""
    return prepared(PAIR.replace("SAID", said), REFERENCE, rubric)


def source(forward: str, backward: str) -> str:
    """Return the reference with other bodies."""
    text = REFERENCE
    for old, new in (("    return x * w, (x, w)", forward),
                     ("    x, w = cache\n    return dout * w, dout * x", backward)):  # fmt: skip
        text = text.replace(old, new) if new else text
    return text


@pytest.mark.parametrize(("forward", "backward", "changed"), STUDENTS.values(), ids=STUDENTS)
def test_mutation_is_a_note_or_an_error(forward: str, backward: str, changed: set[str]) -> None:
    """The default is a note without a check; with `error` the check fails, and there is no note."""
    student = source(forward, backward)
    noted = graded(ready("note"), student)
    assert noted.outcome is Outcome.PASSED
    notes = {f.argument: f.code for f in noted.findings if f.code in ("N701", "N702")}
    assert notes == {name: "N702" if name == "dout" else "N701" for name in changed}
    assert "behaviour.pure" not in {c.id for c in noted.checks}
    judged = graded(ready("error", PRICED), student)
    pure = check_of(judged, "behaviour.pure")
    assert pure.outcome is (Outcome.FAILED if changed else Outcome.PASSED)
    assert pure.score == (not changed)
    assert {(f.code, f.argument) for f in told(judged, "behaviour.pure")} == {
        ("B510", name) for name in changed
    }
    assert not [f for f in judged.findings if f.code in ("N701", "N702")]
    assert check_of(judged, "backward[dx]").outcome is Outcome.PASSED


def test_it_is_free_unless_priced() -> None:
    """As every check of behaviour it costs nothing where the rubric does not price it."""
    task = graded(ready("error"), source(WRITES_X, ""))
    assert task.outcome is Outcome.PASSED
    assert [f.code for f in task.findings if f.severity is Severity.ERROR] == ["B510"]


@pytest.mark.parametrize(
    ("forward", "outcome"),
    [
        ("    x -= 1\n    return x * w, (x, w)", Outcome.FAILED),
        ("    return 2 * x * w, (x, w)", Outcome.PASSED),
        ("    raise ValueError(x)", Outcome.SKIPPED),
        ("    pass", Outcome.SKIPPED),
    ],
)
def test_wrong_values_hide_no_change(forward: str, outcome: Outcome) -> None:
    """A change shows beside wrong numbers; of a call that did not end nothing is known."""
    task = graded(ready("error"), source(forward, ""))
    assert check_of(task, "behaviour.pure").outcome is outcome


NORM = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D], mean: [D]}, outputs: [out, after]"
    ", upstream: [out], gradients: [x], constants: {mode: train}, dicts: {param: [mode, mean]}, "
    "forward_args: [x, param], READ conventions: {mutation: error}}"
)
READ = "read_back: {after: param.mean},"
NORM_REFERENCE = """
def f_forward(x, param):
    after = 0.9 * param["mean"] + 0.1 * x.mean(axis=0)
    param["mean"] = after
    return x - x.mean(axis=0), LEFT


def f_backward(dout, cache):
    return dout - dout.mean(axis=0)
"""
IN_PLACE = (
    '    param["mean"] *= 0.9\n    param["mean"] += 0.1 * x.mean(axis=0)\n    after = param["mean"]'
)
BY_NAME = '    after = 0.9 * param["mean"] + 0.1 * x.mean(axis=0)'


@pytest.mark.parametrize(
    ("read", "edits", "outcome"),
    [
        (True, {}, Outcome.PASSED),
        (True, {BY_NAME: IN_PLACE}, Outcome.PASSED),  # an entry that is read back is to be changed
        (False, {}, Outcome.PASSED),
        (False, {'    param["mean"] = after\n': "    param.clear()\n"}, Outcome.PASSED),
        (False, {'    param["mean"] = after\n': '    param["x"] = x\n'}, Outcome.PASSED),
        (False, {BY_NAME: IN_PLACE}, Outcome.FAILED),
    ],
)
def test_a_dict_may_be_written_into(read: bool, edits: dict[str, str], outcome: Outcome) -> None:
    """Entries that are set, added or removed change no array; an array that is written into is."""
    reference = NORM_REFERENCE.replace("LEFT", "None" if read else "after, None")
    task = NORM.replace("READ", READ if read else "")
    student = reference
    for old, new in edits.items():
        assert old in student
        student = student.replace(old, new)
    found = graded(prepared(task, reference), student)
    assert found.outcome is Outcome.PASSED
    assert check_of(found, "behaviour.pure").outcome is outcome
    assert {f.argument for f in found.findings} == (
        {"mean"} if outcome is Outcome.FAILED else set()
    )


def test_an_update_step_may_change_what_it_updates() -> None:
    """The parameters of an update step are changed by contract, the gradient is not."""
    task = (
        "{id: t, style: update_step, target: f, inputs: {w: [D], dw: [D]}, outputs: [w_new], "
        "examples: [{label: one, inputs: {w: [1, 2], dw: [2, 4]}, expected: {w_new: [0, 0]}}], "
        "conventions: {mutation: error}}"
    )
    made = prepared(task, "def f(w, dw):\n    return w - 0.5 * dw\n")
    for body, outcome in (("w -= 0.5 * dw", Outcome.PASSED),
                          ("dw *= 0.5; w -= dw", Outcome.FAILED)):  # fmt: skip
        found = graded(made, f"def f(w, dw):\n    {body}\n")
        assert check_of(found, "behaviour.pure").outcome is outcome
        assert found.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("conventions", "words"),
    [
        ("{mutation: no}", "is not one of note, error"),
        ("{mutations: error}", "unknown key (did you mean `mutation`?)"),
    ],
)
def test_malformed_conventions_are_refused(conventions: str, words: str) -> None:
    """The values are `note` and `error`."""
    task = PAIR.replace("{mutation: SAID}", conventions)
    with pytest.raises(CourseError) as caught:
        load_assignment(f"assignment: a\nfiles: [a.py]\ntasks:\n  - {task}\n", "a.yaml")
    assert words in "\n".join(caught.value.problems)
