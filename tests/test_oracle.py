"""The oracle: references load, are proven, and wrong ones are found out before any student is."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from grader.cases import public_seed
from grader.course import Course, support_texts
from grader.errors import CourseError
from grader.model import Assignment, Battery, Kind
from grader.oracle import (
    Disproven,
    Reference,
    build_battery,
    load_references,
)
from grader.soundness import prove_task
from grader.spec import default_rubric, load_assignment

ROOT = Path(__file__).parent.parent


def shipped(name: str) -> tuple[Assignment, dict[str, Reference]]:
    """Return a shipped assignment and its references."""
    text = (ROOT / "assignments" / f"{name}.yaml").read_text()
    assignment = load_assignment(text, f"assignments/{name}.yaml")
    support = support_texts(Course(ROOT, ""), assignment)
    return assignment, load_references(ROOT / "reference", assignment, support)


def course(tmp_path: Path, task: str, source: str) -> tuple[Assignment, dict[str, Reference]]:
    """Return an assignment of one task and its reference, both written in a test."""
    (tmp_path / "a.py").write_text("import numpy as np\n\n\n" + source)
    assignment = load_assignment(f"assignment: a\nfiles: [a.py]\ntasks:\n  - {task}\n", "a.yaml")
    return assignment, load_references(tmp_path, assignment)


def battery_of(tmp_path: Path, task: str, source: str) -> Battery:
    """Build the battery of a task written in a test."""
    assignment, references = course(tmp_path, task, source)
    return build_battery(references["t"], public_seed(0, assignment))


SQUARE = "{id: t, style: function_pair, target: f, inputs: {x: [N, D]}, outputs: [out]}"
CIRCUIT = (
    "{id: t, style: circuit, target: f, inputs: {x: [], y: []}, outputs: [q, f], upstream: [f], "
    "gradients: [q, x, y]}"
)


def test_swapping_the_add_gates_gradients_is_no_mistake() -> None:
    """A mutant equal to the reference on independent draws is listed, not counted."""
    assignment, references = shipped("gates")
    seed = public_seed(0, assignment)
    add, _ = prove_task(references["add"], default_rubric(assignment), seed)
    multiply, _ = prove_task(references["multiply"], default_rubric(assignment), seed)
    assert "dx: dy in its place" in add.equal
    assert not multiply.equal


@pytest.mark.parametrize(
    ("backward", "is_right"),
    [
        ("2 * cache * dout", True),
        ("cache * dout", False),
        ("2 * cache", False),
        ("2 * cache * dout + 1e-4", False),
        ("2 * cache * dout * (1 + 1e-3 * (cache > 2))", False),
        ("np.where(cache > 0, 2 * cache * dout, 0)", False),
    ],
)
def test_a_wrong_reference_is_disproven(tmp_path: Path, backward: str, is_right: bool) -> None:
    """A backward that is not the derivative of its forward is found, however nearly right."""
    source = (
        "def f_forward(x):\n    return x * x, x\n\n\n"
        f"def f_backward(dout, cache):\n    return {backward}\n"
    )
    if is_right:
        assert battery_of(tmp_path, SQUARE, source).proof == "complex step"
    else:
        assignment, references = course(tmp_path, SQUARE, source)
        with pytest.raises(Disproven, match="dx of the reference"):
            build_battery(references["t"], public_seed(0, assignment), directions=3,
                          every_case=True)  # fmt: skip


def test_a_gradient_that_is_not_of_its_arguments_shape_is_disproven(tmp_path: Path) -> None:
    """A row that broadcasts against a bias would be proven, and fail every right answer."""
    task = "{id: t, style: function_pair, target: f, inputs: {x: [N, D], b: [D]}, outputs: [out]}"
    source = (
        "def f_forward(x, b):\n    return x * b, (x, b)\n\n\n"
        "def f_backward(dout, cache):\n    x, b = cache\n"
        "    return dout * b, np.sum(dout * x, axis=0, keepdims=True)\n"
    )
    with pytest.raises(Disproven, match=r"db of the reference has shape \(1, \d+\), not"):
        battery_of(tmp_path, task, source)


@pytest.mark.parametrize(
    "forward",
    ["np.abs(x) ** 2", "np.linalg.norm(x[:, :, None], axis=2) ** 2", "np.real(x) ** 2"],
)
def test_code_that_is_not_complex_safe_is_proven_by_differences(
    tmp_path: Path, forward: str
) -> None:
    """np.abs and np.linalg.norm drop the imaginary part silently; the second witness settles it."""
    source = (
        f"def f_forward(x):\n    return {forward}, x\n\n\n"
        "def f_backward(dout, cache):\n    return 2 * cache * dout\n"
    )
    assert battery_of(tmp_path, SQUARE, source).proof == "central differences"


@pytest.mark.parametrize(
    ("dq", "is_right"), [("y * df", True), ("y", False), ("2 * y * df", False), ("x * df", False)]
)
def test_every_named_intermediate_is_proven(tmp_path: Path, dq: str, is_right: bool) -> None:
    """A wrong gradient of an intermediate is found even where all inputs' gradients are right."""
    source = (
        "def f(x, y, df):\n    q = x + y\n    f = q * y\n"
        f"    return {{'q': q, 'f': f, 'dq': {dq}, 'dx': y * df, 'dy': (y + q) * df}}\n"
    )
    if is_right:
        assert battery_of(tmp_path, CIRCUIT, source).proof == "complex step"
    else:
        with pytest.raises(Disproven, match="dq of the reference"):
            battery_of(tmp_path, CIRCUIT, source)


