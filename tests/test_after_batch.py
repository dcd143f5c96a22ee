"""`grade diff` and `grade explain` on folders of batches, and both on a real one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from batch_folders import batch_at, course_at, said
from grades_documents import document, finding, report, task
from running import ROOT

from grader.grades import pseudonym

KEY = b"a key of sixteen characters"


def marks(add: float, most: float, **more: Any) -> Any:
    """Return a report with these points."""
    return report("gates", task("add", add), task("max", most), **more)


@pytest.fixture
def grade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return how a command is run beside a course."""
    course_at(tmp_path / "course")
    (tmp_path / "roster.csv").write_text("id,name\n0042,Ada\n0043,Lei\n")
    (tmp_path / "key").write_bytes(KEY)
    monkeypatch.chdir(tmp_path)
    return lambda words: said(capsys, *words.split(), "--course", "course")


NEW_SEED: dict[str, Any] = {"seed": "public, 1"}
NEW_SPEC: dict[str, Any] = {"digests": {"spec": "z" * 64, "submission": "b" * 64}}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ([("a", marks(2, 2))], [("a", marks(2, 2, seconds=9.0))], []),
        (
            [("a", marks(1, 2)), ("b", marks(2, 2)), ("c", marks(2, 2))],
            [("a", marks(2, 2, **NEW_SEED)), ("b", marks(2, 0, **NEW_SPEC)), ("c", marks(2, 2))],
            [
                "b max: 2 -> 0 (spec changed)",
                "a add: 1 -> 2 (seed: public, 0 -> public, 1)",
                "2 changed: 1 dropped, 1 rose",
            ],
        ),
        (
            [("a", marks(2, 2))],
            [("a", marks(2, 1))],
            [
                "a max: 2 -> 1 (nothing that is recorded differs: the verdict is not repeatable)",
                "1 changed: 1 dropped, 0 rose",
            ],
        ),
        (
            [],
            [("a\x1b[2Jb", marks(1, 0))],
            [
                "a\\x1b[2Jb max: none -> 0 (the student is new)",
                "a\\x1b[2Jb add: none -> 1 (the student is new)",
                "2 changed: 0 dropped, 1 rose",
            ],
        ),
    ],
)
def test_diff_lists_what_changed(
    old: list[Any], new: list[Any], lines: list[str], grade: Any, tmp_path: Path
) -> None:
    """Dropped scores first, each with its reason; the exit code says whether there is any."""
    for name, papers in (("old", old), ("new", new)):
        batch_at(
            tmp_path / name,
            [document(who, paper, key=f"k{place}") for place, (who, paper) in enumerate(papers)],
        )
    done = grade("diff old new")
    assert done.out.splitlines() == (lines or ["no score changed"])
    assert (done.code, done.err) == (bool(lines), "")


def test_diff_names_students_behind_pseudonyms(grade: Any, tmp_path: Path) -> None:
    """With the roster and the key."""
    for name, points in (("old", 2), ("new", 1)):
        paper = document(pseudonym(KEY, "0042"), marks(2, points))
        batch_at(tmp_path / name, [paper], has_roster=True, is_pseudonymous=True)
    done = grade("diff old new --roster roster.csv --pseudonyms key")
    assert done.code == 1
    assert done.out.startswith("0042 max: 2 -> 1 ")


def test_explain_writes_the_page(grade: Any, tmp_path: Path) -> None:
    """Of the attempt that counts, found by the id."""
    told = finding("V402", "backward[dx]", replay="grade x --replay max:random:0",
                   case="max:random:0", evidence={"expected": 1.5, "got": 2.5})  # fmt: skip
    failed = report("gates", task("add", 2), task("max", 1, findings=[told]))
    batch_at(tmp_path / "batch", [document("0042", failed)])
    done = grade("explain batch 0042 max")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# 0042: max\n\n**1 of 2 points, failed**")
    for part in ("V402", "- expected: `1.5`", "- got: `2.5`", "`grade x --replay max:random:0`",
                 f"- digest of submission: `{'b' * 64}`", "- seed: `public, 0`"):  # fmt: skip
        assert part in done.out


def test_explain_of_who_handed_in_nothing(grade: Any, tmp_path: Path) -> None:
    """There is a page, which says so."""
    batch_at(tmp_path / "batch", [document("0042", marks(2, 2))], has_roster=True)
    done = grade("explain batch 0043 max --roster roster.csv")
    assert done.code == 0
    assert "Nothing of this task was handed in" in done.out


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("diff batch", "required: NEW"),
        ("diff batch nowhere", "nowhere is not the folder of a batch"),
        ("diff nowhere batch", "nowhere is not the folder of a batch"),
        ("diff batch batch --bogus", "unrecognized arguments: --bogus"),
        ("diff batch batch --roster no.csv", "no.csv: cannot be read"),
        ("explain batch 0042", "required: TASK"),
        ("explain nowhere 0042 max", "nowhere is not the folder of a batch"),
        ("explain batch 0041 max", "nobody has the id `0041` (did you mean `0042`?)"),
        ("explain batch 0042 mix", "there is no task `mix` (did you mean `max`?)"),
        ("explain batch 0042 max --rubric no.yaml", "no.yaml: cannot be read"),
    ],
)
def test_wrong_words_are_refused(words: str, fragment: str, grade: Any, tmp_path: Path) -> None:
    """With a sentence."""
    batch_at(tmp_path / "batch", [document("0042", marks(2, 2))])
    done = grade(words)
    assert (done.code, done.out) == (2, "")
    assert fragment in done.err


def test_a_real_batch_from_end_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graded under pseudonyms, exported with ids, compared with itself, explained."""
    monkeypatch.chdir(tmp_path)
    for student, example in (("0042", "perfect"), ("0043", "typical_mistakes")):
        (tmp_path / "in" / student).mkdir(parents=True)
        shutil.copy(ROOT / "examples" / example / "descent.py", tmp_path / "in" / student)
    (tmp_path / "roster.csv").write_text("id,name\n0042,Ada\n0043,Lei\n0044,Zoe\n")
    (tmp_path / "key").write_bytes(KEY)
    course = ("--course", ROOT)
    people = ("--roster", "roster.csv", "--pseudonyms", "key", *course)
    words = ("in", "--out", "out", "--assignment", "descent", "--jobs", "1", "--quiet",
             "--allow-weak-isolation", "--allow-weak-spec")  # fmt: skip
    assert said(capsys, "batch", *words, *people).code == 0
    names = {path.name for path in (tmp_path / "out" / "submissions").iterdir()}
    assert not names & {"0042", "0043"}
    assert said(capsys, "export", "out", "--to", "csv", "--out", "g.csv", *people).code == 0
    rows = (tmp_path / "g.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [row.split(",")[:5] for row in rows] == [
        ['"0042"', '"Ada"', '"graded"', "9", "9"],
        ['"0043"', '"Lei"', '"graded"', "3", "9"],
        ['"0044"', '"Zoe"', '"missing"', "0", "9"],
    ]
    assert said(capsys, "diff", "out", "out", *people).code == 0
    page = said(capsys, "explain", "out", "0043", "momentum", *people)
    assert page.out.startswith("# 0043: momentum\n\n**1.5 of 3 points")
    assert "V401" in page.out
