"""One line on stderr that says what is being done; it is for a terminal, and gone when done."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from grader.escape import printable

_CAP = 60


class StatusLine:
    """Tells on a terminal what is being graded; elsewhere, or where it is quiet, it is silent."""

    def __init__(self, *, is_quiet: bool) -> None:
        """Begin without a line."""
        is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._is_shown = is_terminal and not is_quiet and os.environ.get("TERM") != "dumb"
        self._width = 0

    def __enter__(self) -> StatusLine:  # noqa: PYI034 - Self is of Python 3.11
        """Show what is told from here on."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        self._write("")

    def tell(self, text: str) -> None:
        """Show a text in place of the last one."""
        self._write(f"{printable(text, _CAP)} ...")

    def tell_task(self, task: str, place: int, count: int) -> None:
        """Show which task is being graded, and how many there are."""
        self._write(f"grading {printable(task, _CAP)} ... {place} of {count}")

    def _write(self, text: str) -> None:
        if self._is_shown and (text or self._width):
            # Blanks, and no control sequence: they are right on every terminal there is.
            sys.stderr.write(f"\r{' ' * self._width}\r{text}")
            sys.stderr.flush()
            self._width = len(text)
