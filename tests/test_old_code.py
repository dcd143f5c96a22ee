"""Code of another age: what it is called, what a repaired copy earns, and what stays wrong."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest
from trees import AFFINE, FLAT, HALF, LAYERS, SPEC, codes, course, graded, messages, points

from grader.errors import CourseError
from grader.isolation import choose
from grader.model import Outcome, Severity
from grader.spec import load_assignment, load_rubric

RUBRIC = """
rubric: net
total: 6
after_repair: 0.5
tasks:
  affine: {forward: 1, backward: 3}
  half: 2
"""
HALVES = course(FLAT, rubric=RUBRIC)
TRUE_HALF = HALF.replace("// 2", "/ 2")
PRINTS = "\nprint 'loaded', 3\n"


def sources(half: str = HALF, affine: str = AFFINE, top: str = "") -> dict[str, str]:
    """Return layers.py made of these parts."""
    return {"layers.py": f"import numpy as np\n{top}{affine}{half}"}


# What is handed in, the points of the tasks at a share of one half, the codes, and what is said.
OLD: dict[str, tuple[dict[str, str], dict[str, float], set[str], str]] = {
    "size": (
        sources(TRUE_HALF),
        {"affine": 1, "half": 0.5},
        {"half R220", "half D610"},
        "right after repair: integer division in line 13",
    ),
    "size, in a loop": (
        sources(HALF.replace("range(size)", "range(x.shape[1] / 2)")),
        {"affine": 1, "half": 0.5},
        {"half R220", "half D610"},
        "right after repair: integer division in line 15",
    ),
    "size, through another function": (
        sources(HALF.replace("x.shape[1] // 2", "left(x.shape[1])"),
                top="def left(n):\n    return n / 2\n"),
        {"affine": 1, "half": 0.5},
        {"half R220", "half D610"},
        "right after repair: Python 2's division in line 3",
    ),
    "size, and wrong": (
        sources(TRUE_HALF.replace("3 * dout", "2 * dout").replace("3 * x", "4 * x")),
        {"affine": 1, "half": 0},
        {"half R220", "half V401", "half V402", "half D611"},
        "wrong even after repair: integer division in line 13",
    ),
    "size, and half wrong": (
        sources(TRUE_HALF.replace("3 * dout", "2 * dout")),
        {"affine": 1, "half": 0.25},
        {"half R220", "half V402", "half D610"},
        "forward: right after repair: integer division in line 13",
    ),
    "size, and a typing error": (
        sources(TRUE_HALF.replace("3 * x", "3 * y")),
        {"affine": 1, "half": 0},
        {"half R220", "half R201", "half D611"},
        "after repair: layers.py:16: half_forward raised NameError",
    ),
    "backward alone": (
        sources(HALF.replace("dx[:, :size]", "dx[:, :x.shape[1] / 2]")),
        {"affine": 1, "half": 0.75},
        {"half R220", "half D610"},
        "right after repair: integer division in line 23",
    ),
    "print": (
        sources(top=PRINTS),
        {"affine": 0.5, "half": 0.5},
        {"affine L111", "affine D610", "half L111", "half D610"},
        "right after repair: print(...) in line 3",
    ),
    "print and size": (
        sources(TRUE_HALF, top=PRINTS),
        {"affine": 0.5, "half": 0.5},
        {"affine L111", "affine D610", "half L111", "half D610"},
        "right after repair: print(...) in line 3; integer division in line 15",
    ),
    "print and tabs and wrong": (
        sources(HALF.replace("3 * x[:, i]", "2 * x[:, i]\n\tout[:, i] += 0"), top=PRINTS),
        {"affine": 0.5, "half": 0.25},
        {"affine L111", "affine D610", "half L111", "half V401", "half D610"},
        "backward[dx]: right after repair: print(...) in line 3; spaces for tabs in line 19",
    ),
    "tabs": (
        sources(HALF.replace("3 * x[:, i]", "3 * x[:, i]\n\tout[:, i] += 0")),
        {"affine": 0.5, "half": 0.5},
        {"affine L111", "affine D610", "half L111", "half D610"},
        "right after repair: spaces for tabs in line 17",
    ),
    "syntax of no age": (
        sources(top="x = (\n"),
        {"affine": 0, "half": 0},
        {"affine L103", "half L103"},
        "'(' was never closed",
    ),
    "print, and syntax of no age": (
        sources(affine=AFFINE + PRINTS, half=HALF + "\nx = (\n"),
        {"affine": 0, "half": 0},
        {"affine L111", "affine D611", "affine L103", "half L111", "half D611", "half L103"},
        "wrong even after repair: print(...) in line 11",
    ),
    "xrange": (
        sources(HALF.replace("range", "xrange")),
        {"affine": 1, "half": 0.5},
        {"half R222", "half D610"},
        "right after repair: range for xrange in line 15",
    ),
    "a list from map": (
        sources(HALF.replace("x.shape[1]", "map(int, x.shape)[1]")),
        {"affine": 1, "half": 0.5},
        {"half R222", "half D610"},
        "right after repair: list(map(...)) in line 13",
    ),
    "np.int": (
        sources(HALF.replace("x.shape[1] // 2", "np.int(x.shape[1] // 2)")),
        {"affine": 1, "half": 0.5},
        {"half R221", "half D610"},
        "right after repair: int for np.int in line 13",
    ),
    "np.lib.pad": (
        sources(HALF.replace("out, (x, size)", "np.lib.pad(out, 0, 'constant'), (x, size)")),
        {"affine": 1, "half": 0.5},
        {"half R221", "half D610"},
        "right after repair: np.pad for np.lib.pad in line 17",
    ),
    "a list for an index": (
        sources(HALF.replace("out[:, i] = 3", "k = [slice(None), i]\n        out[k] = 3")),
        {"affine": 1, "half": 0.5},
        {"half R221", "half D610"},
        "right after repair: a tuple for a list of indices in line 17",
    ),
    "one entry": (
        sources(HALF.replace("3 * x[:, i]", "0\n        for n in range(len(x)):\n"
                             "            out[n, i] = 3 * x[n:n + 1, i:i + 1]")),
        {"affine": 1, "half": 0.5},
        {"half R221", "half D610"},
        "right after repair: the number in an array of size 1 in line 18",
    ),
    "a sequence, truly": (
        sources(HALF.replace("3 * x[:, i]", "0\n        out[0, i] = x[:, i]")),
        {"affine": 1, "half": 0},
        {"half R201"},
        "setting an array element with a sequence",
    ),
    "an index, truly": (
        sources(HALF.replace("3 * x[:, i]", "3 * x['left']")),
        {"affine": 1, "half": 0},
        {"half R201"},
        "IndexError: only integers",
    ),
    "no function of NumPy": (
        sources(HALF.replace("3 * x[:, i]", "np.triple(x[:, i])")),
        {"affine": 1, "half": 0},
        {"half R201"},
        "no attribute 'triple'",
    ),
    "at the top of the file": (
        sources(top="SIZE = np.float(3)\n"),
        {"affine": 0.5, "half": 0.5},
        {"affine R221", "affine D610", "half R221", "half D610"},
        "right after repair: float for np.float in line 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected", "found", "told"), OLD.values(), ids=OLD)
def test_old_code(
    files: dict[str, str], expected: dict[str, float], found: set[str], told: str, tmp_path: Path
) -> None:
    """It has codes of its own, and the rubric's share where a repaired copy is right."""
    report = graded(tmp_path, files, choose()[0], HALVES)
    assert points(report) == expected, messages(report)
    assert {c for c in codes(report) if c != "- N705"} == found, messages(report)
    assert told in messages(report)


