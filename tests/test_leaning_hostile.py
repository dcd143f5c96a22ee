"""Hostile calls of a helper that the host answers for: on every rung a finding, and no harm."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sessions import PATIENT, QUICK, STEPS, VALUES, gate, needs_posix, session, works

from grader.isolation import Answer, Function, Leaning, Question, Returned
from grader.isolation.child_process import ProcessSession
from grader.model import Call, Fault, FaultKind, Limits

pytestmark = needs_posix
on_every_rung = pytest.mark.usefixtures("rung")

GATE = Call("gate_class", "gates", "Gate", None, (), ("x",), ("dz",))
TWICE = Function("gates", "twice", ("x",), makes_cache=True)
# Frames as the worker writes them, to wherever the protocol may go.
FORGE = """
import json, os, struct
def send(fd, **message):
    text = json.dumps(message).encode()
    data = struct.pack("<4sIQ", b"GRD1", len(text), 0) + text
    while data:
        data = data[os.write(fd, data):]
def everywhere(times=1, **message):
    for fd in range(3, 256):
        try:
            for _ in range(times):
                send(fd, **message)
        except OSError:
            pass
NOTHING = {"t": "tuple", "items": []}
"""
Answers = Callable[[Question, float], Answer | Fault]


def twice(question: Question, _seconds: float) -> Answer | Fault:
    """Answer as a process of the course's would."""
    (x,) = question.arguments
    return Answer(((2 * np.asarray(x), None), ()))


def run(
    forward: str, answers: Answers = twice, limits: Limits = PATIENT
) -> tuple[ProcessSession, Returned | Fault | None]:
    """Run the forward of a gate that may call `twice`; return what it gave, and the session."""
    opened = session(gate(forward, before=FORGE), limits)
    opened.lean(Leaning({"twice": TWICE}, answers))
    opened.load(GATE)
    answer = opened.run(GATE, VALUES, STEPS[:1], seconds=limits.call_seconds)[0]
    return opened, answer


ENDS_GARBLED = {
    "id=2, asks='open', arguments=NOTHING": "a call of something else",
    "id=2, asks=['twice'], arguments=NOTHING": "a call of something else",
    "id=2, asks='twice'": "a malformed value",
    "id=2, asks='twice', arguments={'t': 'none'}": "arguments that are no tuple",
    "id=2, asks='twice', arguments={'t': 'tuple', 'items': [{'t': 'array', 'a': 3}]}": (
        "a number out of range"
    ),
    "id=2, asks='twice', arguments={'t': 'tuple', 'items': [NOTHING] * 99}": (
        "something that is not a short list"
    ),
    "id=1, asks='twice', arguments=NOTHING": "not a call that can be made now",
}


@pytest.mark.parametrize(("message", "detail"), ENDS_GARBLED.items())
def test_what_is_no_call(message: str, detail: str) -> None:
    """A call that cannot be is a fault of its sender; the next task finds a fresh child."""
    opened, answer = run(f"everywhere({message})\nimport time\ntime.sleep(5)")
    with opened:
        assert answer == Fault(FaultKind.GARBLED, "forward", detail)
        assert works(opened)


def test_arguments_that_are_too_large() -> None:
    """Arguments beyond a cap are not even read."""
    opened, answer = run("import numpy as np\ntwice(np.zeros((4100, 2100)))")
    with opened:
        large = "the arguments of a call are too large"
        assert answer == Fault(FaultKind.GARBLED, "forward", large)


@on_every_rung
def test_right_calls() -> None:
    """Beside all this, a plain call is answered, and its time is on the student's clock."""

    def slow(question: Question, seconds: float) -> Answer | Fault:
        assert 0 < seconds <= PATIENT.call_seconds
        time.sleep(0.1)
        return twice(question, seconds)

    opened, answer = run("return twice(x)[0] + twice(x=x)[0]", slow)
    with opened:
        assert isinstance(answer, Returned)
        assert answer.value.array is not None
        assert np.array_equal(answer.value.array, np.full((2, 3), 4.0))
        assert opened.student_seconds > 0.2


