"""Rows: who gets one, which attempt counts, what a human decided, what lateness costs."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from grades_documents import DUE, Member, document, finding, report, rows_of, rubric, task
from in_process import COURSE, grade_texts, prepared

from grader.errors import CourseError
from grader.grades import BEST, Override, Row, Status, explain, handed_of, prices, read_overrides
from grader.grades.documents import exact
from grader.model import LateRule
from grader.report import to_json

FULL = report("gates", task("add", 2), task("max", 2))
HALF = report("gates", task("add", 2), task("max", 0))
ZERO = report("gates", task("add", 0), task("max", 0))
VOID = report("gates", task("add", 2), task("max", 0, outcome="void", findings=[finding("G901")]))
BY_HAND = Override("ada", "max", Fraction(1), "right by another convention", "bo", "2026-03-03")


def only(*documents: Any, **more: Any) -> Row:
    """Return the one row of these documents."""
    (row,) = rows_of(documents, **more)
    return row


def worth(row: Row) -> tuple[str, float, float]:
    """Return the status of a row, its score and its maximum."""
    return row.status.value, float(row.score), float(row.max_score)


def test_everyone_on_the_roster_gets_a_row_and_so_does_everyone_else() -> None:
    """Rows come in the roster's order; missing work is one, a stranger is one for a human."""
    roster = [Member("007", "Bond, James"), Member("01", 'Ann "A"\nLee')]
    rows = rows_of([document("01", FULL), document("zoë", HALF)], roster=roster)
    assert [(r.id, r.name) for r in rows] == [
        ("007", "Bond, James"), ("01", 'Ann "A"\nLee'), ("zoë", "")
    ]  # fmt: skip
    assert [*map(worth, rows)] == [("missing", 0, 4), ("graded", 4, 4), ("graded", 2, 4)]
    assert [r.needs_human for r in rows] == [(), (), ("not on the roster",)]


def test_a_group_hands_in_once_and_each_has_a_row() -> None:
    """Those named by the attempt and those of the roster's group share it."""
    roster = [Member("a", group="1"), Member("b", group="1"), Member("c", group="2")]
    rows = rows_of([document(["a", "d"], FULL)], roster=roster)
    assert [(r.id, r.attempt) for r in rows] == [
        ("a", "k-a"),
        ("b", "k-a"),
        ("c", ""),
        ("d", "k-a"),
    ]
    assert [r.id for r in rows if r.status is Status.MISSING] == ["c"]


ATTEMPTS = [
    document("ada", HALF, key="one", number=1, at="2026-02-01T10:00Z"),
    document("ada", FULL, key="two", number=2, at="2026-02-02T10:00Z"),
    document("ada", HALF, key="three", number=3, at="2026-03-02T10:00Z"),
]


@pytest.mark.parametrize(
    ("documents", "which", "expected"),
    [
        (ATTEMPTS, "latest", "three"),
        (ATTEMPTS[::-1], "latest", "three"),
        (ATTEMPTS, BEST, "two"),
        (ATTEMPTS[::2], BEST, "three"),
        ([*ATTEMPTS, document("ada", key="four", number=4)], "latest", "four"),
        ([*ATTEMPTS, document("ada", key="four", number=4)], BEST, "two"),
        ([document("ada", ZERO, key="nil"), document("ada", key="four", number=4)], BEST, "nil"),
    ],
)
def test_latest_or_best_attempt_counts(documents: list[Any], which: str, expected: str) -> None:
    """Of equal ones the latest is best; one that cannot be read is never best; all are listed."""
    row = only(*documents, attempt=which)
    assert row.attempt == expected
    assert {a.key for a in row.attempts} == {d["attempt"]["key"] for d in documents}
    assert (row.status is Status.UNREADABLE) == (expected == "four")


def test_best_is_what_is_left_after_lateness() -> None:
    """A full but late attempt may be worth less than half of one in time."""
    late = LateRule(Fraction(60))
    attempts = [ATTEMPTS[0], document("ada", FULL, key="l", number=2, at="2026-03-02T10:00Z")]
    assert only(*attempts, attempt=BEST).attempt == "l"
    (row,) = rows_of(attempts, rubric(late=late, due=DUE), attempt=BEST)
    assert (row.attempt, float(row.score)) == ("one", 2)


@pytest.mark.parametrize(
    ("handed", "status", "score", "most", "human"),
    [
        (FULL, "graded", 4, 4, ()),
        (VOID, "partial", 2, 2, ("void: max (G901)",)),
        (None, "unreadable", 0, 4, ("unreadable: no such archive",)),
        (
            report("gates", task("add", 0, outcome="timed_out"), task("max", 1, outcome="faulted")),
            "graded", 1, 4, ("timed out: add", "raised or died: max"),
        ),
        (
            report("gates", task("add", 2, findings=[finding("D601", severity="review")]),
                   task("max", 2, findings=[finding("N701", severity="note")]),
                   findings=[finding("D602", severity="review")]),
            "graded", 4, 4, ("D601: add", "D602"),
        ),
        (report("other"), "graded", 0, 4, ()),
    ],
)  # fmt: skip
def test_status_and_who_needs_a_human(
    handed: Any, status: str, score: int, most: int, human: tuple[str, ...]
) -> None:
    """Void, unreadable, dead, slow and suspicious work is told; notes are not."""
    reports = [] if handed is None else [handed]
    row = only(document("ada", *reports, problem="" if reports else "no such archive"))
    assert worth(row) == (status, score, most)
    assert row.needs_human == human


