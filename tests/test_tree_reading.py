"""Reading trees: caps, links and odd names, and how the command finds its assignments."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from running import run
from trees import (
    AFFINE,
    FLAT,
    LAYERS,
    SPEC,
    course,
    graded_at,
    messages,
    points,
    tree,
    write,
)

from grader.submission import MAX_BYTES, read_submission
from grader.submission import tree as tree_of_files
from grader.submission.folder import MAX_TREE_BYTES, MAX_TREE_FILES
from grader.submission.tree import MAX_DEPTH, list_sources

posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
NUMPY = "import numpy as np\n"
RIGHT = {"affine": 1.0, "half": 1.0}
BROKEN = "raise RuntimeError('this file is never run')\n"


def test_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files there are, the declared one is read, and few others."""
    monkeypatch.setattr(tree_of_files, "MAX_SEEN", 1000)
    write(tmp_path, tree({"layers.py": LAYERS, "parts.py": AFFINE}))
    for folder in ("cs231n/more", "data/deep"):
        (tmp_path / folder).mkdir(parents=True)
        for index in range(900):
            (tmp_path / folder / f"a{index}.py").touch()
    submission = read_submission(tmp_path, ["cs231n/layers.py"])
    assert submission.texts["cs231n/layers.py"] == LAYERS
    assert submission.texts["cs231n/parts.py"] == AFFINE  # the nearest first
    assert len(submission.texts) == MAX_TREE_FILES + 1
    assert [note.code for note in submission.notes] == ["N724"]


def test_listing_stops(tmp_path: Path) -> None:
    """Listing ends at a number of names, and at a depth."""
    deep = tmp_path / "/".join(["d"] * (MAX_DEPTH + 3))
    deep.mkdir(parents=True)
    (deep / "x.py").touch()
    (tmp_path / "y.py").touch()
    listing = list_sources(tmp_path)
    assert listing.paths == ("y.py",)
    assert not listing.is_cut


def test_large_trees_are_read_in_part(tmp_path: Path) -> None:
    """All files of a tree together have a cap; those beside the declared one come first."""
    large = "#" * (MAX_BYTES - 1)
    parts = {"layers.py": LAYERS, "a.py": AFFINE, "huge.py": large + "##"}
    parts |= {f"more/b{index}.py": large for index in range(8)}
    submission = read_submission(write(tmp_path, tree(parts)), ["cs231n/layers.py"])
    assert "cs231n/a.py" in submission.texts
    assert sum(map(len, submission.texts.values())) < MAX_TREE_BYTES + 2 * MAX_BYTES
    assert submission.unread == {"cs231n/huge.py": "is larger than 1 MiB"}
    assert [note.code for note in submission.notes] == ["N724"]


def test_environments_and_caches_are_left_out(tmp_path: Path) -> None:
    """What tools put there is neither listed nor read."""
    clutter = [
        *(".env/x.py", "venv/x.py", "my/pyvenv.cfg", "my/lib/x.py", "__pycache__/x.py"),
        *("__MACOSX/cs231n/layers.py", "lib/site-packages/x.py", "cs231n/._layers.py"),
    ]
    write(tmp_path, {"cs231n/layers.py": LAYERS, **dict.fromkeys(clutter, BROKEN)})
    assert list_sources(tmp_path).paths == ("cs231n/layers.py",)
    assert set(read_submission(tmp_path, ["cs231n/layers.py"]).texts) == {"cs231n/layers.py"}


@posix
def test_links_pipes_and_devices_in_a_tree(tmp_path: Path, either_rung: str) -> None:
    """Nothing but regular files in real folders is opened, and an import of them says why."""
    secret = write(tmp_path / "outside", {"secret.py": "hush = 1\n"})
    source = (
        f"{NUMPY}from .link import hush\nfrom .folder.secret import hush\nimport pipe\n{LAYERS}"
    )
    home = write(tmp_path / "in", tree({"layers.py": source}))
    (home / "cs231n" / "link.py").symlink_to(secret / "secret.py")
    (home / "cs231n" / "folder").symlink_to(secret)
    os.mkfifo(home / "cs231n" / "pipe.py")
    submission = read_submission(home, ["cs231n/layers.py"])
    assert set(submission.texts) == {"cs231n/layers.py"}
    report = graded_at(home, either_rung)
    assert points(report) == RIGHT
    assert "(cs231n/link.py: is a link; hand in the file itself)" in messages(report)
    assert "(cs231n/pipe.py: is not a regular file)" in messages(report)


