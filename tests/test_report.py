"""The writers: what a report looks like, whatever text it holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.model import CheckResult, Finding, Limits, Outcome, Report, Severity, TaskResult
from grader.report import FORMAT_OF_ENDING, WRITERS, layout, to_json, to_markdown, to_table
from grader.report.row import WORDS

HERE = Path(__file__).parent
GOLDEN = {"json": "report.json", "markdown": "report.md", "table": "report.txt"}

HALF = Fraction(1, 2)
ZERO = Fraction(0)


def check(
    name: str, points: Fraction | int = 0, *, outcome: Outcome = Outcome.PASSED
) -> CheckResult:
    """Return a check that earns everything when it passed and nothing otherwise."""
    score = Fraction(points) if outcome is Outcome.PASSED else ZERO
    return CheckResult(name, outcome, score, Fraction(points))


def task(name: str, outcome: Outcome, *checks: CheckResult, findings: Any = ()) -> TaskResult:
    """Return a task whose title is its id."""
    return TaskResult(name, f"The {name}", outcome, checks, tuple(findings), 0.25)


def finding(code: str, where: str, message: str, **fields: Any) -> Finding:
    """Return an error, unless told otherwise."""
    return Finding(code, fields.pop("severity", Severity.ERROR), where, message, **fields)


def report(*tasks: TaskResult, findings: Any = (), **fields: Any) -> Report:
    """Return a report of these tasks."""
    plain = Report(
        submission="alice",
        assignment="gates",
        title="Gates by hand",
        course="Backpropagation exercises",
        seed="public, 2026",
        isolation="process",
        isolation_note="does not stop reading other files or using the network",
        tasks=tasks,
        findings=tuple(findings),
        versions={"grader": "0.1.0", "python": "3.11.7"},
        digests={"spec": "sha256:5f1c"},
        limits=Limits(),
        seconds=3.25,
    )
    return replace(plain, **fields)


def command(case: str) -> str:
    """Return the replay command of a case."""
    return f"grade alice --assignment gates --seed 2026 --replay {case}"


PASSED = task(
    "add",
    Outcome.PASSED,
    check("load"),
    check("forward", HALF),
    check("backward[dx]", Fraction(1, 3)),
    check("ties"),
    check("stress"),
    check("behaviour.repeatable"),
    check("behaviour.shared_cache"),
)
FAILED = task(
    "multiply",
    Outcome.FAILED,
    check("load"),
    check("forward", HALF),
    check("backward[dy]", 1, outcome=Outcome.FAILED),
    check("stress", outcome=Outcome.FAILED),
    findings=[
        finding(
            "N701",
            "stress",
            "forward is nan at inputs near 1000",
            severity=Severity.NOTE,
            evidence={"returned": np.array([np.nan, np.inf, -np.inf, 1.5])},
        ),
        finding(
            "V402",
            "backward[dy]",
            "dy is off by 1.73 of its scale: it equals upstream * y, expected upstream * x, that "
            "is -1.25e-05 at [0, 1]",
            help="the local gradient of x*y by y is x",
            argument="y",
            case="multiply:random:0",
            evidence={
                "error": np.float64(1.73),
                "expected": np.array([[1.25, -0.5], [0.125, 2.0]]),
                "shape": (2, 2),
            },
            replay=command("multiply:random:0"),
        ),
    ],
)
FAULTED = task(
    "affine",
    Outcome.FAULTED,
    check("load"),
    check("forward", 1, outcome=Outcome.FAULTED),
    replace(check("backward[dx]", 1, outcome=Outcome.SKIPPED), reason="forward did not return"),
    replace(check("backward[dw]", 1, outcome=Outcome.SKIPPED), reason="forward did not return"),
    check("behaviour.repeatable", outcome=Outcome.SKIPPED),
    findings=[finding("R201", "forward", "layers.py:14 raised ValueError", argument="w")],
)
TIMED_OUT = task("conv", Outcome.TIMED_OUT, check("forward", 2, outcome=Outcome.TIMED_OUT))
UNTOUCHED = task("relu", Outcome.NOT_ATTEMPTED, check("forward", 2, outcome=Outcome.NOT_ATTEMPTED))
SKIPPED = task(
    "tanh",
    Outcome.SKIPPED,
    CheckResult("forward", Outcome.SKIPPED, ZERO, Fraction(1), "the total time was used up"),
)
VOID = task(
    "softmax",
    Outcome.VOID,
    check("forward", 3, outcome=Outcome.VOID),
    findings=[finding("G901", "forward", "the witnesses disagree by 0.31")],
)
REVIEW = finding("D601", "", "layers.py reads its own source", severity=Severity.REVIEW)
EVERYTHING = report(PASSED, FAILED, FAULTED, TIMED_OUT, UNTOUCHED, SKIPPED, VOID, findings=[REVIEW])
PERFECT = report(PASSED)


@pytest.mark.parametrize("name", WRITERS)
def test_golden(name: str) -> None:
    """Every writer renders the report with all outcomes exactly as agreed."""
    text = WRITERS[name]([EVERYTHING])
    assert text == (HERE / "golden" / GOLDEN[name]).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRITERS)
def test_deterministic(name: str) -> None:
    """The same report gives the same text."""
    assert WRITERS[name]([EVERYTHING]) == WRITERS[name]([EVERYTHING])


def test_endings() -> None:
    """Every ending leads to a writer."""
    assert set(FORMAT_OF_ENDING.values()) <= set(WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_no_reports(name: str) -> None:
    """Nothing graded is still a document."""
    assert WRITERS[name]([]).endswith("\n")


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Fraction(2), "2"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(100), "100"),
        (ZERO, "0"),
    ],
)
def test_points(points: Fraction, shown: str) -> None:
    """Points have at most two decimals and no trailing zeros."""
    assert layout.number(points) == shown


def test_rows_fold_free_checks() -> None:
    """Passed checks that weigh nothing share one row, and a passed load is not shown."""
    cells = [row.cells for row in layout.rows(PERFECT)]
    assert cells == [
        ("add", "forward", "passed", "0.5 / 0.5"),
        ("", "backward[dx]", "passed", "0.33 / 0.33"),
        ("", "also: ties, stress, behaviour", "passed", ""),
        ("total", "1 passed", "", "0.83 / 0.83"),
    ]


def test_rows_of_failed_load() -> None:
    """A load that failed is shown although it weighs nothing."""
    failed = task("add", Outcome.FAULTED, check("load", outcome=Outcome.FAULTED))
    assert layout.rows(report(failed))[0].cells == ("add", "load", "faulted", "")


@pytest.mark.parametrize("outcome", [Outcome.VOID, Outcome.NOT_ATTEMPTED, Outcome.SKIPPED])
def test_rows_of_unjudged_task(outcome: Outcome) -> None:
    """A task that was not judged is one row with a reason."""
    unjudged = task("add", outcome, check("forward", 1, outcome=outcome), check("ties"))
    first, _total = layout.rows(report(unjudged))
    assert (first.task, first.result) == ("add", WORDS[outcome])
    assert first.check
    assert first.points == ("" if outcome is Outcome.VOID else "0 / 1")


def test_rows_of_partial_credit() -> None:
    """A check with part of its points says why, even beside a finding."""
    partial = CheckResult("backward[dx]", Outcome.FAILED, HALF, Fraction(1), "follows your forward")
    found = finding("V402", "backward[dx]", "off")
    rows = layout.rows(report(task("add", Outcome.FAILED, partial, findings=[found])))
    assert rows[0].check == "backward[dx] (follows your forward)"
    assert rows[0].points == "0.5 / 1"


def test_task_without_checks() -> None:
    """Every writer copes with a task that has no checks."""
    empty = report(task("add", Outcome.FAULTED))
    assert layout.rows(empty)[0].cells == ("add", "no checks", "faulted", "")
    for write in WRITERS.values():
        assert "add" in write([empty])


def test_sections_in_order() -> None:
    """What costs points comes first, notes last."""
    headings = [section.heading for section in layout.sections(EVERYTHING)]
    assert headings[0] == "findings"
    assert headings[-1].startswith("notes")


def test_zero_findings() -> None:
    """Without findings there is no empty heading."""
    assert not layout.sections(PERFECT)
    assert "findings" not in to_table.write([PERFECT])
    assert "###" not in to_markdown.write([PERFECT])


def test_equal_findings_are_said_once() -> None:
    """The same sentence about several tasks is one entry with several places."""
    missing = finding("L101", "load", "gates.py is missing")
    tasks = [task(name, Outcome.FAULTED, findings=[missing]) for name in ("add", "multiply")]
    (section,) = layout.sections(report(*tasks))
    assert [entry.places for entry in section.entries] == [("add load", "multiply load")]


def test_void_is_loud() -> None:
    """A void task is the grader's fault, and the readable reports say so."""
    for text in (to_table.write([EVERYTHING]), to_markdown.write([EVERYTHING])):
        assert "VOID: softmax. This is a fault of the grader" in text
        assert "NOT COMPLETE" in text
    assert "VOID" not in to_table.write([PERFECT])


