"""The kit as a folder: what may be in it, what is read again, and how it is found and used."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import running
import yaml
from in_process import COURSE, prepared, read_right
from kit_folder import write_kit
from kits import kit_of

from grader.errors import CourseError
from grader.kit import (
    MARKER,
    PUBLIC,
    case_files,
    find_kit,
    is_known,
    marker_text,
    public_battery,
    read_cases,
    read_kit,
)
from grader.model import Battery, Kind, Public, Visibility

RIGHT = read_right("plain", "gates")["gates.py"]


@pytest.fixture(scope="module")
def batteries() -> dict[str, Battery]:
    """The public batteries of the gates."""
    ready = prepared("gates", 0)
    return {
        name: public_battery(battery, ready.rubric)
        for name, battery in ready.batteries.items()
        if isinstance(battery, Battery)
    }


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of the gates with a right submission in it."""
    root = write_kit(tmp_path_factory.mktemp("kit"))
    (root / "gates.py").write_text(RIGHT)
    return root


def arrays_of(battery: Battery) -> dict[str, list[np.ndarray]]:
    """Return every answer of a battery by name."""
    found: dict[str, list[np.ndarray]] = {}
    for cases in battery.expected.values():
        for each in cases:
            for named in (each.outputs, *each.gradients):
                for name, array in named.items():
                    found.setdefault(name, []).append(array)
    return found


def test_what_is_read_is_what_was_written(batteries: dict[str, Battery]) -> None:
    """Inputs, upstreams, answers and scales come back bit for bit; the same kit, the same bytes."""
    files = case_files(batteries)
    assert files == case_files(batteries)
    again = read_cases(prepared("gates", 0).assignment, files.__getitem__)
    for name, battery in batteries.items():
        assert list(battery.expected) == list(again[name].expected)
        assert battery.scale == again[name].scale
        for kind, cases in battery.expected.items():
            for one, two in zip(cases, again[name].expected[kind], strict=True):
                assert one.case.id == two.case.id
                for was, now in zip(
                    (one.case.inputs, *one.case.upstreams, one.outputs, *one.gradients),
                    (two.case.inputs, *two.case.upstreams, two.outputs, *two.gradients),
                    strict=True,
                ):
                    assert {n: type(v) for n, v in was.items()} == {
                        n: type(v) for n, v in now.items()
                    }
                    assert all(np.array_equal(was[n], now[n], equal_nan=True) for n in was)


@pytest.mark.parametrize(
    ("public", "outputs", "gradients"),
    [
        (Public.FORWARD_VALUES, True, set()),
        (Public.WORKED_EXAMPLES, True, {Kind.EXAMPLE}),
        (Public.NOTHING, False, set()),
    ],
)
def test_a_kit_has_the_answers_that_the_spec_gives(
    public: Public, *, outputs: bool, gradients: set[Kind]
) -> None:
    """Outputs or none; gradients of the worked examples or none, and no scale of the others."""
    ready = prepared("gates", 0)
    battery = ready.batteries["multiply"]
    assert isinstance(battery, Battery)
    task = dataclasses.replace(battery.task, public=public)
    found = public_battery(dataclasses.replace(battery, task=task), ready.rubric)
    for kind, cases in found.expected.items():
        for each in cases:
            assert all(is_known(a) is outputs for a in each.outputs.values())
            known = [is_known(a) for named in each.gradients for a in named.values()]
            assert set(known) == {kind in gradients}
        assert ("z" in found.scale[kind]) is outputs
        assert ("dx" in found.scale[kind]) is (kind in gradients)


def test_what_is_hidden_is_not_in_a_kit() -> None:
    """Cases of a hidden check are left out, and so is the answer to a hidden output."""
    ready = prepared("gates", 0)
    battery = ready.batteries["relu"]
    assert isinstance(battery, Battery)
    hidden = dict.fromkeys(("near_kink", "case.scalar", "forward"), Visibility.HIDDEN)
    rubric = dataclasses.replace(ready.rubric, visibility={"relu": hidden})
    found = public_battery(battery, rubric)
    assert not {Kind.NEAR_KINK, Kind.SCALAR, Kind.TIES, Kind.SIZE} & found.expected.keys()
    assert not any(map(is_known, arrays_of(found)["z"]))


