"""Inputs that the reference draws itself, and specs of draws and sub-cases that are wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from running import run
from small_course import graded, made, told
from test_spec import changed, problems_of

from grader.model import Battery, Finding, Kind
from grader.spec import load_assignment

SPEC = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: torch7_module
    target: M
    inputs: {x: [N, D], mask: {shape: [N, 2], domain: integers, classes: 3}, t: []}
    hyper_parameters: {a: 2, in_place: false}
    constructor_args: [a, in_place]
    outputs: [out]
    gradients: [x]
    draw: draw_mask
    cases:
      small: {sizes: {N: 3}}
      zeros: {set: {t: 0}}
"""
SOURCE = """\
import numpy as np


class M:
    def __init__(self, a, in_place):
        self.a = a

    def updateOutput(self, x, mask, t):
        self.local = self.a * (1.0 + t) * (1.0 + mask.sum(axis=1, keepdims=True))
        return x * self.local

    def updateGradInput(self, x, mask, t, dout):
        return dout * self.local


def draw_mask(rng, kind, values):
    return {"mask": rng.integers(0, 3, values["mask"].shape)}
"""
_RETURN = 'return {"mask": rng.integers(0, 3, values["mask"].shape)}'


def battery_of(body: str) -> Battery | Finding:
    """Return the battery, or why there is none, with another body of the drawing function."""
    return made(SPEC, SOURCE.replace(_RETURN, body)).batteries["t"]


def test_what_is_drawn_is_handed_out() -> None:
    """The function is asked once for every case, by kind or name, and its values are used."""
    battery = battery_of(
        'n = {"random": 0, "small": 1, "zeros": 2, "batch1": 2}[kind]\n'
        '    return {"mask": np.full(values["mask"].shape, n), "t": n / 2}'
    )
    assert isinstance(battery, Battery)
    masks = {
        (kind, e.case.label): (set(e.case.inputs["mask"].ravel().tolist()), e.case.inputs["t"])
        for kind, cases in battery.expected.items()
        for e in cases
    }
    assert masks[Kind.RANDOM, ""] == ({0}, 0.0)
    assert masks[Kind.NAMED, "small"] == ({1}, 0.5)
    assert masks[Kind.NAMED, "zeros"] == ({2}, 1.0)
    shapes = {len(e.case.inputs["x"]) for e in battery.expected[Kind.NAMED][:2]}
    assert shapes == {3}
    assert told(graded(made(SPEC, SOURCE), SOURCE)) == []


def test_whole_numbers_stay_whole() -> None:
    """A function may draw integers for an input of real numbers, to see who cuts fractions off."""
    battery = battery_of('return {"t": 3} if kind == "random" else {"t": np.float32(3)}')
    assert isinstance(battery, Battery)
    types = {
        kind: {type(e.case.inputs["t"]) for e in cases} for kind, cases in battery.expected.items()
    }
    assert types == {Kind.RANDOM: {int}} | {k: {float} for k in types if k is not Kind.RANDOM}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('return {"mask2": 1}', "`draw_mask` returned mask2: no input of that name"),
        ('return {"a": 1.0}', "`draw_mask` returned a: no input of that name"),
        ("return {3: 1}", "`draw_mask` returned 3: no input of that name"),
        ("return None", "`draw_mask` must return a dict of inputs; it returned a NoneType"),
        ('return values["mask"]', "`draw_mask` must return a dict of inputs; it returned a nd"),
        ("raise KeyError(kind)", "`draw_mask` raised KeyError: 'random' (drawing random)"),
        ('return values["y"]', "`draw_mask` raised KeyError: 'y' (drawing random)"),
        ('return {"mask": np.ones((4, 2))}', "returned mask as something else than whole numbers"),
        ('return {"mask": [[1, 2], [3]]}', "returned mask as something else than whole numbers"),
        ('return {"mask": "text"}', "returned mask as something else than whole numbers"),
        ('return {"mask": None}', "returned mask as something else than whole numbers"),
        ('return {"t": 1j}', "returned t as something else than real numbers"),
        ('return {"t": True}', "returned t as something else than real numbers"),
        ('return {"mask": np.ones(4, int)}', "mask with the shape (4,); it must be [N, 2]"),
        ('return {"mask": np.ones((4, 3), int)}', "mask with the shape (4, 3); it must be [N, 2]"),
        ('return {"t": [1.0, 2.0]}', "returned t with the shape (2,); it must be []"),
    ],
)
def test_a_function_that_draws_nonsense(body: str, words: str) -> None:
    """Whatever it returns or raises, the task is void and its finding says what is wrong."""
    void = battery_of(body)
    assert isinstance(void, Finding)
    assert void.code == "G902"
    assert words in void.message
    assert not void.message.startswith("GraderFault")


MASKED = """\
assignment: m
files: [m.py]
tasks:
  - id: t
    style: function_pair
    target: fill
    inputs: {x: [N, D], mask: {shape: [N, D], domain: booleans}}
    outputs: [out]
    cases:
      fixed: {sizes: {N: 1, D: 2}, set: {mask: [[1, 0]]}}
"""
FILL = """\
import numpy as np


def fill_forward(x, mask):
    out = x.copy()
    out[~mask] = 0
    return out, mask


def fill_backward(dout, mask):
    return np.where(mask, dout, 0)


def draw_mask(rng, kind, values):
    return {"mask": values["mask"]}
"""