@pytest.mark.parametrize("name", ["size", "print and size", "a list for an index"])
def test_repaired_copies_run_in_the_same_isolation(name: str, tmp_path: Path, rung: str) -> None:
    """On every rung a repaired copy is judged alike."""
    files, expected, found, _ = OLD[name]
    report = graded(tmp_path, files, rung, HALVES)
    assert points(report) == expected, messages(report)
    assert {c for c in codes(report) if c != "- N705"} == found


def test_without_a_word_in_the_rubric_a_repair_earns_nothing(tmp_path: Path) -> None:
    """The share is 0 by default; a human sees it all the same, and nothing else changes."""
    report = graded(tmp_path, sources(TRUE_HALF), ready=course(FLAT))
    assert points(report) == {"affine": 1, "half": 0}
    half = report.tasks[1]
    assert half.outcome is Outcome.FAULTED
    assert {c.id: c.reason for c in half.checks}["forward"] == "right after repair"
    (told,) = [f for f in half.findings if f.code == "D610"]
    assert told.severity is Severity.REVIEW
    (fault,) = [f for f in half.findings if f.code == "R220"]
    assert fault.evidence["file"] == "layers.py"
    assert fault.evidence["line"] == 14
    assert fault.replay


def test_a_full_share_is_full_points(tmp_path: Path) -> None:
    """With `after_repair: 1` the points are those of the repaired copy, the outcome is not."""
    ready = dataclasses.replace(
        HALVES, rubric=dataclasses.replace(HALVES.rubric, after_repair=Fraction(1))
    )
    report = graded(tmp_path, sources(TRUE_HALF), ready=ready)
    assert points(report) == {"affine": 1, "half": 1}
    assert report.tasks[1].outcome is Outcome.FAULTED


