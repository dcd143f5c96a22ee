"""Kinds of input with a line of their own: what a student reads who is right on the others."""

from __future__ import annotations

import pytest
from judging import grade
from variants.wrong.family import FAMILY

from grader.model import Outcome


def failed(assignment: str, task: str, mistake: str, seed: int) -> set[str]:
    """Return the checks with points that a mistake loses."""
    (wrong,) = [w for w in FAMILY[assignment] if (w.task, w.label) == (task, mistake)]
    _, result = grade(assignment, wrong, seed)
    priced = [check for check in result.checks if check.max_score > 0]
    return {check.id for check in priced if check.outcome is not Outcome.PASSED}


@pytest.mark.parametrize(
    ("assignment", "task", "mistake", "wrong_in"),
    [
        (
            "networks_rnn", "word_embedding", "M45 a repeated word is overwritten",
            {"repeated_words"},
        ),
        ("networks_rnn", "word_embedding", "M45 a repeated word is added once", {"repeated_words"}),
        (
            "networks_rnn", "temporal_softmax", "an example with nothing to say is not counted",
            {"empty_row"},
        ),
        (
            "networks_attention", "masked_attention", "uniform where nothing is allowed",
            {"attends_to_nothing"},
        ),
    ],
)  # fmt: skip
def test_only_one_kind_of_input_is_wrong(
    assignment: str, task: str, mistake: str, wrong_in: set[str]
) -> None:
    """A solution that is right but for one kind of input loses that line alone."""
    for seed in range(5):
        lost = failed(assignment, task, mistake, seed)
        assert lost == {f"case.{name}" for name in wrong_in}


@pytest.mark.parametrize(
    ("assignment", "task", "mistake", "right_in"),
    [
        ("networks_rnn", "rnn", "no carry through time", "one_step"),
        ("networks_rnn", "rnn", "dWx of one step", "one_step"),
        ("networks_rnn", "lstm", "no carry of the cell", "one_step"),
        ("networks_rnn", "temporal_softmax", "mask ignored", "all_steps"),
        ("networks_attention", "masked_attention", "always causal", "causal"),
        ("networks_attention", "masked_attention", "padding alone", "padding"),
        ("networks_attention", "attention", "softmax over everything", "one_query"),
    ],
)
def test_one_kind_of_input_is_right(
    assignment: str, task: str, mistake: str, right_in: str
) -> None:
    """What a wrong solution can do is said too."""
    for seed in range(5):
        lost = failed(assignment, task, mistake, seed)
        assert "forward" in lost or any(check.startswith("backward") for check in lost)
        assert f"case.{right_in}" not in lost