def test_void_in_json() -> None:
    """A void task leaves the maximum, and the report is not complete."""
    (found,) = json.loads(to_json.write([report(PASSED, VOID)]))["reports"]
    assert found["complete"] is False
    assert found["max_score"] == 0.8333


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_table_keeps_the_width(width: int) -> None:
    """No line of the terminal text is wider than asked, replay commands aside."""
    noisy = replace(SKIPPED, checks=(replace(SKIPPED.checks[0], reason="word " * 60),))
    lines = to_table.write([replace(EVERYTHING, tasks=(FAILED, noisy))], width=width).splitlines()
    assert all(len(line) <= max(width, 60) for line in lines if "replay:" not in line)


def test_table_keeps_numbers() -> None:
    """Wrapping never breaks a number."""
    assert all("-1.25e-05" in to_table.write([EVERYTHING], width=w) for w in range(20, 120))


def test_table_keeps_ids() -> None:
    """Ids that look like numbers stay as they are."""
    rows = to_table.write([report(replace(PASSED, id="007"), replace(PASSED, id="1e5"))])
    assert re.search(r"^007 .*^1e5 ", rows, flags=re.MULTILINE | re.DOTALL)


def test_table_colour() -> None:
    """Colour changes nothing but the colour."""
    coloured = to_table.write([EVERYTHING], colour=True)
    assert "\x1b[31mFAILED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == to_table.write([EVERYTHING])


def test_table_verbose() -> None:
    """Verbose adds the numbers behind a finding, and only the shape of a large array."""
    large = finding("V401", "forward", "off", evidence={"returned": np.zeros((50, 64))})
    text = to_table.write(
        [report(FAILED, task("add", Outcome.FAILED, findings=[large]))], verbose=True
    )
    assert "    expected: [[ 1.25  -0.5  ]\n               [ 0.125  2.   ]]\n" in text
    assert "    returned: array of shape (50, 64)\n" in text
    assert "expected: " not in to_table.write([report(FAILED)])
