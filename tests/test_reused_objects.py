"""Objects that keep parameters and gradients, used again: what the probes of them must tell."""

from __future__ import annotations

import pytest
from small_course import graded, made, outcomes, told

from grader.model import Severity

LAYER_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: gate_class
    target: M
    inputs: {W: [D], x: SHAPE}
    constructor_args: [W]
    gradient_attributes: {W: dW}
    outputs: [z]
"""
ARRAY_SPEC = LAYER_SPEC.replace("SHAPE", "[N, D]")
SCALAR_SPEC = LAYER_SPEC.replace("SHAPE", "[]")
LAYER = """\
class M:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return x * self.W

    def backward(self, dz):
        self.dW = SUM
        return BACK
"""
ARRAY = LAYER.replace("SUM", "(dz * self.x).sum(axis=0)").replace("BACK", "dz * self.W")
SCALAR = LAYER.replace("SUM", "dz * self.x").replace("BACK", "(dz * self.W).sum()")
FORMS = {"array": (ARRAY_SPEC, ARRAY), "scalar": (SCALAR_SPEC, SCALAR)}
TORCH_SPEC = ARRAY_SPEC.replace("gate_class", "torch7_module")
TORCH = """\
class M:
    def __init__(self, W):
        self.W = W
        self.dW = 0 * W

    def updateOutput(self, x):
        return x * self.W

    def updateGradInput(self, x, dz):
        return dz * self.W

    def accGradParameters(self, x, dz):
        self.dW += (dz * x).sum(axis=0)

    def zeroGradParameters(self):
        self.dW[:] = 0
"""


def edited(text: str, old: str, new: str) -> str:
    """Return the text with one change."""
    assert text.count(old) == 1
    return text.replace(old, new)


def stating(spec: str, convention: str) -> str:
    """Return the spec with a convention on a second backward."""
    return f"{spec}    conventions: {{second_backward: {convention}}}\n"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(3))
def test_a_cache_is_probed_where_the_constructor_takes_arrays(form: str, seed: int) -> None:
    """An object made for one shape is given other numbers of it, be they arrays or not."""
    spec, right = FORMS[form]
    ready = made(spec, right, seed)
    assert told(graded(ready, right)) == []
    stale = edited(right, "self.x = x", "self.x = getattr(self, 'x', x)")
    assert [f.code for f in told(graded(ready, stale))] == ["B504"]
    shared = edited(right, "self.x = x", "M.x = x")
    assert [f.code for f in told(graded(ready, shared))] == ["B501"]


ADDS = edited(ARRAY, "self.dW = ", "self.dW = getattr(self, 'dW', 0) + ")
CLEARED_BY_FORWARD = edited(ADDS, "self.x = x", "self.x = x\n        self.dW = 0 * self.W")
ADDS_BOTH = edited(ADDS, "return dz * self.W", "self.dx = getattr(self, 'dx', 0) + dz * self.W\n"
                   "        return self.dx")  # fmt: skip


@pytest.mark.parametrize(
    ("source", "convention", "words"),
    [
        (ARRAY, "same", ""),
        (ADDS, "same", "it must give the same; dW["),
        (CLEARED_BY_FORWARD, "same", "it must give the same; dW["),
        (ARRAY, "adds", "it must add to the first; dW["),
        (ADDS, "adds", ""),
        (CLEARED_BY_FORWARD, "adds", ""),
        (ADDS_BOTH, "adds", "it must add to the first; dx["),
    ],
)
def test_a_second_backward_of_a_layer(source: str, convention: str, words: str) -> None:
    """What is kept as an attribute adds up where the spec says so, what is returned never does."""
    reference = ARRAY if convention == "same" else ADDS
    result = graded(made(stating(ARRAY_SPEC, convention), reference), source)
    assert [f.code for f in told(result)] == (["B508"] if words else [])
    assert all(words in f.message for f in told(result))


def test_an_object_that_was_used_before_gives_the_same() -> None:
    """Another forward and backward with other inputs leaves nothing behind, where `same` is due."""
    counts = edited(ARRAY, "self.x = x", "self.x, self.again = x, hasattr(self, 'dW')")
    twice = edited(counts, "self.dW = ", "self.dW = (1 + self.again) * ")
    result = graded(made(stating(ARRAY_SPEC, "same"), ARRAY), twice)
    assert [f.code for f in told(result)] == ["B508"]
    assert "after a forward and a backward of other inputs; dW[" in told(result)[0].message
    assert told(graded(made(ARRAY_SPEC, ARRAY), twice)) == []


NOT_CLEARED = edited(TORCH, "self.dW[:] = 0", "pass")
OVERWRITES = edited(TORCH, "self.dW += ", "self.dW = ")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (TORCH, ""),
        (NOT_CLEARED, "after a forward and a backward of other inputs; dW["),
        (OVERWRITES, "it must add to the first; dW["),
    ],
)
def test_a_torch_module_adds_and_is_cleared(source: str, words: str) -> None:
    """The one method adds to what is there, the other clears it."""
    result = graded(made(stating(TORCH_SPEC, "adds"), TORCH), source)
    assert outcomes(result)["behaviour.second_backward"] == ("failed" if words else "passed")
    assert all(words in f.message for f in told(result))


def test_adding_up_is_no_note_where_torch_does_it() -> None:
    """Where the spec leaves a second backward open, a Torch module that adds is not remarked on."""
    assert told(graded(made(TORCH_SPEC, TORCH), TORCH), Severity.NOTE) == []
    notes = told(graded(made(ARRAY_SPEC, ARRAY), ADDS), Severity.NOTE)
    assert [f.code for f in notes] == ["N703"]


@pytest.mark.parametrize(
    ("old", "new", "told_of"),
    [
        ("self.dW = (dz", "self.dw = (dz", [("backward[dW]", "S304")]),
        ("self.dW = (dz", "self.dW = None; (dz", [("backward[dW]", "S301")]),
        ("self.dW = (dz", "self.dW = 'dW'; (dz", [("backward[dW]", "S305")]),
        (".sum(axis=0)", "", [("backward[dW]", "S306")]),
        (".sum(axis=0)", ".sum(axis=0, keepdims=True)", [("backward[dW]", "S307")]),
        (".sum(axis=0)", ".mean(axis=0)", [("backward[dW]", "V402")]),
        ("return dz * self.W", "return dz * self.W, self.dW", [("backward[dx]", "S303")]),
        ("return dz * self.W", "return None", [("backward[dx]", "S301")]),
        ("return dz * self.W", "return {'W': self.dW}", [("backward[dx]", "S304")]),
    ],
)
def test_what_is_told_of_attributes(old: str, new: str, told_of: list[tuple[str, str]]) -> None:
    """A missing attribute, None, or a wrong shape costs that gradient alone."""
    result = graded(made(ARRAY_SPEC, ARRAY), edited(ARRAY, old, new))
    assert [(f.check, f.code) for f in told(result)] == told_of
    if told_of[0][1] == "S304" and "dw" in new:
        assert told(result)[0].message.startswith("there is no attribute `dW` after backward")
