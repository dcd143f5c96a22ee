"""What the gradebook writes: CSV, JSON lines, the summary, differences, explanations."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from grades_documents import DUE, Member, document, finding, report, rows_of, rubric, task
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.codes import CODES
from grader.errors import CourseError
from grader.grades import (
    Override,
    describe,
    diff,
    explain,
    file_name,
    handed_of,
    pseudonym,
    to_csv,
    to_jsonl,
    to_summary,
    under_pseudonyms,
)
from grader.grades.rows import shown
from grader.model import LateRule

FULL = report("gates", task("add", 2), task("max", 2))
HALF = report("gates", task("add", 2), task("max", 0.3333, findings=[finding("V402")]))
MADE = Override("ada", "max", Fraction(1), "=cmd()|x", "bo", "2026-03-03")
KEY = b"0123456789abcdef"


def table(content: bytes) -> list[dict[str, str]]:
    """Return a CSV file as a spreadsheet or pandas reads it."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_of_a_class() -> None:
    """One line a student: ids and names whole, numbers exact, open points empty."""
    roster = [Member("007", 'O\'Neil, "Ann"\nMaría'), Member("010", "李雷")]
    void = report("gates", task("add", 2), task("max", 0, outcome="void"))
    documents = [
        document("007", HALF, at="2026-03-02T10:00Z"), document("zed", void), document("yak")
    ]  # fmt: skip
    known = rubric(late=LateRule(Fraction(10)), due=DUE)
    content = to_csv.write(rows_of(documents, known, roster=roster))
    assert content.startswith(b"\xef\xbb\xbf")
    first, missing, unread, void_row = table(content)
    assert (first["id"], first["name"]) == ("007", 'O\'Neil, "Ann"\nMaría')
    assert (first["raw_score"], first["late_penalty"]) == ("2.3333", "0.2333")
    assert (first["score"], missing["score"]) == ("2.1", "0")
    assert (first["add"], first["max"], first["days_late"]) == ("2", "0.3333", "1")
    assert (missing["id"], missing["name"], missing["status"]) == ("010", "李雷", "missing")
    assert (missing["score"], missing["add"]) == ("0", "0")
    assert (unread["status"], unread["add"]) == ("unreadable", "")
    assert (void_row["status"], void_row["max"], void_row["max_score"]) == ("partial", "", "2")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
                  st.text(st.characters(codec="utf-8", exclude_characters="\0"))),
        min_size=1, max_size=4, unique_by=lambda pair: pair[0],
    )
)  # fmt: skip
def test_any_id_and_name_survives_and_none_is_a_formula(people: list[tuple[str, str]]) -> None:
    """Whatever they hold, they are read back; what a spreadsheet would run has an apostrophe."""
    roster = [Member(*person) for person in people]
    lines = table(to_csv.write(rows_of([], roster=roster)))
    for (student, name), line in zip(people, lines, strict=True):
        for text, cell in ((student, line["id"]), (name, line["name"])):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    records = to_jsonl.write(rows_of([], roster=roster)).splitlines()
    assert [(r["id"], r["name"]) for r in map(json.loads, records)] == people


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_formulas_are_texts_in_every_column(mark: str) -> None:
    """Names, ids and reasons of a human are no formulas, while numbers stay numbers."""
    made = replace(MADE, student=f"{mark}ada", reason=f"{mark}1+1")
    rows = rows_of([document(f"{mark}ada", HALF)], overrides=[made])
    (line,) = table(to_csv.write(rows))
    assert line["id"] == f"'{mark}ada"
    assert line["overrides"].startswith("max: 1, ")
    assert line["score"] == "3"


def test_json_lines_hold_all_there_is() -> None:
    """A row with its attempts, its override and what the grader gave without it."""
    (row,) = map(json.loads, to_jsonl.write(rows_of([document("ada", HALF)], overrides=[MADE]))
                 .splitlines())  # fmt: skip
    assert (row["score"], row["status"]) == (3, "graded")
    assert row["tasks"][1]["machine"] == 0.3333
    assert row["tasks"][1]["override"] == {
        "points": 1, "reason": "=cmd()|x", "by": "bo", "when": "2026-03-03"
    }  # fmt: skip
    assert row["attempts"] == [
        {"key": "k-ada", "submitted_at": "", "score": 2.3333, "max_score": 4}
    ]