def test_a_neighbour_is_repaired_too(tmp_path: Path) -> None:
    """A fault in another file of the student's is repaired there, and the file is named."""
    files = {
        "cs231n/layers.py": f"import numpy as np\nfrom .parts import left\n{AFFINE}"
        + HALF.replace("x.shape[1] // 2", "left(x.shape[1])"),
        "cs231n/parts.py": "def left(n):\n    return [0, 1][n / n] * n / 2\n",
    }
    report = graded(tmp_path, files, ready=course(SPEC, rubric=RUBRIC))
    assert points(report) == {"affine": 1, "half": 0.5}, messages(report)
    assert "cs231n/parts.py line 2" in messages(report)


def test_a_file_of_the_course_is_not_repaired(tmp_path: Path) -> None:
    """What the course provides is left as it is, and its fault is no one's age."""
    parts = "def left(n):\n    return range(n / 2)\n"
    ready = course(SPEC.replace("style:", "support: [cs231n/parts.py]\nstyle:", 1),
                   (("cs231n/parts.py", parts),))  # fmt: skip
    top = "import numpy as np\nfrom .parts import left\n"
    files = {
        "cs231n/layers.py": top + AFFINE + HALF.replace("x.shape[1] //", "left(x.shape[1]) //")
    }
    report = graded(tmp_path, files, ready=ready)
    assert points(report) == {"affine": 1, "half": 0}
    assert codes(report) == {"half R201"}


def test_a_notebook_of_python_2(tmp_path: Path) -> None:
    """The cell and its line are found again in the text that is repaired."""
    import json

    cells = [
        {"cell_type": "code", "source": text} for text in ("import numpy as np", AFFINE, TRUE_HALF)
    ]
    data = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells})
    report = graded(tmp_path, {"layers.ipynb": data}, ready=HALVES)
    assert points(report) == {"affine": 1, "half": 0.5}, messages(report)
    assert "layers.ipynb cell 3:5: half_forward raised TypeError" in messages(report)
    assert "right after repair: integer division in cell 3:4" in messages(report)


HOSTILE = {
    "answers are not nearer": "import sys\n" + TRUE_HALF.replace(
        "return dx", "assert not [m for m in sys.modules if 'grader' in m]\n    return dx"),
    "a helper of one's own": TRUE_HALF.replace(
        "/ 2", "/ 2 if '_another_age' else __import__('_another_age')"),
}  # fmt: skip


@pytest.mark.parametrize("half", HOSTILE.values(), ids=HOSTILE)
def test_a_copy_knows_no_more_than_the_original(half: str, tmp_path: Path) -> None:
    """In the child of a copy nothing is new but the copy and its helper."""
    report = graded(tmp_path, sources(half), ready=HALVES)
    assert points(report) == {"affine": 1, "half": 0.5}, messages(report)


def test_a_file_named_like_the_helper(tmp_path: Path) -> None:
    """A student's own file of that name does not take its place."""
    files = {f"cs231n/{name}": text for name, text in sources(
        HALF.replace("x.shape[1] // 2", "left(x.shape[1])"),
        top="def left(n):\n    return n / 2\n").items()}  # fmt: skip
    files["_another_age.py"] = files["cs231n/_another_age.py"] = "over = by = None\n"
    report = graded(tmp_path, files, ready=course(SPEC, rubric=RUBRIC))
    assert points(report) == {"affine": 1, "half": 0.5}, messages(report)


def test_copies_that_never_end(tmp_path: Path) -> None:
    """A copy that hangs is tried once, and the others are not."""
    half = TRUE_HALF.replace("out = np", "while type(size) is int: pass\n    out = np")
    ready = course(FLAT.replace("call_seconds: 5", "call_seconds: 1"))
    report = graded(tmp_path, sources(half), ready=ready)
    assert points(report) == {"affine": 1, "half": 0}
    assert "half R202" in codes(report)
    assert report.seconds < 8


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "after_repair: 0.5",
            "after_repair: 1.5",
            "after_repair: a share of the points, from 0 to 1",
        ),
        ("after_repair: 0.5", "after_repair: -1", "after_repair: points cannot be negative"),
        ("after_repair: 0.5", "after_repair: half", "after_repair: expected a number"),
        ("after_repair", "after_repairs", "unknown key (did you mean `after_repair`?)"),
    ],
)
def test_a_share_that_is_none(old: str, new: str, problem: str) -> None:
    """A malformed share is refused."""
    with pytest.raises(CourseError) as caught:
        load_rubric(RUBRIC.replace(old, new), "r.yaml", load_assignment(FLAT, "net.yaml"))
    assert problem in str(caught.value.problems)


def test_right_code_is_never_repaired(tmp_path: Path) -> None:
    """Nothing is said of repairs where nothing faulted."""
    report = graded(tmp_path, {"layers.py": LAYERS}, ready=HALVES)
    assert not codes(report)
