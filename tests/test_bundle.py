"""`grade bundle`: the autograder runs in a folder tree laid out as Gradescope lays it out."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_folders import said
from running import ROOT
from weak_courses import WEAK

from grader.batch import Kit, kit_of
from grader.bundle import REQUIREMENTS, answer, pack
from grader.bundle.settings import files_of, read_kit
from grader.cases import public_seed
from grader.course import Course, load
from grader.isolation import choose

EXAMPLES = ROOT / "examples"
IS_TRUSTED = choose()[0] in {"sealed", "confined"}
SITE = Path(np.__file__).parent.parent
BROKEN = "def gradient_descent(w, dw, step):\n    raise ValueError('no')\n"
# What the system says of a submission; nothing of it may change a verdict or be repeated.
METADATA = {
    "id": 7,
    "created_at": "2099-01-01T00:00:00.000000-08:00",
    "assignment": {"due_date": "2020-01-01T00:00:00-08:00", "total_points": "0.0"},
    "users": [{"email": "ada@x.edu", "id": 1, "name": "Ada Lovelace"}],
    "previous_submissions": [{"score": "9.0", "results": {"score": 9.0, "tests": []}}],
}
needs_posix = pytest.mark.skipif(os.name != "posix", reason="scripts of a shell")


@cache
def kit() -> Kit:
    """Return what the command packs of `descent`."""
    course = Course(ROOT, "Backpropagation exercises")
    assignment, rubric = load(course, "descent")
    seeds = {"descent": (public_seed(3, assignment), "public, 3")}
    text = (ROOT / "rubrics" / "descent.yaml").read_text()
    return kit_of(course, [(assignment, rubric)], {"descent": text}, seeds, "auto",
                  allow_weak=not IS_TRUSTED)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a tree as the system lays it out, with the libraries that setup.sh would bring."""
    root = tmp_path / "autograder"
    for name in ("submission", "results", "source/site-packages"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(pack(kit(), ()))) as bundle:
        for info in bundle.infolist():
            place = Path(bundle.extract(info, root / "source"))
            place.chmod(info.external_attr >> 16 & 0o777)
    for name in ("numpy", "numpy.libs", "yaml", "_yaml", "tabulate", "tqdm", "pyseccomp.py"):
        if (SITE / name).exists():
            (root / "source" / "site-packages" / name).symlink_to(SITE / name)
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "submission_metadata.json").write_text(json.dumps(METADATA))
    return root


