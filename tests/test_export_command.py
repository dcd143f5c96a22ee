"""`grade export`: what leaves the folder of a batch, and what does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from batch_folders import Said, batch_at, course_at, said
from grades_documents import document, report, task

from grader.grades import EXPORTERS, pseudonym
from grader.grades.cells import read_sheet

KEY = b"a key of sixteen characters"
FULL = report("gates", task("add", 2), task("max", 2))
HALF = report("gates", task("add", 2), task("max", 1))
VOID = report("gates", task("add", 2), task("max", 0, outcome="void"))
CLASS = [document("0042", FULL), document("0043", HALF)]
ROSTER = 'id,name,email\n0042,"Lovelace, Ada",ada@x.edu\n0043,李雷,lei@x.edu\n0044,"O""x, =B",\n'
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Backprop (502)\n"
    "    Points Possible,,,,,{}\n"
    '"Lovelace, Ada",7001,0042,ada,A,\n'
    '"雷, 李",7002,0043,lei,A,\n'
)
WORKSHEET = (
    "Identifier,ID number,Grade,Last modified (grade)\n"
    "Participant 1,0042,,-\nParticipant 2,0043,,-\n"
)
CSV_HEAD = '"id","name","status"'


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course, and beside it what the flags name."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "key").write_bytes(KEY + b"\n")
    (tmp_path / "other_key").write_bytes(KEY[::-1])
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK.format("4.00"))
    (tmp_path / "gradebook_of_8.csv").write_text(GRADEBOOK.format("8.00"))
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("somebody's")
    return course_at(tmp_path / "course")


@pytest.fixture
def export(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return how the command is run, beside the files above."""
    monkeypatch.chdir(course.parent)

    def run(folder: str | Path, words: str) -> Said:
        return said(capsys, "export", folder, "--course", "course", *words.split())

    return run


def kept(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("words", "place", "files"),
    [
        ("csv", "batch", ["grades.csv"]),
        ("jsonl", "batch", ["grades.jsonl"]),
        ("summary", "batch", ["summary.md"]),
        ("csv --out new.csv", ".", ["new.csv"]),
        ("csv --out new", "new", ["grades.csv"]),
        ("csv --out taken", "taken", ["grades.csv"]),
        ("nbgrader", "batch/exports/nbgrader", ["grades.csv"]),
        ("gradescope", "batch/exports/gradescope", ["0042/results.json", "0043/results.json"]),
        ("gradescope --out a/b", "a/b", ["0042/results.json", "0043/results.json"]),
        ("autolab", "batch/exports/autolab", ["0042/autolab.txt", "0043/autolab.txt"]),
        ("markdown", "batch/exports/markdown", ["0042/report.md", "0043/report.md"]),
        ("prairielearn --out p", "p", ["0042/results.json", "0043/results.json"]),
        ("github_classroom --out g", "g", ["0042/result.txt", "0043/result.txt"]),
        ("canvas --sheet gradebook.csv --column Backprop --out filled.csv", ".", ["filled.csv"]),
        ("canvas --sheet gradebook.csv --column 502", "batch/exports/canvas", ["gradebook.csv"]),
        ("canvas --sheet gradebook.csv --column 502 --out gradebook.csv", ".", ["gradebook.csv"]),
        ("moodle --sheet worksheet.csv --out m", "m", ["worksheet.csv"]),
    ],
)  # fmt: skip
def test_every_format_has_its_place(
    words: str, place: str, files: list[str], export: Any, tmp_path: Path
) -> None:
    """The files are there, stdout says where, nothing else is left, and again it is the same."""
    batch_at(tmp_path / "batch", CLASS)
    done = export("batch", f"--to {words}")
    assert (done.code, done.err) == (0, "")
    assert done.out.split(": ")[0].rstrip("\n") in {place, f"{place}/{files[0]}", files[0]}
    found = {name: (tmp_path / place / name).read_bytes() for name in files}
    assert all(found.values())
    if "--out" not in words:
        assert export("batch", f"--to {words}") == done
        assert {name: (tmp_path / place / name).read_bytes() for name in files} == found
    assert not list(tmp_path.rglob(".*"))
    assert (tmp_path / "taken" / "file").read_text() == "somebody's"


def test_every_exporter_is_a_format() -> None:
    """None is missing in the table above."""
    table = test_every_format_has_its_place.pytestmark[0].args[1]
    assert {words.split()[0] for words, _, _ in table} == {*EXPORTERS, "csv", "jsonl", "summary"}


PSEUDONYMOUS = {"has_roster": True, "is_pseudonymous": True}


