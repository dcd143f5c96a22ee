"""Nothing of a hidden check reaches a student, whatever the code does that was given it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from in_process import InProcess, loading_once
from smuggling import (
    DUE,
    REFERENCE,
    SEED,
    SMUGGLERS,
    numbers_in,
    secrets_of,
    without_digests,
    write_course,
)

from grader.batch import Graded, Kit, Order, grade_order, kit_of
from grader.batch.kit import bench_of
from grader.bundle import answer
from grader.bundle.settings import files_of
from grader.cases import public_seed
from grader.course import Course, load
from grader.errors import CourseError
from grader.grade import Run, grade_submission
from grader.grades import EXPORTERS, Export, for_students, gradebook, handed_of
from grader.grades.showing import reports_of
from grader.model import FaultKind, Limits, Rubric
from grader.report import to_json
from grader.submission import Submission

AFTER = datetime.fromisoformat(DUE)
BEFORE = AFTER - timedelta(minutes=1)
SHEETS: dict[str, dict[str, Any]] = {
    "canvas": {"sheet": b"ID,HW (1)\nPoints Possible,18\nada,\n", "column": "1"},
    "moodle": {"sheet": b"Identifier,ID number,Grade,Last modified (grade),Feedback comments\n"
                        b"P 1,ada,,,\n"},
}  # fmt: skip
WORDS = ("pad0", "affine:case", "cube:random", str(SEED), "public, ")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the course twice: as it is, and with everything public."""
    root = tmp_path_factory.mktemp("visibility")
    write_course(root / "hiding")
    write_course(root / "open", is_hiding=False)
    return root


@cache
def kit_at(root: Path) -> tuple[Kit, Rubric]:
    """Return the kit of a course and its rubric."""
    course = Course(root, "Hidden")
    assignment, rubric = load(course, "gates")
    seeds = {"gates": (public_seed(SEED, assignment), f"public, {SEED}")}
    texts = {"gates": (root / "rubrics" / "gates.yaml").read_text()}
    return kit_of(course, [(assignment, rubric)], texts, seeds, "auto", allow_weak=True), rubric


def graded(root: Path, source: str, now: datetime | None = BEFORE) -> Graded:
    """Grade a source as a batch does."""
    submission = Submission("ada", {"gates.py": source}, {}, (), "")
    attempt = {"key": "ada", "students": ["ada"], "problem": ""}
    order = Order("ada", "", (("gates", submission),), attempt, now=now)
    return grade_order(order, kit_at(root)[0])


def papers_of(found: Graded, rubric: Rubric, now: datetime | None) -> dict[str, str]:
    """Return everything a student may be given, by what writes it, decoded and without digests."""
    document, rubrics = json.loads(found.json), {"gates": rubric}
    rows = gradebook([handed_of(document)], rubrics)
    papers = {"report.md": found.markdown}
    papers["document"] = json.dumps(for_students(document, rubrics, now))
    for name, export in EXPORTERS.items():
        if name in SHEETS or name not in ("canvas", "moodle"):
            more = SHEETS.get(name, {})
            made = export(Export(rows, lambda _: document, rubrics=rubrics, now=now, **more))
            (content,) = made.files.values()
            is_packed = name == "github_classroom"
            papers[name] = (base64.b64decode(content) if is_packed else content).decode()
    return {writer: without_digests(text) for writer, text in papers.items()}


def told(text: str, secrets: Any) -> list[float]:
    """Return the secrets that a text tells to four digits or more, also as whole numbers."""
    known = np.concatenate([secrets, 1e5 * secrets])
    return [float(n) for n in numbers_in(text) if np.any(np.abs(known - n) <= 2e-5 * n)]


def redacted(found: Graded, rubric: Rubric) -> str:
    """Return the reports as a student may see them before the due date, as JSON."""
    seen = for_students(json.loads(found.json), {"gates": rubric}, BEFORE)
    return without_digests(json.dumps(seen))