@pytest.mark.parametrize("first", ["q, f = x + y, (x + y) * y", "q = x\n    q = q + y"])
def test_an_intermediate_assigned_unclearly_cannot_be_proven(tmp_path: Path, first: str) -> None:
    """Intermediates must be assigned once and plainly; the message says so."""
    source = (
        f"def f(x, y, df):\n    {first}\n    f = q * y\n"
        "    return {'q': q, 'f': f, 'dq': y * df, 'dx': y * df, 'dy': (y + q) * df}\n"
    )
    with pytest.raises(Disproven, match="exactly once"):
        battery_of(tmp_path, CIRCUIT, source)


def test_every_problem_of_a_reference_is_told_at_once(tmp_path: Path) -> None:
    """Missing functions and kink functions are listed together, with the file."""
    task = "{id: t, style: function_pair, target: f, kinks: k, inputs: {x: [N]}, outputs: [out]}"
    with pytest.raises(CourseError) as caught:
        course(tmp_path, task, "def f_forward(x):\n    return x, None\n")
    assert len(caught.value.problems) == 2
    assert "f_backward" in caught.value.problems[0]
    assert "kink function `k`" in caught.value.problems[1]


def test_conventions_reach_the_reference(tmp_path: Path) -> None:
    """A keyword-only parameter named like a convention receives the stated value."""
    task = (
        "{id: t, style: loss_function, target: f, inputs: {W: [D]}, outputs: [loss], "
        "conventions: {regulariser: half}}"
    )
    source = (
        "def f(W, *, regulariser='full'):\n"
        "    factor = 0.5 if regulariser == 'half' else 1.0\n"
        "    return factor * np.sum(W * W), 2 * factor * W\n"
    )
    battery = battery_of(tmp_path, task, source)
    expected = battery.expected[Kind.RANDOM][0]
    assert np.allclose(expected.gradients[0]["dW"], expected.case.inputs["W"])


def test_no_tie_is_reported_not_invented(tmp_path: Path) -> None:
    """Where no exact tie exists the kind is dropped, with the way out."""
    task = "{id: t, style: gate_class, target: F, kinks: k, inputs: {x: [N, D]}, outputs: [z]}"
    source = (
        "def k(x):\n    return np.exp(x) - 0.1\n\n\n"
        "class F:\n"
        "    def forward(self, x):\n        self.x = x\n        return np.maximum(np.exp(x), 0.1)\n"
        "    def backward(self, dz):\n"
        "        return dz * np.where(np.exp(self.x) > 0.1, np.exp(self.x), 0)\n"
    )
    battery = battery_of(tmp_path, task, source)
    assert "ties: skip" in battery.no_ties
    assert Kind.TIES not in battery.expected


def test_the_branches_of_a_tie_are_both_seen() -> None:
    """At every tie of the shipped tasks two branches meet, and the reference is one of them."""
    assignment, references = shipped("gates")
    for seed in range(5):
        battery = build_battery(references["max"], public_seed(seed, assignment))
        for expected in battery.expected[Kind.TIES]:
            for draw, branches in zip(expected.gradients, expected.hulls, strict=True):
                assert len(branches) == 2
                assert any(np.allclose(draw["dx"], b["dx"]) for b in branches)


def test_a_reference_that_writes_into_its_arguments_spoils_no_case(tmp_path: Path) -> None:
    """What a reference does to its arrays stays with it: a student receives what was drawn."""
    source = (
        "def f_forward(x):\n    y = x.copy()\n    x *= 0\n    return y * y, y\n\n\n"
        "def f_backward(dout, cache):\n    dout *= 2 * cache\n    return dout\n"
    )
    battery = battery_of(tmp_path, SQUARE, source)
    for expected in battery.expected[Kind.RANDOM]:
        case = expected.case
        assert np.allclose(expected.outputs["out"], case.inputs["x"] ** 2)
        for draw, upstream in zip(expected.gradients, case.upstreams, strict=True):
            assert np.allclose(draw["dx"], 2 * case.inputs["x"] * upstream["dout"])
            assert np.abs(upstream["dout"]).min() >= 0.5


