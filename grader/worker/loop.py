"""The request loop: one reply frame for each load, each step of a run, and each call."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .answering import Caches, answered
from .asking import Line
from .invoke import find
from .load import Submission
from .memory import arrays_in, copy_in, shared
from .nodes import Node, decode, encode
from .objects import with_dicts, with_objects
from .signs import signs_in
from .stubs import find_stubs
from .styles import STYLES, Subject
from .styles.call import Groups, Pairs
from .wire import Frame


class CallRecord(NamedTuple):
    """The host's ``grader.model.Call``, as it arrives."""

    style: str
    module: str
    target: str
    backward: str | None
    constructor_args: tuple[str, ...]
    forward_args: tuple[str, ...]
    backward_args: tuple[str, ...]
    objects: Pairs = ()
    parameter_attributes: Pairs = ()
    gradient_attributes: Pairs = ()
    updates: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    constants: Pairs = ()
    dicts: Groups = ()
    read_back: Pairs = ()
    optional: tuple[str, ...] = ()


class Manner(NamedTuple):
    """What is the same in every step of a run."""

    seed: int
    layouts: Mapping[str, str]  # of arguments, by the number of the subject
    watches_memory: bool
    helpers: Mapping[str, Sequence[str]]  # functions that the host answers for, their arguments
    seeds: Mapping[str, int]  # of subjects of their own, by number


