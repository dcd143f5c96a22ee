"""Jacobians: references are proven in both layouts, and what is wrong with one is said clearly."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from judging import grade as grade_version
from running import ROOT, errors_of, grade
from variants.wrong import WRONG, Wrong

from grader.cases import public_seed
from grader.compare.collect import Leaf, collect_gradients
from grader.errors import CourseError
from grader.isolation.values import to_value
from grader.model import Assignment, Kind, Severity
from grader.oracle import Disproven, Reference, build_battery, load_references, mutants_of
from grader.soundness import prove_task
from grader.soundness.mutants import is_rejected
from grader.spec import default_rubric, load_assignment
from grader.worker.nodes import encode

LAYOUTS = ["numerator", "denominator"]
# Inputs, arguments, forward, and the right Jacobians in numerator layout.
SOURCES = {
    "product of matrices": (
        "{X: [N, D], W: [D, M]}", "X, W", "X @ W",
        "np.einsum('na,dm->nmad', I(len(X)), W), np.einsum('nd,mk->nmdk', X, I(W.shape[1]))",
    ),
    "ring": (
        "{x: [D]}", "x", "x * np.roll(x, -1)",
        "np.diag(np.roll(x, -1)) + np.roll(np.diag(np.roll(x, 1)), -1, axis=0),",
    ),
    "curve": (
        "{x: [3]}", "x", "np.stack([x[0] * x[1], np.exp(x[2])])",
        "np.array([[x[1], x[0], 0], [0, 0, np.exp(x[2])]]),",
    ),
    "of a number": ("{x: [D]}", "x", "np.sum(x**3)", "3 * x**2,"),
    "by a number": (
        "{x: []}", "x", "np.stack([x, x**2, x**3])", "np.array([1, 2 * x, 3 * x**2]),"
    ),
}  # fmt: skip
REFERENCE = """
import numpy as np

I = np.eye


def f({arguments}):
    return {forward}


def f_jacobian({arguments}, *, layout="numerator"):
    n = np.ndim(f({arguments}))
    wrong = [{change} for J in ({jacobians})]
    return [J if layout == "numerator" else swapped(J, n) for J in wrong]


def swapped(J, n):
    return np.moveaxis(J, range(n), range(J.ndim - n, J.ndim))


def off(J, factor):
    J = J * 1.0
    J[np.unravel_index(np.argmax(np.abs(J)), J.shape)] *= factor
    return J
