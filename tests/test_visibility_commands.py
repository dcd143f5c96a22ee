"""The commands that show reports: in full to instructors, redacted to students, also for a look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_folders import batch_at, course_at, said
from grades_documents import document, finding, report, task
from smuggling import SMUGGLERS, write_course

from grader.grades.documents import handed_of

SECRET = ["pad0", "raised ValueError", "affine:case"]


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """Return a submission that lets hidden cases out, beside the course."""
    write_course(tmp_path / "course")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "gates.py").write_text(SMUGGLERS["raises"])
    return tmp_path / "ada"


def tells(text: str) -> list[str]:
    """Return what of the secrets a text tells, however it is wrapped or quoted."""
    plain = " ".join(text.replace("\\", "").split())
    return [word for word in SECRET if word in plain]


def test_a_student_is_shown_less_than_an_instructor(
    submission: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Terminal and JSON are in full unless asked for; Markdown is for students in any case."""
    place = submission.parent
    course = ("--course", place / "course", "--verbose")
    reports = ("--report", place / "r.json", "--report", place / "r.md")
    full = said(capsys, submission, *course, *reports)
    assert full.code == 1
    assert tells(full.out) == tells((place / "r.json").read_text()) == SECRET
    assert "case.pad0 (hidden)" in full.out
    assert tells((place / "r.md").read_text()) == []
    before = (place / "r.md").read_text()
    seen = said(capsys, submission, *course, *reports, "--as-student")
    assert seen.code == full.code
    assert tells(seen.out) == tells((place / "r.json").read_text()) == []
    assert "hidden checks" in seen.out
    assert (place / "r.md").read_text() == before
    for form, is_told in (("json", True), ("table", True), ("markdown", False)):
        assert bool(tells(said(capsys, submission, *course, "--format", form).out)) is is_told
        asked = said(capsys, submission, *course, "--format", form, "--as-student")
        assert tells(asked.out) == []


def test_as_student_and_replay_are_refused(
    submission: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A replay shows arrays; of a hidden case an instructor sees them."""
    words = (submission, "--course", submission.parent / "course", "--replay", "affine:case:0")
    done = said(capsys, *words, "--as-student")
    assert (done.code, done.out) == (2, "")
    assert "--as-student" in done.err
    assert "raised ValueError" in said(capsys, *words).out


def test_a_batch_keeps_both(submission: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """report.json, summary.md and an explanation are the instructors', report.md the student's."""
    place = submission.parent
    (place / "class").mkdir()
    submission.rename(place / "class" / "ada")
    course = ("--course", place / "course")
    words = ("batch", place / "class", "--out", place / "out", "--assignment", "gates")
    done = said(capsys, *words, *course, "--quiet", "--allow-weak-isolation")
    assert done.code == 0
    assert "gates: the rubric hides checks, but the seed is public" in done.err
    (home,) = (place / "out" / "submissions").iterdir()
    assert tells((home / "report.json").read_text()) == SECRET
    assert tells((home / "report.md").read_text()) == []
    assert "gates affine case.pad0 (hidden)" in (place / "out" / "summary.md").read_text()
    told = said(capsys, "explain", place / "out", "ada", "affine", *course)
    assert tells(told.out) == SECRET
    assert "case.pad0 (hidden)" in told.out
    for name in ("gradescope", "prairielearn", "autolab"):
        said(capsys, "export", place / "out", "--to", name, *course)
        (file,) = (place / "out" / "exports" / name / "ada").iterdir()
        assert tells(file.read_text()) == []


@pytest.mark.parametrize(
    ("due", "is_shown"), [("2900-01-01T00:00Z", False), ("2020-01-01T00:00Z", True)]
)
def test_an_export_shows_what_is_due(
    due: str, is_shown: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the clock at the time of the export; nothing is graded again."""
    course_at(tmp_path / "course", f"due: {due}\nvisibility: after_due_date\n")
    told = finding("V401", "forward", message="z is off")
    paper = document("ada", report("gates", task("add", 1, findings=[told]), task("max", 2)))
    batch_at(tmp_path / "out", [paper])
    course = ("--course", tmp_path / "course")
    done = said(capsys, "export", tmp_path / "out", "--to", "gradescope", *course)
    assert done.code == 0
    found = json.loads((tmp_path / "out/exports/gradescope/ada/results.json").read_text())
    assert ("z is off" in str(found)) is is_shown
    lines = {(test["name"], test["visibility"]) for test in found["tests"]}
    assert (("add forward", "visible") in lines) is is_shown
    assert (("add checks shown after the due date", "after_due_date") in lines) is not is_shown


def lost(paper: Any) -> tuple[str, ...]:
    """Return the checks that cost points, as the summary names them."""
    return handed_of(paper).judged[0].lost


def test_the_summary_marks_hidden_checks() -> None:
    """By the words of the report."""
    for word, named in (("visible", "forward"), ("hidden", "forward (hidden)"),
                        ("after_due_date", "forward (after due date)")):  # fmt: skip
        paper = document("ada", report("gates", task("add", 1, visibility=word)))
        assert lost(paper) == (named,)
