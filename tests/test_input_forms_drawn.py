"""What of a form is stated in a spec, drawn, sent, and laid out in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_course import made
from test_input_forms import ALL, NAMES, reference, spec_of

from grader.cases import as_sent
from grader.errors import CourseError
from grader.model import FORMS, Battery, Kind
from grader.spec import load_assignment
from grader.worker.memory import copy_in


def battery_of(name: str, seed: int) -> Battery:
    """Return a battery with all forms."""
    battery = made(spec_of(name), reference(name), seed).batteries["t"]
    assert isinstance(battery, Battery)
    return battery


@pytest.mark.parametrize("seed", range(30))
def test_what_is_sent(seed: int) -> None:
    """Integers are small, signed and not 0; float32 loses no digit; labels and numbers stay."""
    battery = battery_of("pair", seed)
    (case,) = (e.case for e in battery.expected[Kind.INTEGERS])
    sent, (upstream, _) = as_sent(battery.task, case)
    kinds = {name: np.asarray(value).dtype.kind for name, value in sent.items()}
    assert kinds == {"x": "i", "w": "i", "b": "i", "s": "i", "a": "f"}
    assert type(sent["s"]) is int
    assert upstream["dout"].dtype == np.float64
    for name in ("x", "w", "b"):
        assert 0 < np.abs(sent[name]).min() <= np.abs(sent[name]).max() <= 12
        assert (sent[name] == case.inputs[name]).all()
    assert sent["w"].min() > 0, "the domain holds"
    (case,) = (e.case for e in battery.expected[Kind.FLOAT32])
    sent, (upstream, _) = as_sent(battery.task, case)
    assert {n: np.asarray(v).dtype.name for n, v in sent.items()} == {
        "x": "float32",
        "w": "float32",
        "b": "float32",
        "s": "float64",
        "a": "float64",
    }
    assert upstream["dout"].dtype == np.float32
    assert all(np.array_equal(sent[n], case.inputs[n]) for n in sent)
    assert (upstream["dout"] == case.upstreams[0]["dout"]).all()


def test_integers_take_both_signs() -> None:
    """Over a few cases every input has positive and negative entries."""
    signs = set()
    for seed in range(5):
        (case,) = (e.case for e in battery_of("gate", seed).expected[Kind.INTEGERS])
        signs |= set(np.sign(case.inputs["x"]).ravel().tolist())
    assert signs == {-1.0, 1.0}


def test_labels_stay_labels() -> None:
    """In every form labels are integers below the number of classes."""
    battery = battery_of("loss", 0)
    for kind in FORMS:
        (case,) = (e.case for e in battery.expected[kind])
        sent, _ = as_sent(battery.task, case)
        assert sent["y"].dtype == np.int64
        assert 0 <= sent["y"].min() <= sent["y"].max() < sent["W"].shape[1]


VALUE = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize("value", [VALUE, VALUE[0], VALUE[:1], VALUE[:, :1], np.arange(6) % 3,
                                   VALUE.reshape(2, 3, 2)], ids=lambda v: str(v.shape))  # fmt: skip
def test_layouts(value: Any) -> None:
    """Each layout holds the same numbers in another way, and the original is never handed out."""
    fortran, strided, read_only, usual = (
        copy_in(layout, value) for layout in ("fortran", "strided", "read_only", "")
    )
    for copy in (fortran, strided, read_only, usual):
        assert (copy == value).all()
        assert copy.dtype == value.dtype
        assert not np.shares_memory(copy, value)
    assert fortran.flags.f_contiguous
    assert not strided.flags.c_contiguous or value.shape[-1] == value.size == 1
    assert usual.flags.c_contiguous
    assert usual.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        read_only[...] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        read_only.flags.writeable = True


SPEC = """\
assignment: m
files: [m.py]
style: gate_class
{head}tasks:
  - {{id: t, target: G, inputs: {inputs}, outputs: [z]{own}}}
"""


def forms_of(inputs: str, own: str = "", head: str = "") -> tuple[str, ...]:
    """Return the forms that a task gets."""
    text = SPEC.format(
        inputs=inputs,
        own=f", input_forms: {own}" if own else "",
        head=f"input_forms: {head}\n" if head else "",
    )
    return load_assignment(text, "assignments/m.yaml").tasks[0].input_forms


@pytest.mark.parametrize(
    ("inputs", "own", "problem"),
    [
        ("{x: []}", "[fortran]", "`fortran` needs an input of two dimensions"),
        ("{x: [D]}", "[fortran]", "`fortran` needs an input of two dimensions"),
        ("{x: []}", "[strided]", "`strided` needs an input that is an array"),
        ("{x: []}", "[read_only]", "`read_only` needs an input that is an array"),
        ("{x: []}", "[float32]", "`float32` needs an input that is an array of floats"),
        ("{x: {shape: [N], domain: unit}}", "[integers]", "`integers` needs an input that may"),
        (
            "{x: [N]}, draw: d",
            "[integers]",
            "`integers` needs an input that may hold integers, and no",
        ),
        ("{x: [N]}, style: torch7_module", "[read_only]", "a style that must not write into it"),
        ("{x: [N]}", "[integer]", "`integer` is not one of fortran, strided"),
        ("{x: [N]}", "[integers, integers]", "`integers` stands here twice"),
        ("{x: [N]}", "integers", "expected a list"),
    ],
)
def test_refused(inputs: str, own: str, problem: str) -> None:
    """A form that would change nothing, or that there is not, is refused with its place."""
    with pytest.raises(CourseError) as caught:
        forms_of(inputs, own)
    assert [
        problem in line and "tasks[0].input_forms" in line for line in caught.value.problems
    ] == [True]


def test_forms_of_the_file() -> None:
    """What is stated for the file reaches each task where it makes sense; own ones replace it."""
    assert forms_of("{x: [N, D]}", head=ALL) == tuple(NAMES)
    assert forms_of("{x: [...]}", head=ALL) == tuple(NAMES)
    assert forms_of("{x: []}", head=ALL) == ("integers",)
    assert forms_of("{x: [N]}", head="[integers, fortran]") == ("integers",)
    assert forms_of("{x: [N, D]}", own="[strided]", head=ALL) == ("strided",)
    assert forms_of("{x: [N, D]}", own="[]", head=ALL) == ()
    assert forms_of("{x: [N, D]}") == ()
    assert (
        forms_of("{x: [N, D]}, draw: d, style: torch7_module", head="[integers, read_only]") == ()
    )
    with pytest.raises(CourseError, match=r"input_forms.*fortan.*did you mean `fortran`"):
        forms_of("{x: []}", head="[fortan]")