"""


def loaded(
    folder: Path, name: str, layout: str, change: str = "J"
) -> tuple[Assignment, dict[str, Reference]]:
    """Return a task with its reference, each of whose Jacobians ``J`` is changed."""
    inputs, arguments, forward, jacobians = SOURCES[name]
    text = REFERENCE.format(
        arguments=arguments, forward=forward, jacobians=jacobians, change=change
    )
    (folder / "a.py").write_text(text)
    spec = (
        "assignment: a\nfiles: [a.py]\ntasks:\n  - {id: t, style: jacobian_function, target: f, "
        f"inputs: {inputs}, outputs: [y], conventions: {{layout: {layout}}}}}\n"
    )
    assignment = load_assignment(spec, "a.yaml")
    return assignment, load_references(folder, assignment)


def words_of(wrong: Wrong) -> str:
    """Return what a mistake is called, without its numbers."""
    return wrong.mistake.split(" ", len(wrong.numbers))[-1]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", SOURCES)
def test_a_right_jacobian_is_proven_and_no_mutant_passes(
    name: str, layout: str, tmp_path: Path
) -> None:
    """Vectors, matrices and numbers, in and out, in both layouts."""
    assignment, references = loaded(tmp_path, name, layout)
    rubric = default_rubric(assignment)
    (reference,) = references.values()
    proven, _ = prove_task(reference, rubric, public_seed(0, assignment))
    assert (proven.weaknesses, proven.proof) == ((), "complex step")
    assert proven.rejected == proven.mutants > 0


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("product of matrices", "swapped(J, 2)", "has shape"),
        ("product of matrices", "np.swapaxes(J, 0, 1)", "has shape"),
        ("product of matrices", "J.sum(axis=(0, 1))", "has shape"),
        ("product of matrices", "J[::-1]", "gives"),
        ("product of matrices", "J[..., ::-1]", "gives"),
        ("product of matrices", "off(J, 1.01)", "gives"),
        ("product of matrices", "off(J, 0)", "gives"),
        ("ring", "J.T", "gives"),
        ("ring", "np.diag(np.diag(J))", "gives"),
        ("ring", "np.diag(J)", "has shape"),
        ("ring", "off(J, 1 + 1e-5)", "gives"),
        ("curve", "J.T", "has shape"),
        ("curve", "J[:, ::-1]", "gives"),
        # The right derivative along (1, 1, 1), with a shape that broadcasts against x.
        ("curve", "J.sum(axis=1, keepdims=True)", "has shape"),
        ("curve", "J.ravel()", "has shape"),
        ("of a number", "J[None]", "has shape"),
        ("of a number", "off(J, -1)", "gives"),
        ("by a number", "J[:, None]", "has shape"),
        ("by a number", "J[::-1]", "gives"),
    ],
)
def test_a_wrong_jacobian_is_disproven(
    name: str, change: str, why: str, layout: str, tmp_path: Path
) -> None:
    """One entry off, rows for columns, a shape that broadcasts: no student is judged by it."""
    assignment, references = loaded(tmp_path, name, layout, change)
    with pytest.raises(Disproven, match=why):
        build_battery(references["t"], public_seed(0, assignment), directions=3, every_case=True)


def test_a_jacobian_has_mutants_of_its_own(tmp_path: Path) -> None:
    """A matrix in the other layout, its diagonal alone, rows or columns in reverse are rejected."""
    assignment, references = loaded(tmp_path, "curve", "numerator")
    battery = build_battery(references["t"], public_seed(0, assignment))
    mutants = mutants_of(references["t"], battery.expected[Kind.RANDOM][0])
    own = {"transposed", "diagonal only", "rows in reverse", "columns in reverse"}
    assert own <= {mutant.name for mutant in mutants}
    assert all(is_rejected(battery, mutant) for mutant in mutants if mutant.name in own)


@pytest.mark.parametrize(
    ("layout", "output", "jacobian", "returned", "is_taken"),
    [
        ("numerator", (), (5,), (1, 5), True),
        ("numerator", (), (5,), (5, 1), False),
        ("numerator", (), (5,), (1, 1, 5), False),
        ("numerator", (), (2, 5), (1, 2, 5), True),
        ("denominator", (), (5,), (5, 1), True),
        ("denominator", (), (5,), (1, 5), False),
        ("numerator", (5,), (5,), (5, 1), True),
        ("numerator", (5,), (5,), (1, 5), False),
        ("denominator", (5,), (5,), (1, 5), True),
        ("numerator", (), (), (1, 1), True),
        ("numerator", (4,), (4, 3), (3, 4), False),
        ("numerator", (4,), (4, 3), (1, 4, 3), False),
    ],
)
def test_a_jacobian_of_a_number_may_be_the_row_of_a_matrix(
    layout: str,
    output: tuple[int, ...],
    jacobian: tuple[int, ...],
    returned: tuple[int, ...],
    is_taken: bool,
) -> None:
    """With one output m x n is a row, as the lecture writes h^T; in the other layout a column."""
    spec = (
        "assignment: a\nfiles: [a.py]\ntasks:\n  - {id: t, style: jacobian_function, target: f, "
        f"inputs: {{x: [D]}}, outputs: [y], conventions: {{layout: {layout}}}}}\n"
    )
    (task,) = load_assignment(spec, "a.yaml").tasks
    arrays: list[Any] = []
    value = to_value(encode(np.ones(returned), arrays), arrays)
    leaf = collect_gradients(task, value, {"y": output, "dx": jacobian})["dx"]
    assert isinstance(leaf, Leaf)
    assert leaf.array.shape == (jacobian if is_taken else returned)


@pytest.mark.parametrize(
    ("task", "mistake", "message", "help_line"),
    [
        ("mixed", "layout transposed", "has shape (3, 4), expected (4, 3): it looks transposed",
         "one row for each output and one column for each input"),
        ("helicoid", "numerator layout", "has shape (3, 2), expected (2, 3): it looks transposed",
         "in denominator layout the other way round"),
        ("mixed", "last row missing", "has shape (3, 3), expected (4, 3)", "one row for each"),
        ("mixed", "power rule without the 2", "dx[2, 1] is", "the derivative of one output by one"),
        ("sigmoid", "vector for the diagonal", "the entries of its diagonal alone", "one row"),
        ("score", "column", "has shape (", "reshape"),
        ("mixed", "one output too few", "y has shape (3,), expected (4,)", "a gradient has"),
        ("layer_vjp", "the slide's missing transpose", "layer_vjp raised ValueError", "replay"),
        ("layer_vjp", "upstream ignored", "dx[", "multiply by the upstream"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(
    task: str, mistake: str, message: str, help_line: str
) -> None:
    """Layout, diagonal, rows and entries; and no talk of an upstream where there is none."""
    (wrong,) = [w for w in WRONG["jacobians"] if w.task == task and words_of(w) == mistake]
    _, result = grade_version("jacobians", wrong, 0)
    told = next(f for f in result.findings if f.severity is Severity.ERROR)
    assert message in told.message
    assert help_line in told.help


SPEC = """\
assignment: jacobians
files: [jacobians.py]
style: jacobian_function
conventions: {layout: denominator}
tasks:
  - id: linear
    target: linear
    inputs: {W: [M, D], x: [D]}
    outputs: [z]
    gradients: [x]
