"""What must be implemented and what it is worth: ``Assignment``, ``Task``, ``Rubric``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any

ANY_SHAPE = "..."  # the whole shape of an input that may be a scalar or an array of any rank


class Domain(str, Enum):
    """Where the entries of an input are drawn from."""

    REAL = "real"  # standard normal
    NONZERO = "nonzero"  # magnitude 0.5 to 2, random sign
    POSITIVE = "positive"  # 0.5 to 2
    UNIT = "unit"  # 0.05 to 0.95
    LABELS = "labels"  # integers 0 .. classes-1, no gradient
    INTEGERS = "integers"  # as labels, but not of examples
    BOOLEANS = "booleans"  # True or False, as masks are, no gradient
    OBJECT = "object"  # entries of a list in a support file, chosen by integers


_WITHOUT_GRADIENT = frozenset({Domain.LABELS, Domain.INTEGERS, Domain.BOOLEANS, Domain.OBJECT})


@dataclass(frozen=True)
class Input:
    """One argument of a task: its symbolic shape, e.g. ``("N", "D")`` or ``("...",)``."""

    name: str
    shape: tuple[str | int, ...]
    domain: Domain = Domain.REAL
    classes: str | None = None  # of integers: the dimension that bounds them, or digits
    source: str | None = None  # of an object: "module.LIST" of the support files

    def class_count(self, dimensions: Mapping[str, int]) -> int:
        """Return how many classes there are, for the dimensions of a case."""
        classes = self.classes or "1"
        return int(classes) if classes.isdigit() else dimensions[classes]

    @property
    def is_elementwise(self) -> bool:
        """True when the argument may be a scalar or an array of any shape."""
        return self.shape == (ANY_SHAPE,)

    @property
    def is_float(self) -> bool:
        """True when the argument holds real numbers, so that it can have a gradient."""
        return self.domain not in _WITHOUT_GRADIENT


@dataclass(frozen=True)
class HyperParameter:
    """A number the student's code receives and is not differentiated by."""

    name: str
    low: float
    high: float
    signed: bool = False  # draw the sign too
    large: float | None = None  # the value of the `eps` check, for an eps
    flag: bool | None = None  # True or False; a named sub-case may say otherwise
    is_whole: bool = False  # an int, for sizes and strides


@dataclass(frozen=True)
class Call:
    """How a style calls the student's code; sent to the child as it is.

    ``target`` is the class or function, ``backward`` the second function of a pair. The
    argument lists name inputs, hyper-parameters, upstream gradients (``d`` + output) and,
    for a pair, ``cache``. ``objects`` pairs arguments with the list (``module.LIST``) that their
    numbers choose from; ``parameter_attributes`` pairs arguments with the attributes they are set
    as before forward, ``gradient_attributes`` gradients with the attributes they are read from.
    ``dicts`` are arguments made of named values, ``constants`` texts among them; ``read_back``
    pairs outputs with the entry of a dict (``bn_param.running_mean``) they are read from after
    forward, ``results`` are the outputs it returns.
    """

    style: str
    module: str  # the path of a file, without its ending
    target: str
    backward: str | None
    constructor_args: tuple[str, ...]
    forward_args: tuple[str, ...]
    backward_args: tuple[str, ...]
    objects: tuple[tuple[str, str], ...] = ()
    parameter_attributes: tuple[tuple[str, str], ...] = ()
    gradient_attributes: tuple[tuple[str, str], ...] = ()
    updates: tuple[str, ...] = ()  # of an update step: the arguments it may change in place
    results: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    dicts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    read_back: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()  # entries of dicts that may be left out


@dataclass(frozen=True)
class Mask:
    """The noise of a random layer: its output is an argument times a random mask.

    Each entry is kept, and divided by the probability to be kept, or it is 0. ``seed`` is the
    entry of a dict that makes the mask repeatable, if there is one.
    """

    argument: str
    probability: str  # the hyper-parameter
    is_kept: bool  # it is the probability that an entry is kept, else that it is dropped
    seed: str | None = None

    def keep(self, values: Mapping[str, Any]) -> float:
        """Return the probability that an entry is kept in a case."""
        probability = float(values[self.probability])
        return probability if self.is_kept else 1.0 - probability


@dataclass(frozen=True)
class NamedCase:
    """A sub-case with a check of its own, ``case.NAME``: what it fixes, what it must raise."""

    name: str
    sizes: Mapping[str, tuple[int, int]]
    values: Mapping[str, Any]  # inputs, hyper-parameters and constants that are given, not drawn
    raises: tuple[str, ...] = ()  # exceptions, one of which is the right answer
    draws: int = 2  # how many cases it has
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # of inputs, not drawn


@dataclass(frozen=True)
class Example:
    """A worked example of the lecture: inputs, upstream, and the numbers it prints."""

    label: str
    inputs: Mapping[str, Any]
    upstream: Mapping[str, Any]
    expected: Mapping[str, Any]
    digits: int  # decimals the lecture's numbers are given to


class Public(str, Enum):
    """What students are told of a task's public cases, beside their inputs and upstreams."""

    FORWARD_VALUES = "forward_values"
    WORKED_EXAMPLES = "worked_examples"  # these too, and the gradients of the worked examples
    NOTHING = "nothing"


