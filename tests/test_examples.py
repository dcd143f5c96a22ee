"""The example submissions, graded by the real command: scores, outcomes and finding codes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from expected_examples import EXPECTED
from running import ROOT, Outcome, errors_of, grade, notes_of

EXAMPLES = ROOT / "examples"
each_example = pytest.mark.parametrize("name", EXPECTED)


@cache
def graded(name: str) -> Outcome:
    """Grade an example once for all tests."""
    with TemporaryDirectory() as folder:
        return grade(EXAMPLES / name, Path(folder, "report.json"))


def test_every_example_is_expected_here() -> None:
    """A new example needs a row in the table."""
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(EXPECTED)


@each_example
def test_exit_code_and_scores(name: str) -> None:
    """The exit code and the points of each assignment are those of the table."""
    done, expected = graded(name), EXPECTED[name]
    assert done.code == expected.code, done.err
    scores = {a: (r["score"], r["max_score"]) for a, r in done.reports.items()}
    assert scores == expected.scores
    assert all(report["complete"] for report in done.reports.values())
    assert not done.err


@each_example
def test_outcomes(name: str) -> None:
    """Every task has the outcome of the table; what is not in it passed."""
    found = {
        f"{a}.{task['id']}": task["outcome"]
        for a, report in graded(name).reports.items()
        for task in report["tasks"]
        if task["outcome"] != "passed"
    }
    assert found == EXPECTED[name].outcomes


@each_example
def test_findings(name: str) -> None:
    """Every task has exactly the findings of the table."""
    errors, notes = {}, {}
    for assignment, report in graded(name).reports.items():
        for task in report["tasks"]:
            errors[f"{assignment}.{task['id']}"] = {f"{c} {k}" for c, k, _ in errors_of(task)}
            notes[f"{assignment}.{task['id']}"] = notes_of(task)
    assert {task: codes for task, codes in errors.items() if codes} == EXPECTED[name].errors
    assert {task: codes for task, codes in notes.items() if codes} == EXPECTED[name].notes


@each_example
def test_one_cause_is_told_once(name: str) -> None:
    """No two findings of a task have the same check, code and argument."""
    for report in graded(name).reports.values():
        for task in report["tasks"]:
            errors = errors_of(task)
            assert len(errors) == len(set(errors)), task["id"]


@pytest.mark.parametrize(
    ("name", "task", "code", "fragment"),
    [
        ("typical_mistakes", "layers.relu", "N702", "relu_backward"),
        ("typical_mistakes", "layers.affine", "S306", "sum over the first axis is missing"),
        ("typical_mistakes", "layers.affine_gate", "S307", "the values are right"),
        ("typical_mistakes", "layers.matrix_vector_norm", "S306", "transposed"),
        ("typical_mistakes", "jacobians.mixed", "S306", "transposed"),
        ("typical_mistakes", "jacobians.sigmoid", "S306", "the entries of its diagonal alone"),
        ("typical_mistakes", "jacobians.relu", "R205", "Unable to allocate 512. MiB"),
        ("typical_mistakes", "circuits.multiply_max", "S304", "`dm` is not in the returned dict"),
        ("typical_mistakes", "graphs.graph", "R210", "ComputationalGraph.__init__ called itself"),
        ("typical_mistakes", "modules.linear", "B508", "it must add to the first; gradWeight["),
        ("typical_mistakes", "modules.mul_constant", "B509", "does not restore: x["),
        ("typical_mistakes", "modules.affine", "S303", "returned 3 results, not dx alone"),
        ("typical_mistakes", "modules.affine", "S304", "there is no attribute `dW`"),
        ("crashes", "multiply", "R201", "gates.py:21: MultiplyGate.backward raised AttributeError"),
        ("crashes", "exp", "R202", "no answer within 10 s"),
        ("crashes", "reciprocal", "R204", "gates.py:57: ReciprocalGate.backward"),
    ],
)
def test_messages(name: str, task: str, code: str, fragment: str) -> None:
    """A message says what the student needs to find the place."""
    findings = graded(name).task(task)["findings"]
    assert [f for f in findings if f["code"] == code and fragment in f["message"]], findings


def test_the_readme_names_every_example_with_its_exit_code() -> None:
    """The page of the examples says what the command returns."""
    lines = (EXAMPLES / "README.md").read_text().splitlines()
    rows = {row.split("`")[1]: row.split("|")[-2].strip() for row in lines if row[:3] == "| `"}
    assert rows == {name: str(expected.code) for name, expected in EXPECTED.items()}
