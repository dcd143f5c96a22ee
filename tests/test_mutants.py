"""Automatic mutants: which make sense for an array, and that a battery rejects them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_oracle import SQUARE, course, shipped

from grader.cases import public_seed
from grader.model import Kind
from grader.oracle import build_battery, is_equal, mutants_of
from grader.soundness.mutants import is_rejected

MUTANTS = {"zero", "negated", "doubled", "halved", "cut off to integers", "one entry off by 1 %",
           "sign of one entry", "divided by the batch", "times the batch"}  # fmt: skip
OF_ROWS = {"one row only", "rows in reverse", "the sum in every entry"}
OF_UPSTREAM = {"upstream ignored", "upstream applied twice", "upstream without its sign",
               "upstream cut off at 1", "upstream averaged"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "task", "argument", "expected"),
    [
        ("layers", "affine", "dw", {*MUTANTS, *OF_ROWS, *OF_UPSTREAM, "dx in its place",
         "db in its place"}),
        ("layers", "affine", "db", {*MUTANTS, *OF_ROWS, *OF_UPSTREAM, "dx in its place",
         "dw in its place", "dout summed over axis 0", "dout summed over axis 1"}),
        ("layers", "relu", "dx", {*MUTANTS, *OF_ROWS, *OF_UPSTREAM, "dout added",
         "dout in its place"}),
        ("layers", "affine", "out", {*MUTANTS, *OF_ROWS}),
        ("losses", "softmax_loss", "dW", {*MUTANTS, *OF_ROWS, "one label for all",
         "label 0 taken for 1", "the last label taken for the one before"}),
        ("losses", "softmax_loss", "loss", {*MUTANTS, "one label for all",
         "label 0 taken for 1", "the last label taken for the one before"}),
        ("gates", "squared_norm", "dq", {*MUTANTS, *OF_ROWS, *OF_UPSTREAM, "df added"}
         - {"upstream averaged"}),
    ],
)  # fmt: skip
def test_automatic_mutants_make_sense_for_their_array(
    name: str, task: str, argument: str, expected: set[str]
) -> None:
    """Each array has the mistakes that its shape, its upstream and its labels allow."""
    assignment, references = shipped(name)
    battery = build_battery(references[task], public_seed(0, assignment))
    mutants = mutants_of(references[task], battery.expected[Kind.RANDOM][0])
    mine = [mutant for mutant in mutants if mutant.argument == argument]
    assert {mutant.name for mutant in mine} == expected
    right = "dout summed over axis 0"  # which is the gradient of a bias
    assert [m.name for m in mine if not is_rejected(battery, m)] == [right] * (argument == "db")


def test_square_arrays_can_be_transposed(tmp_path: Path) -> None:
    """Where a shape would not tell, the transposed gradient is a mutant, and is found out."""
    source = (
        "def f_forward(x):\n    return x * x, x\n\n\n"
        "def f_backward(dout, cache):\n    return 2 * cache * dout\n"
    )
    assignment, references = course(tmp_path, SQUARE.replace("[N, D]", "[4, 4]"), source)
    battery = build_battery(references["t"], public_seed(0, assignment))
    mutants = mutants_of(references["t"], battery.expected[Kind.RANDOM][0])
    transposed = [m for m in mutants if m.name == "transposed"]
    assert [m.argument for m in transposed] == ["out", "dx"]
    assert all(is_rejected(battery, m) for m in transposed)


def test_wrong_answers_of_yes_or_no_are_rejected(tmp_path: Path) -> None:
    """The mutants of a flag are other flags and numbers that are none."""
    task = "{id: t, style: checker, target: f, inputs: {x: []}, outputs: [ok]}"
    source = "def f(x):\n    return bool(x > 0)\n"
    assignment, references = course(tmp_path, task, source)
    battery = build_battery(references["t"], public_seed(0, assignment))
    cases = battery.expected[Kind.RANDOM]
    mutants = mutants_of(references["t"], cases[0])
    wrong = [mutant for mutant in mutants if not is_equal(mutant, cases)]
    assert {"zero", "negated", "doubled"} <= {mutant.name for mutant in wrong}
    assert all(is_rejected(battery, mutant) for mutant in wrong)