def outcomes(found: Graded) -> dict[str, str]:
    """Return the outcome of every check and task."""
    (report,) = json.loads(found.json)["reports"]
    checks = {f"{t['id']} {c['id']}": c["outcome"] for t in report["tasks"] for c in t["checks"]}
    return {**checks, **{task["id"]: task["outcome"] for task in report["tasks"]}}


@pytest.mark.parametrize("name", SMUGGLERS)
def test_nothing_of_a_hidden_check_reaches_a_student(name: str, home: Path) -> None:
    """No number, case, seed, name or text, in no writer; instructors are told."""
    kit, rubric = kit_at(home / "hiding")
    secrets = secrets_of(bench_of(kit).prepared["gates"], rubric)
    found = graded(home / "hiding", SMUGGLERS[name])
    for writer, text in papers_of(found, rubric, BEFORE).items():
        assert told(text, secrets) == [], (writer, text)
        assert [word for word in WORDS if word in text] == [], (writer, text)
        assert "late backward" not in text, writer
    # What this test looks for is there to be found.
    assert told(found.json, secrets)
    assert all(word in found.json for word in WORDS)
    in_one_process = graded(home / "open", SMUGGLERS[name])
    assert told(in_one_process.markdown, secrets)
    needs_two = name in ("prints", "warns") or "elsewhere" in name
    assert bool(told(redacted(in_one_process, rubric), secrets)) is needs_two


WRONG = REFERENCE.replace("x.T @ dout", "x.T @ dout * 2").replace("3.0 *", "2.0 *")
ONE_CASE = REFERENCE.replace("return x @ w + b", "return x @ w + b * (len(x) != 13)")


@pytest.mark.parametrize(
    "source",
    [REFERENCE, WRONG, ONE_CASE, "", "1 / 0", REFERENCE.replace("x**3", "[][1]"),
     REFERENCE.replace("x**3", "exec('while 1: pass')"),
     REFERENCE.replace("x @ w + b", "__import__('os')._exit(0)")],
    ids=["right", "wrong", "one case", "empty", "not loaded", "raises", "endless", "dies"],
)  # fmt: skip
def test_hiding_changes_no_verdict(source: str, home: Path) -> None:
    """Two processes judge as one does, whatever is hidden."""
    plain, hiding = graded(home / "open", source), graded(home / "hiding", source)
    assert outcomes(hiding) == outcomes(plain)
    assert (hiding.score, hiding.max_score) == (plain.score, plain.max_score)


def test_both_processes_share_the_total_time(home: Path) -> None:
    """Hiding checks gives code no more time: what one process took the other one has not."""
    kit, _ = kit_at(home / "hiding")
    prepared = bench_of(kit).prepared["gates"]
    given: list[float] = []
    charged: list[float] = []

    class Clocked(InProcess):
        student_seconds = 5.0

        def __init__(self, files: Mapping[str, str], limits: Limits) -> None:
            super().__init__(files, limits)
            given.append(limits.total_seconds)

        def charge(self, seconds: float) -> None:
            charged.append(seconds)

    submission = Submission("ada", {"gates.py": REFERENCE}, {}, (), "")
    grade_submission(prepared, submission, Run(Clocked, "none", ""))
    total = prepared.assignment.limits.total_seconds
    assert given[0] == total
    assert set(given[1:]) == {total - 5.0}
    assert charged == [5.0] * len(given[1:])


@pytest.mark.parametrize("kind", [FaultKind.RAISED, FaultKind.DIED])
def test_a_file_that_loads_in_one_process_of_two(kind: FaultKind, home: Path) -> None:
    """What is lost with the process of hidden cases has a finding, and costs no public check."""
    kit, _ = kit_at(home / "hiding")
    prepared = bench_of(kit).prepared["gates"]
    submission = Submission("ada", {"gates.py": REFERENCE}, {}, (), "")
    report = grade_submission(prepared, submission, Run(loading_once(kind), "none", ""))
    told = {(t.id, f.check): f.code for t in report.tasks for f in t.findings}
    code = "L104" if kind is FaultKind.RAISED else "L110"
    assert told == {("affine", "case.pad0"): code, ("cube", "forward"): code}
    assert {t.id: t.score for t in report.tasks} == {"affine": 5, "cube": 0, "late": 4, "square": 4}


