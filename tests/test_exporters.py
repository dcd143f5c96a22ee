"""What other systems take: every constraint of theirs on a class with every kind of row."""

from __future__ import annotations

import base64
import csv
import io
import json
from fractions import Fraction
from typing import Any

import pytest
from grades_documents import DUE, Member, document, finding, report, rows_of, rubric, task

from grader.grades import EXPORTERS, Export, Exported, Override, Row, for_students
from grader.grades.exporters import autolab, github_classroom, gradescope, markdown, prairielearn
from grader.grades.exporters.nbgrader import COLUMNS
from grader.grades.showing import reports_of
from grader.model import LateRule, Rubric
from grader.report import to_markdown

HIDDEN = report(
    "gates",
    task("add", 1, visibility="hidden", findings=[finding("V401", evidence={"got": 666})]),
    task("max", 1.5, findings=[finding("V402", "backward[dx]", help="look", replay="grade x")]),
)
FULL = report("gates", task("add", 2), task("max", 2))
VOID = report("gates", task("add", 2), task("max", 0, outcome="void"))
MADE = Override("made", "max", Fraction("1.25"), "appeal", "bo", "2026-03-03")
LATE = rubric(late=LateRule(Fraction(10)), due=DUE)
MANUAL = rubric(manual={"derivation": 5})
CLASS: dict[str, tuple[Any, Rubric]] = {
    "full": (document("full", FULL), LATE),
    "hidden": (document("hidden", HIDDEN), LATE),
    "late": (document("late", FULL, at="2026-03-02T10:00Z"), LATE),
    "made": (document("made", HIDDEN), LATE),
    "manual": (document("manual", FULL), MANUAL),
    "void": (document("void", VOID), LATE),
    "unread": (document("unread", problem="a bad zip"), LATE),
}


def line_of(name: str) -> tuple[Row, Any]:
    """Return the row of one student, and the document as the student may see it."""
    paper, known = CLASS[name]
    (row,) = rows_of([paper], known, overrides=[MADE])
    return row, for_students(paper, {known.id: known}, None)


def exported(name: str, *rows: Row, **more: Any) -> Exported:
    """Return what an exporter makes of rows."""
    papers = {paper["attempt"]["key"]: paper for paper, _ in CLASS.values()}
    return EXPORTERS[name](Export(rows, papers.__getitem__, **more))


def gradescope_of(name: str) -> dict[str, Any]:
    """Return ``results.json`` of one student, as Gradescope parses it."""
    found: dict[str, Any] = json.loads(gradescope.results(*line_of(name)))
    return found


@pytest.mark.parametrize("name", CLASS)
def test_gradescope_results_keep_every_rule(name: str) -> None:
    """Field names, types, formats, visibilities and numbers are those of its documentation."""
    text = gradescope.results(*line_of(name))
    found = gradescope_of(name)
    assert found.keys() <= {
        "score", "execution_time", "output", "output_format", "test_output_format",
        "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
    }  # fmt: skip
    assert type(found["score"]) in (int, float)
    assert type(found["execution_time"]) in (int, float)
    assert found["stdout_visibility"] == "hidden"
    assert "\\r" not in text
    for test in found["tests"]:
        assert test.keys() <= {
            "score", "max_score", "status", "name", "name_format", "number", "output",
            "output_format", "tags", "visibility", "extra_data",
        }  # fmt: skip
        assert type(test["number"]) is str
        assert test["visibility"] in {"hidden", "after_due_date", "after_published", "visible"}
        assert test.get("status", "passed") in {"passed", "failed"}
        assert ("score" in test) == ("max_score" in test) == ("status" in test)
    priced = sum(test.get("score", 0) for test in found["tests"])
    assert priced == found["extra_data"]["raw_score"]


@pytest.mark.parametrize(
    ("name", "score", "numbers", "told"),
    [
        ("full", 4, ["1.1", "1.2", "2.1", "2.2"], ""),
        ("hidden", 2.5, ["1.1", "2.1", "2.2"], ""),
        ("late", 3.6, ["1.1", "1.2", "2.1", "2.2"],
         "gates: 1 day late, 10 % off\n4 points, less 0.4 for lateness"),
        ("made", 2.25, ["1.1", "2.1"], ""),
        ("manual", 4, ["1.1", "1.2", "2.1", "2.2", "3.1"],
         "graded by a human, not in yet: derivation"),
        ("void", 2, ["1.1", "1.2", "2.1"],
         "NOT COMPLETE: max could not be graded; tell your instructor"),
        ("unread", 0, ["1.1", "2.1"], "This submission could not be read; tell your instructor."),
    ],
)  # fmt: skip
def test_gradescope_says_what_counts(
    name: str, score: float, numbers: list[str], told: str
) -> None:
    """The total is the row's score; lateness and what is open stand on top."""
    found = gradescope_of(name)
    assert (found["score"], found["output"]) == (score, told)
    assert [test["number"] for test in found["tests"]] == numbers


