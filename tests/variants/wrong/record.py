"""What a wrong version is, and its source."""

from __future__ import annotations

import ast
from typing import NamedTuple

Edit = tuple[str, str]


class Wrong(NamedTuple):
    """A mistake and what must be said about it.

    ``told`` holds, with ``|`` between alternatives, ``check code`` or ``check code argument``:
    of each a finding must be there, and no other may be. ``check`` alone is a check that fails
    for a reason told elsewhere. A mistake whose checks are all free ones leaves the task passed.
    """

    task: str
    mistake: str
    edits: tuple[Edit, ...]
    told: tuple[str, ...]

    @property
    def expected(self) -> list[set[tuple[str, str, str]]]:
        """The alternatives of each finding that must be there."""
        return [
            {_triple(words.split()) for words in line.split("|")}
            for line in self.told
            if " " in line.strip()
        ]

    @property
    def checks(self) -> set[str]:
        """The checks that may fail."""
        return {words.split()[0] for line in self.told for words in line.split("|")}


def _triple(words: list[str]) -> tuple[str, str, str]:
    check, code, *argument = words
    return check, code, argument[0] if argument else ""


def text_of(source: str, targets: tuple[str, ...], wrong: Wrong) -> str:
    """Return the definitions of the targets with the edits applied, each exactly once."""
    segments = [
        ast.get_source_segment(source, node) or ""
        for node in ast.parse(source).body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name in targets
    ]
    text = "import numpy as np\n\n\n" + "\n\n\n".join(segments) + "\n"
    for old, new in wrong.edits:
        if text.count(old) != 1:
            raise ValueError(f"{wrong.task}, {wrong.mistake}: {text.count(old)} times {old!r}")
        text = text.replace(old, new)
    return text
