"""Specs, rubrics, course files and references that are wrong: refused, with file, line and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import COURSE, run

from grader.errors import CourseError
from grader.model import Public
from grader.spec import default_rubric, load_assignment, load_rubric

SPEC = """\
assignment: layers
version: 2
files: [layers.py, more.py]
style: function_pair
tasks:
  - id: affine
    target: affine
    inputs: {x: [N, D], w: [D, M], b: [M]}
    outputs: [out]
  - id: relu
    target: relu
    inputs: {x: [N, D]}
    outputs: [out]
    kinks: relu_kinks
"""
RUBRIC = """\
rubric: layers
total: 8
tasks:
  affine: {forward: 2, backward: 3}
  relu:
    forward: 1
    backward[dx]: 1.5
    near_kink: 0.5
"""
LOSS = """\
assignment: losses
files: [losses.py]
style: loss_function
tasks:
  - id: svm
    target: svm
    inputs: {W: [D, C], X: [N, D], y: {shape: [N], domain: labels, classes: C}}
    hyper_parameters: {reg: {range: [0.5, 2]}}
    outputs: [loss]
    gradients: [W]
"""


def problems_of(text: str, path: str = "assignments/layers.yaml") -> tuple[str, ...]:
    """Return what is wrong with a spec."""
    with pytest.raises(CourseError) as caught:
        load_assignment(text, path)
    return caught.value.problems


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one change; the old part must be there."""
    assert old in text
    return text.replace(old, new, 1)


