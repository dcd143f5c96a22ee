"""State in the wrong place, chance, shared memory: what the probes of behaviour must tell."""

from __future__ import annotations

import pytest
from small_course import graded, made, told

GATE_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - {id: t, style: gate_class, target: G, inputs: {x: [N, D], w: [D]}, outputs: [z]}
"""
GATE = """\
import os
import numpy as np


class G:
    def forward(self, x, w):
        self.x, self.w = x, w
        return x * w

    def backward(self, dz):
        return dz * self.w, (dz * self.x).sum(axis=0)
"""
PAIR_SPEC = """\
assignment: m
files: [m.py]
tasks:
  - {id: t, style: function_pair, target: f, inputs: {x: [N, D], w: [D]}, outputs: [z]}
"""
PAIR = """\
import numpy as np


def f_forward(x, w):
    cache = (x, w)
    return x * w, cache


def f_backward(dz, cache):
    x, w = cache
    return dz * w, (dz * x).sum(axis=0)
"""
_KEEP = "self.x, self.w = x, w"
_BACK = "return dz * self.w, (dz * self.x).sum(axis=0)"
_UNPACK = "x, w = cache"

Edits = tuple[tuple[str, str], ...]

# Where state can be kept besides its place -> the only code that may and must be told.
MISPLACED: dict[str, tuple[str, Edits, str]] = {
    "in the module": ("gate", (
        (_KEEP, "global kept\n        kept = self\n        self.x, self.w = x, w"),
        (_BACK, _BACK.replace("self.", "kept.")),
    ), "B501"),
    "in a dict of the module": ("gate", (
        ("class G:", "KEPT = {}\n\n\nclass G:"),
        (_KEEP, 'KEPT["x"], KEPT["w"] = x, w'),
        (_BACK, 'return dz * KEPT["w"], (dz * KEPT["x"]).sum(axis=0)'),
    ), "B501"),
    "in the class": ("gate", ((_KEEP, "G.x, G.w = x, w"),), "B501"),
    "in the class, by type(self)": ("gate", (
        (_KEEP, "type(self).x, type(self).w = x, w"),), "B501"),
    "in a dict of the class": ("gate", (
        ("class G:", "class G:\n    kept = {}\n"),
        (_KEEP, "self.kept.update(x=x, w=w)"),
        (_BACK, 'return dz * self.kept["w"], (dz * self.kept["x"]).sum(axis=0)'),
    ), "B501"),
    "in a default argument": ("gate", (
        ("def forward(self, x, w):", "def forward(self, x, w, kept={}):"),
        (_KEEP, "self.kept = kept\n        kept.update(x=x, w=w)"),
        (_BACK, 'return dz * self.kept["w"], (dz * self.kept["x"]).sum(axis=0)'),
    ), "B501"),
    "one of two in the class": ("gate", ((_KEEP, "self.x, G.w = x, w"),), "B501"),
    "in the module, of a pair": ("pair", (
        ("cache = (x, w)", "global kept\n    cache = kept = (x, w)"),
        (_UNPACK, "x, w = kept"),
    ), "B501"),
    "in the function, of a pair": ("pair", (
        ("cache = (x, w)", "cache = f_forward.kept = (x, w)"),
        (_UNPACK, "x, w = f_forward.kept"),
    ), "B501"),
    "in a list of the module, of a pair": ("pair", (
        ("def f_forward", "kept = [None]\n\n\ndef f_forward"),
        ("cache = (x, w)", "kept[0] = (x, w)\n    cache = kept"),
        (_UNPACK, "x, w = cache[0]"),
    ), "B501"),
    "the first forward is kept": ("gate", (
        (_KEEP, 'if not hasattr(self, "x"):\n            self.x, self.w = x, w'),), "B504"),
    "one of the first forward": ("gate", (
        (_KEEP, 'self.w = w\n        self.x = getattr(self, "x", x)'),), "B504"),
    "the first upstream is kept": ("gate", (
        (_KEEP, _KEEP + "\n        self.masks = getattr(self, 'masks', []) + [x]"),
        ("self.x)", "self.masks[0])"),
    ), "B504"),
    "chance": ("gate", ((_BACK, _BACK.replace(
        "dz * self.w", "dz * self.w * (1 + 1e-9 * os.urandom(1)[0])")),), "B502"),
    "counted calls": ("gate", (
        ("class G:", "class G:\n    calls = 0\n"),
        (_BACK, "G.calls += 1\n        "
                + _BACK.replace("self.w,", "self.w * (1 + 1e-9 * G.calls),")),
    ), "B502"),
    "the global generator": ("gate", ((_BACK, _BACK.replace(
        "dz * self.w", "dz * self.w * (1 + 1e-9 * np.random.rand())")),), "B503"),
}  # fmt: skip


def edited(source: str, edits: Edits) -> str:
    """Return the source with each edit applied once."""
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def test_state_in_its_place_is_right() -> None:
    """The sources that are edited below have nothing against them."""
    for spec, source in ((GATE_SPEC, GATE), (PAIR_SPEC, PAIR)):
        assert told(graded(made(spec, source), source)) == []


@pytest.mark.parametrize("name", MISPLACED)
@pytest.mark.parametrize("seed", range(4))
def test_misplaced_state_is_told(name: str, seed: int) -> None:
    """A cache in the module, the class or a default argument is told, and nothing else is."""
    form, edits, code = MISPLACED[name]
    spec, right = (GATE_SPEC, GATE) if form == "gate" else (PAIR_SPEC, PAIR)
    result = graded(made(spec, right, seed), edited(right, edits))
    assert [f.code for f in told(result)] == [code]


COUNTED = edited(GATE, (
    ("class G:", "class G:\n    calls = 0\n"),
    (_BACK, "G.calls += 1\n        " + _BACK.replace("dz * self.w,", "CHANGED(dz * self.w),")),
))  # fmt: skip


@pytest.mark.parametrize("call", range(1, 12))
def test_a_nan_at_any_call_is_told(call: int) -> None:
    """One nan is told wherever it comes, in the repeated call too, where all was right before."""
    source = COUNTED.replace(
        "CHANGED(dz * self.w)", f"dz * self.w * (1 if G.calls != {call} else np.nan)"
    )
    codes = {f.code for f in told(graded(made(GATE_SPEC, GATE), source))}
    assert codes == ({"V403"} if call <= 10 else {"B502"})


@pytest.mark.parametrize(
    ("precision", "noise", "is_told"),
    [
        ("float32", 1e-7, False),
        ("float32", 2e-6, False),
        ("float32", 1e-4, True),
        ("float64", 1e-15, False),
        ("float64", 1e-10, True),
    ],
)
def test_repeatable_within_the_precision(precision: str, noise: float, is_told: bool) -> None:
    """The last digit of a precision may change from call to call, more may not."""
    changed = f"np.{precision}(dz * self.w * (1 + {noise} * (G.calls > 10)))"
    source = COUNTED.replace("CHANGED(dz * self.w)", changed)
    codes = {f.code for f in told(graded(made(GATE_SPEC, GATE), source))}
    assert codes == ({"B502"} if is_told else set())
