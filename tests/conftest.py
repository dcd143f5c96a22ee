"""Settings and fixtures of every test module."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
import sessions
from hypothesis import settings

from grader.isolation import choose, problem_of

# In CI the same examples each time: a new one is found, and fixed, by whoever runs the tests.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish() -> None:
    """Leave the collected tests out of garbage collection: 8 % of the CPU where they grade."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(params=["sealed", "confined", "process"])
def rung(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run a test on every rung that this machine has; `partial` is one of these with holes."""
    name = str(request.param)
    if problem := problem_of(name):
        pytest.skip(f"{name}: {problem}")
    sessions.chosen.append(name)
    yield name
    sessions.chosen.pop()


@pytest.fixture(params=["strongest", "process"])
def either_rung(request: pytest.FixtureRequest) -> str:
    """Run a test on the strongest rung of this machine and on the weakest."""
    return choose()[0] if request.param == "strongest" else "process"
