"""Grading without a child process: thousands of verdicts in seconds, by the worker's own code.

``InProcess``     a ``Session`` that answers every request with ``grader.worker.loop.answer``.
``prepared``      an assignment of this course with its batteries, made once for each seed.
``grade_texts``   some tasks of one submission under one seed -> their results.
``loading_once``  sessions of which the first alone loads the file.
``read_right``    a correct submission of ``variants/right``.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.cases import public_seed
from grader.course import find_course, load
from grader.grade import Run, grade_submission
from grader.isolation import Answer, Function, Leaning, Loaded, Question, Returned, Session, Step
from grader.isolation.leaning import to_answer
from grader.isolation.session import NO_LAYOUTS, NO_SEEDS
from grader.isolation.values import to_fault, to_libraries, to_loaded, to_returned
from grader.model import Call, Fault, FaultKind, Limits, Report, TaskResult
from grader.prepare import Prepared, prepare
from grader.repair import MODULE
from grader.submission import Submission
from grader.worker.answering import Caches
from grader.worker.asking import Line
from grader.worker.exchange import pack
from grader.worker.load import Submission as Files
from grader.worker.loop import answer
from grader.worker.nodes import describe
from grader.worker.wire import Frame

HERE = Path(__file__).parent
RIGHT = HERE / "variants" / "right"
COURSE = find_course(None, {}, None)
HELPER_FILE = f"{MODULE}.py"
# The exercises of the lectures; the layers of networks have tests of their own.
NETWORKS = tuple(name for name in COURSE.assignment_ids() if name.startswith("networks"))
ASSIGNMENTS = tuple(name for name in COURSE.assignment_ids() if name not in NETWORKS)
_GRADED = re.compile(r"^( *)def (?:svm_|softmax_)?loss[^\n]*\):\n", re.MULTILINE)


@cache
def _compiled(text: str, file: str) -> Any:
    return compile(text, file, "exec", dont_inherit=True)


class _Files(Files):
    """A submission whose modules are its own: nothing is kept in ``sys.modules``."""

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(files)
        if HELPER_FILE in files:  # of repaired copies, which import it by name
            helper = sys.modules[MODULE] = ModuleType(MODULE)
            exec(_compiled(files[HELPER_FILE], HELPER_FILE), vars(helper))
        self._namespaces: dict[str, dict[str, Any]] = {}

    def namespace(self, module: str) -> dict[str, Any]:
        """Return the names of a module, executed at its first use."""
        if module not in self._namespaces:
            file = f"{module}.py"
            self.run.add(file)
            names: dict[str, Any] = {"__name__": module, "__file__": file}
            exec(_compiled(self.files[file], file), names)
            self._namespaces[module] = names
        return self._namespaces[module]

    def namespaces(self) -> list[dict[str, Any]]:
        """Return the names of every module."""
        return list(self._namespaces.values())


class InProcess(Session):
    """A session in the test's own process. What is printed is not kept; there are no limits."""

    def __init__(self, files: Mapping[str, str], _limits: Limits) -> None:
        """Take the sources by file name."""
        self._files = _Files(files)
        self._libraries: dict[str, str] = {}
        self._leaning: Leaning | None = None
        self._caches = Caches()
        self._line = Line(self._hear, self._take)
        self._frames: list[Frame] = []
        self._subjects: list[int] = []  # of the steps that are not answered yet

    text = ""
    text_overflowed = False
    wrote = ()
    deaths = 0
    student_seconds = 0.0

    @property
    def libraries(self) -> Mapping[str, str]:
        """The libraries that differentiate."""
        return self._libraries

    def load(self, call: Call) -> Loaded | Fault:
        """Execute the module of a call and find its target."""
        (frame,) = self._ask({"verb": "load", "call": asdict(call)}, [])
        self._libraries |= to_libraries(frame, self._files.files)
        if "fault" in frame.message:
            return to_fault(frame.message["fault"], "load")
        return to_loaded(frame)

    def run(
        self,
        call: Call,
        values: Sequence[Mapping[str, Any]],
        steps: Sequence[Step],
        *,
        seconds: float,
        seed: int = 0,
        layouts: Mapping[int, str] = NO_LAYOUTS,
        watches_memory: bool = False,
        seeds: Mapping[int, int] = NO_SEEDS,
    ) -> list[Returned | Fault | None]:
        """Run steps one after the other, as ``Session.run`` says."""
        arrays: list[Any] = []
        nodes = [{name: describe(value, arrays) for name, value in held.items()} for held in values]
        message = {"verb": "run", "call": asdict(call), "values": nodes, "steps": steps}
        manner = {
            "seed": seed,
            "layouts": {str(subject): layout for subject, layout in layouts.items()},
            "watches_memory": watches_memory,
            "helpers": self._leaning.helpers if self._leaning else {},
            "seeds": {str(subject): own for subject, own in seeds.items()},
        }
        self._subjects = [subject for subject, _, _ in steps]
        frames = self._ask({**message, **manner}, arrays)
        return [
            to_fault(frame.message["fault"], stage)
            if "fault" in frame.message
            else to_returned(frame, seconds)
            for (_, stage, _), frame in zip(steps, frames, strict=True)
        ]

    def close(self) -> None:
        """There is nothing to end."""

    def charge(self, _seconds: float) -> None:
        """There are no limits."""

    def __exit__(self, *_: object) -> None:
        """Close the session."""

    def lean(self, leaning: Leaning) -> None:
        """Let the host answer for some functions."""
        self._leaning = leaning

    def call(self, function: Function, question: Question, _seconds: float) -> Answer | Fault:
        """Call one function of the course."""
        arrays: list[Any] = []
        message = {"verb": "answer", "module": function.module, "function": function.name,
                   "arguments": pack(question.arguments, arrays), "subject": question.subject,
                   "makes_cache": function.makes_cache, "forget": question.forget}  # fmt: skip
        (frame,) = self._ask(message, arrays)
        is_fault = "fault" in frame.message
        return to_fault(frame.message["fault"], "forward") if is_fault else to_answer(frame)

    def _ask(self, message: dict[str, Any], arrays: list[Any]) -> list[Frame]:
        self._frames = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a child prints them; pytest would raise them
            request = Frame({"id": 0, **message}, arrays)
            answer(request, self._files, self._line, self._caches)
        return self._frames

    def _hear(self, body: dict[str, Any], out: Sequence[Any]) -> None:
        """Take a reply; a call is answered at once, with what is read next."""
        frame = Frame(body, list(out))
        if "asks" in body and self._leaning is not None:
            subject = self._subjects[len(self._frames)]
            frame = Frame(*self._leaning.reply(frame, 0, subject, 10.0))
        self._frames.append(frame)

    def _take(self) -> Frame:
        return self._frames.pop()


