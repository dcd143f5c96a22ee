"""Specs of random layers: what is refused, what proves a reference, and how sure chance is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from dropouts import HEAD, KEEP, NOT_SCALED, OTHER, PLAIN, change
from small_course import made

from grader.cases import public_seed
from grader.compare.judge_mask import _surprise
from grader.errors import CourseError
from grader.model import Finding
from grader.soundness.task import prove_task
from grader.spec import load_assignment


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (OTHER, "here taken the other way"),
        (change(NOT_SCALED), "kept entries are x itself"),
        (change(("out = x * mask", "out = x")), "no entry is dropped"),
        (change(("        out = x\n", "        out = x * p\n")), "no entry is dropped"),
    ],
)
def test_a_reference_that_is_no_such_mask_voids_its_task(reference: str, words: str) -> None:
    """The reference must do what `random` says of it, before anyone is graded."""
    battery = made(KEEP, reference).batteries["dropout"]
    assert isinstance(battery, Finding)
    assert battery.message.startswith("out of the reference is not as `random` says: ")
    assert words in battery.message


def weaknesses(spec: str) -> list[str]:
    """Return the codes of what proving a spec finds weak."""
    ready = made(spec, HEAD + PLAIN)
    soundness, _ = prove_task(
        ready.references["dropout"], ready.rubric, public_seed(0, ready.assignment)
    )
    return [w.message for w in soundness.weaknesses]


def test_mutants_of_the_mask_are_rejected_where_there_are_entries_enough() -> None:
    """A sound spec lets no mutant pass; one with small inputs is told which do."""
    assert weaknesses(KEEP) == []
    small = weaknesses(
        KEEP.replace("N: [40, 50], D: [60, 70]", "N: 3, D: 4").replace("[5, 4, 7, 9]", "[2, 2]")
    )
    assert any("kept and dropped exchanged" in message for message in small)


REFUSED = [
    ("keep: p, seed", "keep: p, drop: p, seed", "state either `keep:` or `drop:`"),
    ("keep: p, seed", "seed", "state either `keep:` or `drop:`"),
    ("mask: x", "mask: y", "`y` is not one of x"),
    ("keep: p", "keep: q", "`q` is not one of p"),
    ("domain: nonzero", "domain: real", "needs `domain: nonzero`"),
    ("[0.6, 0.8]", "[0.4, 0.8]", "needs a range within 0 and 0.45, or 0.55 and 1"),
    ("[0.6, 0.8]", "[0.6, 1]", "needs a range within 0 and 0.45, or 0.55 and 1"),
    ("seed: seed", "seed: p", "the name `p` is given to two things"),
    ("mode, p, seed]", "mode, p]", "must be an entry of a dict"),
    ("    outputs: [out]", "    outputs: [out]\n    kinks: k", "`random` needs a forward"),
    ("{mode: test}", "{mode: [1]}", "expected text, found a list"),
    ("{x: [5, 4, 7, 9]}", "{x: []}", "expected at least one size"),
    ("{x: [5, 4, 7, 9]}", "{y: [5]}", "unknown key"),
]


@pytest.mark.parametrize(("old", "new", "words"), REFUSED)
def test_a_malformed_random_is_refused(old: str, new: str, words: str) -> None:
    """A spec says exactly what is wrong with its `random`, and with what sub-cases fix."""
    assert old in KEEP
    with pytest.raises(CourseError) as caught:
        load_assignment(KEEP.replace(old, new), "assignments/m.yaml")
    assert any(words in problem for problem in caught.value.problems)


@pytest.mark.parametrize("size", [12, 120, 3000])
@pytest.mark.parametrize("keep", [0.2, 0.65, 0.8])
def test_the_bound_of_chance_holds(size: int, keep: float) -> None:
    """The bound is never above the exact probability of a share so far off, or farther."""
    counts = np.arange(size + 1)
    logs = [math.lgamma(size + 1) - math.lgamma(k + 1) - math.lgamma(size - k + 1)
            + k * math.log(keep) + (size - k) * math.log(1 - keep) for k in counts]  # fmt: skip
    weights = np.exp(logs)
    for count in counts:
        tail = weights[: count + 1].sum() if count < keep * size else weights[count:].sum()
        assert math.exp(-_surprise(int(count), size, keep)) >= tail * (1 - 1e-9)
