"""`grade release`: what is written, what is tried before, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from running import Outcome, run
from tiny_class import RIGHT, write_course

from grader.errors import CourseError
from grader.model import Outcome as Verdict
from grader.model import TaskResult
from grader.release import refuse_taken, write_kit
from grader.release.proving import is_empty, is_right, is_unaccused

SECRET = "0123456789abcdef0123456789abcdef"
FILES = {
    "README.md", "gates.py", "kit.yaml", "public/cases.json", "public/rubric.yaml",
    "public/spec.yaml", "public/square.npz",
}  # fmt: skip
HALF = RIGHT.replace(
    "        return x * x",
    "        ### BEGIN SOLUTION\n        return x * x\n        ### END SOLUTION",
)
LEFT = "def other(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Write a course of one task, with a secret."""
    root = tmp_path / "course"
    write_course(root)
    (root / "course.secret").write_text(SECRET)
    return root


def release(course: Path, out: Path | str, *words: str, assignment: str = "gates") -> Outcome:
    """Run the command from outside of the course."""
    return run("release", assignment, "--out", out, "--course", course, *words, cwd=course.parent)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_kit_is_a_folder_or_the_same_as_a_zip(course: Path) -> None:
    """It holds no solution and no secret; what is public is said; the same bytes each time."""
    done = release(course, "kit")
    assert (done.code, done.err) == (0, "")
    assert "square" in done.out
    assert "kit: 7 files, no solution among them." in done.out
    files = contents(course.parent / "kit")
    assert files.keys() == FILES
    assert not any(SECRET.encode() in data or b"2 * self.x" in data for data in files.values())
    assert b'NotImplementedError("write SquareGate.backward: return dx")' in files["gates.py"]
    assert release(course, "kit.zip", "--allow-weak-spec").code == 0
    packed = (course.parent / "kit.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as kit:
        assert {name: kit.read(f"gates/{name}") for name in files} == files
        assert len(kit.namelist()) == len(files)
    assert release(course, "kit.zip", "--allow-weak-spec").code == 0
    assert (course.parent / "kit.zip").read_bytes() == packed
    assert {path.name for path in course.parent.iterdir()} == {"course", "kit", "kit.zip"}


def test_a_kit_checks_what_is_written_in_it(course: Path) -> None:
    """Without the course; a solution of one's own is consistent, the starter not attempted."""
    assert release(course, "kit", "--allow-weak-spec", "--seed", "3").code == 0
    kit = course.parent / "kit"
    course.rename(course.with_name("elsewhere"))
    started = run(".", cwd=kit)
    assert started.code == 1
    assert "not attempted" in started.out
    assert "public, 3" in started.out
    (kit / "gates.py").write_text(RIGHT)
    assert run(".", cwd=kit).code == 0


def test_a_hidden_sub_case_is_nowhere_in_a_kit(course: Path) -> None:
    """Nor its name; the cases of the others keep their places, and the README says that more is."""
    spec, rubric = course / "assignments" / "gates.yaml", course / "rubrics" / "gates.yaml"
    cases = "random_cases: 3, cases: {narrow: {sizes: {D: 1}}, wide: {sizes: {D: 11}}}"
    spec.write_text(spec.read_text().replace("random_cases: 3", cases))
    priced = rubric.read_text().replace("total: 4", "total: 6")
    priced = priced.replace("3}", "3, case.narrow: 1, case.wide: 1}")
    rubric.write_text(priced + "visibility: {square: {case.narrow: hidden}}\n")
    assert release(course, "kit", "--allow-weak-spec").err == ""
    kit = course.parent / "kit"
    assert [name for name, data in contents(kit).items() if b"narrow" in data] == []
    told = " ".join((kit / "README.md").read_text().split())
    assert "for other numbers and by further checks." in told
    assert "| 5 |" in told
    (kit / "gates.py").write_text(RIGHT)
    done = run(".", cwd=kit)
    assert done.code == 0
    assert "case.wide" in done.out
    (kit / "gates.py").write_text(RIGHT.replace("2 * self.x", "(2 + (dz.shape[1] == 11)) * self.x"))
    assert run(".", cwd=kit).code == 1


@pytest.mark.parametrize("hidden", ["hidden", "{square: hidden}"])
def test_a_task_that_is_hidden_whole_is_released(course: Path, hidden: str) -> None:
    """Nothing can be known of it in the kit, and its starter is not called right."""
    rubric = course / "rubrics" / "gates.yaml"
    rubric.write_text(f"{rubric.read_text()}visibility: {hidden}\ndue: 2030-02-01T12:00:00+01:00\n")
    done = release(course, "kit", "--allow-weak-spec")
    assert (done.code, done.err) == (0, "")
    assert "Due 2030-02-01 12:00+01:00." in (course.parent / "kit" / "README.md").read_text()
    assert "passed" not in run(".", cwd=course.parent / "kit").out


def test_without_a_secret_it_says_so(course: Path) -> None:
    """The cases of the grading could be computed by anybody."""
    (course / "course.secret").unlink()
    done = release(course, "kit", "--allow-weak-spec")
    assert done.code == 0
    assert "this course has no secret" in done.err


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        (RIGHT + LEFT, "nothing is marked in SquareGate.forward, SquareGate.backward"),
        (HALF, "nothing is marked in SquareGate.backward, which students are to write"),
        (RIGHT.replace("2 * self.x", "3 * self.x"), "gates: square: "),
        (f"from {{}} import x\n{RIGHT}", "reference/gates.py:1: does not load"),
    ],
    ids=["solution left", "half a solution left", "disproven", "does not load"],
)  # fmt: skip
def test_what_is_not_proven_is_not_written(course: Path, reference: str, problem: str) -> None:
    """A starter that holds the solution, a wrong reference, one that loads nowhere."""
    (course / "reference" / "gates.py").write_text(reference)
    done = release(course, "kit", "--allow-weak-spec")
    assert done.code == 2
    assert problem in done.err
    assert not (course.parent / "kit").exists()


