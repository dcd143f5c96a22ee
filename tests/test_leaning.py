"""A function that is wrong only through another of its file: what is said of it, what it earns."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

import pytest
from in_process import InProcess, grade_texts
from leaning_course import RUBRIC, SPEC, STEP, WALK, ready, source

from grader.codes import finding
from grader.errors import CourseError, GraderFault
from grader.isolation import SANDBOXES, Session
from grader.model import Limits, Severity, TaskResult
from grader.spec import load_assignment, load_rubric

WRONG_FORWARD = STEP.replace("x + h @ w", "x - h @ w")
WRONG_BACKWARD = STEP.replace("1 - out**2", "1 + out**2")
UNWRITTEN = "def step_forward(x, h, w):\n    BODY\n\n\ndef step_backward(dout, cache):\n    BODY\n"
NO_CARRY = WALK.replace("dhs[:, t] + dh", "dhs[:, t]")
LATE = WALK.replace("hs[:, t] = h\n", "hs[:, t] = h * (1 + (t > 0))\n")
ALONE = """
def walk_forward(xs, h, w):
    return xs * 2, xs


def walk_backward(dhs, cache):
    return dhs * 2, 0, 0
"""
EMPTY = WALK.replace("hs, caches =", "return\n    hs, caches =")
OPENS_THE_CACHE = WALK.replace(
    "caches.append(cache)", "a, b, c = cache\n        caches.append(cache)"
)
BY_NAME = WALK.replace("(xs[:, t], h, w)", "(xs[:, t], w=w, h=h)")
ALIASED = f"step = step_forward\n{WALK.replace('= step_forward(', '= step(')}"
OTHER_ORDER = WALK.replace("(xs[:, t], h, w)", "(w=w, input=xs[:, t], state=h)")
RIGHT, SAID, BOTH = {"N727"}, "fails only through your step", {"N728"}

# The step and the walk of a submission, the codes of what is said beside the errors, and the points
# of the walk where what is right with the right step earns a half.
ROWS: dict[str, tuple[str, str, set[str], Fraction]] = {
    "all right": (STEP, WALK, set(), Fraction(4)),
    "forward of the step": (WRONG_FORWARD, WALK, RIGHT, Fraction(2)),
    "backward of the step": (WRONG_BACKWARD, WALK, RIGHT, Fraction(5, 2)),
    "called by name": (WRONG_FORWARD, BY_NAME, RIGHT, Fraction(2)),
    "under names of its own": (
        WRONG_FORWARD.replace("(x, h, w)", "(input, state, w)").replace("x - h", "input - state")
        .replace("(h, w, out)", "(state, w, out)"),
        OTHER_ORDER, RIGHT, Fraction(2),
    ),
    "an alias": (WRONG_BACKWARD + "\n", ALIASED, RIGHT, Fraction(5, 2)),
    "step raises": (UNWRITTEN.replace("BODY", "raise ValueError"), WALK, RIGHT, Fraction(2)),
    "step returns nothing": (UNWRITTEN.replace("BODY", "pass"), WALK, RIGHT, Fraction(2)),
    "step to do": (UNWRITTEN.replace("BODY", "raise NotImplementedError"), WALK, RIGHT,
                   Fraction(2)),
    "no step": ("", WALK, RIGHT, Fraction(2)),
    "walk alone is wrong": (STEP, NO_CARRY, set(), Fraction(1)),
    "both backwards": (WRONG_BACKWARD, NO_CARRY, BOTH, Fraction(1)),
    "both, the forward of the step": (WRONG_FORWARD, NO_CARRY, RIGHT, Fraction(1, 2)),
    "both forwards": (WRONG_FORWARD, LATE, RIGHT, Fraction(3, 2)),
    "everything": (WRONG_FORWARD, LATE.replace("dhs[:, t] + dh", "dhs[:, t]"), BOTH, Fraction(0)),
    "walk does without": (WRONG_FORWARD, ALONE, set(), Fraction(0)),
    "walk is not written": (WRONG_FORWARD, EMPTY, set(), Fraction(0)),
    "walk opens the cache": (WRONG_BACKWARD, OPENS_THE_CACHE, set(), Fraction(1)),
    "walk passes nonsense": (WRONG_FORWARD, WALK.replace("(xs[:, t], h, w)", "(xs, h)"), set(),
                             Fraction(0)),
    "walk passes no data": (WRONG_FORWARD, WALK.replace("(xs[:, t], h, w)", "(xs[:, t], h, iter)"),
                            set(), Fraction(0)),
}  # fmt: skip
HALF = ready("with_right_helper: 0.5")


def walk(texts: Mapping[str, str], opened: type[InProcess] = InProcess) -> TaskResult:
    """Return the result of the walk, and see that the step earns what it earns by itself."""
    step, result = grade_texts(HALF, texts, None, opened).tasks
    (alone,) = grade_texts(HALF, texts, {"step"}).tasks
    assert (step.score, step.outcome) == (alone.score, alone.outcome)
    return result


@pytest.mark.parametrize("name", ROWS)
def test_what_the_right_helper_shows(name: str) -> None:
    """What is wrong only through the helper is said and earns its share; the rest stays."""
    step, walked, codes, points = ROWS[name]
    result = walk({"rnn.py": source(step, walked)})
    said = [f for f in result.findings if f.code in RIGHT | BOTH]
    assert ({f.code for f in said}, result.score) == (codes, points)
    assert all((SAID in f.message) == (f.code in RIGHT) for f in said)
    assert all(f.severity is Severity.NOTE for f in said)
    assert (result.outcome.value == "passed") == (name == "all right")


def test_each_check_is_named_where_some_are_right() -> None:
    """A walk with a mistake of its own is told what of it is right with the right step."""
    result = walk({"rnn.py": source(WRONG_FORWARD, NO_CARRY)})
    (said,) = (f for f in result.findings if f.code == "N727")
    assert said.message == f"forward: right with the right step: it {SAID}"
    reasons = {c.id: c.reason for c in result.checks if c.reason.startswith("right with")}
    assert reasons == {"forward": "right with the right step"}


def test_what_was_written_is_not_called_unwritten() -> None:
    """A walk that raises only through a step that is to do was attempted: it is skipped."""
    step, walked, _, _ = ROWS["step to do"]
    assert walk({"rnn.py": source(step, walked)}).outcome.value == "skipped"
    unwritten = WALK.replace("hs, caches =", "raise NotImplementedError\n    hs, caches =")
    result = walk({"rnn.py": source(step, unwritten)})
    assert (result.outcome.value, float(result.score)) == ("not_attempted", 0)


def test_without_a_share_nothing_is_earned() -> None:
    """The rubric says what counts: without a word of it, the note alone is there."""
    texts = {"rnn.py": source(WRONG_FORWARD)}
    result = grade_texts(ready(), texts).tasks[1]
    assert (float(result.score), [f.code for f in result.findings if f.code == "N727"]) == (
        0,
        ["N727"],
    )
    full = grade_texts(ready("with_right_helper: 1"), texts).tasks[1]
    assert (float(full.score), full.outcome.value) == (4, "failed")


def test_a_helper_that_was_not_graded_may_be_wrong() -> None:
    """With one task alone, nothing is known of what it leans on, so it is looked into."""
    texts = {"rnn.py": source(WRONG_FORWARD)}
    (result,) = grade_texts(HALF, texts, {"walk"}).tasks
    assert result.score == 2


def test_no_answers_of_a_reference_in_doubt() -> None:
    """A helper whose reference is disproven answers nobody."""
    void = {**HALF.batteries, "step": finding("G901", "load", "it is disproven")}
    doubted = dataclasses.replace(HALF, batteries=void)
    report = grade_texts(doubted, {"rnn.py": source(WRONG_FORWARD)})
    assert [float(task.score) for task in report.tasks] == [0, 0]
    assert not {f.code for f in report.tasks[1].findings} & (RIGHT | BOTH)


def test_no_second_look_where_there_is_nothing_to_see() -> None:
    """Where all that a task leans on is right, or the task is, no further process is started."""
    opened: list[Mapping[str, str]] = []

    def counting(files: Mapping[str, str], limits: Limits) -> Session:
        opened.append(files)
        return InProcess(files, limits)

    for walked, sessions in ((WALK, 1), (NO_CARRY, 2)):  # the second is judged alone
        opened.clear()
        grade_texts(HALF, {"rnn.py": source(STEP, walked)}, None, counting)
        assert len(opened) == sessions
    opened.clear()
    grade_texts(HALF, {"rnn.py": source(WRONG_FORWARD, ALONE)}, None, counting)
    assert not any("_stated_" in files["rnn.py"] for files in opened)  # no answers were needed


def test_answers_that_cannot_be_had_void_nothing() -> None:
    """A process of the course's that does not start leaves the verdict as it is."""

    def failing(files: Mapping[str, str], limits: Limits) -> Session:
        if "_stated_" in files["rnn.py"]:
            raise GraderFault("no process")
        return InProcess(files, limits)

    report = grade_texts(HALF, {"rnn.py": source(WRONG_FORWARD)}, None, failing)
    assert report.complete
    assert [(task.outcome.value, float(task.score)) for task in report.tasks] == [("failed", 0)] * 2


