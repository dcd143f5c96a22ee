"""Weak specs are told, each for its own weakness and nothing else; sound ones are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from weak_courses import PAIR, RELU, SOUND, SQUARE, TWO, WEAK, XS, Small

from grader.cases import public_seed
from grader.codes import CODES
from grader.course import Course, load, support_texts
from grader.model import Finding, Standing, TaskSoundness
from grader.oracle import load_references
from grader.soundness import prove_task
from grader.spec import default_rubric, load_assignment, load_rubric

ROOT = Path(__file__).parent.parent


def proven(folder: Path, course: Small, seed: int = 0, rubric: str = "") -> TaskSoundness:
    """Prove the task of a course."""
    (folder / "a.py").write_text(f"import numpy as np\n\n{course.source}")
    spec = f"assignment: a\nfiles: [a.py]\ntasks:\n  - {{id: t, {course.task}}}\n"
    assignment = load_assignment(spec, "a.yaml")
    references = load_references(folder, assignment)
    points = load_rubric(rubric, "r.yaml", assignment) if rubric else default_rubric(assignment)
    return prove_task(references["t"], points, public_seed(seed, assignment))[0]


def codes(weaknesses: tuple[Finding, ...]) -> set[str]:
    """Return the codes of some weaknesses."""
    return {weakness.code for weakness in weaknesses}


@pytest.mark.parametrize("course", WEAK, ids=lambda c: c.name)
def test_a_weakness_is_told_alone(course: Small, tmp_path: Path) -> None:
    """Each bad course has its weakness and no other, with a number, and a next step."""
    task = proven(tmp_path, course)
    assert codes(task.weaknesses) == set(course.told.split())
    assert any(course.words in w.message for w in task.weaknesses), task.weaknesses
    for weakness in task.weaknesses:
        assert any(map(str.isdigit, weakness.message)) or weakness.code == "G902"
        assert weakness.help
    is_disproven = bool({"G901", "G902", "W801"} & codes(task.weaknesses))
    assert task.standing is (Standing.DISPROVEN if is_disproven else Standing.WEAK)


@pytest.mark.parametrize("course", SOUND, ids=lambda c: c.name)
def test_a_sound_course_is_left_alone(course: Small, tmp_path: Path) -> None:
    """What is near a weakness, and none, is sound under several seeds."""
    for seed in range(4):
        task = proven(tmp_path, course, seed)
        assert [f"{w.code} {w.message}" for w in task.weaknesses] == []
        assert task.standing is Standing.SOUND
        assert task.rejected == task.mutants > 10


@pytest.mark.parametrize(
    ("prices", "is_weak"),
    [
        ("forward: 3, backward: 0", True),
        ("forward: 0, backward: 3", False),
        ("forward: 3, backward[dx]: 0.5", False),
        ("forward: 3, backward: 0, behaviour.repeatable: 1", True),
    ],
)
def test_prices_that_let_a_wrong_backward_pass(prices: str, is_weak: bool, tmp_path: Path) -> None:
    """A task whose points all hang on its forward is weak; one check may carry everything."""
    lines = [f"    {price}\n" for price in prices.split(", ")]
    total = sum(float(line.split(":")[1]) for line in lines)
    rubric = f"rubric: a\ntotal: {total}\ntasks:\n  t:\n{''.join(lines)}"
    task = proven(tmp_path, Small("", XS, SQUARE), rubric=rubric)
    assert codes(task.weaknesses) == ({"W851"} if is_weak else set())


@pytest.mark.parametrize("seed", range(1))
@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (ROOT / "assignments").glob("*.yaml"))
)
def test_shipped_assignments_are_sound(name: str, seed: int) -> None:
    """Nothing is told of a shipped task, whatever is drawn.

    All are proven by complex step, or by their examples where no gradient is wanted.
    """
    course = Course(ROOT, "")
    assignment, rubric = load(course, name)
    support = support_texts(course, assignment)
    folder = course.reference_of(name)
    for reference in load_references(folder, assignment, support).values():
        task, _ = prove_task(reference, rubric, public_seed(seed, assignment))
        assert [f"{w.code} {w.message}" for w in task.weaknesses] == []
        wanted = "complex step" if reference.task.gradients else "its examples"
        assert task.proof == wanted


def test_what_is_known_of_a_task(tmp_path: Path) -> None:
    """Cases by kind, what has no proof, and what an example alone could not tell."""
    example = "{label: one, inputs: {x: 1.0}, upstream: {dout: 1}, expected: {out: 1}}"
    course = Small("", f"{PAIR}, inputs: {{x: []}}, kinks: k, examples: [{example}]",
                     "def k(x):\n    return x\n" + RELU)  # fmt: skip
    task = proven(tmp_path, course)
    assert task.kinds["random"] == 12
    assert task.cases == sum(task.kinds.values())
    assert task.unproven == ("ties",)
    blind = task.blind["one"]
    assert {"dx: upstream ignored", "dx: dout in its place"} <= set(blind)
    assert "dx: doubled" not in blind
    assert not any("row" in label for label in blind)


def test_an_example_that_shows_little_is_no_weakness(tmp_path: Path) -> None:
    """Equal inputs and an upstream of 1 hide swapped gradients and more: said, not held against."""
    example = "{label: slide, inputs: {x: 2.0, y: 2.0}, upstream: {dout: 1}}"
    inputs = "inputs: {x: [], y: []}"
    course = Small("", f"{PAIR}, {inputs}, examples: [{example}]", TWO.format(s=3).replace(
        "x * x + 3 * y * y", "x * y").replace("2 * x", "y").replace("3 * 2 * y", "x"))  # fmt: skip
    task = proven(tmp_path, course)
    hidden = {"dx: dy in its place", "dy: dx in its place", "dx: upstream ignored"}
    assert hidden <= set(task.blind["slide"])
    assert hidden.isdisjoint({*task.equal, *task.survivors})
    assert task.standing is Standing.SOUND


def test_every_weakness_has_a_bad_course() -> None:
    """No code of a weakness is without a test that earns it."""
    told = {code for course in WEAK for code in course.told.split()}
    elsewhere = {"W803", "W851", "W881", "W882", "W883"}  # above, and in test_declared.py
    assert {code for code in CODES if code.startswith("W")} == told - {"G901", "G902"} | elsewhere
