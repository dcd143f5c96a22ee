"""Whatever a student hands in, the grader answers with findings and grades the rest.

Each folder of ``tests/submissions`` is a submission with an ``expect.yaml``; what cannot lie in a
repository (links, pipes, broken encodings) is made here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import COURSE, Outcome, errors_of, grade, notes_of

from grader.isolation import available, problem_of

SUBMISSIONS = Path(__file__).parent / "submissions"
RIGHT = SUBMISSIONS / "right"
CIRCUITS = (RIGHT / "circuits.py").read_text()
GATES = (RIGHT / "gates.py").read_text()
LONGEST_MESSAGE = 700
NAMES = sorted(path.parent.name for path in SUBMISSIONS.glob("*/expect.yaml"))
NOT_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
TWICE = re.compile(r"(?:^|: )(\S+): \1\b")  # ``gates.py: gates.py is missing``

needs_posix = pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")


@dataclass(frozen=True)
class Expected:
    """What must come out; every set is exact, ``messages`` and ``stderr`` are fragments."""

    code: int
    outcomes: dict[str, dict[str, str]]
    errors: set[str]
    notes: set[str]
    messages: list[str]
    stderr: list[str]


def expected(stated: dict[str, Any]) -> Expected:
    """Read what an ``expect.yaml`` says; a task without an outcome passed."""
    known = {"about", "arguments", "exit", "outcomes", "errors", "notes", "messages", "stderr"}
    assert set(stated) <= known
    return Expected(
        stated["exit"],
        stated.get("outcomes", {}),
        set(stated.get("errors", [])),
        set(stated.get("notes", [])),
        stated.get("messages", []),
        stated.get("stderr", []),
    )


def assert_as_expected(done: Outcome, wanted: Expected) -> None:
    """Compare a run with what was expected, everything at once."""
    found = {
        "errors": {
            f"{a}.{t['id']} {check} {code}"
            for a, report in done.reports.items()
            for t in report["tasks"]
            for check, code, _ in errors_of(t)
        }
        | _of_report(done, "error"),
        "notes": {
            f"{a}.{t['id']} {code}"
            for a, report in done.reports.items()
            for t in report["tasks"]
            for code in notes_of(t)
        }
        | _of_report(done, "note"),
        "outcomes": {
            f"{a}.{t['id']}": t["outcome"]
            for a, report in done.reports.items()
            for t in report["tasks"]
            if t["outcome"] != "passed"
        },
        "exit": done.code,
    }
    assert found == {
        "errors": wanted.errors,
        "notes": wanted.notes,
        "outcomes": {
            f"{a}.{t}": outcome
            for a, tasks in wanted.outcomes.items()
            for t, outcome in tasks.items()
            if outcome != "passed"
        },
        "exit": wanted.code,
    }, done.err
    texts = [f["message"] for f in _findings(done)]
    for fragment in wanted.messages:
        assert any(fragment in text for text in texts), (fragment, texts)
    for fragment in wanted.stderr:
        assert fragment in done.err


def _of_report(done: Outcome, severity: str) -> set[str]:
    """Return what is said of a submission as a whole."""
    return {
        f"{a} {f['code']}"
        for a, report in done.reports.items()
        for f in report["findings"]
        if f["severity"] == severity
    }


def _findings(done: Outcome) -> list[dict[str, Any]]:
    reports = list(done.reports.values())
    return [
        finding
        for owner in (*reports, *(task for report in reports for task in report["tasks"]))
        for finding in owner["findings"]
    ]


def assert_is_clean(done: Outcome) -> None:
    """Nothing of ours went wrong, and nothing of theirs reaches a terminal."""
    for text in (done.out, done.err):
        assert "Traceback" not in text
        assert not NOT_TEXT.search(text)
    assert "fault of the grader" not in done.err
    for finding in _findings(done):
        assert not NOT_TEXT.search(finding["message"] + finding["help"])
        assert len(finding["message"]) <= LONGEST_MESSAGE
        assert not TWICE.search(finding["message"])
        if finding["severity"] == "error":
            assert finding["message"]
            assert finding["help"]
    for report in done.reports.values():
        assert report["complete"]


def contents(folder: Path) -> dict[str, int]:
    """Return the names in a folder, with their sizes."""
    return {path.name: path.lstat().st_size for path in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_submission(name: str, tmp_path: Path) -> None:
    """A submission gets exactly the findings that its ``expect.yaml`` lists."""
    stated = yaml.safe_load((SUBMISSIONS / name / "expect.yaml").read_text())
    if "confined" in stated.get("arguments", []) and "confined" not in available():
        pytest.skip(problem_of("confined"))
    before = contents(SUBMISSIONS / name)
    markdown = tmp_path / "report.md"
    done = grade(
        SUBMISSIONS / name,
        tmp_path / "report.json",
        *("--course", COURSE, "--report", markdown),
        *stated.get("arguments", []),
    )
    assert_as_expected(done, expected(stated))
    assert_is_clean(done)
    if done.code != 2:
        assert not NOT_TEXT.search(markdown.read_text())
    assert contents(SUBMISSIONS / name) == before


@pytest.mark.parametrize("name", ["names", "returns", "types"])
def test_one_cause_is_told_once(name: str, tmp_path: Path) -> None:
    """No two findings of a task have the same check, code and argument."""
    report = tmp_path / "report.json"
    for found in grade(SUBMISSIONS / name, report, "--course", COURSE).reports.values():
        for task in found["tasks"]:
            errors = errors_of(task)
            assert len(errors) == len(set(errors)), (task["id"], errors)


def _latin(path: Path) -> None:
    path.write_bytes(b"# stra\xdfe\n" + GATES.encode())


def _cookie(path: Path) -> None:
    path.write_text("# -*- coding: rot13 -*-\n" + GATES)


def _utf16(path: Path) -> None:
    path.write_text(GATES, encoding="utf-16")


def _nul(path: Path) -> None:
    path.write_text(GATES + "\0\n")


def _folder(path: Path) -> None:
    path.mkdir()


def _link(path: Path) -> None:
    path.symlink_to(RIGHT / "gates.py")


def _dangling(path: Path) -> None:
    path.symlink_to("gates.py")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _huge(path: Path) -> None:
    path.write_text(GATES + "# more\n" * (1 << 18))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_latin, "gates.py: is not UTF-8 text (byte 6)"),
        (_cookie, "gates.py: declares the encoding rot13; only UTF-8 is accepted"),
        (_utf16, "gates.py: is not UTF-8 text"),
        (_nul, "gates.py: contains a NUL character"),
        (_folder, "gates.py: is not a regular file"),
        pytest.param(_link, "gates.py: is a link", marks=needs_posix),
        pytest.param(_dangling, "gates.py: is a link", marks=needs_posix),
        pytest.param(_pipe, "gates.py: is not a regular file", marks=needs_posix),
        pytest.param(_device, "gates.py: is a link", marks=needs_posix),
        (_huge, "gates.py: is larger than 1 MiB"),
    ],
)
def test_unreadable_file(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    """A file that is no plain text is L102, and the other file is graded."""
    folder = tmp_path / "hand in"
    folder.mkdir()
    make(folder / "gates.py")
    (folder / "circuits.py").write_text(CIRCUITS)
    done = grade(folder, tmp_path / "report.json", "--course", COURSE, seconds=20)
    assert_is_clean(done)
    assert_as_expected(
        done,
        Expected(
            1,
            {"gates": dict.fromkeys("abcdef", "faulted")},
            {"gates L102"},
            set(),
            [message],
            [],
        ),
    )
    assert done.reports["circuits"]["score"] == done.reports["circuits"]["max_score"]
    assert done.out.count("gates.py: ") == 1, "said once for all tasks"


def _spaces(source: str) -> bytes:
    return b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode()


def _declared(source: str) -> bytes:
    return b"#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n" + source.encode()


def _accents(source: str) -> bytes:
    return ("# Übung 1: ∂L/∂x, 梯度\n" + source).encode()


@pytest.mark.parametrize("encode", [_spaces, _declared, _accents])
def test_readable_file(encode: Callable[[str], bytes], tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, a UTF-8 cookie and other scripts are no fault."""
    file = tmp_path / "gates.py"
    file.write_bytes(encode(GATES))
    done = grade(file, tmp_path / "report.json", "--course", COURSE)
    assert_is_clean(done)
    assert_as_expected(done, Expected(0, {}, set(), set(), [], []))


