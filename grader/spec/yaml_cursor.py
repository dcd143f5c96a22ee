"""Strict reading of YAML: every value knows its place, and every problem is collected.

``open_document`` parses a text and returns a ``Cursor`` on its top; a cursor's methods return the
value asked for, or note a problem and return a harmless default, so that one run of the reader
reports everything that is wrong. Values are read from their text: PyYAML alone would make a
string of ``1e-6``, a boolean of ``no`` and the last of two equal keys.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import yaml

Problems = list[str]
# The C parser is much faster; pure Python builds of PyYAML have the other one only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEPTH = 20


@dataclass(frozen=True)
class Cursor:
    """One value of a document: its node, the path of keys to it, and the problems so far."""

    node: yaml.Node
    key: str
    path: str
    problems: Problems

    def problem(self, message: str) -> None:
        """Note a problem at this place: file, line and key path."""
        place = f"{self.path}:{self.node.start_mark.line + 1}"
        self.problems.append(
            f"{place}: {self.key}: {message}" if self.key else f"{place}: {message}"
        )

    def at(self, node: yaml.Node, step: str) -> Cursor:
        """Return a cursor one step down."""
        joint = "" if step.startswith("[") or not self.key else "."
        return Cursor(node, f"{self.key}{joint}{step}", self.path, self.problems)

    def mapping(
        self, known: Collection[str] | None = None, required: Collection[str] = ()
    ) -> dict[str, Cursor]:
        """Return the entries of a mapping; unknown, duplicate and missing keys are problems."""
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(f"expected a mapping (key: value), found {self._found()}")
            return {}
        entries: dict[str, Cursor] = {}
        for key_node, value in self.node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.at(key_node, "?").problem("a key must be a plain word")
                continue
            key = key_node.value
            cursor = self.at(value, key)
            if known is not None and key not in known:
                self.at(key_node, key).problem(f"unknown key{nearest(key, known)}")
            elif key in entries:
                self.at(key_node, key).problem("this key stands here twice")
            else:
                entries[key] = cursor
        for key in required:
            if key not in entries:
                self.problem(f"the key `{key}` is missing")
        return entries

    def items(self) -> list[Cursor]:
        """Return the entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem(f"expected a list, found {self._found()}")
            return []
        return [self.at(node, f"[{i}]") for i, node in enumerate(self.node.value)]

    @property
    def is_mapping(self) -> bool:
        """True for a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    def has(self, key: str) -> bool:
        """Return True for a mapping with this key; nothing is noted."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else ()
        return any(known.value == key for known, _ in pairs)

    @property
    def is_list(self) -> bool:
        """True for a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def text(self) -> str:
        """Return a scalar as text that is not empty."""
        text = str(self.node.value).strip() if isinstance(self.node, yaml.ScalarNode) else ""
        if not text:
            self.problem(f"expected text, found {self._found()}")
        return text

    def name(self) -> str:
        """Return a scalar that must be a Python name."""
        text = self.text()
        if text and not NAME.fullmatch(text):
            self.problem(f"`{text}` is not a name (letters, digits, underscore)")
            return ""
        return text

    def names(self) -> tuple[str, ...]:
        """Return a list of distinct names."""
        names = [name for item in self.items() if (name := item.name())]
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.problem(f"`{name}` stands here twice")
        return tuple(names)

    def choice(self, options: Collection[str]) -> str:
        """Return a scalar that must be one of the options."""
        text = self.text()
        if text in options:
            return text
        if text:
            self.problem(f"`{text}` is not one of {', '.join(options)}{nearest(text, options)}")
        return next(iter(options))

    def number(self, low: float = -1e300, high: float = 1e300) -> float:
        """Return a finite number within bounds; ``1e-6`` is one."""
        value = self._plain_number()
        if value is None:
            return max(low, min(high, 1.0))
        if not low <= value <= high:
            bounds = f"at least {low:g}" if high >= 1e9 else f"from {low:g} to {high:g}"
            self.problem(f"{value:g} is out of range: expected {bounds}")
        return value

    def whole(self, low: int, high: int = 10**9) -> int:
        """Return a whole number within bounds."""
        value = self.number(low, high)
        if value != int(value):
            self.problem(f"{value:g} is not a whole number")
        return int(value)

    def points(self) -> Fraction:
        """Return an exact number of points, zero or more."""
        value = self._plain_number()
        if value is None:
            return Fraction(0)
        if value < 0:
            self.problem("points cannot be negative")
        text = str(getattr(self.node, "value", "0")).replace("_", "")
        return Fraction(text)

    def numbers(self) -> object:
        """Return a number or a (nested) list of numbers, e.g. an array of an example."""
        if not self.is_list:
            return self.number()
        numbers = [item.numbers() for item in self.items()]
        if _shape(numbers) is None:
            self.problem("rows of different lengths are no array")
        return numbers

    def _plain_number(self) -> float | None:
        quoted = isinstance(self.node, yaml.ScalarNode) and self.node.style in ("'", '"')
        text = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if quoted or not abs(value) < float("inf"):
            self.problem(f"expected a number, found {self._found()}")
            return None
        return value

    def _found(self) -> str:
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return f"`{self.node.value}`" if self.node.value.strip() else "nothing"


def _shape(numbers: object) -> tuple[int, ...] | None:
    """Return the shape of nested lists, or None where they are no rectangle."""
    if not isinstance(numbers, list):
        return ()
    shapes = {_shape(item) for item in numbers}
    if len(shapes) != 1:
        return None
    (inner,) = shapes
    return None if inner is None else (len(numbers), *inner)


def nearest(word: str, known: Collection[str]) -> str:
    """Return `` (did you mean X?)`` or an empty text."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def open_document(text: str, path: str, problems: Problems) -> Cursor | None:
    """Parse ``text``; None, with a problem noted, when it is not one YAML document."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.append(f"{path}:{line}: not valid YAML: {error.problem or error.context}")
        return None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problems.append(f"{path}:1: not valid YAML: {str(error).splitlines()[0]}")
        return None
    if node is None:
        problems.append(f"{path}:1: the file is empty")
        return None
    top = Cursor(node, "", path, problems)
    if not _is_plain(node, top, _DEPTH):
        return None
    return top


def _is_plain(node: yaml.Node, top: Cursor, depth: int) -> bool:
    """Refuse tags such as ``!!python/object`` and nesting beyond any spec's need."""
    if depth == 0:
        top.at(node, "").problem("nested too deeply")
        return False
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        top.at(node, "").problem(f"the tag {node.tag} is not allowed")
        return False
    if isinstance(node, yaml.MappingNode):
        return all(
            _is_plain(k, top, depth - 1) and _is_plain(v, top, depth - 1) for k, v in node.value
        )
    if isinstance(node, yaml.SequenceNode):
        return all(_is_plain(child, top, depth - 1) for child in node.value)
    return True
