"""What is said beside the verdicts: of speed, of what a process printed and wrote, of imports."""

from __future__ import annotations

from collections.abc import Container, Mapping

from grader.codes import finding
from grader.compare import CheckVerdict
from grader.escape import printable
from grader.isolation import Session
from grader.model import Assignment, Battery, Finding, Kind, Observation, Outcome


def speed_line(
    battery: Battery, observations: tuple[Observation, ...], verdicts: Mapping[str, CheckVerdict]
) -> list[Finding]:
    """Return the speed line of the case of real size: information, never a verdict."""
    for observed in observations:
        if observed.case.kind is Kind.SIZE and verdicts.get("size"):
            dims = " x ".join(str(n) for n in battery.task.size.values())
            if verdicts["size"].outcome is Outcome.TIMED_OUT:
                return [finding("N710", "size", f"did not finish in time at {dims}")]
            if verdicts["size"].outcome is Outcome.PASSED:
                seconds = sum(draw.seconds for draw in observed.draws)
                message = f"forward and backward at {dims} took {seconds:.3g} s"
                return [finding("N711", "size", message)]
    return []


def session_notes(session: Session) -> list[Finding]:
    """Return notes of what a submission printed and wrote."""
    told = []
    if session.text.strip():
        first = next(line for line in session.text.splitlines() if line.strip())
        more = " (cut: too much text)" if session.text_overflowed else ""
        told.append(finding("N705", "load", f"text on its output: {printable(first, 100)}{more}"))
    if session.wrote:
        names = ", ".join(printable(name, 60) for name in session.wrote)
        told.append(finding("N706", "load", f"wrote to its working directory: {names}"))
        told.append(finding("N712", "load", "needs an isolation that lets files be written"))
    return told


def libraries_named(
    libraries: Mapping[str, str], assignment: Assignment, files: Container[str]
) -> list[Finding]:
    """Return a D602 for each library that differentiates and is imported by the student's files.

    Those that the assignment declares are allowed, and what its support files import is its own.
    """
    return [
        finding("D602", "load", f"{place} imports {name}")
        for name, place in libraries.items()
        if name not in assignment.packages and place.rpartition(":")[0] in files
    ]
