"""Changing tokens in place: no line is added or lost, so that messages keep their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.repair.tokens import Token

MAX_LINES_SHOWN = 4


@dataclass(frozen=True)
class Change:
    """One kind of change, as a student reads it, and the lines where it was made."""

    what: str
    lines: tuple[int, ...]

    def told(self, file: str = "", place: Callable[[int], str] | None = None) -> str:
        """Return ``integer division in lines 12 and 13``; ``file`` goes before the lines.

        ``place`` names a line otherwise than by its number.
        """
        shown = [place(line) if place else str(line) for line in self.lines[:MAX_LINES_SHOWN]]
        if len(self.lines) > MAX_LINES_SHOWN:
            shown[-1] = f"{len(self.lines) - MAX_LINES_SHOWN + 1} more"
        word = "" if place else "line " if len(self.lines) == 1 else "lines "
        where = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
        return f"{self.what} in {file + ' ' if file else ''}{word}{where}"


class Edits:
    """The texts of tokens, to be replaced or added to; what was done is kept by kind."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Start with the text as it is."""
        self.tokens = tokens
        self._texts = [token.text for token in tokens]
        self._before: dict[int, str] = {}
        self._after: dict[int, str] = {}
        self._done: dict[str, set[int]] = {}

    def replace(self, index: int, text: str, what: str = "") -> None:
        """Give a token another text."""
        self._texts[index] = text
        self._note(index, what)

    def wrap(self, start: int, stop: int, before: str, after: str, what: str) -> None:
        """Put texts around the tokens from ``start`` to before ``stop``."""
        self._before[start] = self._before.get(start, "") + before
        self._after[stop - 1] = after + self._after.get(stop - 1, "")
        self._note(start, what)

    @property
    def text(self) -> str:
        """The text with all changes."""
        pieces = (
            f"{self._before.get(i, '')}{text}{self._after.get(i, '')}"
            for i, text in enumerate(self._texts)
        )
        return "".join(pieces)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was done, in the order of the first lines."""
        made = [Change(what, tuple(sorted(lines))) for what, lines in self._done.items()]
        return tuple(sorted(made, key=lambda change: change.lines[0]))

    def _note(self, index: int, what: str) -> None:
        if what:
            self._done.setdefault(what, set()).add(self.tokens[index].line)
