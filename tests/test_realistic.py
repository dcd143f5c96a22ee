"""Realistic submissions get what was written down for them before anything was graded."""

from __future__ import annotations

from manners import MANNERS
from realistic import composed, graded, unlike


def test_realistic_submissions_get_what_was_written_down() -> None:
    """Each manner once in a real child; benchmarks/submissions.py does hundreds."""
    found = [line for h in composed(len(MANNERS), seed=1) for line in unlike(h, graded(h))]
    assert found == []
