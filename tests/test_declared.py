"""Declared mistakes must fail; declared alternatives and the reference itself must pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from in_process import InProcess

import grader.prepare
from grader.cases import public_seed
from grader.course import find_course, load
from grader.errors import CourseError
from grader.grade import OpenSession, Run
from grader.isolation import SANDBOXES
from grader.model import Outcome, Soundness, Standing
from grader.soundness import prove_assignment

ROOT = Path(__file__).parent.parent
DECLARED = ("max", "multiply", "softmax_loss", "svm_loss", "affine", "relu")

SPEC = """
assignment: a
files: [a.py, b.py]
tasks:
  - {id: t, style: gate_class, target: F, inputs: {x: [N, D]}, outputs: [z], kinks: k}
  - {id: u, file: b.py, style: gate_class, target: G, inputs: {x: [N, D]}, outputs: [z]}
"""
RELU = """
import numpy as np

class F:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dz):
        return dz * (self.x > 0)

def k(x):
    return x
"""
DOUBLE = """
def double(x):
    return 2.0 * x

class G:
    def forward(self, x):
        self.x = x
        return double(x) * x

    def backward(self, dz):
        return double(double(self.x)) * dz
"""
RIGHT = '"""At 0 everything passes."""' + RELU.replace("> 0", ">= 0")
WRONG = '"""Everything passes."""' + RELU.replace(" * (self.x > 0)", " * 1.0")

UNTOUCHED = '''"""Nothing is written."""

class F:
    def forward(self, x):
        pass

    def backward(self, dz):
        pass
'''


def course(tmp_path: Path, files: dict[str, str]) -> Path:
    """Write a course; ``files`` adds to its reference, or replaces a file of it."""
    for folder in ("assignments", "reference", "rubrics"):
        (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / "course.yaml").write_text("name: Small\n")
    (tmp_path / "assignments" / "a.yaml").write_text(SPEC)
    for name, text in {"a.py": RELU, "b.py": DOUBLE, **files}.items():
        path = tmp_path / "reference" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def found(folder: Path, name: str = "a", sandbox: OpenSession = InProcess) -> Soundness:
    """Prove an assignment of a course, by default without a child process."""
    at = find_course(str(folder), {}, None)
    assignment, rubric = load(at, name)
    run = Run(sandbox, "none", "")
    return prove_assignment(at, assignment, rubric, public_seed(3, assignment), "public, 3", run)


@pytest.mark.parametrize(
    ("file", "text", "outcome", "code", "words"),
    [
        ("mistakes/a/t/all.py", WRONG, "failed", "", ""),
        ("alternatives/a/t/tie.py", RIGHT, "passed", "", ""),
        ("mistakes/a/t/none.py", RIGHT, "passed", "W881", "`none` (At 0 everything passes.)"),
        ("alternatives/a/t/all.py", WRONG, "failed", "W883", "`all` gets `failed`, 1 of 3 points"),
        ("mistakes/a/t/raises.py", WRONG.replace("np.max", "np.mx"), "faulted", "W882", "R201"),
        ("mistakes/a/t/one.py", WRONG.replace("(x, 0)", "(x, 0 * x[1])"), "faulted", "", ""),
        ("mistakes/a/t/named.py", WRONG.replace("class F", "class H"), "faulted", "W882", "L106"),
        ("mistakes/a/t/empty.py", UNTOUCHED, "not_attempted", "W882", "`not_attempted`"),
        ("alternatives/a/t/raises.py", RIGHT.replace("np.max", "np.mx"), "faulted", "W883", "R201"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_declared_file(
    file: str, text: str, outcome: str, code: str, words: str, tmp_path: Path
) -> None:
    """A mistake must run and fail, an alternative must pass; all else is a weakness."""
    task, other = found(course(tmp_path, {file: text})).tasks
    (declared,) = task.declared
    assert declared.outcome.value == outcome
    assert declared.name == Path(file).stem
    assert declared.as_declared is not bool(code)
    assert [w.code for w in task.weaknesses] == ([code] if code else [])
    assert all(words in w.message for w in task.weaknesses)
    assert task.standing is (Standing.WEAK if code else Standing.SOUND)
    assert (other.declared, other.standing) == ((), Standing.SOUND)


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({"mistakes/b/t/x.py": WRONG}, ["reference/mistakes/b: no assignment has this id"]),
        ({"alternatives/a/tt/x.py": RIGHT},
         ["reference/alternatives/a/tt: no task has this id (did you mean `t`?)"]),
        ({"mistakes/a/x.py": WRONG}, ["reference/mistakes/a/x.py: no task has this id"]),
        ({"mistakes/a/t/notes.txt": ""}, ["notes.txt: expected a Python file"]),
        ({"mistakes/a/t/Wrong.py": WRONG}, ["Wrong.py: expected a Python file with a lower-case"]),
        ({"mistakes/a/t/x/y.py": WRONG}, ["reference/mistakes/a/t/x: expected a Python file"]),
        ({"mistakes/a/t/x.py": RELU}, ["x.py:1: its first line must be a docstring"]),
        ({"mistakes/a/t/x.py": '""" """'}, ["x.py:1: its first line must be a docstring"]),
        ({"mistakes/a/t/x.py": '"""A."""\ndef f(:\n'}, ["x.py:2: not valid Python"]),
        ({"mistakes/a/t/x.py": '"""A\0."""'}, ["x.py:1: not valid Python"]),
        ({"mistakes/a/t/x.py": "x = 1", "alternatives/a/v/y.py": ""},
         ["mistakes/a/t/x.py:1: its first", "alternatives/a/v: no task"]),
    ],
)  # fmt: skip
def test_a_declared_file_that_nobody_would_try(
    files: dict[str, str], problems: list[str], tmp_path: Path
) -> None:
    """Folders and files that belong nowhere are refused, all at once, each with its place."""
    with pytest.raises(CourseError) as caught:
        found(course(tmp_path, files))
    assert len(caught.value.problems) == len(problems)
    for problem, words in zip(caught.value.problems, problems, strict=True):
        assert words in problem


def test_what_python_leaves_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    """Caches and hidden files are no declared files."""
    left = {"mistakes/a/t/__pycache__/x.py": "", "mistakes/.DS_Store": "", "mistakes/a/.x": ""}
    assert all(task.declared == () for task in found(course(tmp_path, left)).tasks)


def test_a_reference_that_fails_as_a_submission(tmp_path: Path) -> None:
    """A solution that leans on a stated convention, which no student's call has, is told."""
    source = (
        "import numpy as np\n\n\ndef f(W, *, regulariser='full'):\n"
        "    factor = 0.5 if regulariser == 'half' else 1.0\n"
        "    return factor * np.sum(W * W), 2 * factor * W\n"
    )
    folder = course(tmp_path, {"a.py": source})
    (folder / "assignments" / "a.yaml").write_text(
        "assignment: a\nfiles: [a.py]\ntasks:\n  - {id: t, style: loss_function, target: f, "
        "inputs: {W: [D]}, outputs: [loss], conventions: {regulariser: half}}\n"
    )
    (task,) = found(folder).tasks
    assert [w.code for w in task.weaknesses] == ["W803"]
    assert "handed in, gets `failed`: loss is" in task.weaknesses[0].message


