"""Fixtures of every test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sessions

from grader.isolation import problem_of


@pytest.fixture(params=["sealed", "confined", "process"])
def rung(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run a test on every rung that this machine has; `partial` is one of these with holes."""
    name = str(request.param)
    if problem := problem_of(name):
        pytest.skip(f"{name}: {problem}")
    sessions.chosen.append(name)
    yield name
    sessions.chosen.pop()
