"""Random layers: judged by what chance can do, and by the mask that the student's forward drew."""

from __future__ import annotations

import pytest
from dropouts import BACKWARD, DROP, HEAD, KEEP, NOT_SCALED, OTHER, PLAIN, RIGHT, WRONG, change
from small_course import graded, made, outcomes, told

from grader.model import Severity
from grader.prepare import Prepared

KEEPS = made(KEEP, HEAD + PLAIN)
DROPS = made(DROP, OTHER)


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("seed", range(2))
def test_right_layers_pass_every_check(name: str, seed: int) -> None:
    """However the mask is drawn, stored and applied, nothing is held against it."""
    result = graded(made(KEEP, HEAD + PLAIN, seed), RIGHT[name])
    lost = {k: v for k, v in outcomes(result).items() if v != "passed"}
    assert lost == {"follow_through": "skipped"}
    assert told(result) == []


def said(ready: Prepared, source: str) -> list[str]:
    """Return everything that is held against a solution, one line each."""
    return [f"{f.check} {f.code} {f.message}" for f in told(graded(ready, source))]


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("seed", range(2))
def test_wrong_layers_are_told_what_is_wrong(name: str, seed: int) -> None:
    """Each mistake of real submissions has its code and words, and nothing else is held up."""
    source, due = WRONG[name]
    lines = said(made(KEEP, HEAD + PLAIN, seed), source)
    assert len(lines) == len(due), lines
    for line, start in zip(lines, due, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("ready", "source", "is_right"),
    [(KEEPS, HEAD + PLAIN, True), (KEEPS, OTHER, False), (DROPS, OTHER, True),
     (DROPS, HEAD + PLAIN, False)],
)  # fmt: skip
def test_each_meaning_of_p_refuses_the_other(ready: Prepared, source: str, is_right: bool) -> None:
    """What p stands for is the spec's; the other reading is told as that."""
    lines = said(ready, source)
    assert (lines == []) == is_right
    if not is_right:
        assert "here taken the other way" in lines[0]


def test_a_right_backward_of_a_wrong_forward_is_followed() -> None:
    """The gradient of a mask that is not scaled fits that forward, and a mixed one does not."""
    fits = graded(KEEPS, change(NOT_SCALED))
    assert outcomes(fits)["follow_through"] == "passed"
    assert [f.code for f in told(fits, Severity.NOTE)] == ["N714"]
    neither = graded(KEEPS, change(NOT_SCALED, (BACKWARD, "return dout * mask * 3")))
    assert outcomes(neither)["follow_through"] == "failed"


def test_a_backward_without_a_mask_to_judge_it_on_is_skipped() -> None:
    """A forward that drops nothing shows no mask, so its backward is neither right nor wrong."""
    result = graded(KEEPS, change(("out = x * mask", "out = x")))
    check = next(c for c in result.checks if c.id == "backward[dx]")
    assert (check.outcome.value, check.reason) == ("skipped", "forward shows no mask")


def test_a_gate_class_may_be_random_too() -> None:
    """A random layer needs a forward and a backward, whatever its style is."""
    spec = KEEP.replace("function_pair", "gate_class").replace("target: dropout", "target: Drop")
    gate = (
        "class Drop:\n    def forward(self, x, dropout_param):\n"
        "        out, self.cache = dropout_forward(x, dropout_param)\n        return out\n"
        "    def backward(self, dout):\n        return dropout_backward(dout, self.cache)\n"
    )
    ready = made(spec, HEAD + PLAIN + gate)
    assert said(ready, HEAD + PLAIN + gate) == []
    stale = gate.replace("out, self.cache =", "out, cache =").replace(
        "        return out", "        self.__dict__.setdefault('cache', cache)\n        return out"
    )
    assert any("behaviour.stale_cache B504" in line for line in said(ready, HEAD + PLAIN + stale))