def test_an_override_is_last_and_counts_for_one_student() -> None:
    """It changes the score of that student alone, keeps what the grader gave, and is seen."""
    ada, bob = rows_of([document(["ada", "bob"], HALF)], overrides=[BY_HAND])
    assert (float(ada.score), float(bob.score)) == (3, 2)
    (grade,) = [g for g in ada.tasks if g.override]
    assert (grade.label, grade.outcome) == ("max", "manual")
    assert [float(points) for points in (grade.score, grade.machine)] == [1, 0]
    assert ada.notes == ("max: right by another convention (bo, 2026-03-03)",)


def test_an_override_survives_a_regrade_and_settles_what_was_open() -> None:
    """The points of a human hold whatever the grader says later; a void task counts again."""
    for handed in (HALF, FULL):
        assert only(document("ada", handed), overrides=[BY_HAND]).score == 3
    row = only(document("ada", VOID), overrides=[BY_HAND])
    assert (worth(row), row.needs_human) == (("graded", 3, 4), ())


def test_manual_points_are_pending_until_a_human_gives_them() -> None:
    """The total includes them; even who handed in no code can earn them."""
    known = rubric(manual={"derivation": 5})
    given = Override("ada", "derivation", Fraction(7, 2), "page 1", "bo", "2026-03-03")
    (row,) = rows_of([document("ada", FULL)], known)
    assert worth(row) == ("pending", 4, 9)
    assert row.needs_human == ("to be graded by hand: derivation",)
    (row,) = rows_of([document("ada", FULL)], known, overrides=[given])
    assert worth(row) == ("graded", 7.5, 9)
    (row,) = rows_of([], known, overrides=[given], roster=[Member("ada")])
    assert worth(row) == ("graded", 3.5, 9)


RULE = LateRule(Fraction(10), Fraction(15), Fraction(3))


@pytest.mark.parametrize(
    ("at", "extension", "rule", "days", "penalty"),
    [
        ("2026-03-01T23:00:00+01:00", "", RULE, None, 0),
        ("2026-03-01T22:00:01Z", "", None, 1, 0),
        ("2026-03-01T22:15:00Z", "", RULE, None, 0),
        ("2026-03-01T22:15:01Z", "", RULE, 1, "0.4"),
        ("2026-03-02T22:00:00Z", "", RULE, 1, "0.4"),
        ("2026-03-02T22:00:01Z", "", RULE, 2, "0.8"),
        ("2026-03-04T22:00:00Z", "", RULE, 3, "1.2"),
        ("2026-03-04T22:00:01Z", "", RULE, 4, 4),
        ("2026-03-04T22:00:01Z", "", LateRule(Fraction(50)), 4, 4),
        ("2026-03-02T22:00:01Z", "2", RULE, None, 0),
        ("2026-03-02T22:00:01Z", "0.5", RULE, 1, "0.4"),
        ("2026-03-03T22:30:00Z", "2026-03-03", RULE, None, 0),
        ("2026-03-03T23:30:00Z", "2026-03-03", RULE, 1, "0.4"),
        ("2026-03-03T22:30:00Z", "2026-03-03T12:00Z", RULE, 1, "0.4"),
        ("2026-03-02T10:00:00Z", "2026-01-01", RULE, 1, "0.4"),
    ],
)  # fmt: skip
def test_lateness_is_a_line_of_its_own(
    at: str, extension: str, rule: LateRule | None, days: int | None, penalty: object
) -> None:
    """Begun days cost a share of the points earned; grace and extension are granted; not tasks."""
    handed = [document("ada", FULL, at=at, late=True)]
    (row,) = rows_of(handed, rubric(late=rule, due=DUE), roster=[Member("ada", "", "", extension)])
    assert row.raw_score == sum(g.score for g in row.tasks) == 4
    assert row.late_penalty == Fraction(str(penalty))
    assert row.score == 4 - row.late_penalty
    assert [late.days for late in row.late] == ([] if days is None else [days])


def test_lateness_that_nobody_can_measure_is_for_a_human() -> None:
    """A mark without a time costs nothing by itself; an extension nobody can read is told."""
    (row,) = rows_of([document("ada", FULL, late=True)], rubric(late=RULE, due=DUE))
    assert row.score == 4
    assert row.needs_human == ("gates: marked late; by how much is not known",)
    (row,) = rows_of([document("ada", FULL)], roster=[Member("ada", extension="tomorrow")])
    assert row.needs_human == ("the extension `tomorrow` is neither days nor a date",)