def test_a_task_that_is_disproven_keeps_the_others(tmp_path: Path) -> None:
    """What is declared for a disproven task is not tried; the other task is proven all the same."""
    wrong = DOUBLE.replace("double(double(self.x))", "double(self.x)")
    files = {"b.py": wrong, "mistakes/a/t/all.py": WRONG, "mistakes/a/u/x.py": '"""X."""'}
    checked = found(course(tmp_path, files))
    task, other = checked.tasks
    assert (task.standing, other.standing) == (Standing.SOUND, Standing.DISPROVEN)
    assert (len(task.declared), len(other.declared)) == (1, 0)
    assert checked.standing is Standing.DISPROVEN


def test_references_are_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handing the reference in takes the batteries that were proven, and builds no others."""
    monkeypatch.setattr(grader.prepare, "load_references", pytest.fail)
    monkeypatch.setattr(grader.prepare, "build_battery", pytest.fail)
    assert found(course(tmp_path, {})).standing is Standing.SOUND


def test_the_other_files_are_those_of_the_reference(tmp_path: Path) -> None:
    """A declared file stands for its task's file alone, and may import the others."""
    text = RIGHT.replace("class F", "from b import double\n\nclass F").replace(
        "np.maximum(x, 0)", "double(np.maximum(x, 0)) / 2"
    )
    folder = course(tmp_path, {"alternatives/a/t/imports.py": text})
    task, _ = found(folder, "a", SANDBOXES["process"]).tasks
    assert [d.outcome for d in task.declared] == [Outcome.PASSED]


def test_the_digest_of_what_is_declared(tmp_path: Path) -> None:
    """It changes with every declared file, and with nothing else."""
    empty = found(course(tmp_path, {})).digests
    one = found(course(tmp_path, {"mistakes/a/t/all.py": WRONG})).digests
    two = found(course(tmp_path, {"alternatives/a/t/tie.py": RIGHT})).digests
    assert len({empty["declared"], one["declared"], two["declared"]}) == 3
    for name in ("grader", "spec", "rubric", "reference"):
        assert empty[name] == one[name] == two[name]


@pytest.mark.parametrize("name", ["gates", "layers", "losses"])
def test_what_the_shipped_course_declares(name: str) -> None:
    """Every shipped mistake fails in its numbers, every alternative passes, in a real child."""
    checked = found(ROOT, name, SANDBOXES["process"])
    assert checked.standing is Standing.SOUND
    declared = {task.id: task.declared for task in checked.tasks if task.declared}
    assert set(declared) <= set(DECLARED)
    for files in declared.values():
        mistakes = [d.outcome for d in files if d.kind == "mistake"]
        alternatives = [d.outcome for d in files if d.kind == "alternative"]
        assert set(mistakes) == {Outcome.FAILED}
        assert len(mistakes) >= 3
        assert set(alternatives) == {Outcome.PASSED}


def test_each_living_example_is_there() -> None:
    """The tasks that show how mistakes and alternatives are declared have both."""
    for folder in ("mistakes", "alternatives"):
        tasks = {path.parent.name for path in (ROOT / "reference" / folder).rglob("*.py")}
        assert tasks == set(DECLARED)