def test_the_files_of_a_reference_may_import_each_other(tmp_path: Path) -> None:
    """References load as a submission does, and leave nothing behind in this process."""
    (tmp_path / "a.py").write_text(
        "from b import double\n\n\nclass F:\n    def forward(self, x):\n        return double(x)\n"
        "    def backward(self, dz):\n        return double(dz)\n"
    )
    (tmp_path / "b.py").write_text("def double(x):\n    return 2 * x\n")
    spec = (
        "assignment: a\nfiles: [a.py, b.py]\ntasks:\n"
        "  - {id: t, style: gate_class, target: F, inputs: {x: [N]}, outputs: [z]}\n"
    )
    assignment = load_assignment(spec, "a.yaml")
    references = load_references(tmp_path, assignment)
    assert build_battery(references["t"], public_seed(0, assignment)).proof == "complex step"
    assert "b" not in sys.modules


def test_a_difference_that_leaves_the_domain_is_passed_over(tmp_path: Path) -> None:
    """A step that makes a logarithm nan disproves nothing while a smaller one agrees."""
    task = (
        "{id: t, style: loss_function, target: f, outputs: [loss], "
        "inputs: {p: {shape: [N], domain: unit}}}"
    )
    source = (
        "def f(p):\n    p = np.array(p) * 1e-4\n    g = np.zeros(p.shape)\n    g[:] = 1e-4 / p\n"
        "    return np.sum(np.log(p)), g\n"
    )
    battery = battery_of(tmp_path, task, source)
    assert battery.proof == "central differences"


def test_saturated_cases_are_judged_on_the_scale_of_ordinary_ones(tmp_path: Path) -> None:
    """Where stress saturates a softmax, rounding is not held against anybody."""
    task = (
        "{id: t, style: function_pair, target: f, stress: {x: 5000}, inputs: {x: [N, C]}, "
        "outputs: [out]}"
    )
    source = (
        "def f_forward(x):\n    e = np.exp(x - x.max(axis=1, keepdims=True))\n"
        "    s = e / e.sum(axis=1, keepdims=True)\n    return s, s\n\n\n"
        "def f_backward(dout, s):\n"
        "    return s * (dout - (dout * s).sum(axis=1, keepdims=True))\n"
    )
    battery = battery_of(tmp_path, task, source)
    ordinary, stressed = battery.scale[Kind.RANDOM], battery.scale[Kind.STRESS]
    assert stressed["dx"] >= 1e-6 * ordinary["dx"]


def test_a_kink_at_a_hyper_parameter_has_ties(tmp_path: Path) -> None:
    """Hyper-parameters of a tie are exact quarters, so that an input can meet them."""
    task = (
        "{id: t, style: gate_class, target: F, constructor_args: [k], kinks: kinks, "
        "inputs: {x: [N, D]}, hyper_parameters: {k: {range: [0.5, 1.5]}}, outputs: [z]}"
    )
    source = (
        "def kinks(x, k):\n    return x - k\n\n\n"
        "class F:\n    def __init__(self, k):\n        self.k = k\n"
        "    def forward(self, x):\n        self.x = x\n        return np.minimum(x, self.k)\n"
        "    def backward(self, dz):\n        return dz * (self.x < self.k)\n"
    )
    battery = battery_of(tmp_path, task, source)
    assert len(battery.expected[Kind.TIES]) == 2


def test_labels_may_have_a_fixed_number_of_classes(tmp_path: Path) -> None:
    """Binary labels need no dimension that counts them."""
    task = (
        "{id: t, style: loss_function, target: f, outputs: [loss], "
        "inputs: {x: [N], y: {shape: [N], domain: labels, classes: 2}}}"
    )
    source = "def f(x, y):\n    return np.sum((x - y) ** 2), 2 * (x - y)\n"
    battery = battery_of(tmp_path, task, source)
    labels = np.concatenate([e.case.inputs["y"] for e in battery.expected[Kind.RANDOM]])
    assert set(labels) == {0, 1}


def test_an_assignment_may_have_a_folder_of_references_of_its_own(tmp_path: Path) -> None:
    """Two assignments may ask for a file of one name; without a folder the course's is taken."""
    (tmp_path / "reference" / "norms").mkdir(parents=True)
    course = Course(tmp_path, "")
    assert course.reference_of("norms") == tmp_path / "reference" / "norms"
    assert course.reference_of("layers") == tmp_path / "reference"
