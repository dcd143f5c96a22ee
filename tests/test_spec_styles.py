"""Specs of functions, steps and checkers: what each key may say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run

from grader.errors import CourseError
from grader.model import Task
from grader.spec import load_assignment

SPEC = """\
assignment: checks
files: [checks.py]
support: [given.py]
style: checker
tasks:
  - id: check
    target: check
    inputs:
      f: {shape: [], domain: object, from: given.LIST, classes: 2}
      x: [...]
    hyper_parameters: {h: {range: [0.1, 0.4]}}
    outputs: [ok]
    draw: draw_claim
  - id: value
    style: function
    target: value
    inputs: {x: [], y: []}
    outputs: [z]
  - id: step
    style: update_step
    target: step
    inputs: {w: [...], v: [...], dw: [...]}
    scalars: false
    hyper_parameters: {rate: 0.5}
    outputs: [w_next, v_next]
"""
REFERENCE = """\
def check(f, x, h):
    return bool(f(x) > h)


def draw_claim(rng, kind, values):
    return {}


def value(x, y):
    return x * y


def value_gradient(x, y):
    return y, x


def step(w, v, dw, rate):
    return w - rate * dw, v
"""
GIVEN = "import numpy as np\n\nLIST = [np.sum, np.min]\n"
TEXTS = {
    "course.yaml": "name: Small\n",
    "assignments/checks.yaml": SPEC,
    "reference/checks.py": REFERENCE,
    "support/given.py": GIVEN,
}


def tasks_of(text: str) -> dict[str, Task]:
    """Return the tasks of a spec by id."""
    return {task.id: task for task in load_assignment(text, "assignments/checks.yaml").tasks}


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one change; the old part must be there once."""
    assert text.count(old) == 1
    return text.replace(old, new)


def write(folder: Path) -> None:
    """Make a course of these texts."""
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def test_what_the_keys_mean() -> None:
    """Targets, arguments, what may change in place, and where objects come from."""
    tasks = tasks_of(SPEC)
    check, value, step = (tasks[name].call for name in ("check", "value", "step"))
    assert check.objects == (("f", "given.LIST"),)
    assert check.forward_args == ("f", "x", "h")
    assert tasks["check"].gradients == ()
    assert tasks["check"].draw == "draw_claim"
    assert (value.target, value.backward) == ("value", "value_gradient")
    assert value.forward_args == value.backward_args == ("x", "y")
    assert tasks["value"].gradients == ("x", "y")
    assert step.updates == ("w", "v")
    assert check.updates == value.updates == ()
    assert not tasks["step"].takes_scalars
    assert tasks["check"].takes_scalars