def test_the_texts_of_this_file_are_right() -> None:
    """What the tests break is whole before."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    assert [task.id for task in assignment.tasks] == ["affine", "relu"]
    assert float(load_rubric(RUBRIC, "rubrics/layers.yaml", assignment).total) == 8
    assert float(default_rubric(assignment).total) == 7
    assert load_assignment(LOSS, "assignments/losses.yaml").tasks[0].gradients == ("W",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("files: [", "files: [[", "4: not valid YAML"),
        ("version: 2", "version: 2\n\tx: 3", "3: not valid YAML"),
        ("files:", "file:", "3: file: unknown key (did you mean `files`?)"),
        ("files:", "file:", "1: the key `files` is missing"),
        ("    target: affine", "    traget: affine",
         "7: tasks[0].traget: unknown key (did you mean `target`?)"),
        ("    target: affine", "    traget: affine", "6: tasks[0]: the key `target` is missing"),
        ("version: 2", "version: 2\nversion: 3", "3: version: this key stands here twice"),
        ("outputs: [out]", "outputs: [out]\n    outputs: [z]",
         "10: tasks[0].outputs: this key stands here twice"),
        ("inputs: {x: [N, D], w", "inputs: {x: [N, D], x", "8: tasks[0].inputs.x: this key"),
        ("version: 2", "version: two", "2: version: expected a number, found `two`"),
        ("version: 2", "version: '2'", "2: version: expected a number, found `2`"),
        ("version: 2", "version: 1.5", "2: version: 1.5 is not a whole number"),
        ("version: 2", "version: 0", "2: version: 0 is out of range: expected at least 1"),
        ("version: 2", "version: .nan", "2: version: expected a number, found `.nan`"),
        ("version: 2", "version: [2]", "2: version: expected a number, found a list"),
        ("version: 2", "version:", "2: version: expected a number, found nothing"),
        ("version: 2", "title:", "2: title: expected text, found nothing"),
        ("version: 2", "title: ' '", "2: title: expected text, found nothing"),
        ("target: affine", "target:", "7: tasks[0].target: expected text, found nothing"),
        ("style: function_pair", "style:", "4: style: expected text, found nothing"),
        ("assignment: layers", "assignment: [layers]", "1: assignment: expected text, found a"),
        ("assignment: layers", "assignment: La yers", "1: assignment: an id is lower-case"),
        ("files: [layers.py, more.py]", "files: layers.py", "3: files: expected a list"),
        ("files: [layers.py, more.py]", "files: []", "3: files: at least one file is needed"),
        ("more.py", "../more.py", "3: files[1]: `../more.py` is not the name of a Python file"),
        ("more.py", "random.py", "3: files[1]: `random.py` hides a module of Python"),
        ("more.py", "layers.py", "3: files[1]: `layers.py` stands here twice"),
        ("style: function_pair", "style: functionpair",
         "4: style: `functionpair` is not one of gate_class, function_pair, function"),
        ("style: function_pair", "style: functionpair", "(did you mean `function_pair`?)"),
        ("style: function_pair\n", "", "5: tasks[0]: the key `style` is missing"),
        ("version: 2", "tolerance: '1e-6'", "2: tolerance: expected a number, found `1e-6`"),
        ("version: 2", "tolerance: 0", "2: tolerance: 0 is out of range"),
        ("version: 2", "tolerance: 1", "2: tolerance: 1 is out of range"),
        ("version: 2", "limits: {call_second: 3}",
         "2: limits.call_second: unknown key (did you mean `call_seconds`?)"),
        ("version: 2", "limits: {call_seconds: 0}", "2: limits.call_seconds: 0 is out of range"),
        ("version: 2", "limits: {memory_mb: 1}", "2: limits.memory_mb: 1 is out of range"),
        ("version: 2", "conventions: {ties: any}", "2: conventions.ties: `any` is not one of"),
        ("version: 2", "conventions: {tie: skip}",
         "2: conventions.tie: unknown key (did you mean `ties`?)"),
        ("version: 2", "sizes: {D: [6, 3]}", "2: sizes.D: expected one size, or [smallest"),
        ("version: 2", "sizes: {D: 0}", "2: sizes.D: 0 is out of range"),
        ("- id: affine", "- id: Affine", "6: tasks[0].id: an id is lower-case letters"),
        ("- id: relu", "- id: affine", "another task has the id `affine`"),
        ("x: [N, D], w", "x: [N, 0], w", "8: tasks[0].inputs.x[1]: `0` is neither a dimension"),
        ("x: [N, D], w", "x: [N, -3], w", "8: tasks[0].inputs.x[1]: `-3` is neither"),
        ("x: [N, D], w", "x: [N, ...], w", "8: tasks[0].inputs.x: `...` stands for the whole"),
        ("x: [N, D], w", "x: N, w", "8: tasks[0].inputs.x: expected a list, found `N`"),
        ("x: [N, D], w", "x y: [N, D], w", "8: tasks[0].inputs.x y: `x y` is not a name"),
        ("inputs: {x: [N, D], w: [D, M], b: [M]}", "inputs: {}", "needs at least one input"),
        ("outputs: [out]", "outputs: []", "6: tasks[0]: a task needs at least one input and one"),
        ("outputs: [out]", "outputs: [out, out]", "9: tasks[0].outputs: `out` stands here twice"),
        ("outputs: [out]", "outputs: [x]", "the name `x` is given to two things"),
        ("outputs: [out]", "outputs: [out]\n    gradients: [x, ww]",
         "10: tasks[0].gradients: `ww` has no gradient to ask for (did you mean `w`?)"),
        ("outputs: [out]", "outputs: [out]\n    gradients: []", "needs at least one gradient"),
        ("outputs: [out]", "outputs: [out]\n    upstream: [outt]",
         "10: tasks[0].upstream: `outt` is not an output (did you mean `out`?)"),
        ("outputs: [out]", "outputs: [out]\n    forward_args: [x, weights, b]",
         "10: tasks[0].forward_args: `weights` is unknown here"),
        ("outputs: [out]", "outputs: [out]\n    backward_args: [dz, cache]",
         "10: tasks[0].backward_args: `dz` is unknown here"),
        ("outputs: [out]", "outputs: [out]\n    constructor_args: [x]",
         "10: tasks[0].constructor_args: a `function_pair` has no constructor"),
        ("outputs: [out]", "outputs: [out]\n    sizes: {K: 3}",
         "10: tasks[0].sizes.K: `K` is no dimension"),
        ("outputs: [out]", "outputs: [out]\n    file: mroe.py",
         "10: tasks[0].file: `mroe.py` is not one of layers.py, more.py (did you mean `more.py`?)"),
        ("outputs: [out]", "outputs: [out]\n    random_cases: 0",
         "10: tasks[0].random_cases: 0 is out of range"),
        ("outputs: [out]", "outputs: [out]\n    stress: {z: 500}",
         "10: tasks[0].stress.z: unknown key"),
        ("outputs: [out]", "outputs: [out]\n    size: {K: 500}",
         "10: tasks[0].size.K: unknown key"),
        ("outputs: [out]", "outputs: [out]\n    kinks: relu kinks",
         "10: tasks[0].kinks: `relu kinks` is not a name"),
        ("target: affine", "target: [affine]", "7: tasks[0].target: expected a stem, or the names"),
        ("outputs: [out]", "outputs: [out]\n    examples: [{inputs: {x: 1}}]",
         "10: tasks[0].examples[0]: the key `label` is missing"),
        ("outputs: [out]", "outputs: [out]\n    examples: [{label: a, inputs: {x: 1, w: 1}}]",
         "10: tasks[0].examples[0].inputs: the key `b` is missing"),
        ("version: 2", "public: forward", "2: public: `forward` is not one of forward_values"),
        ("outputs: [out]", "outputs: [out]\n    public: worked_example",
         "10: tasks[0].public: `worked_example` is not one of forward_values"),
        ("outputs: [out]", "outputs: [out]\n    public: worked_examples",
         "10: tasks[0].public: no example of this task has an `expected` gradient to make public"),
        ("version: 2", "version: !!python/object/apply:os.system [id]", "is not allowed"),
        ("version: 2", "version: !secret 2", "2: the tag !secret is not allowed"),
    ],
)  # fmt: skip
def test_bad_assignment(old: str, new: str, problem: str) -> None:
    """One wrong line is one problem that names file, line and key path."""
    found = problems_of(changed(SPEC, old, new))
    assert any(problem in text for text in found), found
    assert all(text.startswith("assignments/layers.yaml:") for text in found)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("classes: C", "classes: K", "`classes` must be a number or a dimension of an input"),
        (", classes: C", "", "7: tasks[0].inputs.y: `classes:` goes with `domain: inte"),
        ("domain: labels", "domain: label", "is not one of"),
        ("range: [0.5, 2]", "range: [2, 0.5]", "8: tasks[0].hyper_parameters.reg: expected `range"),
        ("range: [0.5, 2]", "range: [0.5]", "8: tasks[0].hyper_parameters.reg: expected `range"),
        ("range: [0.5, 2]", "rnage: [0.5, 2]", "unknown key (did you mean `range`?)"),
        ("{reg: {", "{W: {", "the name `W` is given to two things"),
        ("gradients: [W]", "gradients: [y]", "10: tasks[0].gradients: `y` has no gradient"),
        ("gradients: [W]", "gradients: [W]\n    backward_args: [W]", "has no backward call"),
    ],
)
def test_bad_loss(old: str, new: str, problem: str) -> None:
    """Labels, hyper-parameters and gradients of a loss are checked too."""
    found = problems_of(changed(LOSS, old, new), "assignments/losses.yaml")
    assert any(problem in text for text in found), found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "assignments/layers.yaml:1: the file is empty"),
        ("# nothing yet\n", "assignments/layers.yaml:1: the file is empty"),
        ("---\na: 1\n---\nb: 2\n", "not valid YAML"),
        ("- a\n- b\n", "assignments/layers.yaml:1: expected a mapping (key: value), found a list"),
        ("just text", "assignments/layers.yaml:1: expected a mapping (key: value), found `just"),
        ("a: " + "[" * 100 + "]" * 100, "nested too deeply"),
        ("a: &a [*a]\n", "assignments/layers.yaml:1: "),
        ("a: \x07\n", "not valid YAML"),
    ],
)
def test_not_a_spec_at_all(text: str, problem: str) -> None:
    """What is no document with keys is one problem, never another exception."""
    found = problems_of(text)
    assert any(problem in line for line in found), found


def test_everything_wrong_is_said_at_once() -> None:
    """An instructor mends a file in one round."""
    text = changed(SPEC, "version: 2", "version: two")
    text = changed(text, "files:", "fiels:")
    text = changed(text, "target: affine", "traget: affine")
    text = changed(text, "id: relu", "id: ReLU")
    found = problems_of(text)
    for fragment in (":2: version:", ":3: fiels:", ":7: tasks[0].traget:", ":10: tasks[1].id:"):
        assert any(fragment in line for line in found), (fragment, found)


@pytest.mark.parametrize("written", ["1e-6", "1.0e-6", "0.000001", "1E-06"])
def test_a_number_is_a_number(written: str) -> None:
    """YAML alone would make text of ``1e-6``."""
    text = changed(SPEC, "version: 2", f"tolerance: {written}")
    assert load_assignment(text, "a.yaml").tasks[0].tolerance == pytest.approx(1e-6)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total: 8", "total: 9", "2: total: the checks add up to 8, not 9"),
        ("total: 8", "total: '8'", "2: total: expected a number, found `8`"),
        ("total: 8\n", "", "1: the key `total` is missing"),
        ("rubric: layers", "rubric: gates", "1: rubric: this rubric is for `layers`"),
        ("relu:", "relo:", "6: tasks.relo: no task of `layers` has this id (did you mean `relu`?)"),
        ("relu:", "relo:", "4: tasks: the task `relu` has no points"),
        ("forward: 1\n", "forwards: 1\n",
         "6: tasks.relu.forwards: the task `relu` has no such check (did you mean `forward`?)"),
        ("forward: 1\n", "load: 1\n", "6: tasks.relu.load: the task `relu` has no such check"),
        ("    near_kink: 0.5\n", "", "no points for near_kink"),
        ("backward[dx]: 1.5", "backward[dx]: -1.5", "7: tasks.relu.backward[dx]: points cannot"),
        ("backward[dx]: 1.5", "backward[dx]: 1.5\n    backward: 1",
         "8: tasks.relu.backward: `backward[dx]` is priced twice"),
        ("backward[dx]: 1.5", "backward[dx]: many", "7: tasks.relu.backward[dx]: expected a"),
        ("{forward: 2, backward: 3}", "0", "4: tasks.affine: a task needs at least one check"),
        ("{forward: 2, backward: 3}", "[2, 3]", "4: tasks.affine: expected a number"),
        ("  affine: {", "  affine: 3\n  affine: {", "5: tasks.affine: this key stands here twice"),
    ],
)  # fmt: skip
def test_bad_rubric(old: str, new: str, problem: str) -> None:
    """A rubric that does not fit its assignment is refused with file, line and key path."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    with pytest.raises(CourseError) as caught:
        load_rubric(changed(RUBRIC, old, new), "rubrics/layers.yaml", assignment)
    found = caught.value.problems
    assert any(problem in text for text in found), found
    assert all(text.startswith("rubrics/layers.yaml:") for text in found)


