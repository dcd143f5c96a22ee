"""From verdicts to points and outcomes."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from grader.checks import checks_of, is_free
from grader.codes import finding
from grader.compare import CheckVerdict
from grader.model import Outcome, Rubric, Task
from grader.score import score_task, void_task
from grader.spec import load_assignment

P, F, X, T = Outcome.PASSED, Outcome.FAILED, Outcome.FAULTED, Outcome.TIMED_OUT
N, S = Outcome.NOT_ATTEMPTED, Outcome.SKIPPED


def relu() -> Task:
    """Return a task with a forward, a backward and near_kink to count."""
    text = "{id: t, style: gate_class, target: F, kinks: k, inputs: {x: [N]}, outputs: [z]}"
    return load_assignment(f"assignment: a\nfiles: [a.py]\ntasks: [{text}]", "a.yaml").tasks[0]


RUBRIC = Rubric(
    "a", "", "", Fraction(6),
    {"t": {"forward": Fraction(2), "backward[dx]": Fraction(3), "near_kink": Fraction(1)}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("forward", "backward", "near_kink", "ties", "outcome", "score"),
    [
        (P, P, P, P, P, 6),
        (P, P, P, F, P, 6),
        (P, F, S, S, F, 2),
        (P, P, F, S, F, 5),
        (F, P, S, S, F, 3),
        (P, X, S, S, X, 2),
        (T, S, S, S, T, 0),
        (P, T, S, S, T, 2),
        (X, S, S, S, X, 0),
        (N, N, S, S, N, 0),
        (N, S, S, S, N, 0),
        (P, N, S, S, F, 2),
        (S, S, S, S, S, 0),
    ],
)
def test_outcome_and_score_follow_from_the_checks(
    forward: Outcome, backward: Outcome, near_kink: Outcome, ties: Outcome, outcome: Outcome,
    score: int,
) -> None:  # fmt: skip
    """A passed check earns its points, ties weigh nothing, the worst counting check names it."""
    given = {"forward": forward, "backward[dx]": backward, "near_kink": near_kink, "ties": ties}
    verdicts = {name: CheckVerdict(value) for name, value in given.items()}
    result = score_task(relu(), verdicts, RUBRIC, [], 0.0)
    assert result.outcome is outcome
    assert result.score == score
    assert result.max_score == 6


def test_a_check_nobody_judged_is_never_passed() -> None:
    """Zero checks are no pass: everything unjudged is skipped and earns nothing."""
    result = score_task(relu(), {}, RUBRIC, [], 0.0)
    assert result.outcome is S
    assert result.score == 0
    assert {c.outcome for c in result.checks} == {S}


def test_a_void_task_counts_for_nobody() -> None:
    """A void task leaves score and maximum, and its checks are void."""
    result = void_task(relu(), RUBRIC, finding("G901", "load", "no"))
    assert result.score == 0
    assert result.max_score == 0
    assert {c.outcome for c in result.checks} == {Outcome.VOID}


def test_every_check_is_listed_and_the_free_ones_are_free() -> None:
    """The report has every check of a task; load, witnesses, ties and behaviour weigh nothing."""
    checks = checks_of(relu())
    result = score_task(relu(), {}, RUBRIC, [], 0.0)
    assert tuple(c.id for c in result.checks) == checks
    free = [c for c in checks if is_free(c)]
    witnesses = ["follow_through", "linearity"]
    assert free == ["load", *witnesses, "ties", *(c for c in checks if c.startswith("behaviour."))]
    assert all(c.max_score == 0 for c in result.checks if c.id in free)


def test_thirds_add_up() -> None:
    """Points are exact: three thirds are one."""
    points = {"t": dict.fromkeys(["forward", "backward[dx]", "near_kink"], Fraction(1, 3))}
    verdicts = {name: CheckVerdict(P) for name in points["t"]}
    result = score_task(relu(), verdicts, Rubric("a", "", "", Fraction(1), points), [], 0.0)
    assert result.score == 1


@pytest.mark.parametrize(
    ("outcome", "follows", "share", "score"),
    [
        (F, True, Fraction(1, 3), Fraction(1)),
        (F, True, Fraction(1), Fraction(3)),
        (F, True, Fraction(0), Fraction(0)),
        (F, False, Fraction(1, 3), Fraction(0)),
        (P, False, Fraction(1, 3), Fraction(3)),
        (S, False, Fraction(1, 3), Fraction(0)),
    ],
)
def test_following_through_earns_its_share(
    outcome: Outcome, follows: bool, share: Fraction, score: Fraction
) -> None:
    """A gradient that is right for a wrong forward earns the rubric's share, exactly, and fails."""
    verdict = CheckVerdict(outcome, reason="right for your own forward", follows=follows)
    rubric = dataclasses.replace(RUBRIC, follow_through={"t": share})
    result = score_task(
        relu(), {"forward": CheckVerdict(F), "backward[dx]": verdict}, rubric, [], 0
    )
    assert result.score == score
    assert result.max_score == 6
    assert result.outcome is F