def test_a_pair_of_names_and_an_upstream_for_a_function() -> None:
    """Both names may be given; with `upstream` the second function receives it last."""
    text = changed(SPEC, "target: value", "target: [f, df]\n    upstream: [z]")
    call = tasks_of(text)["value"].call
    assert (call.target, call.backward) == ("f", "df")
    assert call.backward_args == ("x", "y", "dz")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("from: given.LIST", "from: LIST",
         "9: tasks[0].inputs.f.from: `LIST` is not a file and a list in it"),
        ("from: given.LIST", "from: given.", "inputs.f.from: `given.` is not a file and a list"),
        ("from: given.LIST", "from: given.py.LIST", "`given.py.LIST` is not a file and a list"),
        ("from: given.LIST", "from: [given, LIST]", "inputs.f.from: expected text, found a list"),
        ("from: given.LIST", "from: givne.LIST",
         "`givne.py` is no support file (did you mean `given`?)"),
        ("from: given.LIST, ", "", "9: tasks[0].inputs.f: `domain: object` and `from:` go toge"),
        ("domain: object", "domain: integers", "`domain: object` and `from:` go together"),
        ("domain: object, ", "", "`classes:` goes with `domain: integers, labels, object`"),
        (", classes: 2}", "}", "9: tasks[0].inputs.f: `classes:` goes with"),
        ("classes: 2", "classes: K", "`classes` must be a number or a dimension"),
        ("domain: object", "domain: objects", "`objects` is not one of"),
        ("support: [given.py]", "support: given.py", "3: support: expected a list"),
        ("support: [given.py]", "support: [given]", "3: support[0]: `given` is not the name of a"),
        ("given.py]", "../given.py]", "support[0]: `../given.py` is not the name of a Python"),
        ("given.py]", "random.py]", "support[0]: `random.py` hides a module of Python"),
        ("given.py]", "given.py, given.py]", "support[1]: `given.py` stands here twice"),
        ("given.py]", "given.py, checks.py]", "`checks.py` is a file to hand in already"),
        ("support: [given.py]\n", "", "`given.py` is no support file"),
        ("support:", "suport:", "3: suport: unknown key (did you mean `support`?)"),
        ("draw: draw_claim", "draw: draw claim", "13: tasks[0].draw: `draw claim` is not a name"),
        ("outputs: [ok]", "outputs: [ok]\n    gradients: [x]",
         "13: tasks[0].gradients: a `checker` has no gradients"),
        ("outputs: [ok]", "outputs: [ok]\n    upstream: [ok]",
         "a `checker` receives no upstream gradient"),
        ("outputs: [ok]", "outputs: [ok]\n    backward_args: [x]",
         "a `checker` has no backward call"),
        ("outputs: [ok]", "outputs: [x]", "the name `x` is given to two things"),
        ("[w_next, v_next]", "[w_next, v_next]\n    gradients: [w]",
         "a `update_step` has no gradients"),
        ("[w_next, v_next]", "[w, v]", "the name `w` is given to two things"),
        ("outputs: [z]", "outputs: [z]\n    gradients: []", "needs at least one gradient"),
        ("outputs: [z]", "outputs: [z]\n    constructor_args: [x]",
         "a `function` has no constructor"),
        ("target: value", "target: [value]", "expected a stem, or the names of two functions"),
        ("target: step", "target: [step, back]", "expected text, found a list"),
    ],
)  # fmt: skip
def test_malformed_keys_are_refused(old: str, new: str, problem: str) -> None:
    """Each says where it stands and what is wrong."""
    with pytest.raises(CourseError) as caught:
        tasks_of(changed(SPEC, old, new))
    assert any(problem in line for line in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("support/given.py", GIVEN, "", "support/given.py: the list `LIST` of f is missing"),
        ("support/given.py", "[np.sum, np.min]", "np.sum", "the list `LIST` of f is missing"),
        ("support/given.py", "[np.sum, np.min]", "[np.sum]",
         "support/given.py: the list `LIST` has 1 entries, but f is one of 2"),
        ("support/given.py", "LIST =", "LIST ==", "support/given.py: does not load: NameError"),
        ("support/given.py", "LIST =", "LIST = =", "support/given.py:3: does not load"),
        ("reference/checks.py", "draw_claim", "draw_claims",
         "reference/checks.py: the drawing function `draw_claim` is missing"),
        ("reference/checks.py", "value_gradient", "value_gradients",
         "reference/checks.py: `value_gradient` of the task `value` is missing"),
        ("support/given.py", None, "", "given.py: cannot be read"),
    ],
)  # fmt: skip
def test_bad_files_of_the_course(
    file: str, old: str | None, new: str, problem: str, tmp_path: Path
) -> None:
    """The command says which file lacks what, and exits with 2; ``old`` of None deletes it."""
    write(tmp_path)
    path = tmp_path / file
    if old is None:
        path.unlink()
    else:
        path.write_text(changed(path.read_text(), old, new))
    done = run(tmp_path / "reference", "--course", tmp_path)
    assert (done.code, done.out) == (2, ""), done.err
    assert problem in done.err
    assert "Traceback" not in done.err


def test_the_course_of_this_file_is_whole(tmp_path: Path) -> None:
    """What the tests break earns full marks before."""
    write(tmp_path)
    done = run(tmp_path / "reference", "--course", tmp_path)
    assert done.code == 0, done.out + done.err
