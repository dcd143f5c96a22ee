"""Folder trees: the named file is loaded alone, and finds the files of its own tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from trees import (
    AFFINE,
    FLAT,
    HALF,
    LAYERS,
    SPEC,
    codes,
    course,
    graded,
    graded_at,
    messages,
    points,
    tree,
    write,
)

posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
NUMPY = "import numpy as np\n"
RIGHT = {"affine": 1.0, "half": 1.0}
BROKEN = "raise RuntimeError('this file is never run')\n"

# Each tree is a full-mark submission, however its parts find each other.
WHOLE: dict[str, dict[str, str]] = {
    "alone": {"layers.py": LAYERS},
    "relative": {"layers.py": f"{NUMPY}from .parts import *\n{HALF}", "parts.py": AFFINE},
    "relative, one up": {
        "layers.py": f"{NUMPY}from .inner.deep import affine_forward, affine_backward\n{HALF}",
        "inner/deep.py": "from ..parts import *\n",
        "parts.py": AFFINE,
    },
    "module of a package": {
        "layers.py": f"{NUMPY}from . import parts\n{HALF}\n"
        "affine_forward, affine_backward = parts.affine_forward, parts.affine_backward\n",
        "parts.py": AFFINE,
    },
    "absolute": {"layers.py": f"{NUMPY}from cs231n.parts import *\n{HALF}", "parts.py": AFFINE},
    "absolute, by name": {
        "layers.py": f"{NUMPY}import cs231n.parts as p\n{HALF}\n"
        "affine_forward = p.affine_forward\naffine_backward = p.affine_backward\n",
        "parts.py": AFFINE,
    },
    "sibling": {"layers.py": f"{NUMPY}from parts import *\n{HALF}", "parts.py": AFFINE},
    "sibling in a folder": {
        "layers.py": f"{NUMPY}from inner.parts import *\n{HALF}", "inner/parts.py": AFFINE
    },
    "sibling of a sibling": {
        "layers.py": f"{NUMPY}from inner.parts import *\n{HALF}",
        "inner/parts.py": "from more import *\n", "inner/more.py": AFFINE,
    },
    "from the root": {"layers.py": f"{NUMPY}from parts import *\n{HALF}", "../parts.py": AFFINE},
    "from another folder": {
        "layers.py": f"{NUMPY}from shared.parts import *\n{HALF}", "../shared/parts.py": AFFINE
    },
    "while it runs": {
        "layers.py": LAYERS.replace("return x @ w", "import parts\n    return parts.f(x) @ w"),
        "parts.py": "def f(x): return x\n",
    },
    "packages are never run": {
        "layers.py": f"{NUMPY}from .parts import *\n{HALF}", "parts.py": AFFINE,
        "__init__.py": BROKEN, "../__init__.py": BROKEN,
    },
    "others are never run": {"layers.py": LAYERS, "fc_net.py": BROKEN, "../setup.py": BROKEN},
    "one module by two names": {
        "layers.py": f"{NUMPY}import state\nfrom . import state as same\n"
        f"assert same is state\nfrom .parts import *\n{HALF}",
        "parts.py": f"import cs231n.state\ncs231n.state.n += 1\n{AFFINE}",
        "state.py": "n = 0\n",
    },
    "circle": {
        "layers.py": f"{NUMPY}from .parts import *\n{HALF}",
        "parts.py": f"from . import layers\nimport cs231n.layers\n{AFFINE}",
    },
    "named like Python's own": {
        "layers.py": f"{NUMPY}import random, json\nrandom.random(), json.dumps(1)\n"
        f"from .random import *\nfrom .numpy import *\n{HALF}",
        "random.py": "", "numpy.py": AFFINE, "json.py": BROKEN, "../numpy.py": BROKEN,
        "../json.py": BROKEN, "../random.py": BROKEN,
    },
    "a package and a module of one name": {
        "layers.py": f"{NUMPY}from .parts import *\n{HALF}",
        "parts.py": AFFINE, "parts/__init__.py": BROKEN, "parts/more.py": BROKEN,
        "../cs231n.py": BROKEN, "layers/extra.py": BROKEN,
    },
    "other scripts": {"layers.py": f"{NUMPY}from .größe import *\n{HALF}", "größe.py": AFFINE},
}  # fmt: skip


@pytest.mark.parametrize("parts", WHOLE.values(), ids=WHOLE)
def test_a_file_finds_its_own_tree(parts: dict[str, str], tmp_path: Path, either_rung: str) -> None:
    """Relative, absolute and sibling imports resolve to files of the submission, and no other."""
    report = graded(tmp_path, tree(parts), either_rung)
    assert points(report) == RIGHT, messages(report)
    assert codes(report) - {"- N707"} == set()


def test_two_folders_with_siblings_of_one_name(tmp_path: Path, either_rung: str) -> None:
    """Each file means the neighbour in its own folder, whichever was graded before."""
    spec = SPEC.replace("module: cs231n/layers.py\n", "")
    spec = spec.replace("{id: affine,", "{id: affine, module: one/a.py,")
    spec = spec.replace("{id: half,", "{id: half, module: two/b.py,")
    files = {
        "one/a.py": "from parts import *\n", "one/parts.py": NUMPY + AFFINE,
        "two/b.py": "from parts import *\n", "two/parts.py": NUMPY + HALF,
    }  # fmt: skip
    ready = course(spec, files=("one/a.py", "two/b.py"))
    assert ready.assignment.files == ("one/a.py", "two/b.py")
    report = graded(tmp_path, files, either_rung, ready)
    assert points(report) == RIGHT, messages(report)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"layers.py": f"from . import layers\nfrom .a import f\n{LAYERS}",
          "a.py": "from .b import g\nf = 1\n", "b.py": "from .a import f\ng = 1\n"},
         "circular import"),
        ({"layers.py": f"from ..outside import *\n{LAYERS}"}, "beyond top-level package"),
        ({"layers.py": f"from .broken import *\n{LAYERS}", "broken.py": "x = (\n"},
         "cs231n/broken.py:1: SyntaxError"),
        ({"layers.py": f"from .broken import *\n{LAYERS}", "broken.py": "1 / 0\n"},
         "cs231n/broken.py:1: the file raises when it is imported: ZeroDivisionError"),
    ],
)  # fmt: skip
def test_imports_that_fail(
    parts: dict[str, str], found: str, tmp_path: Path, either_rung: str
) -> None:
    """What Python itself refuses is told with the file and line where it was refused."""
    report = graded(tmp_path, tree(parts), either_rung)
    assert points(report) == {"affine": 0, "half": 0}
    assert found in messages(report)


def test_a_missing_neighbour_costs_only_what_needs_it(tmp_path: Path, either_rung: str) -> None:
    """Functions that do not use a file that was not handed in are graded."""
    source = f"{NUMPY}from .parts import scaled\nfrom .more import *\n{LAYERS}"
    source = source.replace("3 * dout", "scaled(dout)")
    report = graded(tmp_path, tree({"layers.py": source}), either_rung)
    assert points(report) == {"affine": 1.0, "half": 0.5}
    assert codes(report) == {"affine N720", "half L105"}
    for told in ("`cs231n.parts` is not available", "not available: cs231n.parts"):
        assert told in messages(report)


@pytest.mark.parametrize("base", ["hw/", "Homework 2 (final)/src/"])
def test_a_tree_in_another_folder(base: str, tmp_path: Path, either_rung: str) -> None:
    """A tree with one more folder around it is graded, and a note says where it lies."""
    parts = {"layers.py": f"{NUMPY}from cs231n.parts import *\n{HALF}", "parts.py": AFFINE}
    files = {f"{base}{path}": text for path, text in tree(parts).items()}
    report = graded(tmp_path, files, either_rung)
    assert points(report) == RIGHT, messages(report)
    assert codes(report) == {"- N721"}
    assert f"found in {base}" in messages(report)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["layers.py"], "(found at layers.py: it must lie at cs231n/layers.py)"),
        (["code/layers.py"], "(found at code/layers.py: it must lie at cs231n/layers.py)"),
        (["cs231n/layer.py"], "(did you mean `cs231n/layer.py`?)"),
        (["cs231n/Layers.py"], "Layers.py"),
        (["a/cs231n/layers.py", "b/cs231n/layers.py"], "in a/ and in b/: hand in one of them"),
        (["cs231n/x.py", "old/cs231n/y.py"], "cs231n/layers.py is not in the submission"),
    ],
)
def test_a_missing_file_of_a_tree(files: list[str], told: str, tmp_path: Path) -> None:
    """The message names where the file lies, or what is spelled like it."""
    report = graded(tmp_path, dict.fromkeys(files, LAYERS))
    assert points(report) == {"affine": 0, "half": 0}
    assert codes(report) == {"- L101"}
    assert told in messages(report)


def test_a_missing_file_of_a_flat_assignment(tmp_path: Path) -> None:
    """It is looked for in all folders, and found there it is not graded."""
    report = graded(tmp_path, {"src/layers.py": LAYERS}, ready=course(FLAT))
    assert points(report) == {"affine": 0, "half": 0}
    assert "(found at src/layers.py: it must lie at layers.py)" in messages(report)


def test_a_flat_assignment_reads_no_other_file(tmp_path: Path, either_rung: str) -> None:
    """Without a folder in the spec only the declared files are read, as ever."""
    source = f"{NUMPY}from parts import *\n{HALF}"
    report = graded(tmp_path, {"layers.py": source, "parts.py": AFFINE}, either_rung, course(FLAT))
    assert points(report) == {"affine": 0, "half": 1}
    assert "half N720" in codes(report)
    assert "`parts` is not available (parts.py is not among the files to hand in)" in messages(
        report
    )


def test_a_flat_assignment_may_ask_for_its_tree(tmp_path: Path, either_rung: str) -> None:
    """`tree: true` lets the declared files import the others."""
    source = f"{NUMPY}from parts import *\n{HALF}"
    ready = course(FLAT.replace("files:", "tree: true\nfiles:"))
    report = graded(tmp_path, {"layers.py": source, "parts.py": AFFINE}, either_rung, ready)
    assert points(report) == RIGHT, messages(report)


def test_a_single_file_stands_for_its_place_in_the_tree(tmp_path: Path) -> None:
    """`grade layers.py` grades it alone."""
    write(tmp_path, {"layers.py": LAYERS, "parts.py": AFFINE})
    report = graded_at(tmp_path / "layers.py")
    assert points(report) == RIGHT
    assert not codes(report)


def test_the_file_of_the_course_wins(tmp_path: Path, either_rung: str) -> None:
    """A support file takes the place of the student's own, and a note says so."""
    source = f"{NUMPY}from .parts import *\nfrom .free import free\n{HALF}"
    files = tree({"layers.py": source, "parts.py": "affine_forward = 0\n", "free.py": "free = 1\n"})
    spec = SPEC.replace("style:", "support: [cs231n/parts.py]\nstyle:", 1)
    ready = course(spec, (("cs231n/parts.py", NUMPY + AFFINE),))
    report = graded(tmp_path, files, either_rung, ready)
    assert points(report) == RIGHT, messages(report)
    assert codes(report) == {"- N725"}
    alone = {name: text for name, text in files.items() if "parts" not in name}
    report = graded(tmp_path / "alone", alone, either_rung, ready)
    assert points(report) == RIGHT
    assert not codes(report)
