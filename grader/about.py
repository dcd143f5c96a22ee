"""What is said of a submission as a whole, or of its imports, besides the verdicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from grader.codes import finding
from grader.escape import printable
from grader.isolation import Session
from grader.model import Fault, FaultKind, Finding
from grader.submission import Submission, shadowing


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


def about_session(session: Session) -> list[Finding]:
    """Return the notes about what the code printed and wrote; known after the session's end."""
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
