"""Specs that name files by path, their module, their tree and their placeholders."""

from __future__ import annotations

import pytest
from trees import FLAT, SPEC

from grader.errors import CourseError
from grader.spec import load_assignment

TASK = "{id: half,"


def problems_of(text: str) -> str:
    """Return what is wrong with a spec, one a line."""
    with pytest.raises(CourseError) as caught:
        load_assignment(text, "net.yaml")
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("top", "of_half", "files", "modules", "is_tree"),
    [
        ("module: cs231n/layers.py", "", ("cs231n/layers.py",), ["cs231n/layers"] * 2, True),
        ("files: [cs231n/layers.py]", "", ("cs231n/layers.py",), ["cs231n/layers"] * 2, True),
        ("files: [layers.py]", "", ("layers.py",), ["layers"] * 2, False),
        ("files: [layers.py]\ntree: true", "", ("layers.py",), ["layers"] * 2, True),
        ("files: [svm.ipynb]", "", ("svm.ipynb",), ["svm"] * 2, False),
        ("module: a/b.py", "module: a/c/d.py", ("a/b.py", "a/c/d.py"), ["a/b", "a/c/d"], True),
        ("files: [x.py, a/b.py]\nmodule: a/b.py", "module: x.py", ("x.py", "a/b.py"),
         ["a/b", "x"], True),
        ("files: [x.py, y.py]", "file: y.py", ("x.py", "y.py"), ["x", "y"], False),
    ],
)  # fmt: skip
def test_files_of_an_assignment(
    top: str, of_half: str, files: tuple[str, ...], modules: list[str], is_tree: bool
) -> None:
    """They are stated, or follow from the modules of the tasks; a folder makes a tree."""
    text = SPEC.replace("module: cs231n/layers.py", top)
    text = text.replace(TASK, f"{TASK} {of_half}," if of_half else TASK)
    assignment = load_assignment(text, "net.yaml")
    assert assignment.files == files
    assert [task.call.module for task in assignment.tasks] == modules
    assert assignment.is_tree is is_tree


def test_placeholders_of_an_assignment() -> None:
    """Modules and modules inside packages can be placeholders."""
    text = SPEC.replace("style:", "stub: [matplotlib, cs231n.fast_layers, scipy.misc]\nstyle:", 1)
    wanted = ("matplotlib", "cs231n.fast_layers", "scipy.misc")
    assert load_assignment(text, "net.yaml").stub == wanted


@pytest.mark.parametrize("path", [
    "/etc/passwd.py", "../layers.py", "cs231n/../layers.py", "cs231n//layers.py", "./layers.py",
    "cs231n\\layers.py", "C:/layers.py", "cs231n/layers", "cs231n/layers.pyc", "cs231n/",
    "a b/c.py", "cs231n/größe.py", "a/b/c/d/e/f/g/h.py", "layers.py/x", "~/layers.py",
    "cs231n/.layers.py", "'cs231n/layers.py\\0'", "cs231n.layers",
])  # fmt: skip
@pytest.mark.parametrize("key", ["module: {}", "files: [{}]"])
def test_paths_that_leave_the_submission(path: str, key: str) -> None:
    """Absolute paths, `..` and anything that is no plain path is refused."""
    told = problems_of(SPEC.replace("module: cs231n/layers.py", key.format(path)))
    assert "is not the name of a Python file" in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SPEC.replace("cs231n/", "code/"), "3: module: `code` hides a module of Python"),
        (SPEC.replace("cs231n/", "numpy/"), "`numpy` hides a module of Python"),
        (FLAT.replace("layers.py", "random.py"), "files[0]: `random.py` hides a module of Python"),
        (FLAT.replace("layers.py", "numpy.ipynb"), "`numpy.ipynb` hides a module of Python"),
        (FLAT.replace("[layers.py]", "[a/x.py, a/x.py]"), "files[1]: `a/x.py` stands here twice"),
        (FLAT.replace("[layers.py]", "[a/x.py, a/x.ipynb]"), "`a/x.ipynb` is the same module as"),
        (FLAT.replace("files:", "module: other.py\nfiles:"), "`other.py` is not one of `files`"),
        (FLAT.replace(TASK, f"{TASK} module: other.py,"), "`other.py` is not one of layers.py"),
        (SPEC.replace(TASK, f"{TASK} module: a.py, file: a.py,"), "file: `module` says it already"),
        (SPEC.replace("module: cs231n/layers.py\n", ""), "the key `files` is missing, or `module`"),
        (SPEC.replace(TASK, f"{TASK} module: cs231n/layers.ipynb,"), "are the same module"),
        (SPEC.replace("style:", "tree: false\nstyle:", 1), "tree: a file in a folder is read with"),
        (FLAT.replace("style:", "tree: maybe\nstyle:", 1), "tree: `maybe` is not one of"),
        (SPEC.replace("style:", "stub: [numpy]\nstyle:", 1), "`numpy` is always there"),
        (SPEC.replace("style:", "stub: [os]\nstyle:", 1), "stub[0]: `os` is always there"),
        (SPEC.replace("style:", "stub: [a-b]\nstyle:", 1), "`a-b` is not the name of a module"),
        (SPEC.replace("style:", "stub: [a, a]\nstyle:", 1), "stub[1]: `a` stands here twice"),
        (SPEC.replace("style:", "stub: [cs231n]\nstyle:", 1), "holds, a file of this assignment"),
        (FLAT.replace("style:", "stub: [layers]\nstyle:", 1), "`layers` is, or holds, a file"),
        (SPEC.replace("style:", "stub: torch\nstyle:", 1), "stub: expected a list"),
        (SPEC.replace("style:", f"stub: [{', '.join(f'm{i}' for i in range(41))}]\nstyle:", 1),
         "stub: at most 40 modules"),
        (SPEC.replace("style:", "support: [cs231n/layers.py]\nstyle:", 1), "is a file to hand in"),
        (SPEC.replace("style:", "support: [x.ipynb]\nstyle:", 1), "`x.ipynb` is a notebook"),
        (SPEC.replace("style:", "support: [../x.py]\nstyle:", 1), "`../x.py` is not the name of"),
    ],
)  # fmt: skip
def test_malformed_files(text: str, problem: str) -> None:
    """Each is refused with its place and what is wrong."""
    assert problem in problems_of(text)
