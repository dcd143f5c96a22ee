"""In a circuit an early mistake is charged once: later stages may be right for the student's own.

A stage that is wrong by the reference passes all the same when it is, in every case, what the
reference computes from the student's own earlier stages. The first wrong one stays charged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks import backward_check, check_of_case, forward_check
from grader.compare.collect import Leaf
from grader.compare.judge import judge
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.verdict import CheckVerdict
from grader.model import Array, Battery, Expected, Kind, Named, Observation, Outcome, Task
from grader.numeric import largest

_VALUE = {"V401", "V402"}
# A stage computed from ruins proves nothing: next to zeros everything agrees, beside a huge term
# no other shows, and of a constant all is simple. Honest mistakes are off by factors like N.
_TOO_FAR = 1e4
_CONSTANT = 1e-9  # spread, in units of the size, of what is the same in every entry and case
_SHOWN = 6  # names of later stages in a message


@dataclass(frozen=True)
class OwnValues:
    """What a circuit's reference computes from the student's own earlier stages.

    ``expected`` has it by case and draw; ``sources`` the wrong stages that a stage is computed
    from directly.
    """

    expected: Mapping[tuple[str, int], Named]
    sources: Mapping[str, frozenset[str]]


def wrong_stages(task: Task, verdicts: Mapping[str, CheckVerdict]) -> list[str]:
    """Return the outputs and gradients whose own check failed, in the order of the task."""
    return [
        name
        for name, check in _checks(task).items()
        if check in verdicts and verdicts[check].outcome is Outcome.FAILED
    ]


def excuse(
    battery: Battery,
    observations: Sequence[Observation],
    own: OwnValues,
    verdicts: Mapping[str, CheckVerdict],
) -> dict[str, CheckVerdict]:
    """Return the verdicts with every stage passed that is right for the student's own values."""
    checks = _checks(battery.task)
    wrong = wrong_stages(battery.task, verdicts)
    values = [n for n in wrong if {f.code for f in verdicts[checks[n]].findings} <= _VALUE]
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        judged = _Judged(battery, observations, own)
        right = [n for n in values if judged.is_founded(n) and judged.is_right(n)]
    excused = dict(verdicts)
    followers: dict[str, list[str]] = {}
    for name in right:
        behind = _behind(name, own, through=right)
        roots = [r for r in wrong if r in behind and r not in right]
        for root in roots:
            followers.setdefault(root, []).append(name)
        reason = f"right for your own {', '.join(roots)}"
        excused[checks[name]] = CheckVerdict(Outcome.PASSED, reason=reason)
    for root, names in followers.items():
        excused[checks[root]] = _with_followers(verdicts[checks[root]], names)
    return excused


def _checks(task: Task) -> dict[str, str]:
    forward = {name: forward_check(task, name) for name in task.outputs}
    return forward | {f"d{name}": backward_check(name) for name in task.gradients}


def _behind(name: str, own: OwnValues, through: Collection[str] | None = None) -> set[str]:
    """Return the wrong stages behind a stage; beyond them only ``through`` some, if stated."""
    found: set[str] = set()
    pending = [name]
    while pending:
        for source in own.sources.get(pending.pop(), frozenset()) - found:
            found.add(source)
            if through is None or source in through:
                pending.append(source)
    return found


def _with_followers(verdict: CheckVerdict, names: Sequence[str]) -> CheckVerdict:
    if not verdict.findings:
        return verdict
    first, *rest = verdict.findings
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    follow = "follows" if len(names) == 1 else "follow"
    message = f"{first.message}; {', '.join(names[:_SHOWN])}{more} {follow} from it"
    evidence = {**first.evidence, "followed_by": list(names)}
    told = dataclasses.replace(first, message=message, evidence=evidence)
    return dataclasses.replace(verdict, findings=(told, *rest))


class _Judged:
    """The observations of a task beside what its reference makes of the student's own stages."""

    def __init__(
        self, battery: Battery, observations: Sequence[Observation], own: OwnValues
    ) -> None:
        self._battery = battery
        self._own = own
        answers = {e.case.id: e for cases in battery.expected.values() for e in cases}
        self._seen: list[tuple[Expected, int, Mapping[str, Leaf]]] = []
        for observation in observations:
            expected = answers.get(observation.case.id)
            if expected is not None and check_of_case(battery.task, observation.case) is None:
                for index, draw in enumerate(observation.draws):
                    leaves = leaves_of(battery.task, draw, shapes_of(expected))
                    self._seen.append((expected, index, leaves))
        # What proves anything: the lecture's numbers are public, and can be known by heart.
        self._drawn = [seen for seen in self._seen if seen[0].case.kind is Kind.RANDOM]

    def is_founded(self, name: str) -> bool:
        """Return True where a stage is computed from wrong ones, and none behind it is a ruin.

        A gradient may be the same everywhere, by an upstream that is ignored; an output may not.
        """
        sources = _behind(name, self._own)
        outputs = self._battery.task.outputs
        return bool(sources) and all(
            self._is_telling(s, self._returned(s), may_be_constant=s not in outputs)
            for s in sources
        )

    def _returned(self, name: str) -> list[Array]:
        return [
            np.asarray(leaves[name].array, dtype=np.float64)
            for _, _, leaves in self._drawn
            if name in leaves and leaves[name].array.size
        ]

    def is_right(self, name: str) -> bool:
        """Return True where every case is right by the reference or for the student's own."""
        local: dict[Kind, list[Array]] = {}
        for expected, index, _ in self._seen:
            array = self._own.expected.get((expected.case.id, index), {}).get(name)
            if array is not None:
                local.setdefault(expected.case.kind, []).append(array)
        if not self._is_telling(name, local.get(Kind.RANDOM, [])):
            return False
        size = {kind: max(map(largest, arrays)) for kind, arrays in local.items()}
        return all(
            self._fits(name, expected, index, leaves, size)
            for expected, index, leaves in self._seen
            if name in expected.outputs or not expected.is_on_kink
        )

    def _is_telling(self, name: str, own: list[Array], *, may_be_constant: bool = False) -> bool:
        """Return True where these values of a stage, of all random cases, prove anything."""
        right = [_right(expected, index, name) for expected, index, _ in self._drawn]
        if not right or len(own) < len(right):
            return False
        own_size, size = max(map(largest, own)), max(map(largest, right))
        if not size <= _TOO_FAR * own_size <= _TOO_FAR**2 * size:
            return False
        is_varied = _spread(own) > _CONSTANT * own_size or _spread(right) <= _CONSTANT * size
        return may_be_constant or is_varied

    def _fits(
        self,
        name: str,
        expected: Expected,
        index: int,
        leaves: Mapping[str, Leaf],
        size: Mapping[Kind, float],
    ) -> bool:
        leaf = leaves.get(name)
        if leaf is None:
            return False
        kind = expected.case.kind
        choices = [(_right(expected, index, name), self._battery.scale_of(expected).get(name, 0.0))]
        local = self._own.expected.get((expected.case.id, index), {}).get(name)
        if local is not None:
            choices.append((local, size[kind]))
        stated = self._battery.task.tolerance
        is_output = name in expected.outputs
        return any(
            judge(name, leaf, array, scale, stated, is_output=is_output)[0] is None
            for array, scale in choices
        )


def _right(expected: Expected, index: int, name: str) -> Array:
    found = expected.outputs if name in expected.outputs else expected.gradients[index]
    return found[name]


def _spread(arrays: Sequence[Array]) -> float:
    entries = np.concatenate([np.ravel(a) for a in arrays])
    return float(entries.max() - entries.min())
