"""What is meant for a human: shown apart, in every form of a report, and it costs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from running import AT_COURSE, RIGHT, Outcome, grade
from small_course import made
from test_behaviour import GATE, GATE_SPEC

from grader.asides import libraries_named
from grader.isolation.values import to_libraries, to_loaded
from grader.model import Severity
from grader.worker.wire import Frame, WireError

GATES = (RIGHT / "gates.py").read_text()
ABSENT = "import torch\n"
CAUGHT = "try:\n    import torch\nexcept ImportError:\n    torch = None\n"
HIDDEN = "def later():\n    return __import__('importlib').import_module('jax.numpy')\n"
HEADING = "for a human to look at (no points lost)"


def handed_in(folder: Path, before: str) -> Outcome:
    """Grade a right submission with something before it, and write every kind of report."""
    (folder / "in").mkdir()
    (folder / "in" / "gates.py").write_text(before + GATES)
    markdown = ("--report", folder / "report.md")
    return grade(folder / "in", folder / "report.json", *AT_COURSE, *markdown)


def reviews(owner: dict[str, Any]) -> list[tuple[str, str]]:
    """Return code and message of what a human should look at."""
    return [(f["code"], f["message"]) for f in owner["findings"] if f["severity"] == "review"]


@pytest.mark.parametrize(
    ("before", "place"),
    [(CAUGHT, "gates.py:2 imports torch"), (HIDDEN, "gates.py:2 imports jax")],
)
def test_a_library_that_differentiates(before: str, place: str, tmp_path: Path) -> None:
    """Full marks are full marks; the import stands under a heading of its own, in each report."""
    done = handed_in(tmp_path, before)
    assert done.code == 0
    report = done.reports["gates"]
    assert reviews(report) == [("D602", place)]
    assert report["score"] == report["max_score"]
    for text in (done.out, (tmp_path / "report.md").read_text().replace("\\", "")):
        above, heading, below = text.lower().partition(HEADING)
        assert heading
        assert place.lower() not in above
        assert place.lower() in below


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    """An import that nothing needs is a note on the tasks, and is told to the human too."""
    done = handed_in(tmp_path, ABSENT)
    assert done.code == 0
    report = done.reports["gates"]
    assert {f["code"] for t in report["tasks"] for f in t["findings"]} == {"N720"}
    assert reviews(report) == [("D602", "gates.py:1 imports torch")]


def test_nothing_to_review(tmp_path: Path) -> None:
    """An ordinary submission has no such heading."""
    done = handed_in(tmp_path, "")
    assert done.code == 0
    assert not reviews(done.reports["gates"])
    assert HEADING not in done.out


def test_what_the_course_allows() -> None:
    """A declared package, or one that a support file imports, is nobody's fault."""
    seen = {"torch": "gates.py:1", "jax": "support.py:1", "sympy": "gates.py:3"}
    assignment = made(GATE_SPEC.replace("files:", "packages: [sympy]\nfiles:"), GATE).assignment
    found = libraries_named(seen, assignment, {"gates.py": ""})
    assert [(f.code, f.severity, f.message) for f in found] == [
        ("D602", Severity.REVIEW, "gates.py:1 imports torch")
    ]


LIES: list[Any] = [
    None,
    "torch",
    [["gates.py", "torch", 1]] * 1001,
    [["gates.py", "torch"]],
    [["gates.py", "torch", "1"]],
    [["gates.py", "torch", -1]],
    [["gates.py", "torch", True]],
    [["gates.py", "numpy", 1]],
    [["other.py", "torch", 1]],
    [[["gates.py"], "torch", 1]],
    [["gates.py", {"torch": 1}, 1]],
    [{"file": "gates.py"}],
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_lie_about_imports_is_no_answer(lie: Any) -> None:
    """Only known libraries in files of the submission are read."""
    files = {"gates.py": ""}
    honest = Frame({"libraries": [["gates.py", "torch", 1], ["gates.py", "torch", 9]]}, [])
    assert to_libraries(honest, files) == {"torch": "gates.py:1"}
    with pytest.raises(WireError):
        to_libraries(Frame({"libraries": lie}, []), files)


@pytest.mark.parametrize("lie", [None, "forward", ["backward"], ["forward"] * 4, [1], [[]]])
def test_a_lie_about_signs_is_no_answer(lie: Any) -> None:
    """Only known signs are read."""
    assert to_loaded(Frame({"stubs": [], "signs": ["forward"]}, [])).signs == {"forward"}
    with pytest.raises(WireError):
        to_loaded(Frame({"stubs": [], "signs": lie}, []))
