"""The nouns of the grader as frozen records; no numerics, no input or output.

``Assignment`` and ``Task``      what must be implemented (from ``assignments/ID.yaml``).
``Case``                         one drawn input of a task, with its upstream gradients.
``Value``, ``Fault``, ``Draw``, ``Observation``   what came back from the student's process.
``Expected``                     what the reference answers for a case.
``Finding``, ``CheckResult``, ``TaskResult``, ``Report``   what is said about it.
``Rubric``, ``LateRule``         what each check is worth, and what lateness costs.
``Visibility``, ``is_public``    what students may see of a check.
``Soundness``, ``TaskSoundness``, ``Declared``   what is known about an assignment itself.
"""

from grader.model.assignment import (
    ANY_SHAPE,
    Assignment,
    Call,
    Domain,
    Example,
    HyperParameter,
    Input,
    LateRule,
    Limits,
    Mask,
    NamedCase,
    Public,
    Rubric,
    Task,
    Visibility,
    is_public,
    module_of,
    visibility_of,
)
from grader.model.observation import (
    ENDING,
    FORMS,
    Array,
    Battery,
    Case,
    Draw,
    Expected,
    Fault,
    FaultKind,
    Kind,
    Move,
    Named,
    Observation,
    Value,
)
from grader.model.report import (
    CheckResult,
    Finding,
    Outcome,
    Report,
    Severity,
    TaskResult,
)
from grader.model.soundness import (
    Declared,
    Soundness,
    Standing,
    TaskSoundness,
    worst_standing,
)

__all__ = [
    "ANY_SHAPE",
    "ENDING",
    "FORMS",
    "Array",
    "Assignment",
    "Battery",
    "Call",
    "Case",
    "CheckResult",
    "Declared",
    "Domain",
    "Draw",
    "Example",
    "Expected",
    "Fault",
    "FaultKind",
    "Finding",
    "HyperParameter",
    "Input",
    "Kind",
    "LateRule",
    "Limits",
    "Mask",
    "Move",
    "Named",
    "NamedCase",
    "Observation",
    "Outcome",
    "Public",
    "Report",
    "Rubric",
    "Severity",
    "Soundness",
    "Standing",
    "Task",
    "TaskResult",
    "TaskSoundness",
    "Value",
    "Visibility",
    "is_public",
    "module_of",
    "visibility_of",
    "worst_standing",
]
