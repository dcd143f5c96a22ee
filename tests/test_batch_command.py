"""`grade batch` as it is typed: gone on with, changed, refused, and what it leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_class import (
    BROKEN,
    CRASHING,
    ENDLESS,
    RAISING,
    RIGHT,
    SLOW,
    WRONG,
    Here,
    graded_now,
    made,
    scores,
    table,
    words,
)

from grader.cli import batching, main, progress
from grader.isolation import problem_of

pytestmark = pytest.mark.skipif(
    bool(problem_of("confined")), reason="a class is graded from `confined` up"
)
FAST = ("--jobs", "1", "--allow-weak-spec")
CLASS = {"007": RIGHT, "7": WRONG, "anna": SLOW}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no workers; children in which submissions run are as ever."""
    monkeypatch.setattr(batching, "local", lambda _jobs: Here)


def grade(home: Path, *more: str | Path, out: str | Path = "out") -> int:
    """Run the command in this process and return its exit code."""
    return main(words(home, out, *FAST, *more))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose class was graded once."""
    home = made(tmp_path_factory.mktemp("once"), dict(CLASS))
    assert main(words(home, "out", "--jobs", "1", "--quiet")) == 0
    return home


@pytest.fixture
def home(once: Path, tmp_path: Path) -> Path:
    """Return a copy of a home whose class was graded."""
    return Path(shutil.copytree(once, tmp_path / "home"))


def test_a_class(once: Path) -> None:
    """A row for each student, under the very id; papers beside; a report and its readable form."""
    assert scores(once / "out") == {"007": ("graded", "4"), "7": ("graded", "1"),
                                    "anna": ("graded", "4")}  # fmt: skip
    left = {path.name for path in (once / "out").iterdir()}
    assert left == {"batch.json", "grades.csv", "grades.jsonl", "journal.jsonl", "lock",
                    "sound.json", "submissions", "summary.md"}  # fmt: skip
    for folder in (once / "out" / "submissions").iterdir():
        assert {path.name for path in folder.iterdir()} == {"report.json", "report.md"}


def edit(path: str, old: str, new: str) -> Callable[[Path], object]:
    """Return a change of a file."""

    def change(home: Path) -> None:
        text = (home / path).read_text()
        assert old in text
        (home / path).write_text(text.replace(old, new))

    return change


@pytest.mark.parametrize(
    ("change", "more", "count"),
    [
        pytest.param(None, [], 0, id="nothing"),
        pytest.param(None, ["--force"], 3, id="force"),
        pytest.param(None, ["--seed", "5"], 3, id="seed"),
        pytest.param(edit("class/7/gates.py", "3 *", "2 *"), [], 1, id="a submission"),
        pytest.param(edit("course/rubrics/gates.yaml", 'forward: 1, "backward[dx]": 3',
                          'forward: 2, "backward[dx]": 2'), [], 3, id="rubric"),
        pytest.param(edit("course/reference/gates.py", "2.0", "2"), [], 3, id="reference"),
        pytest.param(edit("course/assignments/gates.yaml", "memory_mb: 512", "memory_mb: 500"), [],
                     3, id="spec"),
        pytest.param(lambda home: (home / "out/submissions/7/report.json").unlink(), [], 1,
                     id="a report that was removed"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_is_graded_again(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], object] | None,
    more: list[str],
    count: int,
) -> None:
    """What a verdict rests on has changed, or it is asked for; nothing else."""
    before = (home / "out" / "grades.csv").read_bytes()
    if change:
        change(home)
    assert grade(home, *more) == 0
    assert graded_now(capsys.readouterr().out) == count
    if not change:
        assert (home / "out" / "grades.csv").read_bytes() == before


def test_bad_company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hostile, broken and unreadable submissions are a row each; the good ones get their points."""
    home = made(tmp_path, {
        "good": RIGHT, "wrong": WRONG, "broken": BROKEN, "crash": CRASHING, "exits": RAISING,
        "endless": ENDLESS, "bad.zip": b"PK\x03\x04 no zip", "zz": RIGHT, "binary": b"\0\xff\xfe",
    })  # fmt: skip
    (home / "class" / "hollow" / "gates.py").mkdir(parents=True)
    assert grade(home, "--quiet") == 1
    told = scores(home / "out")
    assert {told.pop("bad")[0], told.pop("hollow")[0]} == {"unreadable"}
    assert told.pop("wrong") == ("graded", "1")
    assert {told.pop("good"), told.pop("zz")} == {("graded", "4")}
    assert set(told.values()) == {("graded", "0")}
    findings = {
        name: {f["code"] for report in document["reports"] for f in
               [*report["findings"], *(g for task in report["tasks"] for g in task["findings"])]}
        for name in told
        for document in [json.loads((home / "out/submissions" / name / "report.json").read_text())]
    }  # fmt: skip
    assert all(findings.values()), findings
    assert capsys.readouterr().err == ""
    # What timed out, or whose process died, was tried again, alone, after all others.
    lines = [json.loads(line) for line in (home / "out/journal.jsonl").read_text().splitlines()]
    late = {(line["key"], line["tries"]) for line in lines if line.get("tries_due", 1) > 1}
    assert late >= {("endless", 1), ("endless", 2), ("crash", 1), ("crash", 5)}
    assert {line["key"] for line in lines[-len(late) // 2 :]} == {key for key, _ in late}
    assert grade(home) == 1
    assert graded_now(capsys.readouterr().out) == 0


ROSTER = """id,name,time_factor
007,"Doe, ""J.""
second line",
7,=1+1,1.5
anna,Élan 李,
zoe,Zoë Nobody,
"""


@pytest.mark.usefixtures("here")
def test_a_roster(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names survive whatever is in them; who handed in nothing has a row; more time is more."""
    (home / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert grade(home, "--roster", home / "roster.csv") == 0
    rows = {row["id"]: row for row in table(home / "out")}
    assert list(rows) == ["007", "7", "anna", "zoe"]
    assert rows["007"]["name"] == 'Doe, "J."\nsecond line'
    assert rows["7"]["name"].lstrip("'") == "=1+1"
    assert not rows["7"]["name"].startswith("=")
    assert rows["anna"]["name"] == "Élan 李"
    assert (rows["zoe"]["name"], rows["zoe"]["status"]) == ("Zoë Nobody", "missing")
    assert graded_now(capsys.readouterr().out) == 1  # whose time is longer
    limits = [
        json.loads((home / "out/submissions" / key / "report.json").read_text())["reports"][0]
        ["limits"]["call_seconds"] for key in ("007", "7")
    ]  # fmt: skip
    assert limits == [1, 1.5]


@pytest.mark.usefixtures("here")
def test_pseudonyms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No id and no name stands anywhere in the results, be it the name of a file."""
    home = made(tmp_path, {"doe_jane77": RIGHT, "elan88.zip": b"PK\x03\x04 no zip"})
    people = "id,name\ndoe_jane77,Jane Doe-Quux\nelan88,Elan Quux\nbob99,Bob Quux\n"
    (home / "roster.csv").write_text(people)
    (home / "key").write_text("k" * 32)
    more = ("--roster", home / "roster.csv", "--pseudonyms", home / "key")
    assert grade(home, *more) == 1
    out = home / "out"
    assert [row["status"] for row in table(out)].count("graded") == 1
    assert len(table(out)) == 3
    written = [str(path.relative_to(out)) + path.read_text() for path in out.rglob("*.*")
               if path.is_file()]  # fmt: skip
    for secret in ("jane77", "elan88", "bob99", "Quux", "Jane"):
        assert not [text for text in written if secret.lower() in text.lower()], secret
    capsys.readouterr()
    assert grade(home, *more) == 1
    assert graded_now(capsys.readouterr().out) == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--isolation", "process"], "--allow-weak-isolation"),
        (["--jobs", "0"], "--jobs 0"),
        (["--jobs", "many"], "--jobs"),
        (["--attempt", "worst"], "--attempt"),
        (["--layout", "blackboard"], "blackboard"),
        (["--assignment", "layers"], "layers"),
        (["--rubric", "{home}/nowhere.yaml"], "nowhere.yaml"),
        (["--roster", "{home}/nowhere.csv"], "nowhere.csv"),
        (["--pseudonyms", "{home}/nowhere.key"], "nowhere.key"),
        (["--pseudonyms", "{home}/course/course.yaml"], "too short"),
        (["--course", "{home}/nowhere"], "nowhere"),
        (["--out", "{home}/class/out"], "among the submissions"),
        (["--out", "{home}/class"], "among the submissions"),
        (["--out", "{home}/course/course.yaml"], "cannot be written"),
        (["--unknown"], "--unknown"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], more: list[str], told: str
) -> None:
    """Exit code 2 and a message that names what is wrong; nothing is graded."""
    before = (home / "out" / "journal.jsonl").read_bytes()
    assert grade(home, *(word.format(home=home) for word in more)) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "Traceback" not in err
    assert (home / "out" / "journal.jsonl").read_bytes() == before
    assert not (home / "class" / "out").exists()


def test_folders_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A class that is not there, is a file, or is empty."""
    home = made(tmp_path, {"a": RIGHT})
    (home / "empty").mkdir()
    for name, told in (("nowhere", "nowhere"), ("class/a/gates.py", "folder"), ("empty", "empty")):
        line = [str(home / name) if w == str(home / "class") else w for w in words(home)]
        assert main(line) == 2
        assert told in capsys.readouterr().err
    assert not (home / "out").exists()


@pytest.mark.usefixtures("here")
def test_a_weak_spec_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless it is allowed; a proof of other files does not count."""
    edit("course/assignments/gates.yaml", "random_cases: 3", "tolerance: 0.002")(home)
    assert main(words(home, "out", "--jobs", "1")) == 2
    assert "--allow-weak-spec" in capsys.readouterr().err
    assert grade(home) == 0


def test_a_second_run_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While another one holds the folder, and only then."""
    from grader.batch import Journal

    with Journal(home / "out"):
        assert grade(home) == 2
    assert "another run is grading into this folder" in capsys.readouterr().err
    assert grade(home) == 0


@pytest.mark.parametrize("is_quiet", [False, True])
@pytest.mark.usefixtures("here")
def test_plain_lines_without_a_terminal(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_quiet: bool,
) -> None:
    """No bar and no control characters; nothing at all where that is asked for."""
    monkeypatch.setattr(progress, "_PLAIN_SECONDS", 0.0)
    assert grade(home, "--force", *["--quiet"] * is_quiet) == 0
    told = capsys.readouterr()
    assert ("3 of 3" in told.err) is not is_quiet
    assert told.err.isprintable() or set(told.err) <= {*"\n", *filter(str.isprintable, told.err)}
    assert "3 students: 3 graded" in told.out