def damage(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return what changes a file of a kit."""

    def spoil(root: Path) -> None:
        path = root / name
        path.write_bytes(change(path.read_bytes()))

    return spoil


def _without_task(text: bytes) -> bytes:
    index = json.loads(text)
    del index["tasks"]["multiply"]
    return json.dumps(index).encode()


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no marker fields": (damage(MARKER, lambda _: b"kit: 1\n"), "the key `course` is missing"),
    "another format": (damage(MARKER, lambda t: t.replace(b"kit: 1", b"kit: 7")), "kit: 7 is of"),
    "another assignment": (damage(MARKER, lambda t: t.replace(b"gates", b"layers")), "is gates"),
    "no spec": (lambda root: (root / PUBLIC / "spec.yaml").unlink(), "spec.yaml: cannot be read"),
    "no cases": (lambda root: (root / PUBLIC / "cases.json").unlink(), "cases.json: cannot be"),
    "no arrays": (lambda root: (root / PUBLIC / "relu.npz").unlink(), "relu.npz: cannot be read"),
    "cases cut off": (damage(f"{PUBLIC}/cases.json", lambda t: t[:-90]), "of the kit are dam"),
    "cases of a list": (damage(f"{PUBLIC}/cases.json", lambda _: b"[]"), "of the kit are dam"),
    "a task missing": (damage(f"{PUBLIC}/cases.json", _without_task), "of the kit are dam"),
    "arrays cut off": (damage(f"{PUBLIC}/relu.npz", lambda t: t[:-90]), "of the kit are dam"),
    "arrays of rubbish": (damage(f"{PUBLIC}/relu.npz", lambda _: b"P"), "of the kit are dam"),
    "a flipped byte": (damage(f"{PUBLIC}/relu.npz", lambda t: t[:300] + b"?" + t[301:]),
                       "of the kit are dam"),
    "too deep": (damage(f"{PUBLIC}/cases.json", lambda _: b"[" * 99999), "of the kit are dam"),
    "a newer index": (
        damage(f"{PUBLIC}/cases.json", lambda t: t.replace(b'"format": 1', b'"format": 2')),
        "format 2 is of another version",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_kit_is_refused(name: str, tmp_path: Path) -> None:
    """What is missing or spoilt is named, with what to do."""
    spoil, words = DAMAGES[name]
    write_kit(tmp_path)
    spoil(tmp_path)
    with pytest.raises(CourseError, match=words):
        read_kit(tmp_path)


def test_arrays_are_read_without_pickle(tmp_path: Path) -> None:
    """An object array in the place of numbers is refused, not unpickled."""
    write_kit(tmp_path)
    with np.load(tmp_path / PUBLIC / "relu.npz") as arrays:
        spoilt = {name: np.array([{}], dtype=object) for name in arrays}
    np.savez(tmp_path / PUBLIC / "relu.npz", allow_pickle=True, **spoilt)
    with pytest.raises(CourseError, match="damaged"):
        read_kit(tmp_path)


def test_the_nearest_marker_says_what_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a kit it is the kit, in a course the course, whatever a submission brings along."""
    kit, course = tmp_path / "kit", tmp_path / "course"
    for root, marker in ((kit, MARKER), (course, "course.yaml")):
        (root / "inner").mkdir(parents=True)
        (root / marker).touch()
    handed, nested = course / "handed" / "alice", kit / "own"
    for root, marker in ((handed, MARKER), (nested, "course.yaml")):
        root.mkdir(parents=True)
        (root / marker).touch()
    monkeypatch.chdir(kit / "inner")
    assert find_kit(None, {}) == kit
    assert find_kit(str(course), {}) is None
    assert find_kit(None, {"GRADER_COURSE": str(course)}) is None
    monkeypatch.chdir(nested)
    assert find_kit(None, {}) is None
    monkeypatch.chdir(course)
    assert find_kit(None, {}) is None
    assert find_kit(str(kit), {}) == kit
    monkeypatch.chdir(tmp_path)
    assert find_kit(None, {}) is None


def test_a_kit_inside_a_course_is_not_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a student's, handed in whole: which of the two is meant must be said."""
    handed = tmp_path / "handed" / "alice"
    handed.mkdir(parents=True)
    (tmp_path / "course.yaml").touch()
    (handed / MARKER).touch()
    monkeypatch.chdir(handed)
    with pytest.raises(CourseError, match=r"--course \. to check .* --course \.\./\.\. to grade"):
        find_kit(None, {})
    assert find_kit(".", {}) == Path()
    assert find_kit("../..", {}) is None


def grade(cwd: Path, *words: str) -> tuple[int, str, str]:
    """Run the command in a folder."""
    done = running.run(*words, cwd=cwd)
    return done.code, done.out, done.err


WRONG = RIGHT.replace("dx = self.y * dz", "dx = self.x * dz")
STUB = "class MultiplyGate:\n    def forward(self, x, y):\n        raise NotImplementedError\n"


@pytest.mark.parametrize(
    ("text", "words", "code", "told"),
    [
        (RIGHT, (), 0, "nothing was found in 10 tasks"),
        (WRONG, ("--task", "multiply"), 1, "by differences of your own forward"),
        (WRONG, ("--task", "multiply", "--quiet"), 1, "something was found in 1 of 1 task"),
        (STUB, ("--task", "multiply"), 1, "1 of 1 not attempted"),
        (WRONG, ("--replay", "multiply:random:0"), 1, "gradients by differences of your own"),
        (RIGHT, ("--replay", "multiply:random:0"), 0, "nothing was found in this case"),
        (WRONG, ("--format", "markdown"), 1, "| what is known |"),
        ("class (", (), 1, "L103"),
        (RIGHT, ("--task", "nothing"), 2, "no task `nothing`"),
        (RIGHT, ("--replay", "multiply:random:99"), 2, "multiply:random has 4 cases"),
        (RIGHT, ("--seed", "3"), 2, "--seed needs a course"),
        (RIGHT, ("--rubric", "x.yaml"), 2, "--rubric needs a course"),
        (RIGHT, ("--assignment", "layers"), 2, "this is the kit of gates"),
    ],
)
def test_a_kit_on_the_command_line(
    kit: Path, tmp_path: Path, text: str, words: tuple[str, ...], code: int, told: str
) -> None:
    """`grade .` says what is known, never a point, and its exit code what was found."""
    shutil.copytree(kit, tmp_path / "kit")
    (tmp_path / "kit" / "gates.py").write_text(text)
    got, out, err = grade(tmp_path / "kit", ".", *words)
    assert (got, told in " ".join((out + err).split())) == (code, True), out + err
    assert "points lost" not in out.replace("no points lost", "")
    assert " / " not in out


def test_a_kit_without_the_file_says_which(kit: Path, tmp_path: Path) -> None:
    """A folder with nothing to check is an error that names the file."""
    shutil.copytree(kit, tmp_path / "kit")
    (tmp_path / "kit" / "gates.py").rename(tmp_path / "kit" / "gate.py")
    code, _, err = grade(tmp_path / "kit", ".")
    assert (code, "asks for gates.py" in err) == (2, True)


def test_a_self_check_as_json(kit: Path, tmp_path: Path) -> None:
    """The report says that it is one; it has every outcome and no score."""
    shutil.copytree(kit, tmp_path / "kit")
    code, _, _ = grade(tmp_path / "kit", ".", "--report", "out.json")
    report = json.loads((tmp_path / "kit" / "out.json").read_text())["reports"][0]
    assert (code, report["self_check"], report["score"], report["max_score"]) == (0, True, 0, 0)
    assert {task["outcome"] for task in report["tasks"]} == {"passed"}


def test_no_python_of_a_kit_is_loaded_by_the_grader(kit: Path, tmp_path: Path) -> None:
    """A `reference/` that a student adds to a kit is never run."""
    shutil.copytree(kit, tmp_path / "kit")
    place = tmp_path / "kit" / "reference" / "gates.py"
    place.parent.mkdir()
    place.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n{RIGHT}")
    grade(tmp_path / "kit", ".", "--task", "multiply")
    assert not (tmp_path / "ran").exists()


def test_the_marker_can_be_read(kit: Path) -> None:
    """It is YAML, whatever the course is called."""
    fields = yaml.safe_load((kit / MARKER).read_text())
    assert fields.pop("course") == COURSE.name
    assert fields == {"kit": 1, "assignment": "gates", "version": 1, "seed": 0}
    odd = "It's: a # course"
    text = marker_text(odd, kit_of("gates", 0).assignment, 3)
    assert yaml.safe_load(text) | {"kit": 1} == {**fields, "kit": 1, "course": odd, "seed": 3}
