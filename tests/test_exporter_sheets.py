"""Gradebooks and worksheets that were downloaded: matched by id, changed in one column alone."""

from __future__ import annotations

from typing import Any

import pytest
from grades_documents import DUE, Member, document, report, rows_of, rubric, task

from grader.errors import CourseError
from grader.grades import EXPORTERS, Export, Exported
from grader.model import LateRule

# As Canvas writes it: a byte order mark, a row for manual posting, blanks before the maxima.
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (501),Backprop (502),"
    "Homework Current Score,Final Score\n"
    ",,,,,,Manual Posting,,\n"
    "    Points Possible,,,,,10.00,4.00,(read only),(read only)\n"
    '"Lovelace, Ada",11,0011,ada@u.edu,"A and ""B""",9.50,,95.0,95.0\n'
    '"=""=Bob""",12,0012,bob@u.edu,A,,1.00,,\n'
    '"O\'Neil, María\nAnn",13,0013,013,A,8.00,EX,80.0,80.0\n'
    '"李, 雷",14,0014,lei@u.edu,A,  7 ,N/A,,\n'
    '"Nobody, Else",15,0015,else@u.edu,A,1.00,2.00,,\n'
    '"Student, Test",99,,abcdef,A,,,,'
).encode()
FULL = report("gates", task("add", 2), task("max", 2))
PART = report("gates", task("add", 2), task("max", 0.3333))
VOID = report("gates", task("add", 2), task("max", 0, outcome="void"))


def filled(name: str, sheet: bytes, papers: dict[str, Any], **more: Any) -> Exported:
    """Return what an exporter makes of a sheet, for reports by student."""
    roster = more.pop("roster", [Member(student) for student in papers])
    known = more.pop("rubric", rubric())
    documents = [document(student, paper) for student, paper in papers.items() if paper]
    rows = rows_of(documents, known, roster=roster)
    return EXPORTERS[name](Export(rows, lambda _: {}, sheet=sheet, **more))


@pytest.mark.parametrize("ids", [("11", "12"), ("0011", "0012"), ("ada@u.edu", "bob@u.edu")])
@pytest.mark.parametrize("column", ["Backprop", "502", "Backprop (502)"])
def test_canvas_changes_two_cells_and_no_other_byte(ids: tuple[str, str], column: str) -> None:
    """Whatever id the class is known by and however the assignment is named."""
    made = filled("canvas", CANVAS, dict(zip(ids, (FULL, PART), strict=True)), column=column)
    expected = CANVAS.replace(b"9.50,,95.0", b"9.50,4,95.0").replace(b"A,,1.00,", b"A,,2.3333,")
    assert made.files == {"gradebook.csv": expected}
    assert made.problems == ()


def test_canvas_keeps_what_is_not_ours() -> None:
    """Excused and unassigned students, open rows, strangers and the missing stay as they are."""
    papers = {"11": VOID, "12": None, "13": FULL, "14": FULL, "77": FULL}
    made = filled("canvas", CANVAS, papers, column="Backprop")
    assert made.files["gradebook.csv"] == CANVAS
    assert made.problems == (
        "77: not in the file",
        "13: EX there, left as it was",
        "14: N/A there, left as it was",
        "11: partial, left as it was (void: max)",
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.removeprefix(b"\xef\xbb\xbf"),
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b + b"\n",
        lambda b: b.replace("María".encode(), b"Mar\xeda"),
        lambda b: b.replace(b"4.00", b'"4,00"'),
    ],
)
def test_canvas_files_of_other_habits_stay_byte_for_byte(change: Any) -> None:
    """Byte order mark or none, line ends, an end of file, bytes that are no UTF-8, commas."""
    sheet = change(CANVAS)
    made = filled("canvas", sheet, {"12": PART, "0": FULL}, column="502").files["gradebook.csv"]
    number = b'"2,3333"' if b'"4,00"' in sheet else b"2.3333"
    assert made == sheet.replace(b"A,,1.00,", b"A,," + number + b",")


def test_canvas_with_semicolons() -> None:
    """European settings write semicolons and decimal commas; numbers follow them."""
    sheet = b'Student;ID;SIS Login ID;Section;B (1)\nPoints Possible;;;;4,00\n"A; B";7;a;S;\n'
    made = filled("canvas", sheet, {"7": PART}, column="B")
    assert made.files["gradebook.csv"] == sheet.replace(b";S;\n", b";S;2,3333\n")


def test_lateness_is_in_the_score_that_leaves() -> None:
    """What a gradebook gets is the score after lateness."""
    known = rubric(late=LateRule(rubric().total * 5), due=DUE)
    rows = rows_of([document("12", FULL, at="2026-03-02T10:00Z")], known)
    made = EXPORTERS["canvas"](Export(rows, lambda _: {}, sheet=CANVAS, column="502"))
    assert b"A,,3.2," in made.files["gradebook.csv"]


