"""What a report shows at a glance: small arrays side by side, and how many tasks passed."""

from __future__ import annotations

import re

import numpy as np
import pytest
from test_report import FAILED, PASSED, UNTOUCHED, check, finding, report, task

from grader.model import Outcome, TaskResult
from grader.report import layout, side_by_side, to_table


def test_small_arrays_stand_side_by_side() -> None:
    """``--verbose`` shows yours, what is expected and the difference for each entry."""
    pair = {"yours": [[1.5, -2.0]], "numerical": np.array([[1.5, 2.0]])}
    found = finding("V402", "backward[dx]", "off", evidence={"arrays": pair})
    failed = report(task("add", Outcome.FAILED, check("backward[dx]", 1), findings=[found]))
    shown = [line.split() for line in to_table.write([failed], verbose=True).splitlines()]
    assert ["index", "yours", "numerical", "difference"] in shown
    assert ["[0,", "0]", "1.5", "1.5", "0"] in shown
    assert ["[0,", "1]", "-2", "2", "-4"] in shown
    assert "numerical" not in to_table.write([failed])


@pytest.mark.parametrize(
    ("pair", "is_shown"),
    [
        ({"yours": 1.0, "expected": 2.0}, True),
        ({"yours": [float("nan")], "expected": [1.0]}, True),
        ({"yours": [[]], "expected": [[]]}, True),
        ({"yours": [1.0], "expected": [1.0, 2.0]}, False),
        ({"yours": [1.0], "expected": ["a"]}, False),
        ({"yours": [[1.0], [2.0, 3.0]], "expected": [1.0]}, False),
        ({"yours": [0.0] * 17, "expected": [0.0] * 17}, False),
        ({"yours": [1.0]}, False),
        ([[1.0], [2.0]], False),
    ],
)
def test_what_stands_side_by_side(pair: object, is_shown: bool) -> None:
    """Two small arrays of one shape do; anything else is shown as other evidence is."""
    assert side_by_side.is_pair(pair) is is_shown
    assert list(side_by_side.lines(pair) if isinstance(pair, dict) and is_shown else ["x"])


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ([PASSED, PASSED], "2 passed"),
        ([FAILED, PASSED, UNTOUCHED], "1 passed, 1 failed, 1 not attempted"),
        ([], ""),
    ],
)
def test_summary_counts_the_tasks(tasks: list[TaskResult], told: str) -> None:
    """The last line of the table counts tasks by outcome, as a test runner does."""
    assert layout.rows(report(*tasks))[-1].cells[1] == told


@pytest.mark.parametrize(
    ("tasks", "colour"), [([PASSED], "32"), ([PASSED, UNTOUCHED], "33"), ([FAILED, PASSED], "31")]
)
def test_summary_has_the_colour_of_the_worst(tasks: list[TaskResult], colour: str) -> None:
    """Green where all passed, yellow where something is not written, red otherwise."""
    text = to_table.write([report(*tasks)], colour=True)
    assert f"total  \x1b[{colour}m" in re.sub(" {2,}", "  ", text)