def test_a_mask_is_true_or_false() -> None:
    """Students receive booleans, which index and can be negated, drawn, fixed or drawn by hand."""
    drawing = changed(MASKED, "    cases:", "    draw: draw_mask\n    cases:")
    for spec in (MASKED, drawing):
        ready = made(spec, FILL)
        battery = ready.batteries["t"]
        assert isinstance(battery, Battery)
        drawn = {k: [e.case.inputs["mask"] for e in each] for k, each in battery.expected.items()}
        assert {mask.dtype for masks in drawn.values() for mask in masks} == {np.dtype(bool)}
        assert {mask.any() and not mask.all() for mask in drawn[Kind.RANDOM]} == {True}
        assert [mask.tolist() for mask in drawn[Kind.NAMED]] == [[[True, False]]] * 2
        assert told(graded(ready, FILL)) == []
        wrong = told(graded(ready, FILL.replace("[~mask]", "[mask]")))
        assert {f.code for f in wrong} == {"V401"}
    whole = made(drawing, FILL.replace('values["mask"]}', 'values["mask"] * 1}')).batteries["t"]
    assert isinstance(whole, Finding)
    assert "returned mask as something else than True and False" in whole.message


def test_check_says_what_is_drawn_wrongly(tmp_path: Path) -> None:
    """`grade check` tells it in the same words, and exits with 3."""
    for folder, text in {
        "course.yaml": "name: c\n",
        "assignments/m.yaml": SPEC,
        "reference/m.py": SOURCE.replace(_RETURN, "return None"),
    }.items():
        path = tmp_path / folder
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    done = run("check", "m", "--course", tmp_path)
    assert done.code == 3
    assert "`draw_mask` must return a dict of inputs; it returned a NoneType" in done.out


def test_a_missing_function_is_told_when_the_reference_is_loaded() -> None:
    """A name that the reference does not define is an error of the course."""
    with pytest.raises(Exception, match="the drawing function `draw_mask` is missing"):
        made(SPEC, SOURCE.replace("def draw_mask", "def draw_masks"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("sizes: {N: 3}", "sizes: {M: 3}", "14: tasks[0].cases.small.sizes.M: `M` is no dimension"),
        ("sizes: {N: 3}", "sizes: {N: 0}", "cases.small.sizes.N: 0 is out of range"),
        ("sizes: {N: 3}", "sizes: {N: [3]}", "expected one size, or [smallest, largest]"),
        ("set: {t: 0}", "set: {s: 0}", "cases.zeros.set.s: unknown key"),
        ("set: {t: 0}", "set: {t: zero}", "cases.zeros.set.t: expected a number, found `zero`"),
        ("set: {t: 0}", "set: {x: 0}", "cases.zeros.set.x: expected 2 dimensions, found 0"),
        ("set: {t: 0}", "set: {t: [[0]]}", "cases.zeros.set.t: expected 0 dimensions, found 2"),
        ("set: {t: 0}", "set: {a: [1, 2]}", "cases.zeros.set.a: expected 0 dimensions, found 1"),
        ("set: {t: 0}", "set: {a: true}", "cases.zeros.set.a: expected a number, found a flag"),
        ("set: {t: 0}", "set: {in_place: 1}", "set.in_place: expected a flag, found a number"),
        ("set: {t: 0}", "set: {t: false}", "cases.zeros.set.t: expected a number, found a flag"),
        ("set: {t: 0}", "sets: {t: 0}", "cases.zeros.sets: unknown key (did you mean `set`?)"),
        ("set: {t: 0}", "set: {t: 0}, raises: ValueError", "raises: expected a list"),
        ("      zeros:", "      scalar:", "`scalar` cannot be the name of a sub-case"),
        ("      zeros:", "      a-b:", "`a-b` cannot be the name of a sub-case"),
        ("      zeros:", "      small:", "cases.small: this key stands here twice"),
        ("draw: draw_mask", "draw: draw mask", "tasks[0].draw: `draw mask` is not a name"),
    ],
)
def test_bad_sub_cases(old: str, new: str, problem: str) -> None:
    """A sub-case that fixes what there is not is refused, with its line and its place."""
    told_of = problems_of(changed(SPEC, old, new), "assignments/m.yaml")
    assert any(problem in line for line in told_of), told_of


def test_what_must_be_refused_may_be_of_any_kind() -> None:
    """A sub-case that must raise may give what is no number, no flag, or of another shape."""
    bad = changed(SPEC, "set: {t: 0}", "set: {x: 0, a: [1], in_place: 1}, raises: [TypeError]")
    assert load_assignment(bad, "m.yaml").tasks[0].cases[1].values["a"] == [1.0]


IN_PLACE = changed(SPEC, "    draw:", "    conventions: {in_place: by_flag}\n    draw:")
NEEDS = "`in_place: by_flag` needs a `torch7_module` with a flag `in_place`"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("style: torch7_module", "style: gate_class", NEEDS),
        ("in_place: false}", "in_place: 1}", NEEDS),
        ("a: 2, in_place: false", "a: 2, inplace: false", NEEDS),
        ("outputs: [out]", "outputs: [out, more]", NEEDS),
        ("gradients: [x]", "gradients: [x, t]", NEEDS),
        ("inputs: {x: [N, D]", "inputs: {x: []", NEEDS),
        ("by_flag}", "by_flag, aliasing: copy}", "`aliasing: copy` exclude each other"),
        ("by_flag}", "always}", "in_place: `always` is not one of note, by_flag"),
    ],
)
def test_what_working_in_place_needs(old: str, new: str, problem: str) -> None:
    """The convention is refused where it is not clear what is written into what."""
    assert load_assignment(IN_PLACE, "m.yaml").tasks[0].in_place_arguments == ("x", "dout")
    told_of = problems_of(changed(IN_PLACE, old, new), "assignments/m.yaml")
    assert any(problem in line for line in told_of), told_of