def test_a_check_is_shown_after_the_due_date(home: Path) -> None:
    """In report.md by the time of grading, in an export by the time of the export."""
    _, rubric = kit_at(home / "hiding")
    source = REFERENCE.replace("2.0 * cache + 1.0", "2.0 * cache")
    before, after = (graded(home / "hiding", source, now) for now in (BEFORE, AFTER))
    assert before.json.partition('"seconds"')[0] == after.json.partition('"seconds"')[0]
    assert "checks shown after the due date" in before.markdown
    assert "late backward" not in before.markdown
    assert "late backward" in after.markdown
    assert "hidden checks" in after.markdown
    for name in ("gradescope", "prairielearn", "github_classroom"):
        assert "V402" not in papers_of(before, rubric, BEFORE)[name]
        assert "V402" in papers_of(before, rubric, AFTER)[name]


def test_gradescope_gets_the_visibility_of_each_line(home: Path) -> None:
    """A line for each visibility of a task, with nothing but points."""
    _, rubric = kit_at(home / "hiding")
    found = json.loads(papers_of(graded(home / "hiding", WRONG), rubric, BEFORE)["gradescope"])
    lines = {t["name"]: t for t in found["tests"] if t["visibility"] != "visible"}
    assert {name: (t["visibility"], t["score"], t["max_score"]) for name, t in lines.items()} == {
        "affine hidden checks": ("hidden", 0, 1),
        "cube hidden checks": ("hidden", 2, 4),
        "late checks shown after the due date": ("after_due_date", 2, 2),
    }  # fmt: skip
    assert found["execution_time"] == 0
    assert sum(t["score"] for t in found["tests"]) == found["score"]


def test_the_autograder_of_a_bundle_hides_too(home: Path, tmp_path: Path) -> None:
    """What it writes is for students."""
    for place, text in files_of(kit_at(home / "hiding")[0]).items():
        (tmp_path / "source" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / place).write_text(text)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "gates.py").write_text(SMUGGLERS["raises"])
    text, _ = answer(tmp_path / "source", tmp_path / "submission")
    assert "affine hidden checks" in text
    assert "raised" not in text
    assert [word for word in WORDS if word in text] == []


@pytest.mark.parametrize("source", [REFERENCE, WRONG, SMUGGLERS["raises"]])
def test_a_document_that_is_read_back_is_the_same(source: str, home: Path) -> None:
    """Field by field; where nothing is hidden, students get all of it."""
    document = json.loads(graded(home / "open", source).json)
    assert to_json.as_plain(reports_of(document)) == document["reports"]
    assert for_students(document, {}, None) == document
    hiding = json.loads(graded(home / "hiding", source).json)
    assert to_json.as_plain(reports_of(hiding)) == hiding["reports"]
    # The report alone says that something is hidden, should its rubric be gone, or say less.
    less = {"gates": kit_at(home / "open")[1]}
    assert for_students(hiding, {}, None) == for_students(hiding, less, BEFORE) != hiding


@pytest.mark.parametrize("spoil", [{"tasks": None}, {"findings": [{}]}, {"limits": None}])
def test_a_document_of_somebody_else_is_refused(spoil: dict[str, Any], home: Path) -> None:
    """With a sentence."""
    document = json.loads(graded(home / "open", REFERENCE).json)
    document["reports"][0] |= spoil
    with pytest.raises(CourseError, match="not a report of a batch"):
        for_students(document, {}, None)
