"""The texts of a course that grading needs: enough for a process that cannot see the course."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.course import Course, load, read_text
from grader.errors import CourseError
from grader.isolation import choose, find_packages, require_for_many
from grader.model import Assignment, Rubric, module_of
from grader.prepare import Prepared, prepare, sources_digest

_MARK = "\0"


@dataclass(frozen=True)
class Kit:
    """The files of some assignments, packed; the seeds; the least isolation they are graded in."""

    course: str  # its name
    packed: bytes
    seeds: tuple[tuple[str, bytes, str], ...]  # assignment id, run seed, its name in reports
    isolation: str
    allow_weak: bool
    digest: str

    def files(self) -> dict[str, str]:
        """Return the texts by path inside the course."""
        parts = zlib.decompress(self.packed).decode().split(_MARK)
        return dict(zip(parts[::2], parts[1::2], strict=True))


def kit_of(
    course: Course,
    chosen: Sequence[tuple[Assignment, Rubric]],
    rubric_texts: Mapping[str, str],
    seeds: Mapping[str, tuple[bytes, str]],
    isolation: str,
    *,
    allow_weak: bool,
) -> Kit:
    """Pack what grading some assignments of a course needs.

    ``rubric_texts`` and ``seeds`` (the run seed, and its name) are by assignment id. Raises
    ``CourseError`` for files that cannot be read.
    """
    files = {"course.yaml": read_text(course.root / "course.yaml")}
    for assignment, _ in chosen:
        name = assignment.id
        files[f"assignments/{name}.yaml"] = read_text(course.root / assignment.path)
        if name in rubric_texts:
            files[f"rubrics/{name}.yaml"] = rubric_texts[name]
        for file in assignment.support:
            files[f"support/{file}"] = read_text(course.root / "support" / file)
        folder = course.reference_of(name)
        for file in map(module_of, assignment.files):
            place = (folder / file).relative_to(course.root)
            files[str(place).replace("\\", "/")] = read_text(folder / file)
    text = _MARK.join(part for pair in sorted(files.items()) for part in pair)
    stated = tuple((name, *seeds[name]) for name in sorted(seeds))
    facts = repr((course.name, stated, isolation, allow_weak, sources_digest()))
    digest = hashlib.sha256(text.encode() + facts.encode()).hexdigest()
    return Kit(course.name, zlib.compress(text.encode()), stated, isolation, allow_weak, digest)


@dataclass(frozen=True)
class Bench:
    """What one worker process has ready: proven references, and where student code is run."""

    prepared: Mapping[str, Prepared]
    packages: Mapping[str, tuple[tuple[str, str], ...]]
    rung: str
    note: str


@lru_cache(maxsize=2)
def bench_of(kit: Kit) -> Bench:
    """Make everything ready once in a process; raises ``CourseError`` where isolation is weak."""
    rung, note = choose(kit.isolation)
    require_for_many(rung, allow_weak=kit.allow_weak)
    with tempfile.TemporaryDirectory(prefix="grade-kit-") as home:
        root = Path(home)
        for place, text in kit.files().items():
            path = root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        course = Course(root, kit.course)
        prepared, packages = {}, {}
        for name, run_seed, seed in kit.seeds:
            assignment, rubric = load(course, name)
            packages[name] = find_packages(assignment)
            prepared[name] = prepare(course, assignment, rubric, run_seed, seed)
    if not prepared:
        raise CourseError("there is no assignment to grade")
    return Bench(prepared, packages, rung, note)