@pytest.mark.parametrize(
    ("name", "sheet", "more", "problem"),
    [
        ("canvas", CANVAS, {"column": "Backdrop"}, "no assignment `Backdrop` .did you mean"),
        ("canvas", CANVAS, {"column": "Final Score"}, "no assignment `Final Score`"),
        ("canvas", CANVAS.replace(b"Homework 1", b"Backprop"), {"column": "Backprop"}, "twice"),
        ("canvas", CANVAS.replace(b"Points Possible", b"Points"), {"column": "502"}, "missing"),
        ("canvas", CANVAS.replace(b"4.00", b"40.00"), {"column": "502"},
         "40 points for the assignment, and 4 were graded"),
        ("canvas", CANVAS.replace(b"11,0011,ada", b"98,12,ada"), {"column": "502"}, "disagree"),
        ("canvas", CANVAS, {"column": "502", "match_on": "SIS Login Id"},
         "did you mean `SIS Login ID`"),
        ("canvas", CANVAS, {"column": "502", "match_on": "SIS Login ID"}, "no student is found"),
        ("canvas", b"", {"column": "502"}, "no column"),
        ("canvas", CANVAS.decode().encode("utf-16"), {"column": "502"}, "UTF-8"),
        ("moodle", CANVAS, {}, "no column identifier"),
        ("moodle", b"Identifier,Grade\nParticipant 12,\n", {}, "no column last modified"),
    ],
)  # fmt: skip
def test_other_files_are_refused(
    name: str, sheet: bytes, more: dict[str, Any], problem: str
) -> None:
    """Nothing is guessed: another file, assignment, maximum or meaning of an id is an error."""
    with pytest.raises(CourseError, match=problem):
        filled(name, sheet, {"12": FULL}, **more)


def test_scores_are_scaled_where_that_is_asked_for() -> None:
    """Another maximum than ours is an instructor's decision."""
    sheet = CANVAS.replace(b"4.00", b"40.00")
    made = filled("canvas", sheet, {"12": PART}, column="502", is_scaled=True)
    assert b"A,,23.3333," in made.files["gradebook.csv"]


def test_two_students_never_get_the_grade_of_one_line() -> None:
    """An id on two lines, and two students of one line, are told and left alone."""
    twice = CANVAS.replace(b"12,0012", b"11,0012")
    made = filled("canvas", twice, {"11": FULL}, column="502")
    assert made.files["gradebook.csv"] == twice
    assert made.problems == ("11: stands there more than once",)
    roster = [Member("11"), Member("x", aliases=("11",))]
    made = filled("canvas", CANVAS, {"11": FULL, "x": PART}, column="502", roster=roster)
    assert made.files["gradebook.csv"] == CANVAS
    assert made.problems == tuple(
        f"{who}: shares a line of the file with another student" for who in ("11", "x")
    )


def test_other_names_of_the_roster_find_a_student() -> None:
    """The roster's id may be none of the gradebook's, as long as another name is."""
    roster = [Member("s-1", aliases=("nick", "bob@u.edu"))]
    made = filled("canvas", CANVAS, {"s-1": FULL}, column="502", roster=roster)
    assert b"A,,4," in made.files["gradebook.csv"]


MOODLE = (
    '\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\r\n'
    'Participant 501,"Lovelace, Ada",0011,ada@u.edu,"Submitted for grading - ",,4.00,Yes,'
    '"Sunday, 1 March 2026, 10:00 PM",-,\r\n'
    'Participant 502,Bob,0012,bob@u.edu,"No submission",,4.00,Yes,-,-,\r\n'
    'Participant 503,"María ""M"" O\'Neil",0013,m@u.edu,"Submitted for grading - ",1.00,4.00,Yes,'
    '-,"Sunday, 1 March 2026, 10:00 PM","<p>by hand, with\r\nline</p>"\r\n'
    "Participant 504,李雷,0014,lei@u.edu,Submitted,2.00,4.00,No,-,-,\r\n"
).encode()


@pytest.mark.parametrize("ids", [("501", "503"), ("0011", "0013"), ("ada@u.edu", "m@u.edu")])
def test_moodle_is_filled_in_place(ids: tuple[str, str]) -> None:
    """A grade and, where there is none yet, its feedback; what was written by hand stays."""
    made = filled("moodle", MOODLE, dict(zip(ids, (FULL, PART), strict=True)))
    expected = MOODLE.replace(b'- ",,4.00,Yes,', b'- ",4,4.00,Yes,')
    expected = expected.replace(b'PM",-,\r\n', b'PM",-,add: 2 / 2<br>max: 2 / 2\r\n')
    expected = expected.replace(b",1.00,4.00", b",2.3333,4.00")
    assert made.files == {"worksheet.csv": expected}
    assert made.problems == ()


def test_moodle_never_gets_feedback_without_a_grade() -> None:
    """Open and missing rows, and grades that cannot be changed, stay untouched."""
    made = filled("moodle", MOODLE, {"501": VOID, "502": None, "504": FULL})
    assert made.files["worksheet.csv"] == MOODLE
    assert made.problems == (
        "504: Moodle says that the grade cannot be changed",
        "501: partial, left as it was (void: max)",
    )


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (b"Identifier,Grade,Last modified (grade)\nParticipant 7,,-\n",
         b"Identifier,Grade,Last modified (grade)\nParticipant 7,2.3333,-\n"),
        (b'Identifier,Maximum Grade,Grade,Last modified (grade)\nTeilnehmer/in7,"4,00",,-',
         b'Identifier,Maximum Grade,Grade,Last modified (grade)\nTeilnehmer/in7,"4,00","2,3333",-'),
        (b"identifier;last modified (grade);feedback comments;grade\nUser 7;-;;",
         (b"identifier;last modified (grade);feedback comments;grade\n"
          b"User 7;-;add: 2 / 2<br>max: 0.3333 / 2;2.3333")),
    ],
)  # fmt: skip
def test_moodle_columns_vary(sheet: bytes, expected: bytes) -> None:
    """Case, order, missing columns, separators and decimals are those of the site."""
    assert filled("moodle", sheet, {"7": PART}).files["worksheet.csv"] == expected