def test_several_assignments_each_have_their_due_date() -> None:
    """Tasks are named with their assignment, lateness is charged to its own points."""
    handed = [document("ada", FULL, report("losses", task("svm", 3, 4)), at="2026-03-02T10:00Z")]
    losses = rubric("losses", {"svm": 4})
    (row,) = rows_of(handed, rubric(late=RULE, due=DUE), losses)
    assert [g.label for g in row.tasks] == ["gates.add", "gates.max", "losses.svm"]
    assert (float(row.raw_score), float(row.score)) == (7, 6.6)
    (row,) = rows_of([document("ada", FULL)], rubric(), losses)
    assert [(g.label, g.outcome) for g in row.tasks][-1] == ("losses.svm", "missing")
    assert row.max_score == 8


def test_points_are_the_fractions_that_a_report_rounded() -> None:
    """Three times a third is one, with and without a human's word; other decimals stay."""
    assert exact(0.3333) == Fraction(1, 3)
    assert exact(2.1667) == Fraction(13, 6)
    for plain in (0.5, 2, 0, 0.1, 1.25, -1):
        assert exact(plain) == Fraction(str(plain))
    assert abs(exact(0.1234) - Fraction("0.1234")) <= Fraction(1, 20000)
    thirds = report("gates", *(task(n, 0.3333, 2) for n in ("a", "b", "c")), score=1)
    known = rubric(prices={"a": 2, "b": 2, "c": 2})
    (row,) = rows_of([document("ada", thirds)], known)
    assert row.score == 1
    made = Override("ada", "a", Fraction(1), "r", "b", "2026-01-01")
    (row,) = rows_of([document("ada", thirds)], known, overrides=[made])
    assert row.score == Fraction(5, 3)


def test_tasks_that_the_course_has_no_longer_count_for_nobody() -> None:
    """A report of an older rubric is read by today's: its other tasks are left out."""
    old = report("gates", task("add", 2), task("max", 1), task("min", 2))
    assert worth(only(document("ada", old))) == ("graded", 3, 4)


OVERRIDES = """\
overrides:
  - student: 007
    task: max
    points: 1.5
    reason: "appeal: right by another convention"
    by: bo
    when: 2026-03-03
"""
PRICES = prices({"gates": rubric(manual={"derivation": 5})})


def test_overrides_are_read_with_their_ids_verbatim() -> None:
    """Leading zeros are part of an id, and points are exact."""
    (made,) = read_overrides(OVERRIDES, "overrides.yaml", ["007"], PRICES)
    assert (made.student, made.points, made.when) == ("007", Fraction(3, 2), "2026-03-03")
    assert read_overrides("overrides: []\n", "overrides.yaml", [], PRICES) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("007", "07", ":2: overrides[0].student: nobody has the id `07` (did you mean `007`?)"),
        ("max", "mex", ":3: overrides[0].task: there is no task `mex` (did you mean `max`?)"),
        ("1.5", "2.5", ":4: overrides[0].points: `max` is worth 2 points at most"),
        ("1.5", "-1", ":4: overrides[0].points: points cannot be negative"),
        ("1.5", "all", ":4: overrides[0].points: expected a number"),
        ("2026-03-03", "yesterday", ":7: overrides[0].when: `yesterday` is not a date"),
        ("    by: bo\n", "", ":2: overrides[0]: the key `by` is missing"),
        ("by:", "bye:", "unknown key (did you mean `by`?)"),
        ("by: bo", "by:", "expected text"),
        ("overrides:", "override:", "the key `overrides` is missing"),
        (OVERRIDES[11:], OVERRIDES[11:] * 2, "`max` of `007` stands here twice"),
    ],
)
def test_bad_overrides_are_refused(old: str, new: str, problem: str) -> None:
    """Every problem has its line, and unknown words the nearest known one."""
    with pytest.raises(CourseError) as caught:
        read_overrides(OVERRIDES.replace(old, new), "overrides.yaml", ["007"], PRICES)
    assert any(problem in told for told in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    "broken", [{}, {"schema": 1, "reports": []}, {"schema": 2}, {"schema": 1, "attempt": 3}]
)
def test_other_documents_are_refused(broken: Any) -> None:
    """What is no report of a batch is said to be none."""
    with pytest.raises(CourseError, match="report"):
        handed_of(broken)


def test_real_reports_are_read_as_they_are_written() -> None:
    """What grading writes as JSON gives the score it says, task by task, and explains itself."""
    text = (COURSE.root / "examples" / "typical_mistakes" / "gates.py").read_text()
    graded = grade_texts(prepared("gates", 0), {"gates.py": text}, ["multiply", "max"])
    paper = {**json.loads(to_json.write([graded])), "attempt": document("ada")["attempt"]}
    (row,) = rows_of([paper], prepared("gates", 0).rubric)
    assert row.score == graded.score
    scores = {grade.label: grade.score for grade in row.tasks if grade.outcome != "missing"}
    assert scores == {task.id: task.score for task in graded.tasks}
    page = explain(row, "multiply", paper)
    (told,) = [f for t in graded.tasks if t.id == "multiply" for f in t.findings
               if f.check == "backward[dx]"]  # fmt: skip
    assert f"- expected: `{told.evidence['expected']}`" in page
    assert f"- got: `{told.evidence['got']}`" in page
    assert f"`{told.replay}`" in page
