"""``grade init``: a course that is sound from its first minute, and a task invented on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import run


def test_a_new_course_is_sound_and_grades_its_example(tmp_path: Path) -> None:
    """What `grade init` writes passes `grade check`, and the example's one mistake is found."""
    folder = tmp_path / "my course"
    written = run("init", folder)
    assert written.code == 0
    assert "next: " in written.out
    for line in written.out.split("\n\n")[0].splitlines():
        assert (folder / line).is_file()
    assert run("check", "first", cwd=folder).code == 0
    graded = run("examples/mistake", "--report", "report.json", cwd=folder)
    assert graded.code == 1
    (report,) = json.loads((folder / "report.json").read_text())["reports"]
    assert report["course"] == "my course"
    assert (report["score"], report["max_score"]) == (3, 4)
    errors = [f for f in report["tasks"][0]["findings"] if f["severity"] == "error"]
    assert [f["check"] for f in errors] == ["backward[db]"]
    assert run("reference", cwd=folder).code == 0


@pytest.mark.parametrize("name", ["O'Brien: 100% # x", "深層学習", "{a: b}"])
def test_any_name_is_a_name(tmp_path: Path, name: str) -> None:
    """The name of the folder becomes the name of the course, whatever characters it has."""
    assert run("init", tmp_path / name).code == 0
    assert run("list", cwd=tmp_path / name).out.splitlines()[0] == name


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder that holds something, or a file, is refused and stays as it is."""
    (tmp_path / "kept").write_text("x")
    for place in (tmp_path, tmp_path / "kept"):
        refused = run("init", place)
        assert refused.code == 2
        assert "is there already" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").code == 0


def test_another_reading_of_the_same_files_is_graded_by_its_name_alone(tmp_path: Path) -> None:
    """`only_by_name` keeps an assignment out of a run that names none."""
    course = tmp_path / "c"
    run("init", course)
    text = (course / "assignments" / "first.yaml").read_text()
    other = text.replace("assignment: first", "assignment: other\nonly_by_name: true")
    (course / "assignments" / "other.yaml").write_text(other)
    assert run("reference", "--quiet", cwd=course).out == "first: 4 / 4, complete\n"
    named = run("reference", "--quiet", "--assignment", "other", cwd=course)
    assert named.out.startswith("other: ")
    (course / "assignments" / "first.yaml").unlink()
    refused = run("reference", cwd=course)
    assert refused.code == 2
    assert "--assignment other" in refused.err


SPEC = """\
assignment: swish
files: [swish.py]
tasks:
  - id: swish
    style: function_pair
    target: swish
    inputs: {x: [N, D]}
    hyper_parameters: {beta: {range: [0.5, 2]}}
    outputs: [out]
"""
SWISH = """\
import numpy as np


def swish_forward(x, beta):
    s = 1 / (1 + np.exp(-beta * x))
    return x * s, (x, s, beta)


def swish_backward(dout, cache):
    x, s, beta = cache
    return dout * (s + beta * x * s * (1 - s))
"""


def test_functions_of_any_course_need_yaml_and_numpy_alone(tmp_path: Path) -> None:
    """A layer nobody here has heard of: a spec, a reference, no rubric, and wrong work fails."""
    run("init", tmp_path / "c")
    course = tmp_path / "c"
    (course / "assignments" / "swish.yaml").write_text(SPEC)
    (course / "reference" / "swish.py").write_text(SWISH)
    assert run("check", "swish", cwd=course).code == 0
    hand_in = tmp_path / "eve"
    hand_in.mkdir()
    (hand_in / "swish.py").write_text(SWISH)
    words = (hand_in, "--course", course, "--assignment", "swish")
    assert run(*words).code == 0
    (hand_in / "swish.py").write_text(SWISH.replace("s + beta * x", "s + x"))
    assert run(*words).code == 1