def test_points_are_exact() -> None:
    """A third of ten points three times is ten points."""
    text = changed(RUBRIC, "{forward: 2, backward: 3}", "{forward: 0, backward: 0.1}")
    text = changed(text, "total: 8", "total: 3.1")
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    assert float(load_rubric(text, "rubrics/layers.yaml", assignment).total) == 3.1


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("course.yaml", "name:", "nmae:", "course.yaml:1: nmae: unknown key (did you"),
        ("course.yaml", "name: Course of the tests", "", "course.yaml:1: the file is empty"),
        ("course.yaml", "name: ", "name: [", "not valid YAML"),
        ("course.yaml", "name: Course of the tests", "name: {a: b}", "course.yaml:1: name: expec"),
        ("course.yaml", "name: Course of the tests", "name:", "course.yaml:1: name: "),
        ("assignments/gates.yaml", "assignment: gates", "assignment: gate",
         "the id `gate` must be the name of the file"),
        ("assignments/gates.yaml", "style: gate_class", "style: gate_clas",
         "assignments/gates.yaml:4: style: `gate_clas` is not one of"),
        ("rubrics/gates.yaml", "total: 24", "total: 25", "rubrics/gates.yaml:2: total: the checks"),
        ("reference/gates.py", "import numpy as np", "import numpy as", "reference/gates.py:5: "),
        ("reference/gates.py", "import numpy as np", "import nmupy as np",
         "reference/gates.py: does not load: ModuleNotFoundError: No module named 'nmupy'"),
        ("reference/gates.py", "import numpy as np", "import numpy as np\nraise SystemExit(7)",
         "reference/gates.py: does not load"),
        ("reference/gates.py", "class GateA", "class GateX",
         "reference/gates.py: `GateA` of the task `a` is missing"),
        ("assignments/pairs.yaml", "id: a, ", "id: a, kinks: a_kinks, ",
         "reference/pairs.py: the kink function `a_kinks` is missing"),
    ],
)  # fmt: skip
def test_bad_course(file: str, old: str, new: str, problem: str, tmp_path: Path) -> None:
    """Whatever of a course is wrong, the command says where, and exits with 2."""
    course = tmp_path / "course"
    shutil.copytree(COURSE, course)
    text = (course / file).read_text()
    if file == "reference/gates.py" and old == "class GateA":
        text = text.replace("= GateA", "= GateX")
    (course / file).write_text(changed(text, old, new))
    name = "pairs.py" if "pairs" in file else "gates.py"
    done = run(COURSE / "reference" / name, "--course", course)
    assert (done.code, done.out) == (2, ""), done.err
    assert "Traceback" not in done.err
    assert problem in done.err
    assert all(line.startswith("grade: ") for line in done.err.splitlines())
    assert str(tmp_path) not in done.err


