"""Making an assignment ready once, to grade any number of submissions.

``prepare``       a course's assignment -> proven references and batteries.
``digests_of``, ``versions_of``, ``sources_digest``   what a verdict rests on.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from grader import __version__
from grader.codes import finding
from grader.course import Course, support_texts
from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation import version_of
from grader.model import Assignment, Battery, Finding, Rubric
from grader.oracle import Disproven, Reference, build_battery, digest_of, load_references


@dataclass(frozen=True)
class Prepared:
    """An assignment ready to grade any number of submissions."""

    course: str
    assignment: Assignment
    rubric: Rubric
    references: Mapping[str, Reference]
    batteries: Mapping[str, Battery | Finding]  # a finding where the reference is void
    seed: str
    digests: Mapping[str, str]
    support: Mapping[str, str] = field(default_factory=dict)  # texts by name


def prepare(
    course: Course,
    assignment: Assignment,
    rubric: Rubric,
    run_seed: bytes,
    seed: str,
    only: str | None = None,
) -> Prepared:
    """Load and prove the references and build the batteries; ``only`` limits it to one task."""
    support = support_texts(course, assignment)
    references = load_references(course.reference_of(assignment.id), assignment, support)
    batteries = {
        task.id: _battery(references[task.id], run_seed, rubric)
        for task in assignment.tasks
        if only in (None, task.id)
    }
    digests = digests_of(course, assignment, rubric, support)
    digests["seed"] = hashlib.sha256(run_seed).hexdigest()  # two secret seeds are both "secret"
    return Prepared(
        course=course.name,
        assignment=assignment,
        rubric=rubric,
        references=references,
        batteries=batteries,
        seed=seed,
        digests=digests,
        support=support,
    )


def digests_of(
    course: Course, assignment: Assignment, rubric: Rubric, support: Mapping[str, str]
) -> dict[str, str]:
    """Return the digests of everything that a verdict rests on, but the submission."""
    return {
        "grader": sources_digest(),
        "spec": assignment.digest,
        "rubric": rubric.digest,
        "reference": digest_of(course.reference_of(assignment.id), assignment),
        "support": _texts_digest(support),
    }


def versions_of(assignment: Assignment) -> dict[str, str]:
    """Return the versions that a verdict rests on."""
    return {
        "grader": __version__,
        "assignment": str(assignment.version),
        "numpy": np.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        **{name: version_of(name) for name in assignment.packages},
    }


def _battery(reference: Reference, run_seed: bytes, rubric: Rubric) -> Battery | Finding:
    """Return the battery of a task, or the finding that makes the task void."""
    try:
        battery = build_battery(reference, run_seed)
    except Disproven as error:
        return finding("G901", "load", str(error))
    except GraderFault as error:
        return finding("G902", "load", printable(str(error)))
    except Exception as error:  # noqa: BLE001  whatever a reference raises voids its task
        return finding("G902", "load", printable(f"{type(error).__name__}: {error}"))
    if battery.no_ties and rubric.points[reference.task.id].get("ties"):
        return finding("G902", "load", f"`ties` is priced, but {battery.no_ties}")
    return battery


def _texts_digest(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(name.encode() + b"\0" + text.encode() + b"\0")
    return digest.hexdigest()


@cache
def sources_digest() -> str:
    """Return one digest over the grader's own source files, as they were at the first call."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
