"""``grade batch SUBMISSIONS --out DIR``: a whole class, resumed where it was stopped."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from grader.batch import Journal, Kit, Progress, carry_out, kit_of
from grader.batch.executors import dask, local
from grader.batch.gather import Gathering, time_factors
from grader.batch.papers import Settings, rows_of, write_papers
from grader.batch.proofs import refuse_unsound
from grader.cli.output import emit
from grader.cli.progress import ProgressLine
from grader.cli.seeds import OF_COURSE, seed_of
from grader.course import Course, find_course, load, read_text
from grader.errors import CourseError, ExitCode
from grader.grades import Row, Status, pseudonym
from grader.intake import Intake, Member, Roster, read_roster, take_in
from grader.isolation import choose, require_for_many
from grader.model import Assignment, Rubric

Chosen = Sequence[tuple[Assignment, Rubric]]
_MOST_PROBLEMS = 20
_ANYBODYS = (
    "the rubric hides checks, but the seed is public: whoever has the spec can draw their inputs; "
    "write some 16 random characters to course.secret"
)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Grade a class and return the exit code."""
    gc.enable()  # a long run, whose memory must not grow
    folder, out = Path(arguments.submissions), Path(arguments.out)
    _refuse_inside(out, folder)
    if arguments.jobs is not None and arguments.jobs < 1:
        raise CourseError(f"--jobs {arguments.jobs}: at least one process is needed")
    course = find_course(arguments.course, os.environ, folder)
    rung, note = choose(arguments.isolation)
    require_for_many(rung, allow_weak=arguments.allow_weak_isolation)
    chosen = _assignments(course, arguments)
    roster = read_roster(Path(arguments.roster)) if arguments.roster else None
    files = [file for assignment, _ in chosen for file in assignment.files]
    intake = take_in(folder, arguments.layout, roster, files)
    if arguments.pseudonyms:
        intake = under_key(intake, read_key(Path(arguments.pseudonyms)))
    _tell(intake)
    kit = pack_kit(course, chosen, arguments)
    if arguments.dask:
        open_executor, jobs = dask(arguments.dask)
    else:
        jobs = arguments.jobs or os.cpu_count() or 1
        open_executor = local(jobs)
    with Journal(out) as journal:
        if not arguments.allow_weak_spec:
            for assignment, rubric in chosen:
                refuse_unsound(course, assignment, rubric, (rung, note), out)
        gathering = Gathering(
            attempts={attempt.key: attempt for attempt in intake.attempts},
            assignments=[assignment for assignment, _ in chosen],
            kit=kit,
            journal=journal,
            is_forced=arguments.force,
            is_hidden=bool(arguments.pseudonyms),
            factors=time_factors(intake.attempts, intake.roster),
            now=datetime.now(timezone.utc),
        )
        ids = tuple(assignment.id for assignment, _ in chosen)
        settings = Settings(
            ids, intake.layout, arguments.attempt, tuple(gathering.attempts),
            has_roster=roster is not None, is_pseudonymous=bool(arguments.pseudonyms),
        )  # fmt: skip
        journal.keep(settings.write)
        with (
            _saying_how_to_go_on(out),
            ProgressLine(len(gathering.attempts), is_quiet=arguments.quiet) as line,
        ):
            progress = carry_out(
                gathering.orders(), gathering.read, kit, open_executor, jobs, journal.store,
                told=line.tell, keep_first=journal.keep_first,
            )  # fmt: skip
            journal.finish()
        members = intake.roster.by_id if intake.roster else None
        rows, handed = rows_of(out, settings, {a.id: r for a, r in chosen}, members)
        journal.keep(lambda place: write_papers(place, rows, handed))
    emit(_closing(gathering, progress, rows, arguments.out))
    return _code(gathering, rows)


def _refuse_inside(out: Path, folder: Path) -> None:
    """Refuse results among the submissions, where the next run would take them for one."""
    if folder.resolve() in (out.resolve(), *out.resolve().parents):
        raise CourseError(f"--out {out}: lies among the submissions; choose a folder elsewhere")


