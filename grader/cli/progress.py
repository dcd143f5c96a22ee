"""How far a batch is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from tqdm import tqdm

from grader.batch import Progress

_PLAIN_SECONDS = 15.0  # between two lines where there is no terminal


class ProgressLine:
    """Tells on stderr what is done, how fast, how long it will take and what failed so far."""

    def __init__(self, total: int, *, is_quiet: bool) -> None:
        """Begin at nothing of ``total``."""
        self._total = total
        self._done = 0
        self._is_plain = not is_quiet and not sys.stderr.isatty()
        self._began = self._told = time.monotonic()
        self._bar = tqdm(
            total=total, unit="submission", file=sys.stderr, disable=is_quiet or self._is_plain,
            dynamic_ncols=True, smoothing=0.1, leave=False,
        )  # fmt: skip

    def __enter__(self) -> ProgressLine:  # noqa: PYI034 - Self is of Python 3.11
        """Show it."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._bar.close()

    def tell(self, progress: Progress) -> None:
        """Show how far it is."""
        words = f"{progress.failed} for a human"
        if progress.late:
            words += f", {progress.late} timed out"
        self._bar.set_postfix_str(words, refresh=False)
        self._bar.update(progress.done - self._done)
        self._done = progress.done
        if self._is_plain and time.monotonic() - self._told > _PLAIN_SECONDS:
            self._told = time.monotonic()
            rate = self._done / (self._told - self._began)
            left = tqdm.format_interval((self._total - self._done) / rate) if rate else "?"
            print(f"{self._done} of {self._total}, {rate:.1f} a second, {left} left; {words}",
                  file=sys.stderr)  # fmt: skip
