"""What a wrong version is, what a right one that earns notes is, and their sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

Edit = tuple[str, str]
_NUMBER = re.compile(r"M\d\d")


class Wrong(NamedTuple):
    """A mistake and what must be said about it.

    ``mistake`` starts with the numbers of ``variants.mistakes`` it belongs to, if any.
    ``told`` holds, with ``|`` between alternatives, ``check code`` or ``check code argument``:
    of each a finding must be there, and no other may be. ``check`` alone is a check that fails
    for a reason told elsewhere. A mistake whose checks are all free ones leaves the task passed.
    """

    task: str
    mistake: str
    edits: tuple[Edit, ...]
    told: tuple[str, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the mistakes it is a version of."""
        return numbers_of(self.mistake)

    @property
    def label(self) -> str:
        """What names it among the versions of its task."""
        return self.mistake

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


class Right(NamedTuple):
    """A correct form: full marks, no error, and exactly these notes or reviews, by their codes.

    A code with ``?`` may be told: the note depends on numbers that do not always show it.
    ``base`` is the folder of variants/right it is made of; any other than plain is taken whole.
    """

    task: str
    label: str
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
    base: str = "plain"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the mistakes that the rules call right."""
        return numbers_of(self.label)


def numbers_of(name: str) -> tuple[str, ...]:
    """Return the numbers a name starts with: ``M05 M06`` of ``M05 M06 column of means``."""
    words = name.split()
    return tuple(w for i, w in enumerate(words) if all(map(_NUMBER.fullmatch, words[: i + 1])))


def _triple(words: list[str]) -> tuple[str, str, str]:
    check, code, *argument = words
    return check, code, argument[0] if argument else ""


def text_of(source: str, targets: tuple[str, ...], version: Wrong | Right) -> str:
    """Return the targets and what they use, with the edits applied, each exactly once."""
    used = used_by(source, targets)
    segments = [segment for name, segment in _segments(source).items() if name in used]
    text = "import numpy as np\n\n\n" + "\n\n\n".join(segments) + "\n"
    for old, new in version.edits:
        if text.count(old) != 1:
            raise ValueError(f"{version.task}, {version.label}: {text.count(old)} times {old!r}")
        text = text.replace(old, new)
    return text


def used_by(source: str, targets: Collection[str]) -> set[str]:
    """Return the targets and the definitions of a file that they name, at any remove."""
    defined = {node.name: node for node in _defined(source)}
    used: set[str] = set()
    found = set(targets) & defined.keys()
    while found:
        used |= found
        names = (n.id for f in found for n in ast.walk(defined[f]) if isinstance(n, ast.Name))
        found = (set(names) & defined.keys()) - used
    return used


@cache
def _segments(source: str) -> Mapping[str, str]:
    defined = _defined(source)
    return {node.name: ast.get_source_segment(source, node) or "" for node in defined}


@cache
def _defined(source: str) -> list[ast.ClassDef | ast.FunctionDef]:
    body = ast.parse(source).body
    return [node for node in body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