def program(folder: Path, name: str, text: str) -> None:
    """Write a program into a folder of them."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def run(root: Path, script: str, python: str) -> subprocess.CompletedProcess[str]:
    """Run a script as the system does; ``python`` is a shell script in the place of python3."""
    bin_ = root.parent / "bin"
    program(bin_, "python3", f"#!/bin/sh\n{python}\n")
    env = {"PATH": f"{bin_}:/usr/bin:/bin", "AUTOGRADER_ROOT": str(root)}
    return subprocess.run([root / script], cwd=root, env=env, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


def results(root: Path) -> dict[str, Any]:
    """Return what was written for the system."""
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_text("ascii"))
    return found


@needs_posix
def test_the_autograder_runs_where_it_is_unpacked(root: Path) -> None:
    """With an interpreter that knows of no grader, and nothing but the folders of the system."""
    bare = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    shutil.copy(EXAMPLES / "typical_mistakes" / "descent.py", root / "submission")
    done = run(root, "run_autograder", f'exec {bare} "$@"')
    assert (done.returncode, done.stderr) == (0, "")
    found = results(root)
    assert found["score"] == 3
    assert sum(test["score"] for test in found["tests"]) == 3
    assert sum(test["max_score"] for test in found["tests"]) == 9
    assert found["stdout_visibility"] == "hidden"
    assert found["extra_data"]["late_penalty"] == 0
    assert not re.search("Ada|ada@|2099", json.dumps(found) + done.stdout)
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("files", "score", "output"),
    [
        ({"descent.py": BROKEN}, 0, ""),
        ({"homework/descent.py": (EXAMPLES / "perfect" / "descent.py").read_text()}, 9, ""),
        ({"readme.txt": "sorry"}, 0, ""),
        ({}, 0, "could not be read"),
    ],
)
def test_every_submission_gets_its_score(
    files: dict[str, str], score: float, output: str, root: Path
) -> None:
    """Whatever is in the folder."""
    for name, text in files.items():
        (root / "submission" / name).parent.mkdir(exist_ok=True)
        (root / "submission" / name).write_text(text)
    text, _ = answer(root / "source", root / "submission")
    found = json.loads(text)
    assert found["score"] == score
    assert output in found["output"]


def without_walls(root: Path) -> None:
    """Let the autograder choose the weakest rung."""
    place = root / "source" / "settings.json"
    place.write_text(place.read_text().replace('"auto"', '"process"').replace("true", "false"))


def without_reference(root: Path) -> None:
    """Take a file away that the autograder needs."""
    (root / "source" / "course" / "reference" / "descent.py").unlink()


def without_submission(root: Path) -> None:
    """Take the folder of the submission away."""
    shutil.rmtree(root / "submission")


@pytest.mark.parametrize(
    ("spoil", "visible", "hidden"),
    [
        (without_walls, "isolation 'process' is too weak", ""),
        (without_submission, "there is no folder submission/", ""),
        (without_reference, "the autograder has a fault", "descent.py: cannot be read"),
    ],
)
def test_what_is_not_graded_has_no_score(spoil: Any, visible: str, hidden: str, root: Path) -> None:
    """The student reads why, the staff the detail; 0 would look like a verdict."""
    shutil.copy(EXAMPLES / "perfect" / "descent.py", root / "submission")
    spoil(root)
    text, told = answer(root / "source", root / "submission")
    found = json.loads(text)
    assert "score" not in found
    assert not any("score" in test for test in found["tests"])
    assert found["output"].startswith("NOT GRADED")
    assert visible in found["output"]
    assert visible in told
    assert (found["visibility"], found["stdout_visibility"]) == ("visible", "visible")
    shown, *rest = found["tests"]
    assert shown["visibility"] == "visible"
    assert [test["visibility"] for test in rest] == ["hidden"] * bool(hidden)
    assert hidden in "".join(test["output"] for test in rest)
    assert not hidden or hidden not in found["output"] + told


@needs_posix
def test_a_run_that_is_killed_leaves_a_file_all_the_same(root: Path) -> None:
    """And nothing of a run before."""
    (root / "results" / "results.json").write_text('{"score": 9}')
    assert run(root, "run_autograder", "kill -9 $$").returncode == 0
    found = results(root)
    assert found["output"].startswith("NOT GRADED")
    assert "score" not in found
    assert found["stdout_visibility"] == "hidden"


@needs_posix
@pytest.mark.parametrize(
    ("python", "code", "fragment"),
    [
        ('echo "$@" >>$AUTOGRADER_ROOT/said', 0, ""),
        ('[ "$1" = -c ] || exit 7', 7, ""),
        ('[ "$1" = -c ] && exit 1', 1, "Python 3.10 or newer"),
    ],
)
def test_setup_needs_pip_alone(python: str, code: int, fragment: str, root: Path) -> None:
    """It installs what is required into a folder of its own, and fails when it cannot."""
    done = run(root, "source/setup.sh", python)
    assert (done.returncode, fragment in done.stderr) == (code, True)
    if code == 0:
        source = root / "source"
        assert (root / "said").read_text().splitlines()[1:] == [
            f"-m pip install --quiet --target {source}/site-packages -r {source}/requirements.txt",
            f"-m compileall -q {source}/grader",
        ]


def test_page_shows_a_file_without_a_score() -> None:
    """As it is written, letter by letter."""
    page = (ROOT / "docs" / "batch.md").read_text()
    (shown,) = re.findall(r"<!-- example: not graded -->\n\n```json\n(.*?)```", page, re.DOTALL)
    with zipfile.ZipFile(io.BytesIO(pack(kit(), ()))) as bundle:
        assert bundle.read("not_graded.json").decode() == shown


def test_requirements_are_those_of_the_package() -> None:
    """Word by word, and what students may import comes with them."""
    text = (ROOT / "pyproject.toml").read_text()
    stated = text[text.index("\ndependencies = [") : text.index("[project.optional-dependencies]")]
    assert tuple(re.findall(r'^    "(.*?)",$', stated, re.MULTILINE)) == REQUIREMENTS
    with zipfile.ZipFile(io.BytesIO(pack(kit(), ["scipy"]))) as bundle:
        lines = bundle.read("requirements.txt").decode().splitlines()
    assert lines == [*REQUIREMENTS, "scipy"]


def test_what_is_unpacked_is_what_was_packed(tmp_path: Path) -> None:
    """The kit read from the texts is the same, to its digest."""
    for place, text in files_of(kit()).items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text)
    assert read_kit(tmp_path)[0] == kit()


@pytest.mark.parametrize("words", [(), ("--seed", "3", "--allow-weak-isolation")])
def test_the_command_writes_the_zip(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With both scripts at its root, this grader, and one assignment alone; each time the same."""
    out = tmp_path / "autograder.zip"
    command: list[str | Path] = ["bundle", "descent", "--to", "gradescope", "--out", out]
    command += ["--course", ROOT, *words]
    done = said(capsys, *command)
    assert (done.code, done.out, done.err) == (0, f"{out}\n", "")
    content = out.read_bytes()
    said(capsys, *command, "--allow-weak-spec")
    assert out.read_bytes() == content
    with zipfile.ZipFile(out) as bundle:
        names = set(bundle.namelist())
        modes = {name: bundle.getinfo(name).external_attr >> 16 & 0o777 for name in names}
        settings = json.loads(bundle.read("settings.json"))
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "grader").rglob("*.py")}
    assert {name for name in names if name.startswith("grader/")} == sources
    assert names - sources == {
        "setup.sh", "run_autograder", "run.py", "requirements.txt", "settings.json",
        "not_graded.json", "course/course.yaml", "course/assignments/descent.yaml",
        "course/rubrics/descent.yaml", "course/reference/descent.py",
    }  # fmt: skip
    assert {name for name, mode in modes.items() if mode == 0o755} == {"setup.sh", "run_autograder"}
    assert settings["allow_weak"] is bool(words)
    assert settings["seeds"][0][2] == ("public, 3" if words else "public, 0")


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("descent", "required: --to, --out"),
        ("descent --to canvas --out a.zip", "invalid choice: 'canvas'"),
        ("descnt --to gradescope --out a.zip", "did you mean `descent`?"),
        ("descent --to gradescope --out a.tar", "name a FILE.zip"),
        ("descent --to gradescope --out folder.zip", "name a FILE.zip"),
        ("descent --to gradescope --out no/a.zip", "there is no folder no"),
        ("descent --to gradescope --out a.zip --rubric no.yaml", "no.yaml: cannot be read"),
        ("descent --to gradescope --out a.zip --seed x", "invalid int value"),
    ],
)
def test_wrong_words_are_refused(
    words: str,
    fragment: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a sentence, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.zip").mkdir()
    done = said(capsys, "bundle", *words.split(), "--course", ROOT)
    assert (done.code, done.out) == (2, "")
    assert fragment in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.zip"]


def test_a_weak_spec_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless it is asked for in so many words: its autograder would let wrong work pass."""
    monkeypatch.chdir(tmp_path)
    weak = next(course for course in WEAK if course.name == "zero")
    for place, text in {
        "course.yaml": "name: Weak\n",
        "assignments/a.yaml": f"assignment: a\nfiles: [a.py]\ntasks:\n  - {{id: t, {weak.task}}}\n",
        "reference/a.py": f"import numpy as np\n\n{weak.source}",
    }.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(text)
    command = ("bundle", "a", "--to", "gradescope", "--out", "a.zip", "--course", ".")
    done = said(capsys, *command)
    assert (done.code, "--allow-weak-spec" in done.err) == (2, True)
    assert not (tmp_path / "a.zip").exists()
    assert said(capsys, *command, "--allow-weak-spec").code == 0
    assert zipfile.is_zipfile("a.zip")
