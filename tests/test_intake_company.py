"""Taking in a class: what is refused, what costs nobody else, and the keys of attempts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from handed_in import WORK, plant, read_back, zipped
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.intake import Attempt, take_in
from grader.intake.keys import keys_of

posix = pytest.mark.skipif(os.name != "posix", reason="pipes, links and names of POSIX")
REFUSED: dict[str, tuple[dict[str, str | bytes], str | None, str]] = {
    "unknown layout": ({"a.py": ""}, "gradscope", "did you mean `gradescope`"),
    "not that layout": ({"a.py": ""}, "canvas", "nothing of a Canvas bulk download"),
    "no metadata": ({"a/b.py": ""}, "gradescope", "submission_metadata.yml: cannot be read"),
    "broken metadata": ({"submission_metadata.yml": "a: [\n"}, None, "yml:2: not valid YAML"),
    "nothing": ({".DS_Store": ""}, None, "nothing in it that could be a submission"),
    "one submission": ({"layers.py": WORK}, None, "holds one submission, not a class"),
    "two assignments": (
        {"submitted/a/ps1/x.py": "", "submitted/a/ps2/x.py": ""}, None,
        "say `--layout nbgrader:ps1` or `--layout nbgrader:ps2`",
    ),
    "not that assignment": (
        {"submitted/a/ps1/x.py": ""}, "nbgrader:ps2", "nobody handed in `ps2` (did you mean `ps1`",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "layout", "words"), REFUSED.values(), ids=REFUSED)
def test_what_the_instructor_named_wrongly(
    tree: dict[str, str | bytes], layout: str | None, words: str, tmp_path: Path
) -> None:
    """A wrong folder or layout is refused in words that help."""
    with pytest.raises(CourseError, match=re.escape(words)):
        take_in(plant(tmp_path / "in", tree), layout, files=("layers.py",))


@pytest.mark.parametrize("name", ["nowhere", "a.zip", "a.py", "\0", "x" * 300])
def test_what_is_no_folder(name: str, tmp_path: Path) -> None:
    """A path that is no folder is refused; an archive has to be unpacked first."""
    plant(tmp_path, {"a.zip": zipped({"a/layers.py": WORK}), "a.py": WORK})
    with pytest.raises(CourseError) as caught:
        take_in(tmp_path / name)
    assert ("unpack it" in str(caught.value)) == (name == "a.zip")


@posix
def test_links_pipes_and_impossible_names_cost_nobody_else(tmp_path: Path) -> None:
    """What is neither file nor folder is a row with a problem; names survive in one line."""
    plant(tmp_path, {"good/layers.py": WORK, "emp/": "", "a\nb\x1b[2J/layers.py": WORK})
    (tmp_path / "pass").symlink_to("/etc/passwd")
    (tmp_path / "out.zip").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / os.fsdecode(b"\xff\xfe")).mkdir()
    intake = take_in(tmp_path)
    found = {a.students[0]: read_back(a) for a in intake.attempts}
    assert found == {
        "good": {"layers.py": WORK},
        "emp": {"problem": "the folder is empty"},
        "a\\nb\\x1b[2J": {"layers.py": WORK},
        "pass": {"problem": "what was handed in is a link, which is not followed"},
        "out": {"problem": "what was handed in is a link, which is not followed"},
        "pipe": {"problem": "what was handed in is neither a file nor a folder"},
        "\\udcff\\udcfe": {"problem": "the folder is empty"},
    }


@posix
@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_cannot_be_entered(tmp_path: Path) -> None:
    """A locked folder is a problem of its student."""
    plant(tmp_path / "in", {"locked/layers.py": WORK})
    (tmp_path / "in" / "locked").chmod(0)
    (attempt,) = take_in(tmp_path / "in").attempts
    assert "cannot be read: Permission denied" in read_back(attempt)["problem"]
    (tmp_path / "in" / "locked").chmod(0o700)


def test_loose_files_that_became_links(tmp_path: Path) -> None:
    """A loose file that is a link when it is opened is not followed; the others are read."""
    plant(tmp_path / "in", {"a_1_2_layers.py": WORK, "a_1_3_more.py": WORK})
    (attempt,) = take_in(tmp_path / "in").attempts
    (tmp_path / "in" / "a_1_3_more.py").unlink()
    (tmp_path / "in" / "a_1_3_more.py").symlink_to(__file__)
    assert read_back(attempt) == {"layers.py": WORK}


def test_a_path_in_the_metadata_leads_nowhere(tmp_path: Path) -> None:
    """A record whose name is a path opens nothing."""
    plant(tmp_path / "in", {"submission_metadata.yml": "../out:\n  :submitters: []\n"})
    plant(tmp_path / "out", {"layers.py": WORK})
    (attempt,) = take_in(tmp_path / "in").attempts
    assert "problem" in read_back(attempt)


@given(st.lists(st.text(max_size=100), max_size=12))
def test_keys_are_safe_and_unlike(labels: list[str]) -> None:
    """Whatever labels are: keys are plain, short, unlike in any case, and always the same."""
    keys = keys_of(labels)
    assert len({key.lower() for key in keys}) == len(labels)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", key) for key in keys)
    assert all(not key.endswith(".") for key in keys)
    assert keys == keys_of(labels)


def test_keys_of_plain_labels_are_the_labels() -> None:
    """A label that can be a key is one; of two that differ in case the lower one stays."""
    plain = ["007", "s1234567", "A0123456X", "ann.b-c_d"]
    assert keys_of(plain) == plain
    first, second, third = keys_of(["Ann", "ann", "con.txt"])
    assert (first[:4], second, third[:5]) == ("Ann-", "ann", "_con.")


def test_thousands_of_entries(tmp_path: Path) -> None:
    """A large class is taken in whole, everyone under their own key."""
    for number in range(2_000):
        (tmp_path / f"{number:05}").mkdir()
    intake = take_in(tmp_path)
    assert [a.key for a in intake.attempts] == [f"{number:05}" for number in range(2_000)]


def test_an_attempt_is_plain_data() -> None:
    """Attempts can be compared and stored in sets, so a journal can tell them apart."""
    assert len({Attempt("a", ("1",), Path("a"), 1), Attempt("a", ("1",), Path("a"), 1)}) == 1