@contextmanager
def _saying_how_to_go_on(out: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        told = f"what is graded so far is kept in {out}: the same command goes on from there"
        print(f"grade: {told}", file=sys.stderr)
        raise


def read_key(path: Path) -> bytes:
    """Return the key of pseudonyms; raises ``CourseError`` where it cannot be read."""
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise CourseError(f"--pseudonyms {path}: cannot be read: {error.strerror}") from error


def under_key(intake: Intake, key: bytes) -> Intake:
    """Return the intake with a pseudonym for each id, and without names."""
    attempts = []
    for attempt in intake.attempts:
        students = tuple(pseudonym(key, student) for student in attempt.students)
        own = f"{pseudonym(key, attempt.key)}-{attempt.number}"
        attempts.append(dataclasses.replace(attempt, key=own, students=students, note=""))
    roster = hidden_roster(intake.roster, key) if intake.roster else None
    order = sorted(attempts, key=lambda attempt: attempt.key)
    return dataclasses.replace(intake, attempts=tuple(order), roster=roster)


def hidden_roster(roster: Roster, key: bytes) -> Roster:
    """Return the roster with a pseudonym for each id and group, and without names."""
    return Roster(tuple(_hidden(member, key) for member in roster.members))


def _hidden(member: Member, key: bytes) -> Member:
    group = pseudonym(key, member.group) if member.group else ""
    hidden = pseudonym(key, member.id)
    return dataclasses.replace(member, id=hidden, name="", aliases=(), group=group)


def _assignments(course: Course, arguments: argparse.Namespace) -> Chosen:
    names = arguments.assignment
    if not names:
        known = ", ".join(course.assignment_ids()) or "none"
        raise CourseError(f"say what was handed in: --assignment ID; this course has {known}")
    if arguments.rubric and len(names) > 1:
        raise CourseError("--rubric needs one --assignment: a rubric is that of one assignment")
    return [load(course, name, arguments.rubric) for name in dict.fromkeys(names)]


def _tell(intake: Intake) -> None:
    if not intake.attempts:
        raise CourseError("nothing was handed in: the folder holds no submission", *intake.problems)
    for problem in intake.problems[:_MOST_PROBLEMS]:
        print(f"grade: {problem}", file=sys.stderr)
    if len(intake.problems) > _MOST_PROBLEMS:
        more = len(intake.problems) - _MOST_PROBLEMS
        print(f"grade: and {more} more of these", file=sys.stderr)


def pack_kit(course: Course, chosen: Chosen, arguments: argparse.Namespace) -> Kit:
    """Return what grading by these arguments needs; raises ``CourseError`` for what is missing."""
    seeds = {a.id: seed_of(course, a, arguments.seed) for a, _ in chosen}
    rubrics = {}
    for assignment, rubric in chosen:
        if rubric.visibility and seeds[assignment.id][1] != OF_COURSE:
            print(f"grade: {assignment.id}: {_ANYBODYS}", file=sys.stderr)
        if rubric.path:
            stated = arguments.rubric or course.root / "rubrics" / f"{assignment.id}.yaml"
            rubrics[assignment.id] = read_text(Path(stated))
    return kit_of(
        course, chosen, rubrics, seeds, arguments.isolation,
        allow_weak=arguments.allow_weak_isolation,
    )  # fmt: skip


def _closing(gathering: Gathering, progress: Progress, rows: Sequence[Row], out: str) -> str:
    counts = {status: sum(row.status is status for row in rows) for status in Status}
    told = [f"{n} {status.value}" for status, n in counts.items() if n]
    human = sum(bool(row.needs_human) for row in rows)
    lines = [
        f"{len(rows)} students: {', '.join(told)}; {human} for a human to look at",
        f"{progress.done} submissions graded now, {gathering.kept} unchanged since before",
        f"grades.csv, grades.jsonl, summary.md and submissions/ are in {out}",
    ]
    return "\n".join(lines) + "\n"


def _code(gathering: Gathering, rows: Sequence[Row]) -> ExitCode:
    known = gathering.journal.known
    statuses = {known[key]["status"] for key in gathering.attempts if key in known}
    if statuses & {"void", "fault"}:
        return ExitCode.FAULT
    if "unreadable" in statuses or any(row.status is Status.UNREADABLE for row in rows):
        return ExitCode.FINDINGS
    return ExitCode.OK