"""


def test_a_spec_of_a_jacobian() -> None:
    """Both functions receive the inputs; the layout of the file is that of its tasks."""
    (task,) = load_assignment(SPEC, "jacobians.yaml").tasks
    assert (task.call.target, task.call.backward) == ("linear", "linear_jacobian")
    assert task.call.forward_args == task.call.backward_args == ("W", "x")
    assert (task.conventions["layout"], task.gradients, task.upstream) == (
        "denominator",
        ("x",),
        (),
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("layout: denominator", "layout: columns",
         "4: conventions.layout: `columns` is not one of numerator, denominator"),
        ("layout: denominator", "layuot: denominator",
         "4: conventions.layuot: unknown key (did you mean `layout`?)"),
        ("outputs: [z]", "outputs: [z, h]", "9: tasks[0].outputs: a `jacobian_function` has one"),
        ("outputs: [z]", "outputs: [z]\n    upstream: [z]",
         "10: tasks[0].upstream: a `jacobian_function` receives no upstream gradient"),
        ("gradients: [x]", "gradients: [z]", "10: tasks[0].gradients: `z` has no gradient to ask"),
        ("gradients: [x]", "gradients: [x]\n    constructor_args: [W]", "has no constructor"),
        ("gradients: [x]", "gradients: [x]\n    gradient_attributes: {x: dx}", "only a class has"),
        ("target: linear", "target: [linear]", "7: tasks[0].target: expected a stem, or the names"),
        ("gradients: [x]", "gradients: [x]\n    backward_args: [W, dz]",
         "11: tasks[0].backward_args: `dz` is unknown here"),
    ],
)  # fmt: skip
def test_a_bad_spec_of_a_jacobian(old: str, new: str, problem: str) -> None:
    """A Jacobian is of one output, receives no upstream, and has one of two layouts."""
    assert old in SPEC
    with pytest.raises(CourseError) as caught:
        load_assignment(SPEC.replace(old, new, 1), "assignments/jacobians.yaml")
    assert any(problem in text for text in caught.value.problems), caught.value.problems


PRODUCTS = {
    "the upstream alone": ("dout * (x > 0)", ""),
    "rows as Python lists": (
        "[[d * (v > 0) for v, d in zip(*r)] for r in zip(x.tolist(), dout.tolist())]",
        "",
    ),
    "one Jacobian after the other": (
        "np.stack([np.diag(1.0 * (r > 0)).T @ d for r, d in zip(x, dout)])",
        "512. MiB",
    ),
    "all of their diagonals": (
        "np.einsum('nij,ni->nj', (x > 0)[:, None] * np.eye(x.shape[1]), dout)",
        "MiB",
    ),
    "an array of Jacobians": (
        "(dout[:, None] @ (np.zeros((*x.shape, x.shape[1])) + [np.diag(r > 0) for r in x]))[:, 0]",
        "50.0 GiB",
    ),
    "the whole Jacobian": (
        "(np.diag(1.0 * (x > 0).ravel()) @ dout.ravel()).reshape(x.shape)",
        "4.88 TiB",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
@pytest.mark.parametrize(("product", "asked_for"), PRODUCTS.values(), ids=PRODUCTS)
def test_a_jacobian_that_is_built_costs_the_real_size_alone(
    product: str, asked_for: str, tmp_path: Path
) -> None:
    """R205 is told at `size`, with what was asked for; every other check keeps its points."""
    text = (ROOT / "examples" / "perfect" / "jacobians.py").read_text()
    assert text.count("return dout * (x > 0)") == 1
    (tmp_path / "jacobians.py").write_text(text.replace("dout * (x > 0)", product))
    done = grade(tmp_path / "jacobians.py", tmp_path / "report.json", "--task", "relu")
    task = done.task("relu")
    lost = {c["id"]: c["outcome"] for c in task["checks"] if c["score"] < c["max_score"]}
    if not asked_for:
        assert (done.code, lost) == (0, {})
        return
    assert (done.code, lost) == (1, {"size": "faulted"})
    assert errors_of(task) == [("size", "R205", "")]
    (told,) = [f for f in task["findings"] if f["code"] == "R205"]
    assert "relu_vjp ran out of memory" in told["message"]
    assert asked_for in told["message"]
    assert "do not build the whole Jacobian" in told["help"]