def test_what_is_done_is_forgotten() -> None:
    """With a call comes which subjects are done, once each, so that their caches can go."""
    told: list[tuple[int, tuple[int, ...]]] = []

    def answers(question: Question, seconds: float) -> Answer | Fault:
        told.append((question.subject, question.forget))
        return twice(question, seconds)

    with session(gate("return twice(x)[0]", "return twice(dz)[0]", FORGE)) as opened:
        opened.lean(Leaning({"twice": TWICE}, answers))
        opened.load(GATE)
        steps = [(n, stage, (0, 1)) for n, stage in ((0, "forward"), (1, "forward"))]
        steps += [(n, "backward", (0, 1)) for n in (0, 1)]
        for _ in range(2):
            opened.run(GATE, VALUES, steps, seconds=5)
    assert told == [
        (0, ()), (1, ()), (0, ()), (1, (0,)), (0, (1,)), (1, ()), (0, ()), (1, (0,)),
    ]  # fmt: skip


def test_calls_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of calls in one step is capped."""
    monkeypatch.setattr("grader.isolation.child_process.MAX_ASKS", 50)
    for count, is_fine in ((40, True), (60, False)):
        opened, answer = run(f"for _ in range({count}): twice(x)\nreturn x")
        with opened:
            assert isinstance(answer, Returned) == is_fine, answer


def test_answers_that_take_too_long() -> None:
    """Where the answer takes the time of the step, the step has timed out."""
    late = Fault(FaultKind.TIMED_OUT, "forward")
    opened, answer = run("try: twice(x)\nexcept BaseException: pass\nreturn x", lambda *_: late)
    with opened:
        assert isinstance(answer, Fault)
        assert answer.kind is FaultKind.TIMED_OUT
        assert works(opened)


@on_every_rung
def test_calls_whose_answers_nobody_reads() -> None:
    """Replies do not pile up: who does not read what was sent waits until its time is over."""
    large = Answer(((np.zeros(1 << 20), None), ()))
    asked: list[Question] = []

    def answers(question: Question, _seconds: float) -> Answer:
        asked.append(question)
        return large

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    body = "everywhere(300, id=2, asks='twice', arguments=NOTHING)\nimport time\ntime.sleep(5)"
    opened, answer = run(body, answers, QUICK)
    with opened:
        assert isinstance(answer, Fault)
        assert answer.kind is FaultKind.TIMED_OUT
        assert 1 <= len(asked) <= 3
        assert works(opened)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150 << 10


COURSE = """
import numpy as np
def grow(n):
    return np.ones((int(n), 1000)).sum()
def loop(n):
    while n > 0:
        pass
    return n
def keep(x):
    return x, x + 1
def open_cache(cache):
    return cache
"""


def course(limits: Limits) -> ProcessSession:
    """Open a session of the course's own."""
    return session(COURSE, limits)


def call(opened: ProcessSession, name: str, *arguments: object, seconds: float = 5) -> object:
    """Call one of its functions."""
    function = Function("gates", name, (), makes_cache=name == "keep")
    return opened.call(function, Question(name, arguments, 1, ()), seconds)


def test_arguments_meant_to_hurt() -> None:
    """Sizes and loops that a student's values ask for stay in the process of the course's code."""
    with course(replace(PATIENT, memory_mb=512)) as opened:
        for name, arguments, kind in (
            ("grow", (10**12,), FaultKind.MEMORY),
            ("grow", (), FaultKind.SIGNATURE),
            ("grow", ("a",), FaultKind.RAISED),
            ("loop", (1,), FaultKind.TIMED_OUT),
        ):
            fault = call(opened, name, *arguments, seconds=0.3)
            assert isinstance(fault, Fault), name
            assert fault.kind is kind, fault
            fine = call(opened, "loop", 0)
            assert isinstance(fine, Answer)
            assert fine.value == (0, ())


def test_caches_stay_where_they_were_made() -> None:
    """A token opens the cache it was given for, until its subject is done; no other number does."""
    with course(PATIENT) as opened:
        kept = call(opened, "keep", 1.0)
        assert isinstance(kept, Answer)
        (_, token), _ = kept.value
        read = call(opened, "open_cache", token)
        assert isinstance(read, Answer)
        assert read.value == (2.0, ())
        token.number += 1
        assert isinstance(call(opened, "open_cache", token), Fault)
        token.number -= 1
        function = Function("gates", "open_cache", (), makes_cache=False)
        assert isinstance(opened.call(function, Question("", (token,), 2, (1,)), 5), Fault)
