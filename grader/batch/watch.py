"""Sessions that are watched: whether any process of them died."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from grader.isolation import SANDBOXES, Packages, Session
from grader.model import Limits


class Watch:
    """How sessions of one rung are opened, and what became of their processes.

    Findings do not tell all: what a probe, a witness or a repaired copy would have shown is missing
    without a word where its process was killed.
    """

    def __init__(self, rung: str, packages: Packages) -> None:
        """Take the rung, and the packages that can be imported."""
        self._open = partial(SANDBOXES[rung], packages=packages)
        self._sessions: list[Session] = []

    def open(self, files: Mapping[str, str], limits: Limits) -> Session:
        """Open a session."""
        session = self._open(files, limits)
        self._sessions.append(session)
        return session

    @property
    def has_deaths(self) -> bool:
        """True when a process of a session died, of its own doing or because it was killed."""
        return any(session.deaths for session in self._sessions)