def test_files_of_a_course_that_are_not_text(tmp_path: Path) -> None:
    """A spec in another encoding, and a reference that is missing, are said in words."""
    course = tmp_path / "course"
    shutil.copytree(COURSE, course)
    (course / "reference" / "pairs.py").unlink()
    missing = run(COURSE / "reference" / "pairs.py", "--course", course)
    (course / "assignments" / "pairs.yaml").write_bytes(b"assignment: \xff\xfe\n")
    garbled = run(COURSE / "reference" / "pairs.py", "--course", course)
    assert (missing.code, garbled.code) == (2, 2)
    assert "reference/pairs.py: cannot be read" in missing.err
    assert str(tmp_path) not in missing.err
    assert "pairs.yaml: cannot be read: it is not UTF-8 text" in garbled.err


def test_what_is_public_is_stated_for_the_file_or_for_a_task() -> None:
    """A task says what is public of it, else the file, else forward values are."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    assert [task.public for task in assignment.tasks] == [Public.FORWARD_VALUES] * 2
    text = changed(SPEC, "version: 2", "public: nothing")
    assert {t.public for t in load_assignment(text, "layers.yaml").tasks} == {Public.NOTHING}
    examples = "examples: [{label: a, inputs: {x: [[1]]}, upstream: {dout: [[1]]}, expected: %s}]"
    text = changed(SPEC, "version: 2", "public: worked_examples")
    text = changed(text, "kinks: relu_kinks", examples % "{dx: [[1]]}")
    assignment = load_assignment(text, "assignments/layers.yaml")
    # Where there are no such gradients, forward values are what is left of them.
    assert [t.public for t in assignment.tasks] == [Public.FORWARD_VALUES, Public.WORKED_EXAMPLES]