def loading_once(kind: FaultKind) -> type[InProcess]:
    """Return sessions of which the first alone loads the file; in the others it raises or dies."""
    opened: list[InProcess] = []

    class Unlucky(InProcess):
        def load(self, call: Call) -> Loaded | Fault:
            opened.append(self)
            is_first = opened[0] is self
            return super().load(call) if is_first else Fault(kind, "load", "ValueError: odd day")

    return Unlucky


@lru_cache(maxsize=256)
def prepared(assignment_id: str, seed: int, *, with_size: bool = False) -> Prepared:
    """Return an assignment ready to grade under a public seed.

    Cases of real size only ``with_size``: no verdict hangs on them, and they are slow.
    """
    assignment, rubric = load(COURSE, assignment_id)
    if not with_size:
        small = tuple(dataclasses.replace(task, size={}) for task in assignment.tasks)
        assignment = dataclasses.replace(assignment, tasks=small)
    return prepare(COURSE, assignment, rubric, public_seed(seed, assignment), f"public, {seed}")


def grade_texts(
    ready: Prepared,
    texts: Mapping[str, str],
    only: Collection[str] | None = None,
    open_session: Callable[[Mapping[str, str], Limits], Session] = InProcess,
) -> Report:
    """Grade a submission of these texts; ``only`` limits it to some tasks."""
    kept = {task: b for task, b in ready.batteries.items() if only is None or task in only}
    submission = Submission("variant", texts, {}, (), "")
    run = Run(open_session, "none", "")
    return grade_submission(dataclasses.replace(ready, batteries=kept), submission, run)


def read_right(name: str, assignment_id: str) -> dict[str, str]:
    """Return a correct submission by file; empty if it does not do this assignment.

    Half the regulariser is the whole one at half the strength.
    """
    path = RIGHT / name / f"{assignment_id.removesuffix('_half')}.py"
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    if assignment_id.endswith("_half"):
        text = _GRADED.sub(r"\g<0>\1    reg = reg / 2\n", text)
    return dict.fromkeys(files_of(assignment_id), text)


@cache
def files_of(assignment_id: str) -> tuple[str, ...]:
    """Return the files of an assignment; where there are several, a variant is each of them."""
    return load(COURSE, assignment_id)[0].files


def complaints(task: TaskResult) -> list[str]:
    """Return everything that is held against a task, one line each.

    Stress is a demand of its own: where it has no points, an unstable formula is right. Behind a
    right forward there is nothing to follow.
    """
    free = {c.id for c in task.checks if c.id == "stress" and c.max_score == 0}
    free |= {c.id for c in task.checks if c.reason == "forward is right: nothing to follow"}
    told = [
        f"{f.check} {f.code} [{f.case}] {f.message}"
        for f in task.findings
        if not _is_note(f) and f.check not in free
    ]
    lost = [
        f"{check.id} is {check.outcome.value}"
        for check in task.checks
        if check.outcome.value != "passed" and check.id not in free
    ]
    return [f"{task.id}: {line}" for line in told + lost]


def _is_note(told: Any) -> bool:
    return bool(told.severity.value == "note")