def test_hidden_checks_tell_nothing_and_human_words_are_told() -> None:
    """No message of a hidden check leaves; an override shows its reason in the task's place."""
    hidden = [t for t in gradescope_of("hidden")["tests"] if t["visibility"] == "hidden"]
    assert [(test["name"], test["score"], test["max_score"]) for test in hidden] == [
        ("add hidden checks", 1, 2)
    ]
    assert hidden[0]["output"] == "not every one passed"
    (shown,) = [t for t in gradescope_of("hidden")["tests"] if "V402" in t.get("output", "")]
    assert shown["output"] == "V402 about V402\nhelp: look\nreplay: grade x"
    (made,) = [t for t in gradescope_of("made")["tests"] if t["name"] == "max"]
    assert (made["score"], made["max_score"]) == (1.25, 2)
    assert made["output"] == "set by hand: appeal (bo, 2026-03-03)"
    (manual,) = [t for t in gradescope_of("manual")["tests"] if t["name"] == "derivation"]
    assert "score" not in manual
    for name in ("gradescope", "prairielearn", "github_classroom"):
        (content,) = exported(name, line_of("hidden")[0]).files.values()
        text = content if name != "github_classroom" else base64.b64decode(content)
        assert b"V401" not in text
        assert b"666" not in text


@pytest.mark.parametrize(
    ("name", "score"),
    [("full", 1), ("hidden", 0.625), ("late", 0.9), ("made", 0.5625), ("manual", 1),
     ("void", None), ("unread", None)],
)  # fmt: skip
def test_prairielearn_results_keep_every_rule(name: str, score: float | None) -> None:
    """A share from 0 to 1, points on every test, and no attempt lost where nobody could judge."""
    found = json.loads(prairielearn.results(*line_of(name)))
    assert found["gradable"] is (score is not None)
    assert found.get("score") == score
    if score is None:
        assert found["message"]
        assert ("format_errors" in found) == (name == "unread")
    for test in found.get("tests", []):
        assert {"name", "points", "max_points"} <= test.keys()
        assert 0 <= test["points"] <= test["max_points"] or not test["max_points"]


def test_prairielearn_results_stay_below_a_megabyte() -> None:
    """Texts shrink until the whole fits; points never do."""
    long = [finding("V402", message="ü" * 30_000)]
    names = [f"t{n}" for n in range(20)]
    paper = document("full", report("gates", *(task(n, 1.5, findings=long) for n in names)))
    (row,) = rows_of([paper], rubric(prices=dict.fromkeys(names, 2)))
    text = prairielearn.results(row, paper)
    assert 100_000 < len(text.encode()) < 1_000_000
    found = json.loads(text)
    assert found["score"] == 0.75
    assert sum(test["points"] for test in found["tests"]) == 30
    assert "V402" in found["tests"][0]["message"]


def classroom_of(row: Row, paper: Any) -> dict[str, Any]:
    """Return a grader's result as the reporter decodes it."""
    found: dict[str, Any] = json.loads(base64.b64decode(github_classroom.result(row, paper)))
    return found


def printed(found: dict[str, Any]) -> float:
    """Return the points that the reporter prints: passed tests over tests, times the maximum."""
    passed = sum(test["status"] == "pass" for test in found["tests"])
    return float(passed / len(found["tests"]) * found["max_score"])


@pytest.mark.parametrize(
    ("name", "status", "score", "most"),
    [("full", "pass", 4, 4), ("hidden", "fail", 2.5, 4), ("late", "fail", 3.6, 4),
     ("made", "fail", 2.25, 4), ("manual", "fail", 4, 9), ("void", "error", 0, 2),
     ("unread", "error", 0, 4)],
)  # fmt: skip
def test_classroom_prints_and_records_the_same_points(
    name: str, status: str, score: float, most: float
) -> None:
    """The sum of the scores and the share of passed tests agree; there is always a test."""
    found = classroom_of(*line_of(name))
    assert (found["version"], found["status"], found["max_score"]) == (3, status, most)
    assert sum(test["score"] for test in found["tests"]) == pytest.approx(score, abs=1e-9)
    assert printed(found) == pytest.approx(score, abs=1e-9)
    for test in found["tests"]:
        assert test.keys() == {
            "name", "status", "message", "test_code", "task_id", "filename", "line_no",
            "duration", "score", "output",
        }  # fmt: skip
        assert test["status"] in {"pass", "fail", "error"}
        assert len(test["output"]) <= 500