@pytest.mark.parametrize(
    ("settings", "words", "fragment"),
    [
        ({}, "", "required: --to"),
        ({}, "--to word", "invalid choice: 'word'"),
        ({}, "--to csv --bogus", "unrecognized arguments: --bogus"),
        ({}, "--to canvas --column 502", "needs --sheet FILE: the gradebook"),
        ({}, "--to moodle", "needs --sheet FILE: the grading worksheet"),
        ({}, "--to canvas --sheet gradebook.csv", "needs --column NAME"),
        ({}, "--to canvas --sheet no.csv --column 502", "--sheet no.csv: cannot be read"),
        ({}, "--to canvas --sheet taken --column 502", "--sheet taken: cannot be read"),
        ({}, "--to canvas --sheet worksheet.csv --column 502", "gradebook: its first line"),
        ({}, "--to canvas --sheet gradebook.csv --column Bakprop", "did you mean `Backprop`?"),
        (
            {},
            "--to canvas --sheet gradebook.csv --column 502 --match-on ID",
            "no student is found",
        ),
        ({}, "--to canvas --sheet gradebook_of_8.csv --column 502", "have the scores scaled"),
        ({}, "--to moodle --sheet gradebook.csv", "no column identifier"),
        ({}, "--to moodle --sheet worksheet.csv --column 502", "--column: for --to canvas alone"),
        (
            {},
            "--to csv --sheet gradebook.csv --scaled --match-on ID",
            "--sheet, --match-on, --scaled: for --to canvas and --to moodle alone",
        ),
        ({}, "--to csv --roster no.csv", "no.csv: cannot be read"),
        ({}, "--to csv --roster gradebook.csv", "nobody who handed in is on the roster"),
        ({}, "--to csv --rubric no.yaml", "no.yaml: cannot be read"),
        ({"assignments": ("gates", "more")}, "--to csv --rubric r.yaml", "of one assignment"),
        ({"assignments": ("gate",)}, "--to csv", "did you mean `gates`?"),
        ({}, "--to csv --course nowhere", "--course: nowhere is not a course"),
        ({}, "--to csv --out no/where.csv", "there is no folder no"),
        ({}, "--to csv --out worksheet.csv/a", "worksheet.csv"),
        ({}, "--to gradescope --out taken", "name a new or empty folder"),
        ({}, "--to gradescope --out worksheet.csv", "name a new or empty folder"),
        ({}, "--to csv --pseudonyms key --out p", "was graded without pseudonyms"),
        ({"has_roster": True}, "--to csv", "name it with --roster FILE"),
        (PSEUDONYMOUS, "--to csv --roster roster.csv", "say --pseudonyms KEYFILE too"),
        (PSEUDONYMOUS, "--to csv --pseudonyms key --out p", "needs --roster"),
        (PSEUDONYMOUS, "--to csv --pseudonyms key --roster roster.csv", "needs --out PLACE"),
        (
            PSEUDONYMOUS,
            "--to csv --pseudonyms key --roster roster.csv --out taken/../batch/g.csv",
            "needs --out PLACE outside DIR",
        ),
        (
            PSEUDONYMOUS,
            "--to csv --pseudonyms no --roster roster.csv --out p",
            "--pseudonyms no: cannot be read",
        ),
        (
            PSEUDONYMOUS,
            "--to nbgrader --pseudonyms other_key --roster roster.csv --out p",
            "is it another roster and key?",
        ),
        ({"attempts": ("k-0042", "k-0043", "k-0044")}, "--to csv", "1 of 3 submissions are not"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused(
    settings: dict[str, Any], words: str, fragment: str, export: Any, tmp_path: Path
) -> None:
    """With a sentence that says what to do, and nothing is written."""
    is_hidden = bool(settings.get("is_pseudonymous"))
    papers = [document(pseudonym(KEY, "0042"), FULL)] if is_hidden else CLASS
    batch_at(tmp_path / "batch", papers, **settings)
    before = kept(tmp_path)
    done = export("batch", words)
    assert (done.code, done.out) == (2, "")
    assert fragment in done.err
    assert kept(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "fragment"),
    [
        ({}, "is not the folder of a batch: it has no batch.json"),
        ({"batch.json": "{"}, "batch.json: is damaged"),
        ({"batch.json": "[]"}, "batch.json: is damaged"),
        ({"submissions/k-0042/report.json": "{"}, "report.json: is damaged"),
        ({"submissions/k-0042/report.json": "[]"}, "report.json: is no report"),
        ({"submissions/k-0042/report.json": '{"schema": 9}'}, "report.json: a report of schema 9"),
        ({"overrides.yaml": "overrides: [{}]"}, "overrides.yaml"),
    ],
)
def test_a_folder_that_is_no_batch(
    files: dict[str, str], fragment: str, export: Any, tmp_path: Path
) -> None:
    """Nothing there, or something damaged, is named."""
    (tmp_path / "batch").mkdir()
    if files:
        batch_at(tmp_path / "batch", CLASS)
    for place, text in files.items():
        (tmp_path / "batch" / place).write_text(text)
    done = export("batch", "--to csv")
    assert (done.code, done.out) == (2, "")
    assert fragment in done.err
    for other in ("nowhere", "worksheet.csv"):
        assert "is not the folder of a batch" in export(other, "--to csv").err


def test_what_is_held_back_is_named(export: Any, tmp_path: Path) -> None:
    """On stderr with the exit code 1, while all other scores leave."""
    batch_at(tmp_path / "batch", [CLASS[0], document("0043", VOID)])
    done = export("batch", "--to canvas --sheet gradebook.csv --column 502 --out f.csv")
    assert done.code == 1
    assert done.out == "f.csv\n"
    assert re.fullmatch(r"grade: 0043: partial, left as it was \(void: max\)\n", done.err)
    sheet = read_sheet((tmp_path / "f.csv").read_bytes(), ("id",), "")
    assert [sheet.value(row, 5) for row in (2, 3)] == ["4", ""]


def test_another_rubric_than_the_one_of_the_reports_is_told(export: Any, tmp_path: Path) -> None:
    """Since the points of its checks are still those of the other."""
    other = report("gates", task("add", 2), task("max", 2), digests={"rubric": "c" * 64})
    batch_at(tmp_path / "batch", [document("0042", other)])
    done = export("batch", "--to csv")
    assert done.code == 1
    assert "gates: 1 graded by another rubric" in done.err


def test_overrides_that_changed_since_count(export: Any, tmp_path: Path) -> None:
    """The gradebook made anew has them."""
    folder = batch_at(tmp_path / "batch", CLASS)
    export("batch", "--to jsonl")
    (folder / "overrides.yaml").write_text(
        "overrides:\n  - {student: '0043', task: max, points: 2, reason: ok, by: bo, "
        "when: 2026-03-03}\n"
    )
    before = [json.loads(line) for line in (folder / "grades.jsonl").read_text().splitlines()]
    assert export("batch", "--to jsonl").code == 0
    after = [json.loads(line) for line in (folder / "grades.jsonl").read_text().splitlines()]
    assert [row["score"] for row in before] == [4, 3]
    assert [row["score"] for row in after] == [4, 4]


def test_scores_are_scaled_when_asked(export: Any, tmp_path: Path) -> None:
    """To the maximum of the gradebook."""
    batch_at(tmp_path / "batch", CLASS)
    words = "--to canvas --sheet gradebook_of_8.csv --column 502 --scaled --match-on"
    assert export("batch", f"{words} SIS_User_ID --out f.csv").code == 2
    done = export(
        "batch", "--to canvas --sheet gradebook_of_8.csv --column 502 --scaled --out f.csv"
    )
    assert done.code == 0
    sheet = read_sheet((tmp_path / "f.csv").read_bytes(), ("id",), "")
    assert [sheet.value(row, 5) for row in (2, 3)] == ["8", "6"]


def test_pseudonyms_are_restored(export: Any, tmp_path: Path) -> None:
    """For the export alone: ids, names and whoever is missing come from roster and key."""
    hidden = [pseudonym(KEY, student) for student in ("0042", "0043")]
    papers = [document(who, paper) for who, paper in zip(hidden, (FULL, HALF), strict=True)]
    folder = batch_at(tmp_path / "batch", papers, **PSEUDONYMOUS)
    (folder / "overrides.yaml").write_text(
        f"overrides:\n  - {{student: '{hidden[1]}', task: add, points: 0, reason: ok, by: bo, "
        "when: 2026-03-03}\n"
    )
    before = kept(folder)
    done = export("batch", "--to csv --pseudonyms key --roster roster.csv --out g.csv")
    assert (done.code, done.err) == (0, "")
    lines = (tmp_path / "g.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split('"graded"')[0] for line in lines[1:3]] == [
        '"0042","Lovelace, Ada",', '"0043","李雷",',
    ]  # fmt: skip
    assert lines[3].startswith('"0044","O""x, =B","missing"')
    assert [line.split(",")[-2:] for line in lines[1:3]] == [["2", "2"], ["0", "1"]]
    words = "--to gradescope --pseudonyms key --roster roster.csv --out g"
    assert export("batch", words).code == 0
    assert sorted(path.name for path in (tmp_path / "g").iterdir()) == ["0042", "0043"]
    assert kept(folder) == before
    sheet = "--to canvas --sheet gradebook.csv --column 502 --out f.csv"
    done = export("batch", f"{sheet} --pseudonyms key --roster roster.csv")
    assert (done.code, done.err) == (1, "grade: 0044: not in the file\n")


def test_a_disk_that_fails_leaves_nothing(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither some files of a folder nor half of one; what was exported before stays."""
    batch_at(tmp_path / "batch", CLASS)
    assert export("batch", "--to gradescope").code == 0
    before = kept(tmp_path)
    write = Path.write_bytes

    def fails(path: Path, content: bytes) -> int:
        if "0043" in str(path):
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fails)
    for words in ("--to gradescope", "--to autolab", "--to gradescope --out new"):
        done = export("batch", words)
        assert done.code == 2
        assert "cannot be written: No space left on device" in done.err
        assert kept(tmp_path) == before