class Student:
    """One subject of a run, and every array that was handed to it."""

    def __init__(
        self, call: CallRecord, submission: Submission, manner: Manner, number: int, line: Line
    ) -> None:
        """Keep what it takes to open the subject, which is done at its first step."""
        self.is_faulted = False
        self.is_opening = True  # until its constructor has returned
        self._call = call
        self._submission = submission
        self._line = line
        self._manner, self._number = manner, number
        self._layout = manner.layouts.get(str(number), "")
        self._results: list[NDArray[Any]] | None = [] if manner.watches_memory else None
        self._subject: Subject | None = None
        self._handed: list[tuple[str, NDArray[Any], NDArray[Any]]] = []

    def step(self, stage: str, values: Mapping[str, Any], out: list[NDArray[Any]]) -> Node:
        """Call the student's code on fresh copies; its arrays are appended to ``out``."""
        copies = {name: self._hand_out(name, value) for name, value in values.items()}
        with_objects(self._call.objects, copies, self._submission.namespace)
        namespace = self._submission.namespace(self._call.module)  # last: its neighbours are near
        if self._manner.helpers:
            self._line.lean(self._manner.helpers, namespace, self._submission.namespaces())
        with_dicts(self._call.constants, self._call.dicts, copies)
        _reseed(self._seed_of(stage))
        started = time.perf_counter()
        if self._subject is None:
            self._subject = STYLES[self._call.style](self._call, namespace, copies)
        self.is_opening = False
        returned = self._subject.call(stage, copies)
        seconds = time.perf_counter() - started
        body = {"value": encode(returned, out), "seconds": seconds, "mutated": self._mutated()}
        if self._results is not None:
            body["shared"] = self._shared(returned, self._results)
            body["seen"] = encode(self._changed(), out)
        return body

    def _seed_of(self, stage: str) -> int:
        own = self._manner.seeds.get(str(self._number))
        if own is None:
            return self._manner.seed
        return own + (stage == "backward")  # so that a mask drawn again there is another one

    def _hand_out(self, name: str, value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value  # a number cannot change
        copy = copy_in(self._layout, value) if self._layout else value.copy()
        self._handed.append((name, value, copy))
        return copy

    def _mutated(self) -> list[str]:
        return sorted({name for name, kept, copy in self._handed if not _is_same(kept, copy)})

    def _changed(self) -> dict[str, NDArray[Any]]:
        """Return what the student changed, as it is now: each argument as first handed out."""
        first = {name: (kept, copy) for name, kept, copy in reversed(self._handed)}
        return {n: copy for n, (kept, copy) in first.items() if not _is_same(kept, copy)}

    def _shared(self, returned: object, results: list[NDArray[Any]]) -> list[str]:
        names = shared(returned, [(name, copy) for name, _, copy in self._handed], results)
        results += arrays_in(returned)
        return names


def answer(request: Frame, submission: Submission, line: Line, caches: Caches) -> None:
    """Answer one request of the host."""
    message, arrays = request.message, request.arrays
    line.number = message["id"]

    def reply(step: int, body: Node, out: Sequence[NDArray[Any]] = ()) -> None:
        line.send({"id": message["id"], "step": step, **body}, out)

    if message["verb"] == "answer":
        results: list[NDArray[Any]] = []
        try:
            function = submission.namespace(message["module"])[message["function"]]
            reply(0, {"answer": answered(message, arrays, function, caches, results)}, results)
        except BaseException as error:  # noqa: BLE001 - the arguments may be anything
            reply(0, submission.describe(error, "raised"))
        return
    call = CallRecord(**message["call"])
    if message["verb"] == "load":
        reply(0, _load(call, submission))
        return
    script = Script(request, submission, line)
    given = [f"{source.partition('.')[0]}.py" for _, source in call.objects]
    for step, (number, stage, chosen) in enumerate(script.steps):
        student = script.student(number)
        if student.is_faulted:
            reply(step, {"skipped": True})
            continue
        out: list[NDArray[Any]] = []
        try:
            # The reply is tried here too: it may not fit in memory.
            reply(step, student.step(stage, script.values(chosen), out), out)
        except BaseException as error:  # noqa: BLE001 - SystemExit is the student's too
            student.is_faulted = True
            fault = submission.describe(error, "raised", given)["fault"]
            reply(step, {"fault": {**fault, "opening": student.is_opening}})


class Script:
    """The steps of a run, what they are given, and the subjects they are put to."""

    def __init__(self, request: Frame, submission: Submission, line: Line) -> None:
        """Read the request."""
        message, arrays = request.message, request.arrays
        self.steps: list[tuple[int, str, list[int]]] = message["steps"]
        self.call = CallRecord(**message["call"])
        self._sets = [
            {name: decode(n, arrays) for name, n in nodes.items()} for nodes in message["values"]
        ]
        keys = ("seed", "layouts", "watches_memory", "helpers", "seeds")
        self._manner = Manner(*(message[key] for key in keys))
        self._submission, self._line = submission, line
        self._students: dict[int, Student] = {}

    def student(self, number: int) -> Student:
        """Return a subject of the run, which is opened at its first step."""
        if number not in self._students:
            self._students[number] = Student(
                self.call, self._submission, self._manner, number, self._line
            )
        return self._students[number]

    def values(self, chosen: Sequence[int]) -> dict[str, Any]:
        """Return what a step is given, of several sets of values."""
        return {name: value for index in chosen for name, value in self._sets[index].items()}


def _load(call: CallRecord, submission: Submission) -> Node:
    style = STYLES[call.style]
    definitions = style.definitions(call)
    source = submission.text(call.module)
    # Read before the student's code is run, which could replace what reads it.
    libraries, signs, stubs = submission.libraries(), [], []

    def used() -> list[list[Any]]:
        return [found for found in libraries if found[0] in submission.run]

    with suppress(Exception):  # what does not parse is told by the import
        signs = signs_in(source, definitions)
        stubs = find_stubs(source, definitions)
    try:
        namespace = submission.namespace(call.module)
        if call.target not in namespace:
            submission.explain(call.module, call.target)
        find(namespace, call.target, style.role, submission.absent)
        if submission.source(call.module) != source:  # a notebook: the cells that parse
            stubs = find_stubs(submission.source(call.module), definitions)
    except BaseException as error:  # noqa: BLE001 - SystemExit is the student's too
        return {"libraries": used(), **submission.describe(error, "import")}
    absent = submission.placeholders()
    return {"libraries": used(), "stubs": stubs, "signs": signs, "absent": absent}


def _reseed(seed: int) -> None:
    for name in ("random", "numpy.random"):
        # Imported by the student or not at all; and the student may have replaced its seed.
        with suppress(Exception):
            sys.modules[name].seed(seed % 2**32)


def _is_same(kept: NDArray[Any], copy: NDArray[Any]) -> bool:
    # By bytes, so that a NaN equals itself; in-place changes of shape and dtype count too.
    return (
        kept.shape == copy.shape and kept.dtype == copy.dtype and kept.tobytes() == copy.tobytes()
    )
