"""What is put to the student's code and what comes back, seen and expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from numpy.typing import NDArray

from grader.model.assignment import Task

Array = NDArray[Any]
Named = Mapping[str, Array]


class Kind(str, Enum):
    """Why a case was drawn."""

    RANDOM = "random"
    BATCH1 = "batch1"
    SMALL = "small"
    LABELS = "labels"
    EXAMPLE = "example"
    SCALAR = "scalar"
    NAMED = "case"
    NEAR_KINK = "near_kink"
    TIES = "ties"
    EPS = "eps"
    STRESS = "stress"
    FORTRAN = "fortran"
    STRIDED = "strided"
    READ_ONLY = "read_only"
    FLOAT32 = "float32"
    INTEGERS = "integers"
    SIZE = "size"


# Drawn like a random case; what is special is the form in which the student gets its arguments.
FORMS = (Kind.FORTRAN, Kind.STRIDED, Kind.READ_ONLY, Kind.FLOAT32, Kind.INTEGERS)


@dataclass(frozen=True)
class Case:
    """One input set of a task. ``upstreams`` holds one mapping (``dz`` -> array) per draw."""

    task: str
    kind: Kind
    index: int
    inputs: Mapping[str, Any]  # arrays; Python floats for scalars and hyper-parameters
    upstreams: tuple[Mapping[str, Any], ...]
    label: str = ""

    @property
    def id(self) -> str:
        """The name a replay takes, e.g. ``affine:batch1:0``."""
        return f"{self.task}:{self.kind.value}:{self.index}"


@dataclass(frozen=True)
class Move:
    """A case with some of its inputs replaced, its first upstream kept; forward alone or both."""

    case: Case
    changed: Mapping[str, Any]
    is_backward_wanted: bool = False


@dataclass(frozen=True)
class Value:
    """One value the student returned, as data.

    ``form`` is ``array``, ``tuple``, ``list``, ``dict``, ``none`` or ``other``; ``type_name``
    is what the student called it (``float``, ``ndarray``, ``Tensor`` ...). ``is_untouched`` marks
    zeros that nothing in the source writes into.
    """

    form: str
    type_name: str = ""
    array: Array | None = None
    items: tuple[Value, ...] = ()
    keys: tuple[str, ...] = ()
    is_untouched: bool = False


class FaultKind(str, Enum):
    """The ways a call can fail to return a value."""

    MISSING = "missing"
    SYNTAX = "syntax"
    IMPORT = "import"
    NO_MODULE = "no_module"
    NAME = "name"
    NOT_CALLABLE = "not_callable"
    SIGNATURE = "signature"
    STUB = "stub"
    RAISED = "raised"
    CONTAINER = "container"
    INPUT = "input"
    TIMED_OUT = "timed_out"
    TOTAL_TIME = "total_time"
    DIED = "died"
    EXITED = "exited"
    MEMORY = "memory"
    RECURSION = "recursion"
    GARBLED = "garbled"
    FORBIDDEN = "forbidden"


# After these the child is gone or slow, and there is no line where the code stopped.
ENDING = frozenset(
    {
        FaultKind.TIMED_OUT,
        FaultKind.TOTAL_TIME,
        FaultKind.DIED,
        FaultKind.EXITED,
        FaultKind.MEMORY,
        FaultKind.GARBLED,
    }
)


@dataclass(frozen=True)
class Fault:
    """Why a call returned nothing. ``detail`` is the student's text: capped, printable.

    ``stage`` is ``load``, ``forward`` or ``backward``; ``line`` counts in ``file``. A constructor
    is called before the first forward, and ``in_constructor`` says that it went wrong there.
    """

    kind: FaultKind
    stage: str
    detail: str = ""
    file: str = ""
    line: int = 0
    in_constructor: bool = False


@dataclass(frozen=True)
class Draw:
    """One forward and backward with one upstream gradient, on fresh copies."""

    forward: Value | Fault
    backward: Value | Fault | None  # None when a loss or circuit answers in one call
    seconds: float = 0.0
    mutated: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()  # whose memory the results share, where the spec asks
    seen: Mapping[str, Array] = field(default_factory=dict)  # and changed inputs as last seen


@dataclass(frozen=True)
class Observation:
    """Everything that came back for one case, without opinion."""

    case: Case
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Expected:
    """The reference's answer to one case: outputs, and gradients (``dx`` ...) per draw.

    ``hulls``, for a tie: per draw, the gradients of the branches that meet there. ``is_on_kink``
    marks an example of the lecture whose gradients cannot be judged for the same reason.
    ``raises`` names exceptions, one of which is the right answer. ``scale`` is given where it is
    the case's own and not that of all cases of its kind. ``keep``, of a random layer: the
    probability that an entry is kept, 1 where the case has no noise; answers are for one mask.
    """

    case: Case
    outputs: Named
    gradients: tuple[Named, ...]
    hulls: tuple[tuple[Named, ...], ...] = ()
    is_on_kink: bool = False
    raises: tuple[str, ...] = ()
    scale: Mapping[str, float] = field(default_factory=dict)
    keep: float | None = None


@dataclass(frozen=True)
class Battery:
    """All cases of a task with their answers; ready to judge any submission.

    ``scale`` is the largest reference entry of an array over the cases of one kind. ``no_ties``
    says why there is no tie to test. ``proof`` says which witness proved the reference.
    ``accepted`` has the same cases with the answers of the other forms that the task accepts.
    """

    task: Task
    expected: Mapping[Kind, tuple[Expected, ...]]
    scale: Mapping[Kind, Mapping[str, float]]
    no_ties: str
    proof: str
    accepted: tuple[Battery, ...] = ()

    def scale_of(self, expected: Expected) -> Mapping[str, float]:
        """Return the scale that a case is judged by."""
        return expected.scale or self.scale[expected.case.kind]

    @property
    def probed(self) -> tuple[Expected, Expected]:
        """The two random cases on which behaviour is probed."""
        cases = self.expected[Kind.RANDOM]
        return cases[0], cases[min(1, len(cases) - 1)]