@dataclass(frozen=True)
class Task:
    """One thing to implement and how it is judged."""

    id: str
    title: str
    statement: str
    lecture: tuple[str, ...]
    call: Call
    file: str
    inputs: tuple[Input, ...]
    hyper_parameters: tuple[HyperParameter, ...]
    outputs: tuple[str, ...]
    upstream: tuple[str, ...]  # outputs whose upstream gradient the student receives
    gradients: tuple[str, ...]  # arguments (and named intermediates) whose gradient is wanted
    sizes: Mapping[str, tuple[int, int]]
    batch: str  # the dimension that counts examples
    kinks: str | None  # function of the reference that returns the kink arguments
    conventions: Mapping[str, str]
    tolerance: float | None
    random_cases: int
    stress: Mapping[str, float]
    input_forms: tuple[str, ...]  # kinds of cases whose arguments come in an unusual form
    size: Mapping[str, int]
    examples: tuple[Example, ...]
    cases: tuple[NamedCase, ...] = ()
    draw: str | None = None  # function of the reference that draws inputs of its own
    takes_scalars: bool = True  # where inputs have any shape: floats too
    # Of conventions that are left open, the values that are accepted, the stated one first.
    accept_any: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leans_on: tuple[str, ...] = ()  # tasks whose functions this one's may call
    random: Mask | None = None
    public: Public = Public.FORWARD_VALUES

    @property
    def is_elementwise(self) -> bool:
        """True when scalars and arrays of any shape are both legal."""
        return any(i.is_elementwise for i in self.inputs)

    def named_case(self, index: int) -> NamedCase:
        """Return the sub-case that the case of this index among all of theirs belongs to."""
        for named in self.cases:
            if index < named.draws:
                return named
            index -= named.draws
        raise IndexError("no sub-case has so many cases")

    @property
    def accepted_form(self) -> str:
        """What the task states of the conventions it leaves open, e.g. ``regulariser half``."""
        return ", ".join(f"{name} {self.conventions[name]}" for name in self.accept_any)

    @property
    def is_scalar(self) -> bool:
        """True when every input is one number."""
        return all(i.shape == () for i in self.inputs)

    @property
    def in_place_arguments(self) -> tuple[str, str]:
        """The argument of forward and the upstream that a task in place writes its results into."""
        return self.call.forward_args[0], f"d{self.upstream[0]}"

    @property
    def float_names(self) -> tuple[str, ...]:
        """The inputs that can have a gradient."""
        return tuple(i.name for i in self.inputs if i.is_float)

    @property
    def label_inputs(self) -> tuple[Input, ...]:
        """The inputs that are class labels."""
        return tuple(i for i in self.inputs if i.domain is Domain.LABELS)


@dataclass(frozen=True)
class Limits:
    """What a submission may use; seconds of wall clock and MiB of address space."""

    call_seconds: float = 10.0
    size_seconds: float = 60.0
    total_seconds: float = 120.0
    memory_mb: int = 1024
    output_kb: int = 64


def module_of(file: str) -> str:
    """Return the Python file that a declared file is as a module; a notebook's is a plain one."""
    return f"{file.rpartition('.')[0]}.py"


@dataclass(frozen=True)
class Assignment:
    """A spec file, read and checked."""

    id: str
    version: int
    title: str
    statement: str
    files: tuple[str, ...]
    support: tuple[str, ...]  # files of the course that the student's code may import
    packages: tuple[str, ...]  # that students may import besides numpy
    stub: tuple[str, ...]  # modules that are placeholders, whether they are installed or not
    only_by_name: bool  # graded only where it is asked for by its id
    is_tree: bool  # the files come with the folders around them
    tasks: tuple[Task, ...]
    limits: Limits
    path: str
    digest: str


@dataclass(frozen=True)
class LateRule:
    """What handing in late costs, as a line of its own: task scores never change."""

    percent_a_day: Fraction = Fraction(0)  # of the points earned, for every day begun
    grace_minutes: Fraction = Fraction(0)
    cut_off_days: Fraction | None = None  # after it nothing counts


class Visibility(str, Enum):
    """What a student may see of a check, the mildest first."""

    PUBLIC = "public"
    AFTER_DUE_DATE = "after_due_date"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Rubric:
    """Points per task and check, exact."""

    id: str
    path: str
    digest: str
    total: Fraction
    points: Mapping[str, Mapping[str, Fraction]]
    # Of each task, the share of a gradient's points where it is right for the student's forward.
    follow_through: Mapping[str, Fraction] = field(default_factory=dict)
    # Of each task, the share of a check's points where only axes of size 1 are wrong.
    size_one_axes: Mapping[str, Fraction] = field(default_factory=dict)
    # Of each task, the share of points where it is right once what it leans on is.
    with_right_helper: Mapping[str, Fraction] = field(default_factory=dict)
    after_repair: Fraction = Fraction(0)  # of the points, where code of another age is right
    manual: Mapping[str, Fraction] = field(default_factory=dict)  # what a human grades
    due: datetime | None = None  # with its zone
    late: LateRule | None = None
    # Of each task, the checks that are not public.
    visibility: Mapping[str, Mapping[str, Visibility]] = field(default_factory=dict)


def visibility_of(rubric: Rubric, task_id: str, check_id: str) -> Visibility:
    """Return what a rubric says of a check."""
    return rubric.visibility.get(task_id, {}).get(check_id, Visibility.PUBLIC)


def is_public(rubric: Rubric, task_id: str, check_id: str) -> bool:
    """Return True for a check that students may always see."""
    return visibility_of(rubric, task_id, check_id) is Visibility.PUBLIC
