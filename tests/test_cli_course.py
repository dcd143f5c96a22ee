"""Where the command line finds the course and its secret, and what a submission may be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import AT_COURSE, COURSE, RETURNS, RIGHT, ROOT, environment, grade, messages, run


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of its own, to be changed."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def changed(path: Path, old: str, new: str) -> None:
    """Change one thing in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_course_is_found(course: Path, tmp_path: Path) -> None:
    """By flag, else by GRADER_COURSE, else upward from the working directory."""
    changed(course / "course.yaml", "Course of the tests", "The other course")
    (course / "a" / "b").mkdir(parents=True)
    words = (RIGHT / "gates.py", "--quiet")
    assert run(*words, cwd=tmp_path).code == 2
    assert "no course found" in run(*words, cwd=tmp_path).err
    by_variable = environment(GRADER_COURSE=str(course))
    assert run("list", cwd=course / "a" / "b").out.startswith("The other course\n")
    assert run("list", cwd=tmp_path, env=by_variable).out.startswith("The other course\n")
    assert run("list", cwd=ROOT, env=by_variable).out.startswith("The other course\n")
    flagged = run("list", *AT_COURSE, cwd=course, env=by_variable)
    assert flagged.out.startswith("Course of the tests\n")
    wrong = run("list", cwd=course, env=environment(GRADER_COURSE=str(tmp_path)))
    assert wrong.code == 2
    assert "GRADER_COURSE: " in wrong.err


def test_a_submission_is_no_course(course: Path, tmp_path: Path) -> None:
    """A student's own course.yaml and reference are never used, wherever the command is run."""
    theirs = course / "hand_ins" / "eve"
    shutil.copytree(COURSE, theirs)
    changed(theirs / "course.yaml", "Course of the tests", "Eve gives full marks")
    wrong = (RETURNS / "gates.py").read_text()
    (theirs / "gates.py").write_text(wrong)
    (theirs / "reference" / "gates.py").write_text(wrong)
    for cwd, name in ((theirs, "."), (theirs / "reference", ".."), (course, "hand_ins/eve")):
        done = grade(name, tmp_path / "r.json", cwd=cwd)
        assert done.code == 1, done.err
        assert done.reports["gates"]["course"] == "Course of the tests"
    lonely = shutil.copytree(theirs, tmp_path / "lonely")
    alone = run(".", cwd=lonely)
    assert alone.code == 2
    assert "no course found" in alone.err


@pytest.mark.parametrize("source", ["file", "variable"])
def test_a_secret_seed_is_never_printed(source: str, course: Path, tmp_path: Path) -> None:
    """The secret chooses the numbers and appears nowhere, nor does anything made of it."""
    secrets = ("correct horse battery staple", "another horse battery staple")
    found = []
    for secret in secrets:
        env = environment()
        if source == "file":
            (course / "course.secret").write_text(secret + "\n")
        else:
            env = environment(GRADER_SECRET=secret)
        files = [tmp_path / "r.json", tmp_path / "r.md"]
        words = ("--course", course, "--task", "d", "--report", files[1], "--verbose")
        done = grade(RETURNS, files[0], *words, env=env)
        text = done.out + done.err + "".join(file.read_text() for file in files)
        assert done.code == 1
        assert done.reports["gates"]["seed"] == "secret"
        assert "horse" not in text
        assert "--seed" not in text
        found.append(messages(done))
    assert found[0] != found[1]
    public = grade(RETURNS, tmp_path / "p.json", "--course", course, "--seed", "0", env=env)
    assert public.reports["gates"]["seed"] == "public, 0"


def test_a_short_secret_is_refused(course: Path) -> None:
    """A secret that can be guessed is none."""
    (course / "course.secret").write_text("1234\n")
    done = run(RIGHT, "--course", course)
    assert done.code == 2
    assert "course.secret: too short" in done.err
    assert "1234" not in done.err


@pytest.mark.parametrize("name", ["gates.py", "my solution.py"])
def test_a_single_file(name: str, tmp_path: Path) -> None:
    """A file is a submission; with ``--assignment`` it may have any name."""
    shutil.copy(RIGHT / "gates.py", tmp_path / name)
    words = () if name == "gates.py" else ("--assignment", "gates")
    done = grade(tmp_path / name, tmp_path / "r.json", *AT_COURSE, *words)
    assert done.code == 0, done.err
    assert done.reports["gates"]["score"] == 24
    assert done.reports["gates"]["submission"] == name
