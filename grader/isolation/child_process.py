"""A session with a submission in child processes, on every rung alike.

The score cannot be forged, because the host compares its own copies; what else the student's code
can do is up to whoever starts the child. The host owns the clock. Whatever happens to the child
becomes a ``Fault`` of the submission, and the next request finds a fresh child.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar, final

from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation.child import START_SECONDS, Capture, Child, Running, death
from grader.isolation.leaning import (
    MAX_ASKS,
    Answer,
    Function,
    Leaning,
    Question,
    to_answer,
)
from grader.isolation.packages import Packages
from grader.isolation.requests import check_names, run_request
from grader.isolation.session import NO_LAYOUTS, NO_SEEDS, Loaded, Returned, Step
from grader.isolation.spawn import MAX_WROTE
from grader.isolation.values import held_by, to_fault, to_libraries, to_loaded, to_returned
from grader.model import Array, Call, Fault, FaultKind, Limits
from grader.worker.exchange import pack
from grader.worker.load import MODULE_ENDINGS
from grader.worker.wire import Frame, WireError

_OPENBLAS_OUT_OF_MEMORY = b"Memory allocation still failed"
# Faults of one target; any other fault of a load is met by every target of the module.
_OWN_FAULTS = {FaultKind.NAME, FaultKind.NOT_CALLABLE}
_OF_ONE_CELL = {FaultKind.SYNTAX, FaultKind.IMPORT}

T = TypeVar("T")


@final
class ProcessSession:
    """A ``Session``; a rung is a way to ``start`` a child, and the walls it must say it has.

    Use it in one thread: on Linux a spawned child ends with the thread that started it.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        limits: Limits,
        start: Callable[[], Running],
        walls: Collection[str] = (),
        packages: Packages = (),
    ) -> None:
        """Start the child; it gets ready while the host does other things."""
        self._files = dict(files)
        self._limits = limits
        self._begin = start
        self._walls = frozenset(walls)
        self._packages = dict(packages)
        self._libraries: dict[str, str] = {}
        self._capture = Capture(limits.output_kb << 10)
        self._broken: dict[str, Fault] = {}
        self._out_of_time: Fault | None = None
        self._requests = 0
        self._wrote: dict[str, None] = {}
        self._is_ready = False
        self._leaning: Leaning | None = None
        self.deaths = 0
        self.student_seconds = 0.0
        self._child: Child | None = self._start()

    def charge(self, seconds: float) -> None:
        """Count time that another session of the same submission took."""
        self.student_seconds += seconds

    @property
    def text(self) -> str:
        """What the student's code printed so far, capped, not yet fit to be shown."""
        return self._capture.text

    @property
    def text_overflowed(self) -> bool:
        """True when more was printed than is kept."""
        return self._capture.overflowed

    @property
    def libraries(self) -> Mapping[str, str]:
        """The libraries that differentiate, and where each was first imported."""
        return self._libraries

    @property
    def wrote(self) -> tuple[str, ...]:
        """Names of the files the student's code left behind; known after ``close``."""
        return tuple(self._wrote)[:MAX_WROTE]

    def load(self, call: Call) -> Loaded | Fault:
        """Import the module of a call and find its target."""
        if refusal := self._refusal(call):
            return refusal
        number = self._send("load", call=asdict(call))
        seconds = self._limits.call_seconds
        answer = self._answer(number, 0, "load", seconds, to_loaded)
        is_notebook = f"{call.module}{MODULE_ENDINGS[1]}" in self._files
        own = _OWN_FAULTS | _OF_ONE_CELL if is_notebook else _OWN_FAULTS
        if isinstance(answer, Fault) and answer.kind not in own:
            self._broken[call.module] = answer
        return answer

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
        answers: list[Returned | Fault | None] = [None] * len(steps)
        if not steps:
            return answers
        check_names(call, values, steps)
        if refusal := self._refusal(call):
            answers[0] = refusal
            return answers
        helpers = self._leaning.helpers if self._leaning else {}
        message, arrays = run_request(
            call, values, steps, seed=seed, layouts=layouts, watches_memory=watches_memory,
            helpers=helpers, seeds=seeds,
        )  # fmt: skip
        number = self._send("run", arrays, **message)
        faulted: set[int] = set()
        last = {subject: index for index, (subject, _, _) in enumerate(steps)}
        for index, (subject, stage, _) in enumerate(steps):
            answer = self._answer(
                number, index, stage, seconds, lambda frame: to_returned(frame, seconds), subject
            )
            if self._leaning and last[subject] == index:
                self._leaning.finish(subject)
            if answer is None and subject not in faulted:
                # A step may be left out after a fault, never instead of an answer.
                self._stop()
                answer = Fault(FaultKind.GARBLED, stage, "a step was skipped without a fault")
            if isinstance(answer, Fault):
                faulted.add(subject)
            answers[index] = answer
            if self._child is None:
                break
        return answers

    def lean(self, leaning: Leaning) -> None:
        """Let the host answer for some functions of the submission."""
        self._leaning = leaning

    def call(self, function: Function, question: Question, seconds: float) -> Answer | Fault:
        """Call one function of the course, as ``Session.call`` says."""
        if self._out_of_time:
            return self._out_of_time
        arrays: list[Array] = []
        number = self._send(
            "answer", arrays, module=function.module, function=function.name,
            arguments=pack(question.arguments, arrays), makes_cache=function.makes_cache,
            subject=question.subject, forget=question.forget,
        )  # fmt: skip
        return self._answer(number, 0, "forward", seconds, to_answer)

    def close(self) -> None:
        """Kill whatever is left and remove the child's folder."""
        self._stop(is_sound=True)

    def __enter__(self) -> ProcessSession:
        """Return the session."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the session."""
        self.close()

    def _refusal(self, call: Call) -> Fault | None:
        if self._out_of_time:
            return self._out_of_time
        if not {f"{call.module}{ending}" for ending in MODULE_ENDINGS} & self._files.keys():
            return Fault(FaultKind.MISSING, "load", f"{printable(call.module)}.py is missing")
        return self._broken.get(call.module)

    def _start(self) -> Child:
        self._is_ready = False
        try:
            process = self._begin()
        except GraderFault:
            self.deaths += 1
            raise
        child = Child(process, self._capture, self._limits.memory_mb << 18)
        limits = asdict(self._limits)
        child.send({"files": self._files, "packages": self._packages, "limits": limits})
        return child

    def _send(self, verb: str, arrays: Sequence[Array] = (), **more: Any) -> int:
        if self._child is None:
            self._child = self._start()
        if not self._is_ready:
            self._await_hello(self._child)
        self._requests += 1
        message = {"id": self._requests, "verb": verb, **more}
        self._child.send(message, arrays)
        return self._requests

    def _await_hello(self, child: Child) -> None:
        # No code of the student's has run yet, so whatever fails here is ours.
        try:
            hello = child.receive(START_SECONDS)
        except TimeoutError:
            problem = f"is not ready after {START_SECONDS:g} s"
        except WireError as error:
            problem = f"answers with something else than a frame: {error}"
        else:
            problem = "ended before it was ready" if hello is None else self._missing(hello)
            self._is_ready = not problem
        if problem:
            self.deaths += 1
            self._stop()
            words = printable(self._capture.last_words.decode("utf-8", "replace"))
            raise GraderFault(f"the worker process {problem}: {words}")

    def _missing(self, hello: Frame) -> str:
        """Return what is wrong with a child that lacks a wall of this rung: it gets no code."""
        missing = sorted(self._walls - held_by(hello))
        return f"is not isolated as it should be ({', '.join(missing)})" if missing else ""

    def _answer(
        self,
        number: int,
        step: int,
        stage: str,
        seconds: float,
        read: Callable[[Frame], T],
        subject: int = 0,
    ) -> T | Fault:
        left = self._limits.total_seconds - self.student_seconds
        try:
            frame = self._next(number, subject, min(seconds, left))
            if frame is None:
                return self._fault_of_death(stage)
            if stage == "load":
                self._libraries = to_libraries(frame, self._files) | self._libraries
            return _read(frame, number, step, stage, read)
        except TimeoutError:
            self._stop()
            if seconds < left:
                return Fault(FaultKind.TIMED_OUT, stage, f"no answer within {seconds:g} s")
            total = f"{self._limits.total_seconds:g} s for the whole submission are used up"
            self._out_of_time = Fault(FaultKind.TOTAL_TIME, stage, total)
            return self._out_of_time
        except WireError as error:  # half a frame, where it was killed
            self.deaths += 1
            self._stop()
            return Fault(FaultKind.GARBLED, stage, printable(f"{error}"))

    def _next(self, number: int, subject: int, seconds: float) -> Frame | None:
        """Return the next frame that asks nothing of us; what is asked is answered meanwhile."""
        child, started = self._child, time.monotonic()
        try:
            for _ in range(MAX_ASKS):
                frame = child.receive(started + seconds - time.monotonic()) if child else None
                if not (child and frame and self._leaning and "asks" in frame.message):
                    return frame
                left = started + seconds - time.monotonic()
                reply, arrays = self._leaning.reply(frame, number, subject, left)
                # Who asks has read all that was sent: replies nobody takes do not pile up.
                child.drain(started + seconds - time.monotonic())
                child.send(reply, arrays)
            raise WireError("too many calls of another function")
        finally:
            self.student_seconds += time.monotonic() - started

    def _fault_of_death(self, stage: str) -> Fault:
        code = self._stop()
        if code == 1 and _OPENBLAS_OUT_OF_MEMORY in self._capture.last_words:
            return Fault(FaultKind.MEMORY, stage, "OpenBLAS could not allocate memory")
        was_exit = code is not None and code >= 0
        self.deaths += not was_exit
        return Fault(FaultKind.EXITED if was_exit else FaultKind.DIED, stage, death(code))

    def _stop(self, *, is_sound: bool = False) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        code = child.stop(is_sound=is_sound)
        self._wrote.update(dict.fromkeys(child.wrote))
        return code


def _read(
    frame: Frame, number: int, step: int, stage: str, read: Callable[[Frame], T]
) -> T | Fault:
    if (frame.message.get("id"), frame.message.get("step")) != (number, step):
        raise WireError("not the answer to what was asked")
    if "fault" in frame.message:
        return to_fault(frame.message["fault"], stage)
    return read(frame)