def _no_folder(path: Path) -> Path:
    (path / "alice").mkdir()
    return path / "alcie"


def _empty(path: Path) -> Path:
    (path / "empty").mkdir()
    return path / "empty"


def _other_files(path: Path) -> Path:
    (path / "other").mkdir()
    (path / "other" / "notes.txt").write_text("hello")
    return path / "other"


def _in_a_subfolder(path: Path) -> Path:
    (path / "zip" / "gates").mkdir(parents=True)
    (path / "zip" / "gates" / "gates.py").write_text(GATES)
    return path / "zip"


def _pipe_itself(path: Path) -> Path:
    os.mkfifo(path / "pipe.py")
    return path / "pipe.py"


def _hostile_name(path: Path) -> Path:
    (path / "\x1b[31mred\n{0}").mkdir()
    (path / "\x1b[31mred\n{0}" / "gate\x1b[2J.py").write_text(GATES)
    return path / "\x1b[31mred\n{0}"


@pytest.mark.parametrize(
    ("make", "fragments"),
    [
        (_no_folder, ["alcie: no such file or folder (did you mean `alice`?)"]),
        (_empty, ["empty: the folder is empty"]),
        (_other_files, ["no file of an assignment is there", "gates.py"]),
        (_in_a_subfolder, ["no file of an assignment is there", "gates.py"]),
        pytest.param(_pipe_itself, ["no file of an assignment is there"], marks=needs_posix),
        pytest.param(_hostile_name, ["no file of an assignment", "gates.py"], marks=needs_posix),
    ],
)
def test_no_submission(make: Callable[[Path], Path], fragments: list[str], tmp_path: Path) -> None:
    """A path that holds no submission is an error of the caller: exit 2, and why."""
    done = grade(make(tmp_path), tmp_path / "report.json", "--course", COURSE, seconds=20)
    assert done.code == 2
    assert not done.reports
    assert_is_clean(done)
    for fragment in fragments:
        assert fragment in done.err


def test_a_folder_with_a_hostile_name_is_graded(tmp_path: Path) -> None:
    """The name of a folder is data, also in the report."""
    folder = tmp_path / ("\x1b[31mred {0} %s" if os.name == "posix" else "red {0} %s")
    folder.mkdir()
    (folder / "circuits.py").write_text(CIRCUITS)
    done = grade(folder, tmp_path / "report.json", "--course", COURSE)
    assert done.code == 0
    assert_is_clean(done)
    assert "{0} %s" in done.reports["circuits"]["submission"]
