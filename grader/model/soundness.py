"""What is known about an assignment before a student is graded: ``Soundness``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from grader.model.report import Finding, Outcome

# Findings after which nothing that rests on the reference means anything.
_DISPROVING = frozenset({"G901", "G902", "W801"})


class Standing(str, Enum):
    """How far an assignment can be trusted, the best first."""

    SOUND = "sound"
    WEAK = "weak"
    MALFORMED = "malformed"
    DISPROVEN = "disproven"


@dataclass(frozen=True)
class Declared:
    """A mistake or an alternative that the course declares, and what became of it.

    ``kind`` is ``mistake`` or ``alternative``; ``as_declared`` is True for a mistake that is found
    out and an alternative that passes. ``check`` and ``code`` say what told it apart.
    """

    kind: str
    name: str
    explanation: str
    outcome: Outcome
    as_declared: bool
    check: str = ""
    code: str = ""


@dataclass(frozen=True)
class TaskSoundness:
    """What is known about one task.

    ``proof`` names the witness, empty where there is none; ``kinds`` counts the cases, and
    ``unproven`` are the kinds without a derivative, or without digits, to prove. ``equal`` are
    mutants that are no mistakes, ``survivors`` those that pass. ``blind`` says of each example
    of the lecture which mutants it alone could not tell from the right answer.
    """

    id: str
    proof: str = ""
    kinds: Mapping[str, int] = field(default_factory=dict)
    unproven: tuple[str, ...] = ()
    mutants: int = 0
    equal: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()
    blind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()  # forms beside the stated one, e.g. ``regulariser half``
    declared: tuple[Declared, ...] = ()
    weaknesses: tuple[Finding, ...] = ()

    @property
    def cases(self) -> int:
        """How many cases the task is judged on."""
        return sum(self.kinds.values())

    @property
    def rejected(self) -> int:
        """How many mutants are found out; those that are no mistake do not count."""
        return self.mutants - len(self.survivors)

    @property
    def standing(self) -> Standing:
        """Disproven, weak or sound."""
        if any(w.code in _DISPROVING for w in self.weaknesses):
            return Standing.DISPROVEN
        return Standing.WEAK if self.weaknesses else Standing.SOUND


@dataclass(frozen=True)
class Soundness:
    """What is known about one assignment. ``problems`` are those of a malformed one."""

    assignment: str
    title: str = ""
    tasks: tuple[TaskSoundness, ...] = ()
    problems: tuple[str, ...] = ()
    seed: str = ""
    isolation: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def standing(self) -> Standing:
        """The worst of its tasks."""
        if self.problems:
            return Standing.MALFORMED
        return worst_standing(task.standing for task in self.tasks)


def worst_standing(standings: Iterable[Standing]) -> Standing:
    """Return the worst of some standings; of none it is sound."""
    order = list(Standing)
    return max(standings, key=order.index, default=Standing.SOUND)
