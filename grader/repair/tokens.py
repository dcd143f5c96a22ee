"""Untrusted source text as tokens: every text has some, and joined they are the text again.

Python's own tokenizer refuses the sources that need repair, and its parser can be made to crash.
This one looks at each character once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

MAX_TEXT = 1 << 17  # characters of a file that is worth a repair


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPERATOR = "operator"
    SPACE = "space"  # within a logical line, escaped line ends included
    COMMENT = "comment"
    NEWLINE = "newline"


class Token(NamedTuple):
    """A piece of the text; ``line`` is where it begins, ``depth`` counts the brackets around it."""

    kind: Kind
    text: str
    line: int
    depth: int = 0

    def spelled(self, text: str) -> Token:
        """Return the token with another text in the same place."""
        return self._replace(text=text)

    @property
    def is_blank(self) -> bool:
        """True for what means nothing by itself."""
        return self.kind in (Kind.SPACE, Kind.COMMENT)


_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\f]|\\\r?\n)+)
    |(?P<newline>\r?\n|\r)
    |(?P<comment>\#[^\r\n]*)
    |(?P<string>[rRbBuUfF]{0,2}(?:'''|\"\"\"|'|"))
    |(?P<number>(?:\d|\.\d)(?:[eE][+-]|[\w.])*)
    |(?P<name>[^\W\d]\w*)
    |(?P<operator>\*\*=|//=|>>=|<<=|<>|[!=<>+*/%&|^@:-]=|->|\*\*|//|<<|>>|.)""",
    re.VERBOSE | re.DOTALL,
)
_ENDS = {
    "'": re.compile(r"(?:[^'\\\r\n]|\\.)*'?", re.DOTALL),
    '"': re.compile(r"(?:[^\"\\\r\n]|\\.)*\"?", re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*(?:''')?", re.DOTALL),
    '"""': re.compile(r"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\")?", re.DOTALL),
}
_OPENING, _CLOSING = "([{", ")]}"


@lru_cache(maxsize=8)  # every task of a file asks again
def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text; none if it is too long to be looked at."""
    tokens: list[Token] = []
    if len(text) > MAX_TEXT:
        return ()
    at, line, depth = 0, 1, 0
    while found := _TOKEN.match(text, at):
        kind, piece = Kind(found.lastgroup), found[0]
        if kind is Kind.STRING:
            quotes = piece.lstrip("rRbBuUfF")
            end = _ENDS[quotes].match(text, found.end())
            piece += end[0] if end else ""
        if piece in _CLOSING:
            depth = max(depth - 1, 0)
        tokens.append(Token(kind, piece, line, depth))
        if piece in _OPENING:
            depth += 1
        at += len(piece)
        line += piece.count("\n")
    return tuple(tokens)


def joined(tokens: Sequence[Token]) -> str:
    """Return the text of tokens."""
    return "".join(token.text for token in tokens)


def statements(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where each simple statement, or head of a compound one, begins and ends.

    Blanks and comments at the ends are left out, and so are the colon of a head and the semicolon.
    """
    start = 0
    for index, token in enumerate(tokens):
        is_end = token.kind is Kind.NEWLINE or token.text in (";", ":")
        if token.depth == 0 and is_end:
            yield from _trimmed(tokens, start, index)
            start = index + 1
    yield from _trimmed(tokens, start, len(tokens))


def _trimmed(tokens: Sequence[Token], start: int, stop: int) -> Iterator[tuple[int, int]]:
    while start < stop and tokens[start].is_blank:
        start += 1
    while start < stop and tokens[stop - 1].is_blank:
        stop -= 1
    if start < stop:
        yield start, stop