def test_in_processes(rung: str) -> None:
    """On every rung the answers come from another process, and the verdict is the same."""
    for name in ("backward of the step", "no step", "both backwards"):
        step, walked, codes, points = ROWS[name]
        texts = {"rnn.py": source(step, walked)}
        result = grade_texts(HALF, texts, None, SANDBOXES[rung]).tasks[1]
        assert {f.code for f in result.findings} & (RIGHT | BOTH) == codes
        assert result.score == points


BROKEN_SPECS = [
    ("leans_on: [step]", "leans_on: [stepp]", "no task has the id `stepp` (did you mean `step`?)"),
    ("leans_on: [step]", "leans_on: [walk]", "`walk` leans on itself"),
    ("random_cases: 2}", "random_cases: 2, leans_on: [walk]}", "`step` leans on itself"),
    ("leans_on: [step]", "leans_on: step", "expected a list"),
    ("leans_on: [step]", "leans_on: [step, step]", "`step` stands here twice"),
    ("leans_on:", "lean_on:", "unknown key (did you mean `leans_on`?)"),
    ("target: step,", "target: Step, style: gate_class,", "`step` is a `gate_class`, which no"),
    ("target: step,", "target: step, file: steps.py,", "`step` is in steps.py, not in rnn.py"),
]


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN_SPECS, ids=lambda text: str(text)[:30])
def test_refused_specs(old: str, new: str, problem: str) -> None:
    """What a task cannot lean on is refused, with its place."""
    text = SPEC.replace(old, new).replace("[rnn.py]", "[rnn.py, steps.py]")
    with pytest.raises(CourseError) as refused:
        load_assignment(text, "rnn.yaml")
    assert problem in str(refused.value)
    assert "rnn.yaml:" in str(refused.value)


