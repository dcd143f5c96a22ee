"""The students' page: under every code a whole file, and what the report really says of it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, NamedTuple

import leaning_course
import pytest
from in_process import COURSE, NETWORKS, InProcess, prepared
from kits import checked, kit_of

from grader.cases import public_seed
from grader.codes import CODES
from grader.course import load
from grader.grade import Run, grade_submission
from grader.isolation import SANDBOXES
from grader.model import Finding
from grader.prepare import Prepared, prepare
from grader.submission import read_submission

PAGE = (Path(__file__).parent.parent / "docs" / "reading-a-report.md").read_text()
SECTION = re.compile(
    r"^### `(\w+)` ([^\n]*)\n\n(?:(?!```).)*?```(?:python|text)\n# (\S+), (\w+)\n(.*?)```\n\n"
    r"```text\n(\S+)  (\w+)\n(.*?)```",
    re.MULTILINE | re.DOTALL,
)
# These end, stop or print, or do not compile: they need a process of their own.
IN_A_CHILD = {"L103", "L105", "L109", "L111", "R202", "R207", "N705", "N720"}
# What these tasks would have to state, beside what they do, for the code to be told.
STATED: dict[str, dict[str, Any]] = {
    "B510": {"conventions": {"mutation": "error"}},
    "N726": {"accept_any": {"regulariser": ("full", "half")}},
}
IN_A_KIT = {"V406"}  # told where there are no answers
AT_REAL_SIZE = {"R205"}
ROUNDED = {"D601"}  # another machine rounds otherwise
# Faults of the grader, or of the machine; and what only a whole submission shows.
WITHOUT_EXAMPLE = {
    "G901", "G902", "G903", "G904", "R203", "R206", "R208", "R209", "N706", "N707", "N710",
    "N711", "N712", "N713", "N721", "N722", "N723", "N724", "N725",
}  # fmt: skip


class Section(NamedTuple):
    """One code of the page."""

    code: str
    title: str
    file: str
    task: str
    source: str
    check: str
    told: str
    message: str


SECTIONS = [Section(*found) for found in SECTION.findall(PAGE)]


def assignment_of(section: Section) -> str:
    """Return the assignment of a section; of several in one file, that with its task."""
    if "/" in section.file:
        tasks = {name: {t.id for t in load(COURSE, name)[0].tasks} for name in NETWORKS}
        return next(name for name in NETWORKS if section.task in tasks[name])
    stem = section.file.removesuffix(".py")
    return stem if stem != "gate" else "gates"


def findings_of(section: Section, folder: Path) -> list[Finding]:
    """Hand the file of a section in and return what is found."""
    assignment = assignment_of(section)
    is_child = section.code in IN_A_CHILD
    if assignment == "rnn":  # no course of this repository's need be so long
        ready = leaning_course.ready()
    else:
        ready = prepared(assignment, 0, with_size=section.code in AT_REAL_SIZE)
    if section.code in STATED:
        ready = stated(ready, section)
    text = f"# {section.file}, {section.task}\n{section.source}"
    if section.code in IN_A_KIT:
        report = checked(kit_of(assignment, 0), {section.file: text}, section.task)
        return list(report.tasks[0].findings)
    quick = dataclasses.replace(ready.assignment.limits, call_seconds=1.0)
    ready = dataclasses.replace(
        ready,
        assignment=dataclasses.replace(ready.assignment, limits=quick),
        batteries={section.task: ready.batteries[section.task]},
    )
    encoding = "cp932" if "cp932" in text else "utf-8"
    path = folder / section.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    asked = ready.assignment
    submission = read_submission(folder, asked.files, is_tree=asked.is_tree)
    run = Run(SANDBOXES["process"] if is_child else InProcess, "none", "")
    report = grade_submission(ready, submission, run)
    return [*report.findings, *report.tasks[0].findings]


def stated(ready: Prepared, section: Section) -> Prepared:
    """Return the assignment with its task as it would state what the code is about."""
    (task,) = (t for t in ready.assignment.tasks if t.id == section.task)
    changes = dict(STATED[section.code])
    changes["conventions"] = {**task.conventions, **changes.get("conventions", {})}
    task = dataclasses.replace(task, size={}, **changes)
    assignment = dataclasses.replace(ready.assignment, tasks=(task,))
    return prepare(COURSE, assignment, ready.rubric, public_seed(0, assignment), ready.seed)


def words(section: Section, message: str) -> list[str]:
    """Return the words of a message; of errors at the level of rounding, without the numbers."""
    if section.code in ROUNDED:
        message = re.sub(r"\d[\d.e^-]*", "#", message)
    return message.split()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.code)
def test_example_of_a_code_is_what_is_told(section: Section, tmp_path: Path) -> None:
    """The file under a code, handed in, gets that code on that check with that message."""
    assert section.told == section.code
    assert section.title == CODES[section.code].title
    found = [f for f in findings_of(section, tmp_path) if f.code == section.code]
    assert found
    assert found[0].check == section.check
    assert words(section, found[0].message) == words(section, section.message)


def test_every_code_a_student_can_meet_has_an_example() -> None:
    """No code is missing on the page, none stands there twice; W8xx is told to authors alone."""
    codes = [section.code for section in SECTIONS]
    told = {code for code in CODES if not code.startswith("W")}
    assert sorted(codes) == sorted(told - WITHOUT_EXAMPLE)