@posix
def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    """A declared file behind a linked folder is not read."""
    write(tmp_path / "real", {"layers.py": LAYERS})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cs231n").symlink_to(tmp_path / "real")
    report = graded_at(tmp_path / "in")
    assert points(report) == {"affine": 0, "half": 0}
    assert "it lies behind a link" in messages(report)


@posix
def test_names_of_any_bytes(tmp_path: Path) -> None:
    """Names that are no text, or no module, are passed over."""
    home = write(tmp_path, tree({"layers.py": LAYERS, "a-b.py": BROKEN, "a b.py": BROKEN}))
    for name in (b"\xff.py", b"\x1b[31m.py", "\u202e.py".encode(), b"x\n.py"):
        Path(os.fsdecode(os.fsencode(home / "cs231n") + b"/" + name)).touch()
    report = graded_at(home)
    assert points(report) == RIGHT
    assert set(read_submission(home, ["cs231n/layers.py"]).texts) == {"cs231n/layers.py"}


# The command.


def course_folder(folder: Path) -> Path:
    """Write a course with a tree, a flat assignment, and another file of the tree."""
    more = SPEC.replace("assignment: net", "assignment: more").replace("layers.py", "more.py")
    flat = FLAT.replace("assignment: net", "assignment: flat").replace("layers.py", "flat.py")
    specs = {"net": SPEC, "more": more, "flat": flat}
    write(folder, {f"assignments/{name}.yaml": text for name, text in specs.items()})
    places = ("cs231n/layers.py", "cs231n/more.py", "flat.py")
    write(folder, {f"reference/{place}": LAYERS for place in places})
    return write(folder, {"course.yaml": "name: Trees\n"})


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (["cs231n/layers.py", "cs231n/more.py", "flat.py"], ["flat", "more", "net"]),
        (["cs231n/more.py"], ["more"]),
        (["a/cs231n/more.py", "a/cs231n/layers.py"], ["more", "net"]),
        (["a/flat.py", "cs231n/layers.py"], ["net"]),
    ],
)
def test_assignments_are_found_by_their_files(
    places: list[str], found: list[str], tmp_path: Path
) -> None:
    """Several assignments may lie side by side in one tree."""
    home = course_folder(tmp_path / "course")
    write(tmp_path / "in", dict.fromkeys(places, LAYERS))
    report = tmp_path / "r.json"
    done = run(tmp_path / "in", "--course", home, "--isolation", "process", "--report", report)
    assert done.code == 0, done.err
    graded_ones = [r["assignment"] for r in json.loads(report.read_text())["reports"]]
    assert graded_ones == found


def test_no_file_of_an_assignment_is_there(tmp_path: Path) -> None:
    """The error names the file that lies in another folder."""
    home = course_folder(tmp_path / "course")
    write(tmp_path / "in", {"src/flat.py": LAYERS})
    done = run(tmp_path / "in", "--course", home)
    assert done.code == 2
    assert "no file of an assignment is there (found at src/flat.py: it must" in done.err


def test_check_proves_a_course_of_trees(tmp_path: Path) -> None:
    """The reference lies under the same path, and handed in it is a full-mark submission."""
    home = course_folder(tmp_path / "course")
    done = run("check", "net", "--course", home)
    assert done.code == 0, done.out + done.err
    assert "net is sound" in done.out


def test_a_missing_reference_of_a_tree(tmp_path: Path) -> None:
    """The error names the path below `reference/`."""
    home = course_folder(tmp_path / "course")
    (home / "reference" / "cs231n" / "layers.py").unlink()
    done = run("check", "net", "--course", home)
    assert done.code == 2
    assert "reference/cs231n/layers.py: cannot be read" in done.err


def test_references_leave_no_trace() -> None:
    """Modules of a reference are not importable afterwards, under no name."""
    course()
    assert not [name for name in sys.modules if name.partition(".")[0] in ("cs231n", "layers")]
