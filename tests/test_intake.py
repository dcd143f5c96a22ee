"""Taking in a class: every layout as its platform makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from handed_in import WORK, plant, read_back, tarred, told, zipped

from grader.intake import LAYOUTS, take_in

GRADESCOPE = """---
submission_91:
  :submitters:
  - :name: "Doe, \\"JJ\\" Jane"
    :sid: 0012345
    :email: jane@x.edu
  :created_at: 2026-02-09 02:05:12.871637000 Z
  :score: 3.0
  :results:
    tests: [{name: "1.1", output: "- :sid: '666'"}]
  :history:
  - :id: 90
    :created_at: 2026-02-08 02:05:12 Z
submission_92:
  :submitters:
  - :name: Ann
    :sid: ''
    :email: ann@x.edu
  - :name: Bob
    :sid: '7'
  :created_at: 2026-02-09 04:00:00.000000000 +01:00
submission_95:
  :submitters:
  - {":name": Bob, ":sid": '7', ":email": null}
  :created_at: 2026-02-09 02:00:00 UTC
"""


@dataclass(frozen=True)
class Download:
    """A download, and what is in it."""

    tree: dict[str, str | bytes]
    layout: str
    attempts: dict[str, tuple[str, int, str, bool | None]]
    holds: dict[str, dict[str, str]] = field(default_factory=dict)
    named: str | None = None
    problems: str = ""
    files: tuple[str, ...] = ("layers.py",)


def _plain(key: str, number: int = 1) -> tuple[str, int, str, bool | None]:
    return (key, number, "", None)


DOWNLOADS = {
    "folders": Download(
        {"007/layers.py": WORK, "7/layers.py": WORK, ".DS_Store": b"", "__MACOSX/._7": b""},
        "plain",
        {"007": _plain("007"), "7": _plain("7")},
        {"007": {"layers.py": WORK}},
    ),
    "folders in folders": Download(
        {"ann/hw/final/layers.py": WORK, "ann/.DS_Store": b"", "bob/cs231n/layers.py": WORK},
        "plain",
        {"ann": _plain("ann"), "bob": _plain("bob")},
        {"ann": {"layers.py": WORK}, "bob": {"cs231n/layers.py": WORK}},
        files=("cs231n/layers.py",),
    ),
    "single files": Download(
        {"007.py": WORK, "an.na.ipynb": "{}"},
        "plain",
        {"007": _plain("007"), "an.na": _plain("an.na")},
        {"007": {"007.py": WORK}},
    ),
    "archives": Download(
        {
            "a.zip": zipped({"hw/layers.py": WORK, "__MACOSX/hw/._layers.py": b"\0"}),
            "b.tar.gz": tarred({"./layers.py": WORK}),
            "c.tgz": tarred({"layers.py": WORK}),
            "d.tar": tarred({"x/layers.py": WORK}, ""),
            "e.tar.xz": tarred({"layers.py": WORK}, "xz"),
            "f.tbz2": tarred({"layers.py": WORK}, "bz2"),
            "g/hw.zip": zipped({"layers.py": WORK}),
            "h.ZIP": zipped({"hw.zip": zipped({"layers.py": WORK})}),
        },
        "plain",
        {key: _plain(key) for key in "abcdefgh"},
        {key: {"layers.py": WORK} for key in "abcdefgh"},
    ),
    "other files": Download(
        {"ann/layers.py": WORK, "notes.txt": "x", "bob.rar": b"Rar!"},
        "plain",
        {"ann": _plain("ann"), "bob": _plain("bob")},
        {"bob": {"problem": "bob.rar is packed in a way that is not read here: hand in a zip"}},
        problems="left out, since it is no submission: notes.txt",
    ),
    "gradescope": Download(
        {
            "assignment_5_export/submission_metadata.yml": GRADESCOPE,
            "assignment_5_export/submission_91/layers.py": WORK,
            "assignment_5_export/submission_92/layers.py": WORK,
            "assignment_5_export/submission_99/layers.py": WORK,
        },
        "gradescope",
        {
            "submission_91": ("0012345", 1, "2026-02-09T02:05:12.871637+00:00", None),
            "submission_95": ("7", 1, "2026-02-09T02:00:00+00:00", None),
            "submission_92": ("ann@x.edu 7", 2, "2026-02-09T04:00:00+01:00", None),
            "submission_99": _plain("submission_99"),
        },
        {"submission_95": {"problem": "what was handed in is not there"}},
        problems="not in submission_metadata.yml: submission_99",
    ),
    "canvas": Download(
        {
            "doejane_101_9001_layers.py": "first",
            "doejane_101_9005_layers-1.py": "second",
            "doejane_101_9006_layers-2.py": "third",
            "doejane_101_9002_functions.py": WORK,
            "élan_LATE_00102_9003_layers-4.py": WORK,
            "élan_LATE_00102_9004_my_10_notes.txt": "x",
            "li_103_9007_hw.zip": zipped({"hw/layers.py": WORK}),
            "noh_104_text.html": "<p>",
        },
        "canvas",
        {
            "101": ("101", 1, "", False),
            "101-1": ("101", 2, "", False),
            "101-2": ("101", 3, "", False),
            "00102-4": ("00102", 1, "", True),
            "103": ("103", 1, "", False),
            "104": ("104", 1, "", False),
        },
        {
            "101": {"layers.py": "first", "functions.py": WORK},
            "101-1": {"layers.py": "second", "functions.py": WORK},
            "101-2": {"layers.py": "third", "functions.py": WORK},
            "00102-4": {"layers.py": WORK},
            "103": {"layers.py": WORK},
            "104": {"problem": "there is no Python file and no notebook in it: text.html"},
        },
    ),
    "canvas, names hidden": Download(
        {"anon_k3X9q_9001_layers.py": WORK, "LATE_anon_zz01_9002_layers.py": WORK},
        "canvas",
        {"k3X9q": ("k3X9q", 1, "", False), "zz01": ("zz01", 1, "", True)},
        {"zz01": {"layers.py": WORK}},
    ),
    "canvas, an assignment called hw-1.py": Download(
        {"a_1_2_hw-1.py": "one", "a_1_3_hw-2.py": "two", "a_1_4_hw-1-1.py": "again"},
        "canvas",
        {"1": ("1", 1, "", False), "1-1": ("1", 2, "", False)},
        {
            "1": {"hw-1.py": "one", "hw-2.py": "two"},
            "1-1": {"hw-1.py": "again", "hw-2.py": "two"},
        },
        files=("hw-1.py", "hw-2.py"),
    ),
    "moodle, in folders": Download(
        {
            "Jane Doe_12345_assignsubmission_file_/layers.py": WORK,
            "Jane Doe_12345_assignsubmission_onlinetext_/onlinetext.html": "<p>",
            "Team 1-Óscar, Jr._00046_assignsubmission_file/hw.zip": zipped({"layers.py": WORK}),
            "Li_7_assignsubmission_onlinetext_/onlinetext.html": "<p>",
        },
        "moodle",
        {"12345": _plain("12345"), "00046": _plain("00046"), "7": _plain("7")},
        {"12345": {"layers.py": WORK}, "00046": {"layers.py": WORK}},
    ),
    "moodle, flat": Download(
        {
            "Jane Doe_12345_assignsubmission_file_layers.py": WORK,
            "Jane Doe_12345_assignsubmission_file_functions.py": "x",
            "Participant_9_assignsubmission_file_hw.zip": zipped({"layers.py": WORK}),
        },
        "moodle",
        {"12345": _plain("12345"), "9": _plain("9")},
        {"12345": {"layers.py": WORK, "functions.py": "x"}, "9": {"layers.py": WORK}},
    ),
    "nbgrader": Download(
        {
            "gradebook.db": b"",
            "source/ps1/layers.ipynb": "{}",
            "submitted/007/ps1/layers.ipynb": "{}",
            "submitted/007/ps1/timestamp.txt": "2026-02-02 15:58:23.948203 UTC\n",
            "submitted/bitdiddle/ps1/layers.ipynb": "{}",
            "submitted/bitdiddle/ps1/timestamp.txt": "yesterday",
            "submitted/bitdiddle/ps2/layers.ipynb": "{}",
        },
        "nbgrader",
        {
            "007": ("007", 1, "2026-02-02T15:58:23.948203+00:00", None),
            "bitdiddle": _plain("bitdiddle"),
        },
        named="nbgrader:ps1",
    ),
    "nbgrader, its submitted/ alone": Download(
        {"a/ps1/timestamp.txt": "2026-02-02 15:58:23 America/New_York", "b/ps1/layers.py": WORK,
         "a/ps1/layers.py": WORK, "c/ps1/timestamp.txt": "2026-02-02 15:58:23"},
        "nbgrader",
        {
            "a": ("a", 1, "2026-02-02T15:58:23-05:00", None),
            "b": _plain("b"),
            "c": ("c", 1, "2026-02-02T15:58:23+00:00", None),
        },
    ),
    "github, recognised": Download(
        {"hw-1-ann/.git/HEAD": "", "hw-1-ann/layers.py": WORK, "hw-1-bo-b/.git/HEAD": ""},
        "github",
        {"hw-1-ann": _plain("hw-1-ann"), "hw-1-bo-b": _plain("hw-1-bo-b")},
        {"hw-1-ann": {".git/HEAD": "", "layers.py": WORK}},
    ),
    "github, named": Download(
        {"hw-1-ann/layers.py": WORK, "hw-1-bo-b/layers.py": WORK},
        "github",
        {"hw-1-ann": _plain("ann"), "hw-1-bo-b": _plain("bo-b")},
        named="github",
    ),
    "github, prefix named": Download(
        {"hw-1-ann/layers.py": WORK, "starter/layers.py": WORK},
        "github",
        {"hw-1-ann": _plain("1-ann"), "starter": _plain("starter")},
        named="github:hw",
        problems="not named `hw-USER`: starter",
    ),
    "moodle, with strays": Download(
        {"A_1_assignsubmission_file_/layers.py": WORK, "B_2_assignsubmission_file_/layers.py": "",
         "index.html": "x"},
        "moodle",
        {"1": _plain("1"), "2": _plain("2")},
        problems="2 of 3 names look like a Moodle download",
    ),
    "one name like Canvas's among others": Download(
        {"a_1_2_layers.py": WORK, "bob.py": WORK, "ann.py": WORK},
        "plain",
        {"a_1_2_layers": _plain("a_1_2_layers"), "ann": _plain("ann"), "bob": _plain("bob")},
        problems="`--layout canvas` if it is one",
    ),
    "one student who plants nbgrader's time": Download(
        {"a/b/timestamp.txt": "", "b/layers.py": WORK, "c/layers.py": WORK},
        "plain",
        {key: _plain(key) for key in "abc"},
    ),
    "a folder and a zip of one student": Download(
        {"ann/layers.py": WORK, "ann.zip": zipped({"layers.py": WORK})},
        "plain",
        {"ann": _plain("ann"), "ann.zip": _plain("ann", 2)},
        problems="nothing says in which order, so it is that of the names: ann",
    ),
    "a starter among students": Download(
        {"ann.py": WORK, "layers.py": WORK},
        "plain",
        {"ann": _plain("ann")},
        problems="layers.py: left out, a file of the assignment and no student",
    ),
}  # fmt: skip


@pytest.mark.parametrize("download", DOWNLOADS.values(), ids=DOWNLOADS)
def test_a_download_is_read_as_its_platform_made_it(download: Download, tmp_path: Path) -> None:
    """The layout is recognised; students, numbers, times and files are those of the download."""
    plant(tmp_path / "in", download.tree)
    intake = take_in(tmp_path / "in", download.named, files=download.files)
    assert intake.layout == download.layout
    assert told(intake) == download.attempts
    assert download.problems in " ".join(intake.problems)
    assert bool(download.problems) == bool(intake.problems)
    by_key = {attempt.key: attempt for attempt in intake.attempts}
    for key, holds in download.holds.items():
        assert read_back(by_key[key], *download.files) == holds
    again = take_in(tmp_path / "in", download.named, files=download.files)
    assert again == intake


PAGE = (Path(__file__).parent.parent / "docs" / "batch.md").read_text()
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^### )", PAGE, re.DOTALL | re.MULTILINE))


def test_every_layout_is_tried_here_and_documented() -> None:
    """No layout is without a download above and a section with an example tree."""
    assert {download.layout for download in DOWNLOADS.values()} == set(LAYOUTS) == set(SECTIONS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_trees_of_the_page_are_what_it_says(layout: str, tmp_path: Path) -> None:
    """The example tree of each layout is recognised as that, with nothing to remark."""
    lines = re.findall(r"^ {8}(\S.*)$", SECTIONS[layout], re.MULTILINE)
    words = [word for line in lines for word in re.split(r" {2,}", line)]
    names = [word for word in words if "/" in word or re.search(r"\.[a-z]+$", word)]
    content = {"submission_metadata.yml": GRADESCOPE.replace("submission_95", "submission_92")}
    plant(tmp_path / "in", {name: content.get(name, "") for name in names})
    intake = take_in(tmp_path / "in")
    assert intake.layout == layout
    assert len({attempt.students for attempt in intake.attempts}) >= 2
    assert not intake.problems
