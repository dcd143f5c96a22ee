"""The page of styles: every example is a whole assignment that `grade check` calls sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.cases import public_seed
from grader.oracle import load_references
from grader.soundness import prove_task
from grader.spec import default_rubric, load_assignment
from grader.styles import STYLES

PAGE = (Path(__file__).parent.parent / "docs" / "styles.md").read_text()
SECTION = re.compile(
    r"^## `(\w+)`\n\n[^\n]*\n\n```yaml\n(.*?)```\n\n```python\n(.*?)```\n"
    r"(?:\n`support/(\S+)`:\n\n```python\n(.*?)```\n)?",
    re.MULTILINE | re.DOTALL,
)


class Section(NamedTuple):
    """One example of the page."""

    style: str
    spec: str
    reference: str
    support: str
    text: str


SECTIONS = [Section(*found) for found in SECTION.findall(PAGE)]


@pytest.mark.parametrize("section", SECTIONS, ids=[s.style for s in SECTIONS])
def test_example_of_a_style_is_a_sound_assignment(section: Section, tmp_path: Path) -> None:
    """The reference is proven, its mutants are rejected, and nothing is weak."""
    assignment = load_assignment(section.spec, "assignments/a.yaml")
    (task,) = assignment.tasks
    assert task.call.style == section.style
    (tmp_path / task.file).write_text(section.reference)
    support = {section.support: section.text} if section.support else {}
    references = load_references(tmp_path, assignment, support)
    proven, battery = prove_task(
        references[task.id], default_rubric(assignment), public_seed(0, assignment)
    )
    assert [(w.code, w.message) for w in proven.weaknesses] == []
    assert battery is not None
    assert proven.rejected > 0


def test_every_style_has_an_example() -> None:
    """No style is missing on the page."""
    assert {section.style for section in SECTIONS} == STYLES.keys()
