"""Words for what goes wrong only where arguments come in another form.

The ordinary cases are right then, so the form is the cause: of a ``B505``, or of a ``B506`` where
the student's code writes into an argument that does not let it.
"""

from __future__ import annotations

from grader.checks import FORM_CHECKS
from grader.codes import finding
from grader.compare.judge import SINGLE_TOLERANCE
from grader.model import Finding, Kind, Task

_WORDS = {
    Kind.FORTRAN: "arrays in Fortran order",
    Kind.STRIDED: "arrays that are slices with a step, like x[:, ::2]",
    Kind.READ_ONLY: "read-only arrays",
    Kind.FLOAT32: "float32 arrays",
    Kind.INTEGERS: "integers",
}
_ANY_MEMORY = "do not count on the order of entries in memory: ravel and reshape may give a copy"
_HELP = {
    Kind.FORTRAN: _ANY_MEMORY,
    Kind.STRIDED: _ANY_MEMORY,
    Kind.INTEGERS: "np.zeros_like(x) of integers holds integers and cuts fractions off: "
    "give it dtype=float",
}
# Faults that the form of an argument can cause; a process that died has another cause.
_CAUSED = ("R201", "S", "V")


def tell_form(check: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings of a form's check in words that name the form."""
    return tuple(_told(FORM_CHECKS[check], one) for one in findings)


def tolerance_of(task: Task, kind: Kind) -> float | None:
    """Return the tolerance that the spec states; float32 inputs allow that of float32 results.

    Whatever type comes back, the digits that float32 lacks were lost on our side.
    """
    if kind is Kind.FLOAT32:
        return max(task.tolerance or 0.0, SINGLE_TOLERANCE)
    return task.tolerance


def _told(kind: Kind, one: Finding) -> Finding:
    if not one.code.startswith(_CAUSED):
        return one
    code, message, help_line = "B505", f"with {_WORDS[kind]}: {one.message}", _HELP.get(kind, "")
    # numpy says so in each of its errors about an array that must not be written to.
    if kind is Kind.READ_ONLY and one.code == "R201" and "read-only" in one.message:
        code, message = "B506", f"writes into a read-only argument: {one.message}"
    return finding(
        code, one.check, message, argument=one.argument, case=one.case, help_line=help_line,
        evidence=one.evidence,
    )  # fmt: skip
