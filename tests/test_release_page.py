"""The page about student kits shows what the command prints and what becomes of markers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import ROOT, run

from grader.course import Course, load
from grader.model import Public
from grader.release.marked import unmarked
from grader.release.skeleton import wanted

PAGE = (ROOT / "docs" / "release.md").read_text()
((WORDS, PRINTED),) = re.findall(r"```console\n\$ grade ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
MARKED, BECOMES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_transcript_and_tree_are_what_the_command_makes(tmp_path: Path) -> None:
    """Letter by letter; every file of the tree is there, and no other but the arrays."""
    done = run(*WORDS.split(), "--course", ROOT, cwd=tmp_path)
    assert done.out.rstrip() == PRINTED.rstrip()
    tree = re.findall(r"^      (\S+)  ", PAGE, re.MULTILINE)
    kit = tmp_path / "kit"
    made = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    assert {name for name in made if not name.endswith(".npz")} == {*tree}
    assert "with a folder of the assignment's name in it" in PAGE


def test_example_of_markers_is_what_becomes_of_it() -> None:
    """The marked file of the page gives the starter of the page."""
    tasks = [task for task in load(Course(ROOT, ""), "layers")[0].tasks if task.id == "relu"]
    assert unmarked(MARKED, "reference/layers.py", wanted(tasks)) == BECOMES


@pytest.mark.parametrize("word", [each.value for each in Public])
def test_page_and_guide_name_every_word_of_what_is_public(word: str) -> None:
    """A row of the table each, and a word in the guide."""
    assert re.search(rf"^\| `{word}`", PAGE, re.MULTILINE)
    assert f"`{word}`" in (ROOT / "docs" / "writing-an-assignment.md").read_text()