def test_numbers_are_plain_text() -> None:
    """No exponent, no trailing zero, one rounding."""
    points = (0, 3, Fraction(1, 3), Fraction(-7, 2), Fraction(1, 10**6), 10**9, Fraction(1, 8))
    assert [shown(Fraction(p)) for p in points] == [
        "0", "3", "0.3333", "-3.5", "0", "1000000000", "0.125"
    ]  # fmt: skip


def test_summary_says_how_the_class_did() -> None:
    """Distribution over grades that stand, checks, findings counted once a submission, humans."""
    documents = [
        document(["a", "b"], FULL, key="k1"),
        document("c", HALF),
        document("d", report("gates", task("add", 0, findings=[finding("V401"), finding("V402")]),
                             task("max", 0, outcome="timed_out", findings=[finding("V402")]))),
        document("e|", report("gates", task("add", 0, outcome="void"), task("max", 2))),
        document("f", problem="*bad* archive"),
    ]  # fmt: skip
    known = [handed_of(d) for d in documents]
    rows = rows_of(documents, roster=[Member(n, "Ann Lee") for n in ("a", "b", "c", "d", "g")])
    page = to_summary.write(rows, known, lambda code: CODES[code].title)
    assert "7 students: 4 graded, 1 partial, 1 unreadable, 1 missing." in page
    assert "4 grades: mean 2.58, median 3.17, quartiles 1.75 and 4, lowest 0, highest 4." in page
    assert " 90 to 100 %      2  " + "#" * 40 in page
    assert "| gates max forward | 2 | 40 % |" in page
    assert "| V402 wrong gradient | 2 | 40 % |" in page
    assert "| V401 wrong output | 1 | 20 % |" in page
    assert "- d: timed out: max" in page
    assert "- e\\|: void: add" in page
    assert "## Missing (1)\n\n- g\n" in page
    assert "- f: unreadable: \\*bad\\* archive" in page
    assert "Ann" not in page


def test_summary_of_nobody_is_still_a_page() -> None:
    """An empty class has no distribution."""
    assert to_summary.write((), (), str) == "# Summary\n\n0 students: none.\n"


OTHER = {"digests": {"spec": "c" * 64, "submission": "b" * 64}, "seed": "public, 1"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (FULL, FULL, []),
        (FULL, {**HALF, **OTHER},
         ["ada max: 2 -> 0.3333 (seed: public, 0 -> public, 1; spec changed)"]),
        (HALF, FULL,
         [("ada max: 0.3333 -> 2 "
           "(nothing that is recorded differs: the verdict is not repeatable)")]),
        (FULL, {**HALF, "digests": {**HALF["digests"], "seed": "d" * 64}},
         ["ada max: 2 -> 0.3333 (seed changed)"]),
        (FULL, {**HALF, "versions": {"numpy": "2.1"}},
         ["ada max: 2 -> 0.3333 (version of numpy: 2.0 -> 2.1)"]),
        (FULL, report("gates", task("add", 2), task("max", 0, outcome="void"), **OTHER),
         ["ada max: 2 -> none (seed: public, 0 -> public, 1; spec changed; it is void)"]),
        (FULL, None, ["ada add: 2 -> none (another attempt: k-ada -> k2)",
                      "ada max: 2 -> none (another attempt: k-ada -> k2)"]),
    ],
)  # fmt: skip
def test_each_changed_score_has_its_reason(old: Any, new: Any, expected: list[str]) -> None:
    """Digests, versions and seeds that differ are named; where none does, that is said."""
    after = [document("ada", new)] if new else [document("ada", key="k2", number=2)]
    changes = diff(rows_of([document("ada", old)]), rows_of(after))
    assert [describe(change) for change in changes] == expected