BROKEN_RUBRICS = [
    ("SHARES", "with_right_helper: 1.5", "with_right_helper: a share of the points, from 0 to 1"),
    ("SHARES", "with_right_helper: all", "with_right_helper: expected a number"),
    ("SHARES", "with_right_helpers: 1", "unknown key (did you mean `with_right_helper`?)"),
    ("step: {", "step: {with_right_helper: 1, ", "the task `step` has no such check"),
    ("walk: {", "walk: {with_right_helper: -1, ", "points cannot be negative"),
]


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN_RUBRICS, ids=lambda text: text[:30])
def test_refused_rubrics(old: str, new: str, problem: str) -> None:
    """A share that makes no sense is refused."""
    assignment = load_assignment(SPEC, "rnn.yaml")
    with pytest.raises(CourseError) as refused:
        load_rubric(RUBRIC.replace(old, new).replace("SHARES", ""), "rubrics/rnn.yaml", assignment)
    assert problem in str(refused.value)


def test_shares_of_a_rubric() -> None:
    """The share is that of the task, else the one at the top, else nothing."""
    assignment = load_assignment(SPEC, "rnn.yaml")
    for top, own, share in (("", "", 0), ("1", "", 1), ("1", "0.25", Fraction(1, 4))):
        text = RUBRIC.replace("SHARES", top and f"with_right_helper: {top}")
        text = text.replace("walk: {", f"walk: {{{own and f'with_right_helper: {own}, '}")
        rubric = load_rubric(text, "rubrics/rnn.yaml", assignment)
        assert rubric.with_right_helper["walk"] == share
    alone = dataclasses.replace(assignment, tasks=assignment.tasks[:1])
    text = RUBRIC.replace("SHARES", "with_right_helper: 1")
    with pytest.raises(CourseError, match="no task of this assignment leans on another"):
        load_rubric(text, "rubrics/rnn.yaml", alone)


@pytest.mark.parametrize("hidden", ["walk: hidden", "walk: {forward: hidden}", "step: hidden"])
def test_hidden_checks_lean_as_public_ones_do(hidden: str) -> None:
    """In the process for hidden cases the same functions are answered."""
    texts = {"rnn.py": source(step=STEP.replace("1 - out**2", "1 - out"))}
    shares = "with_right_helper: 1"
    plain = grade_texts(ready(shares), texts)
    hiding = grade_texts(ready(f"{shares}\nvisibility: {{{hidden}}}"), texts)
    assert [t.score for t in hiding.tasks] == [t.score for t in plain.tasks] == [1, 4]
    assert [t.outcome for t in hiding.tasks] == [t.outcome for t in plain.tasks]
    assert [[f.code for f in t.findings] for t in hiding.tasks] == [
        [f.code for f in t.findings] for t in plain.tasks
    ]
