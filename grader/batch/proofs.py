"""Which assignments `grade check` has called sound, so that a batch does not prove them again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from grader.batch.journal import write_whole
from grader.batch.order import MAX_TRIES
from grader.batch.watch import Watch
from grader.cases import public_seed
from grader.course import Course, support_texts
from grader.errors import CourseError
from grader.grade import Run
from grader.isolation import find_packages
from grader.model import Assignment, Rubric, Standing
from grader.prepare import digests_of
from grader.soundness import prove_assignment

PROOFS = "sound.json"


def refuse_unsound(
    course: Course, assignment: Assignment, rubric: Rubric, isolation: tuple[str, str], folder: Path
) -> None:
    """Raise ``CourseError`` for a spec that cannot tell right from wrong.

    What was proven before, with the same grader, spec, rubric, reference and support files, is
    known from a file in ``folder``. ``isolation`` is the rung and its note, as ``choose`` gives.
    """
    rung, note = isolation
    digests = digests_of(course, assignment, rubric, support_texts(course, assignment))
    digest = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    proven = _proven(folder)
    if proven.get(assignment.id) == digest:
        return
    seed = public_seed(0, assignment)
    for _ in range(MAX_TRIES):
        watch = Watch(rung, find_packages(assignment))
        run = Run(watch.open, rung, note)
        found = prove_assignment(course, assignment, rubric, seed, "public, 0", run)
        if found.standing is Standing.SOUND or not watch.has_deaths:
            break  # else somebody may have killed the process of a right reference
    if found.standing is not Standing.SOUND:
        raise CourseError(
            f"{assignment.id} is {found.standing.value}: see `grade check {assignment.id}`, or say "
            "--allow-weak-spec"
        )
    proven[assignment.id] = digest
    write_whole(folder / PROOFS, json.dumps(proven, indent=1) + "\n", is_forced=False)


def _proven(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / PROOFS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
