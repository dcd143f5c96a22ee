"""What is said beside the verdicts: of the files, of imports, of speed, of what was printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from grader.codes import finding
from grader.compare import CheckVerdict
from grader.escape import printable
from grader.isolation import Session
from grader.model import (
    Assignment,
    Battery,
    Fault,
    FaultKind,
    Finding,
    Kind,
    Observation,
    Outcome,
)
from grader.submission import Submission, shadowing
from grader.worker.cells import ENDING, cell_of


def about_submission(submission: Submission, support: Mapping[str, str]) -> list[Finding]:
    """Return what reading a submission showed: files that are missing, unread, not used."""
    told = [*submission.broken.values(), *shadowing(submission), *submission.notes]
    for name, text in support.items():
        if submission.texts.get(name, text) != text:
            told.append(finding("N725", "load", f"{name} is the course's, not the one handed in"))
    return told


def about_absent(module: str, submission: Submission) -> Finding:
    """Return the note about a module that is not there, and was not needed to load the file."""
    return finding("N720", "load", f"`{module}` is not available{_unread(module, submission)}")


def with_neighbours(fault: Fault, submission: Submission) -> Fault:
    """Say that a module which cannot be imported lies unread in the submission."""
    if fault.kind is not FaultKind.NO_MODULE:
        return fault
    return dataclasses.replace(fault, detail=f"{fault.detail}{_unread(fault.detail, submission)}")


def _unread(module: str, submission: Submission) -> str:
    """Return why a module of the submission was not read, if it is one."""
    last = f"{module.rpartition('.')[2]}.py"
    for path, reason in submission.unread.items():
        if path == last or path.endswith(f"/{last}"):
            return f" ({printable(path, 80)}: {reason})"
    if last in submission.others:
        return f" ({printable(last, 80)} is not among the files to hand in)"
    return ""


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
    libraries: Mapping[str, str], assignment: Assignment, texts: Mapping[str, str]
) -> list[Finding]:
    """Return a D602 for each library that differentiates and is imported by the student's files.

    Those that the assignment declares are allowed, and what its support files import is its own.
    """
    return [
        finding("D602", "load", f"{_place(place, texts)} imports {name}")
        for name, place in libraries.items()
        if name not in assignment.packages and place.rpartition(":")[0] in texts
    ]


def _place(place: str, texts: Mapping[str, str]) -> str:
    """Return a line of a notebook by its cell."""
    file, _, line = place.rpartition(":")
    return f"{file} {cell_of(texts[file], int(line))}" if file.endswith(ENDING) else place
