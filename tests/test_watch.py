"""``grade --watch``: a save is graded, whatever is saved, until Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest
from running import AT_COURSE, COURSE, RIGHT, run
from terminal import talking

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pseudo-terminals")

FULL = "gates: 24 / 24, complete"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder with a right submission for the course of the tests."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(RIGHT / "gates.py", folder)
    return folder


def save(file: Path, text: str) -> None:
    """Save as most editors do: to another file first, then in its place."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text)
    part.replace(file)


def test_a_save_is_graded_and_ctrl_c_is_the_end(home: Path) -> None:
    """Each save shows the new result under a line that says when; the code is of the last one."""
    file = home / "gates.py"
    right = file.read_text()
    assert right.count("dz * self.y") >= 1
    with talking(".", "--watch", "--quiet", *AT_COURSE, cwd=home, is_terminal=False) as talk:
        talk.wait_for(FULL)
        talk.wait_for("Ctrl-C ends it")
        save(file, right.replace("dz * self.y", "dz * self.x"))
        told = talk.wait_for("complete")
        assert "--- " in told
        assert "gates.py" in told
        assert FULL not in told
        save(file, right + "\nclass\n")
        assert "gates: 0 / 24" in talk.wait_for("complete")
        file.unlink()
        talk.wait_for("grade: ")
        file.write_text(right)
        talk.wait_for(FULL)
        talk.interrupt()
        assert talk.end() == 0
        assert "Traceback" not in talk.shown
        assert "\x1b" not in talk.shown


def test_the_code_is_that_of_the_last_result(home: Path) -> None:
    """What was wrong when Ctrl-C came is 1, as without ``--watch``; no folder named is this one."""
    file = home / "gates.py"
    with talking("--watch", "--quiet", *AT_COURSE, cwd=home, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it")
        file.write_text(file.read_text().replace("dz * self.y", "dz * self.x"))
        talk.wait_for("complete")
        talk.interrupt()
        assert talk.end() == 1


def test_of_many_saves_the_last_one_counts(home: Path) -> None:
    """Saves that follow each other faster than they can be graded end with the last text."""
    file = home / "gates.py"
    right = file.read_text()
    with talking("--watch", "--quiet", *AT_COURSE, cwd=home, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it")
        for count in range(40):
            save(file, right.replace("dz * self.y", f"dz * self.y * {count + 2}"))
            time.sleep(0.01)
        save(file, right)
        talk.wait_for(FULL)
        time.sleep(0.5)
        talk.interrupt()
        assert talk.end() == 0
        assert talk.shown.rstrip().endswith(FULL)


def test_reports_are_written_each_time(home: Path) -> None:
    """A file named by ``--report`` always holds the last result."""
    file, report = home / "gates.py", home.parent / "r.json"
    words = ("--watch", "--quiet", *AT_COURSE, "--report", report)
    with talking(*words, cwd=home, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it")
        assert json.loads(report.read_text())["reports"][0]["score"] == 24
        save(file, file.read_text().replace("dz * self.y", "dz * self.x"))
        talk.wait_for("complete")
        assert json.loads(report.read_text())["reports"][0]["score"] < 24


def test_only_what_changed_is_graded_again(home: Path) -> None:
    """Of two assignments in a folder the other one's score stands in a line."""
    shutil.copy(RIGHT / "circuits.py", home)
    file = home / "gates.py"
    with talking("--watch", *AT_COURSE, cwd=home, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it")
        save(file, file.read_text() + "\n# another line\n")
        told = talk.wait_for("circuits: 10 / 10, complete")
        assert "Six gates" in told
        assert "Two circuits" not in told


def test_a_change_of_the_course_is_graded_too(home: Path, tmp_path: Path) -> None:
    """A solution, a spec or a rubric that is saved is prepared again; a broken one is told."""
    course = Path(shutil.copytree(COURSE, tmp_path / "course"))
    spec = course / "assignments" / "gates.yaml"
    right = spec.read_text()
    words = ("--watch", "--quiet", "--course", course)
    with talking(*words, cwd=home, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it")
        save(spec, right.replace("files: ", "flies: "))
        talk.wait_for("grade: ")
        talk.wait_for("did you mean `files`?")
        save(spec, right)
        talk.wait_for(FULL)
        rubric = course / "rubrics" / "gates.yaml"
        save(rubric, rubric.read_text().replace("total: ", "total: 9"))
        talk.wait_for("the checks add up to")
        rubric.rename(rubric.with_suffix(".old"))
        talk.wait_for("gates: ")
        talk.listen(0.5)
        count = talk.shown.count("---")
        talk.listen(1.5)
        assert talk.shown.count("---") == count  # a file that is gone is no change for ever
        talk.interrupt()
        talk.end()
        assert "Traceback" not in talk.shown


def test_a_terminal_is_cleared_and_told_what_is_being_done(home: Path) -> None:
    """A terminal shows the last result alone, in colour, and meanwhile which task is graded."""
    file = home / "gates.py"
    with talking("--watch", *AT_COURSE, cwd=home) as talk:
        first = talk.wait_for("Ctrl-C ends it")
        assert "grading a ... 1 of 6" in first
        assert re.search(r"grading \w ... 6 of 6\r +\r\x1b\[\S*Course of the tests", first)
        assert "6 passed" in first
        save(file, file.read_text().replace("dz * self.y", "dz * self.x"))
        again = talk.wait_for("seed ")
        assert "\x1b[2J" in again
        assert not re.search(r"^--- \d\d:", again, re.MULTILINE)
        assert "\x1b[31m" in again
        talk.interrupt()
        assert talk.end() == 1


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("--watch", "--format", "json"), "--report FILE is written each time"),
        (("--watch", "--task", "z"), "no task `z`"),
        (("--watch", "--debugger", "--replay", "a:random:0"), "cannot be used together"),
        (("--debugger",), "--debugger needs the case"),
        (("nowhere", "--watch"), "no such file or folder"),
    ],
)
def test_what_cannot_be_watched(words: tuple[str, ...], fragment: str, home: Path) -> None:
    """A wrong word ends at once, as it does without ``--watch``."""
    place = () if words[0] == "nowhere" else (".",)
    done = run(*place, *words, *AT_COURSE, cwd=home)
    assert done.code == 2
    assert fragment in done.err
