"""Judging a task again where its code is of another age: a repaired copy, in a fresh child.

``Mender.mended``   the result of a task -> the same, with what a repair showed.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from grader.checks import is_free
from grader.codes import CODES, finding
from grader.model import Finding, Outcome, Severity, Task, TaskResult
from grader.repair import HELPER, MODULE, Change, Repaired, Symptom, repairs_for, symptom_of
from grader.score import credited
from grader.worker.cells import ENDING, cell_of, place_of

ABSENT = "N720"
MAX_ATTEMPTS = 8  # copies of a task's files that are tried

Texts = Mapping[str, str]
Judge = Callable[[Task, Texts], TaskResult]


@dataclass(frozen=True)
class _Trouble:
    """The finding that shows the age of some code, and where in which file it is."""

    told: Finding
    symptom: Symptom
    file: str
    line: int


@dataclass(frozen=True)
class _Copy:
    """The files of a submission after some repairs."""

    texts: Texts
    changes: tuple[tuple[str, Change], ...]  # with the file of each
    code: str  # of the finding that the first repair was made for


class Mender:
    """The repairs of one submission: what may be changed, and the time that is left for it."""

    def __init__(
        self, judge: Judge, texts: Texts, own: frozenset[str], share: Fraction, seconds: float
    ) -> None:
        """Keep how a task is judged, all texts, the student's own, and the rubric's share.

        ``seconds`` are for all tasks together.
        """
        self._judge = judge
        self._texts = texts
        self._own = own
        self._share = share
        self._left = seconds

    def mended(self, task: Task, result: TaskResult) -> TaskResult:
        """Return a result with what is right, or still wrong, in a repaired copy."""
        trouble = self._trouble(result, self._texts)
        if trouble is None:
            return result
        began = time.monotonic()
        copy, judged = self._best(task, trouble, began + self._left)
        self._left -= time.monotonic() - began
        if copy is None or judged is None:
            return _renamed(
                result, trouble, trouble.symptom.code if trouble.symptom.is_sure else ""
            )
        renamed = _renamed(result, trouble, copy.code)
        return _joined(renamed, trouble.told.check, _told(task, copy), judged, self._share)

    def _best(
        self, task: Task, trouble: _Trouble, deadline: float
    ) -> tuple[_Copy | None, TaskResult | None]:
        """Return the best of some copies, unless none gets beyond the trouble."""
        best: tuple[_Copy | None, TaskResult | None] = (None, None)
        helper = f"{MODULE}.py"
        texts = {name: t for name, t in self._texts.items() if name.rpartition("/")[2] != helper}
        start = _Copy({**texts, helper: HELPER}, (), "")
        waiting = list(_copies(start, trouble))[::-1]
        for _ in range(MAX_ATTEMPTS):
            if not waiting or time.monotonic() > deadline:
                break
            copy = waiting.pop()
            judged = self._judge(task, copy.texts)
            if judged.outcome is Outcome.VOID:
                break
            again = self._trouble(judged, copy.texts)
            if not any(_is_same(told, trouble.told) for told in judged.findings):
                best = max(best, (copy, judged), key=lambda pair: _rank(pair[1]))
            if judged.outcome in (Outcome.PASSED, Outcome.TIMED_OUT):
                break  # after a wait, another copy is not worth the next one
            waiting += list(_copies(copy, again))[::-1] if again else []
        return best

    def _trouble(self, result: TaskResult, texts: Texts) -> _Trouble | None:
        """Return the first finding that shows the age of a file of the student's."""
        for told in result.findings:
            symptom = symptom_of(told.message) if told.severity is Severity.ERROR else None
            stated, line = told.evidence.get("file"), told.evidence.get("line")
            if symptom and isinstance(stated, str) and isinstance(line, int):
                file, line = place_of(stated, line, texts)
                if file in self._own:
                    return _Trouble(told, symptom, file, line)
        return None


def _is_same(told: Finding, before: Finding) -> bool:
    """Return True for a fault that a repair did not change, or only moved into its own helper."""
    if told.evidence.get("file") != f"{MODULE}.py":
        return told.message == before.message
    return told.message.partition(": ")[2] == before.message.partition(": ")[2]


def _copies(copy: _Copy, trouble: _Trouble) -> Iterator[_Copy]:
    for repaired in repairs_for(trouble.symptom, copy.texts[trouble.file], trouble.line):
        yield _changed(copy, trouble.file, repaired)


def _changed(copy: _Copy, file: str, repaired: Repaired) -> _Copy:
    changes = (*copy.changes, *((file, change) for change in repaired.changes))
    return _Copy({**copy.texts, file: repaired.text}, changes, copy.code or repaired.code)


def _rank(result: TaskResult | None) -> tuple[bool, Fraction, int]:
    if result is None:
        return False, Fraction(-1), -1
    passed = sum(check.outcome is Outcome.PASSED for check in result.checks)
    return result.outcome is Outcome.PASSED, result.score, passed


def _renamed(result: TaskResult, trouble: _Trouble, code: str) -> TaskResult:
    """Return the result with the finding under the code of its age."""
    if not code:
        return result
    told = trouble.told
    new = dataclasses.replace(told, code=code, help=CODES[code].help)
    return dataclasses.replace(
        result, findings=tuple(new if f is told else f for f in result.findings)
    )


def _joined(
    result: TaskResult, check: str, changes: str, judged: TaskResult, share: Fraction
) -> TaskResult:
    """Return what was found before the repair and after it, with the rubric's share of points."""
    after = {check.id: check for check in judged.checks}
    reason = "right after repair"
    checks = tuple(credited(check, after[check.id], share, reason) for check in result.checks)
    passed = {c.id for c in result.checks if c.outcome is Outcome.PASSED}
    right = [
        c.id
        for c in judged.checks
        if c.outcome is Outcome.PASSED and c.id not in passed and not is_free(c.id)
    ]
    if judged.outcome is Outcome.PASSED:
        more = [finding("D610", check, f"{reason}: {changes}")]
    elif right:
        message = f"{', '.join(right)}: {reason}: {changes}"
        more = [finding("D610", check, message), *_still_wrong(judged)]
    else:
        message = f"wrong even after repair: {changes}"
        more = [*_still_wrong(judged), finding("D611", check, message)]
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    rest = [f for f in result.findings if f.severity is not Severity.ERROR]
    if not any(f.code == ABSENT for f in rest):  # the original may not have come to its imports
        rest += [f for f in judged.findings if f.code == ABSENT]
    return dataclasses.replace(result, checks=checks, findings=(*errors, *more, *rest))


def _still_wrong(judged: TaskResult) -> Iterator[Finding]:
    for told in judged.findings:
        if told.severity is Severity.ERROR:
            # No command replays the copy.
            yield dataclasses.replace(told, message=f"after repair: {told.message}", replay="")


def _told(task: Task, copy: _Copy) -> str:
    """Return all changes of a copy in words, those of one kind together."""
    lines: dict[tuple[str, str], set[int]] = {}
    for file, change in copy.changes:
        lines.setdefault((file, change.what), set()).update(change.lines)
    words = []
    for (file, what), found in lines.items():
        change = Change(what, tuple(sorted(found)))
        if file.endswith(ENDING):
            words.append(change.told(place=partial(cell_of, copy.texts[file])))
        else:
            words.append(change.told(file if file != f"{task.call.module}.py" else ""))
    return "; ".join(words)