@pytest.mark.parametrize("points", ["0.0001", "1.2345", "1.9999"])
def test_classroom_records_odd_points_exactly(points: str) -> None:
    """Where no few equal tests can show it, what is printed is off by a hundredth at most."""
    paper = document("full", report("gates", task("add", 2), task("max", float(points))))
    (row,) = rows_of([paper])
    found = classroom_of(row, paper)
    assert sum(test["score"] for test in found["tests"]) == pytest.approx(float(row.score))
    assert len(found["tests"]) <= 500
    assert abs(printed(found) - float(row.score)) <= 4 / 100
    assert found["status"] == "fail"
    assert any(test["status"] == "fail" for test in found["tests"])


def test_autolab_line_leaves_open_scores_alone() -> None:
    """One line of JSON whose problems are the tasks; what does not stand is not in it."""
    scores = {name: json.loads(autolab.line(line_of(name)[0]))["scores"] for name in CLASS}
    assert scores["full"] == {"add": 2, "max": 2}
    assert scores["made"] == {"add": 1, "max": 1.25}
    assert scores["late"] == {"add": 2, "max": 2}
    assert scores["void"] == {"add": 2}
    assert scores["manual"] == {"add": 2, "max": 2}
    assert scores["unread"] == {}
    assert all("\n" not in autolab.line(line_of(name)[0]) for name in CLASS)


def test_nbgrader_columns_and_arithmetic() -> None:
    """Its columns in its order; raw score less penalty; missing work is 0, open work is empty."""
    two = {"gates": LATE, "losses": rubric("losses", {"svm": 4})}
    roster = [Member("007", 'Bond, "J" James'), Member("010", "李雷"), Member("void", "=A1")]
    documents = [
        document("007", FULL, report("losses", task("svm", 3, 4)), at="2026-03-02T10:00:00+01:00"),
        document("void", VOID, report("losses", task("svm", 4, 4))),
    ]
    rows = rows_of(documents, *two.values(), roster=roster)
    (content,) = exported("nbgrader", *rows).files.values()
    lines = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert tuple(lines[0]) == COLUMNS
    numbers = [
        [line[c] for c in ("student_id", "assignment", *COLUMNS[7:])] for line in lines
    ]  # fmt: skip
    assert numbers == [
        ["007", "gates", "4", "0.4", "3.6", "4"], ["007", "losses", "3", "0", "3", "4"],
        ["010", "gates", "0", "0", "0", "4"], ["010", "losses", "0", "0", "0", "4"],
        ["void", "gates", "", "", "", "2"], ["void", "losses", "4", "0", "4", "4"],
    ]  # fmt: skip
    assert (lines[0]["last_name"], lines[0]["first_name"]) == ("Bond", '"J" James')
    assert (lines[2]["last_name"], lines[4]["last_name"]) == ("李雷", "'=A1")
    assert lines[0]["timestamp"] == "2026-03-02 09:00:00"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("full", []),
        ("late", ["gates: 1 day late, 10 % off", "4 points, less 0.4 for lateness"]),
        ("made", ["max: 1.25 / 2, set by hand: appeal (bo, 2026-03-03)"]),
        ("manual", ["graded by a human, not in yet: derivation"]),
        ("void", ["NOT COMPLETE: max could not be graded; tell your instructor"]),
        ("unread", []),
    ],
)
def test_markdown_tells_what_came_after_grading(name: str, told: list[str]) -> None:
    """Below the report, which is the one that students get of a batch."""
    row, paper = line_of(name)
    text = markdown.page(row, paper)
    report, _, after = text.partition("\n### After grading\n\n")
    assert after.splitlines() == [f"- {line}" for line in told]
    assert report == to_markdown.write(reports_of(paper))
    assert ("Nothing was graded." in report) is (name == "unread")


@pytest.mark.parametrize(
    "name", ["gradescope", "prairielearn", "github_classroom", "autolab", "nbgrader", "markdown"]
)
def test_who_is_held_back_is_told_and_the_missing_have_no_file(name: str) -> None:
    """Open rows are named with their reason; a file a student, whatever the ids are."""
    roster = [Member(n) for n in ("full", "Full", "void", "gone")]
    rows = rows_of([CLASS["full"][0], CLASS["void"][0]], LATE, roster=roster)
    made = exported(name, *rows)
    assert made.problems == ("void: partial, left as it was (void: max)",)
    assert len(made.files) == (1 if name == "nbgrader" else 2)


def test_members_of_a_group_get_their_own_results() -> None:
    """One submission, two files; an override of one does not reach the other."""
    paper = document(["made", "b"], HIDDEN)
    rows = rows_of([paper], LATE, overrides=[MADE])
    files = EXPORTERS["gradescope"](Export(rows, lambda _: paper)).files
    assert {name: json.loads(text)["score"] for name, text in files.items()} == {
        "made/results.json": 2.25, "b/results.json": 2.5,
    }  # fmt: skip