def test_dropped_scores_come_first_and_humans_are_reasons() -> None:
    """The largest loss leads; overrides, lateness and students who came or went are told."""
    known = rubric(late=LateRule(Fraction(10)), due=DUE)
    old = rows_of([document("ada", HALF), document("bob", FULL), document("dan", FULL)], known)
    late = document("bob", HALF, at="2026-03-02T10:00Z")
    new = rows_of([document("ada", HALF), late, document("eve", HALF)], known, overrides=[MADE])
    told = [describe(change) for change in diff(old, new)]
    assert told[0] == "dan add: 2 -> none (the student is no longer there)"
    assert "ada max: 0.3333 -> 1 (override: =cmd()|x (bo, 2026-03-03))" in told
    assert "bob lateness: 0 -> -0.2333 (gates: 1 day late, 10 % off)" in told
    assert told[-1] == "eve add: none -> 2 (the student is new)"
    assert not diff(new, new)


def test_an_appeal_gets_everything_the_report_knows() -> None:
    """Case, expected, got, replay command, digests and seed stand on the page."""
    told = finding(
        "V402", "backward[dx]", case="max:random:0", argument="x",
        evidence={"got": 0.5, "expected": -1.25, "index": [0, 1], "odd": "`a`"},
        replay="grade x --assignment gates --replay max:random:0",
    )  # fmt: skip
    paper = document("ada", report("gates", task("add", 2), task("max", 0, findings=[told])))
    (row,) = rows_of([paper], overrides=[MADE])
    page = explain(row, "max", paper)
    assert "# ada: max" in page
    assert "**1 of 2 points, manual**" in page
    assert "The grader gave 0." in page
    assert "| backward\\[dx\\] | failed | 0 / 1.0 |" in page
    for line in (
        "- case: `max:random:0`", "- index: `[0, 1]`", "- expected: `-1.25`", "- got: `0.5`",
        "- inputs, expected and got in full: `grade x --assignment gates --replay max:random:0`",
        "- seed: `public, 0`", f"- digest of submission: `{'b' * 64}`", "- odd: `` `a` ``",
    ):  # fmt: skip
        assert line in page
    assert page.index("expected:") < page.index("got:")


def test_an_appeal_about_nothing_is_answered_too() -> None:
    """A missing student has no report; an unknown task names the nearest."""
    (row,) = rows_of([], roster=[Member("ada")])
    assert "Nothing of this task was handed in" in explain(row, "max", None)
    with pytest.raises(CourseError, match=r"no task `mux` \(did you mean `max`\?\)"):
        explain(row, "mux", None)


def test_pseudonyms_tell_nobody_who_is_who() -> None:
    """Ids, names, keys of attempts, remarks and the order are gone; the scores are the same."""
    roster = [Member(f"stud{n}", f"Name {n}", aliases=("login",)) for n in range(9)]
    documents = [document(m.id, HALF, note="stud in a zip") for m in roster]
    documents.append(document("stud8", problem="stud8.zip is broken", number=2, key="k-stud8-2"))
    rows = rows_of(documents, roster=roster, overrides=[replace(MADE, student="stud1")])
    hidden = under_pseudonyms(rows, KEY)
    written = to_csv.write(hidden).decode() + to_jsonl.write(hidden)
    assert "stud" not in written
    assert "Name" not in written
    assert "=cmd" not in written
    assert not any(row.aliases for row in hidden)
    assert [row.id for row in hidden] == sorted(pseudonym(KEY, row.id) for row in rows)
    assert sorted(row.score for row in hidden) == sorted(row.score for row in rows)
    assert pseudonym(KEY, "ada") != pseudonym(KEY[::-1], "ada")
    with pytest.raises(CourseError, match="too short"):
        pseudonym(b"short", "ada")


def test_every_id_has_a_file_name_of_its_own() -> None:
    """File names are plain whatever the ids are, and differ also where case does not count."""
    ids = ["ada", "Ada", "ADA", "../ada", "a,da", "李", "雷", "", ".", "..", "a" * 200, "con/aux"]
    names = [file_name(student) for student in ids]
    assert names[0] == "ada"
    assert len({name.lower() for name in names}) == len(ids)
    assert all(name.isascii() and "/" not in name and name.strip(".") for name in names)
    assert all(len(name) < 80 and not name.startswith(".") for name in names)