def test_a_weak_spec_is_not_released(course: Path) -> None:
    """As no class is graded by one, unless that is said."""
    spec = course / "assignments" / "gates.yaml"
    spec.write_text(spec.read_text().replace("random_cases", "tolerance: 0.4, random_cases"))
    done = release(course, "kit")
    assert done.code == 2
    assert "gates is weak: see `grade check gates`, or say --allow-weak-spec" in done.err
    assert not (course.parent / "kit").exists()
    done = release(course, "kit", assignment="gate")
    assert "no assignment `gate` in this course (did you mean `gates`?)" in done.err


@pytest.mark.parametrize(
    ("out", "problem"),
    [
        ("full", "is not empty"),
        ("file", "is a file"),
        ("none/kit", "there is no folder"),
        ("none/kit.zip", "there is no folder"),
        ("folder.zip", "it is a folder"),
    ],
)
def test_a_place_that_is_taken_is_refused(tmp_path: Path, out: str, problem: str) -> None:
    """Nothing that is there is lost."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.py").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.zip").mkdir()
    before = contents(tmp_path)
    with pytest.raises(CourseError, match=problem):
        refuse_taken(tmp_path / out)
    with pytest.raises(CourseError, match=problem):
        write_kit({"a.py": b""}, tmp_path / out, "a")
    assert contents(tmp_path) == before


def test_an_empty_folder_is_filled_and_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """A kit is there whole or not at all."""
    (tmp_path / "kit").mkdir()
    write_kit({"a/b.py": b"x", "c": b""}, tmp_path / "kit", "a")
    assert contents(tmp_path) == {"kit/a/b.py": b"x", "kit/c": b""}
    for out in ("other", "other.zip"):
        with pytest.raises((CourseError, TypeError)):
            write_kit({"a": b"x", "a/b": b"y", "c": None}, tmp_path / out, "a")  # type: ignore[dict-item]
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]


def test_who_is_empty_and_who_is_right() -> None:
    """What rests on something unwritten is skipped; what nobody can tell accuses nobody."""

    def task(outcome: Verdict) -> TaskResult:
        return TaskResult("t", "", outcome, (), ())

    assert {v for v in Verdict if is_empty(task(v))} == {Verdict.NOT_ATTEMPTED, Verdict.SKIPPED}
    assert {v for v in Verdict if is_right(task(v))} == {Verdict.PASSED}
    assert {v for v in Verdict if not is_unaccused(task(v))} >= {
        Verdict.FAILED, Verdict.FAULTED, Verdict.TIMED_OUT, Verdict.NOT_ATTEMPTED, Verdict.VOID,
    }  # fmt: skip
