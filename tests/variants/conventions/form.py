"""A form of an answer, and the convention that allows it or rules it out."""

from __future__ import annotations

from typing import NamedTuple

from variants.wrong.record import Right, Wrong

Stated = tuple[tuple[str, str], ...]


class Form(NamedTuple):
    """A version of a task; ``Right`` must be accepted, ``Wrong`` rejected.

    ``stated`` are conventions that take the place of those of the course's own spec.
    """

    convention: str
    assignment: str
    version: Right | Wrong
    stated: Stated = ()
