"""A report redacted for its student: what goes, what stays, and what is said instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from test_report import check, finding, report, task

from grader.model import CheckResult, Outcome, Rubric, Severity, TaskResult, Visibility
from grader.report import for_student, to_markdown, to_table

DUE = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
HIDDEN, LATER = Visibility.HIDDEN, Visibility.AFTER_DUE_DATE
FAILED, PASSED, SKIPPED = Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED


def rubric(*checks: str, visibility: Visibility = HIDDEN, due: datetime | None = None) -> Rubric:
    """Return a rubric that hides checks of the task ``conv``."""
    hidden = {"conv": dict.fromkeys(checks, visibility)}
    return Rubric("gates", "", "", Fraction(0), {}, due=due, visibility=hidden)


def conv(*checks: CheckResult, outcome: Outcome = FAILED, findings: Any = ()) -> TaskResult:
    """Return the task."""
    return task("conv", outcome, check("load"), *checks, findings=findings)


def shown(judged: TaskResult, known: Rubric | None, **fields: Any) -> TaskResult:
    """Return what a student sees of one task, before the due date."""
    (seen,) = for_student(report(judged, **fields), known, DUE - timedelta(seconds=1)).tasks
    return seen


def lines(judged: TaskResult) -> list[tuple[str, str, int]]:
    """Return check, outcome and points of a task."""
    return [(c.id, c.outcome.value, int(c.score)) for c in judged.checks if c.id != "load"]


PAD0 = rubric("case.pad0")


@pytest.mark.parametrize(
    ("visibility", "now", "is_shown"),
    [
        (HIDDEN, DUE - timedelta(seconds=1), False),
        (HIDDEN, DUE + timedelta(days=999), False),
        (LATER, DUE - timedelta(seconds=1), False),
        (LATER, DUE, True),
        (LATER, DUE.astimezone(timezone(timedelta(hours=9))), True),
        (LATER, None, False),
    ],
)
def test_time_decides_what_is_shown_after_the_due_date(
    visibility: Visibility, now: datetime | None, is_shown: bool
) -> None:
    """Whatever zone the clock is in; without a clock it is before."""
    full = report(conv(check("forward", 1), check("case.pad0", 1)))
    seen = for_student(full, rubric("case.pad0", visibility=visibility, due=DUE), now)
    assert (seen == full) is is_shown
    marked = report(conv(check("forward", 1), replace(check("ties"), visibility=visibility)))
    assert (for_student(marked, rubric(due=DUE), now) == marked) is is_shown
    assert for_student(marked, None, now) != marked


@pytest.mark.parametrize(
    ("checks", "line"),
    [
        ([check("case.pad0", 2)], ("hidden checks", "passed", 2)),
        ([check("case.pad0", 2, outcome=FAILED)], ("hidden checks", "failed", 0)),
        ([check("case.pad0", 2), check("case.pad1", 1, outcome=FAILED)],
         ("hidden checks", "failed", 2)),
        ([check("case.pad0", 2, outcome=Outcome.TIMED_OUT)], ("hidden checks", "failed", 0)),
        ([check("case.pad0", 2, outcome=Outcome.FAULTED)], ("hidden checks", "failed", 0)),
        ([check("case.pad0", 2, outcome=SKIPPED)], ("hidden checks", "failed", 0)),
        ([check("case.pad0", 0, outcome=SKIPPED)], ("hidden checks", "skipped", 0)),
        ([check("case.pad0", 0, outcome=FAILED)], ("hidden checks", "failed", 0)),
        ([check("case.pad0", 2), check("case.pad1", 0, outcome=FAILED)],
         ("hidden checks", "passed", 2)),
    ],
)  # fmt: skip
def test_hidden_checks_are_one_line(checks: list[CheckResult], line: tuple[str, str, int]) -> None:
    """Passed or not, whatever went wrong, and the sum of the points."""
    judged = conv(check("forward", 1), *checks)
    seen = shown(judged, rubric("case.pad0", "case.pad1"))
    assert lines(seen) == [("forward", "passed", 1), line]
    assert (seen.score, seen.max_score) == (judged.score, judged.max_score)


@pytest.mark.parametrize(
    ("outcome", "forward", "expected"),
    [
        (Outcome.TIMED_OUT, PASSED, FAILED),
        (Outcome.FAULTED, PASSED, FAILED),
        (Outcome.FAULTED, Outcome.FAULTED, Outcome.FAULTED),
        (Outcome.TIMED_OUT, Outcome.FAULTED, FAILED),
        (PASSED, PASSED, PASSED),
        (Outcome.NOT_ATTEMPTED, Outcome.NOT_ATTEMPTED, Outcome.NOT_ATTEMPTED),
        (Outcome.VOID, Outcome.VOID, Outcome.VOID),
    ],
)
def test_the_task_ends_as_what_is_shown_ends(
    outcome: Outcome, forward: Outcome, expected: Outcome
) -> None:
    """How a hidden check ended is not told by the task either."""
    judged = conv(
        check("forward", 1, outcome=forward), check("case.pad0", 1, outcome=outcome),
        outcome=outcome,
    )  # fmt: skip
    assert shown(judged, PAD0).outcome is expected


@pytest.mark.parametrize(
    ("told", "is_shown"),
    [
        (finding("V401", "forward", "z is off", case="conv:random:0"), True),
        (finding("V401", "forward", "z is off"), True),
        (finding("L105", "load", "no module"), True),
        (finding("V401", "case.pad1", "z is off", case="conv:case:2"), True),
        (finding("V401", "case.pad0", "z is off", case="conv:case:0"), False),
        (finding("V401", "case.pad0", "z is off"), False),
        (finding("N701", "forward", "x is changed in place", case="conv:case:0"), False),
        (finding("N701", "forward", "x is changed", case="conv:stress:0"), True),
        (finding("N701", "forward", "x is changed", case="conv:near_kink:0"), False),
        (finding("N701", "forward", "x is changed", case="a case of some other version"), False),
        (finding("D610", "forward", "forward, case.pad0: right after repair"), False),
        (finding("D610", "forward", "forward, case.pad01: right after repair"), True),
        (finding("N727", "forward", "right", help="see case.pad0"), False),
    ],
)
def test_findings_of_hidden_checks_and_cases_go(told: Any, is_shown: bool) -> None:
    """By check, by case, or because the words name one."""
    judged = conv(
        check("forward", 1, outcome=FAILED), check("near_kink", 1), check("stress"),
        check("case.pad0", 1), check("case.pad1", 1), findings=[told],
    )  # fmt: skip
    seen = shown(judged, rubric("case.pad0", "near_kink"))
    assert seen.findings == ((told,) if is_shown else ())


def test_the_ordinary_cases_are_hidden_with_their_last_check() -> None:
    """A note of theirs stays while forward or backward is public."""
    note = finding("B502", "behaviour.repeatable", "z changes", case="conv:random:0")
    checks = (check("forward", 1), check("backward[dx]", 1), check("behaviour.repeatable"))
    judged = conv(*checks, findings=[note])
    assert shown(judged, rubric("forward")).findings == (note,)
    assert shown(judged, rubric("forward", "backward[dx]")).findings == ()


@pytest.mark.parametrize(
    ("outcome", "reason", "expected"),
    [
        (FAILED, "as in case.pad0", "what there is to say would tell of hidden checks"),
        (SKIPPED, "case.pad0 comes first", "what there is to say would tell of hidden checks"),
        (FAILED, "", "what there is to say would tell of hidden checks"),
        (PASSED, "right where case.pad0 is", ""),
        (FAILED, "as in forward", "as in forward"),
        (SKIPPED, "", ""),
        (PASSED, "", ""),
    ],
)
def test_reasons_name_no_hidden_check(outcome: Outcome, reason: str, expected: str) -> None:
    """A check that is shown never goes without a reason for that."""
    public = replace(check("case.pad1", 1, outcome=outcome), reason=reason)
    seen = shown(conv(check("forward", 1), public, check("case.pad0", 1)), PAD0)
    (found,) = (c.reason for c in seen.checks if c.id == "case.pad1")
    assert found == expected


def test_nothing_tells_the_seed_or_how_long_it_took() -> None:
    """Neither by name, by digest, in a command, nor by time that the code could spend."""
    command = "grade alice --assignment gates --replay conv:random:0"
    told = [
        finding("V401", "forward", "z is off", replay=f"grade alice --seed 7 {command[12:]}"),
        finding("V402", "forward", "z is off too", replay=command),
    ]
    full = report(
        conv(check("forward", 1, outcome=FAILED), check("case.pad0", 1), findings=told),
        task("other", FAILED, check("forward", 1, outcome=FAILED), findings=told),
        seed="public, 7", digests={"seed": "s" * 64, "spec": "a" * 64},
    )  # fmt: skip
    seen = for_student(full, PAD0, DUE)
    assert (seen.seed, seen.digests, seen.seconds) == (
        "not shown: there are hidden checks", {"spec": "a" * 64}, 0.0,
    )  # fmt: skip
    assert seen.tasks[0].seconds == 0
    assert [[f.replay for f in t.findings] for t in seen.tasks] == [["", command]] * 2
    other = replace(full, tasks=full.tasks[1:])  # one task graded alone has the seed of all
    assert for_student(other, PAD0, DUE).seed == seen.seed


def test_a_void_task_gives_no_reason() -> None:
    """A fault of the grader may be told with a case and its numbers."""
    void = conv(
        check("forward", outcome=Outcome.VOID), check("case.pad0", outcome=Outcome.VOID),
        outcome=Outcome.VOID, findings=[finding("G901", "forward", "differs at conv:case:0")],
    )  # fmt: skip
    assert shown(void, PAD0).findings == ()
    assert "VOID: conv" in to_markdown.write([report(shown(void, PAD0))])


def test_instructors_see_what_is_hidden_and_students_no_name() -> None:
    """In the table: marked for the ones, one line for the others."""
    later = replace(check("stress", 1), visibility=LATER)
    quiet = replace(check("ties"), visibility=HIDDEN)
    marked = replace(check("case.pad0", 1, outcome=FAILED), visibility=HIDDEN, reason="as in ties")
    full = report(conv(check("forward", 1), marked, later, quiet, check("linearity")))
    table = to_table.write([full])
    assert "case.pad0 (hidden; as in ties)" in table
    assert "stress (hidden until due)" in table
    assert "also: ties (hidden), linearity" in table
    table = to_table.write([for_student(full, None, None)])
    assert "hidden checks (not every one passed)  FAILED       0 / 1" in table
    assert "checks shown after the due date       passed       1 / 1" in table
    assert not any(name in table for name in ("pad0", "stress", "ties"))


def test_a_note_about_everything_stays() -> None:
    """What concerns the whole submission came from a process that saw nothing hidden."""
    note = finding("N705", "load", "text on its output: hello", severity=Severity.NOTE)
    full = report(conv(check("forward", 1), check("case.pad0", 1)), findings=[note])
    assert for_student(full, PAD0, DUE).findings == (note,)
