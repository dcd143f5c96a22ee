"""``--replay CASE --debugger``: pdb stops in the call that goes wrong, and knows no answer."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from in_process import prepared
from kit_folder import write_kit
from running import RIGHT, ROOT, run
from terminal import talking

from grader.cli.debugging import stop_in
from grader.course import Course, load
from grader.isolation import Debugger, Stop, debugging
from grader.model import (
    Battery,
    Case,
    Draw,
    Fault,
    FaultKind,
    Finding,
    Kind,
    Observation,
    Severity,
    Task,
    Value,
)
from grader.observe import observe_cases

needs_posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")

PROMPT = "(Pdb) "
MISTAKES = ("examples/typical_mistakes", "--assignment", "gates", "--debugger", "--replay")


@needs_posix
def test_it_stops_at_the_first_line_of_the_wrong_call() -> None:
    """The banner says which call, its shapes and what is due; ``p``, ``b`` and ``c`` work there."""
    with talking(*MISTAKES, "multiply:random:0") as talk:
        told = talk.wait_for(PROMPT)
        assert "it can read and change your files" in told
        assert "MultiplyGate.backward(dz (7,))" in told
        assert "due        dx (7,), dy (7,)" in told
        assert "gates.py(18)backward()\n-> dx = self.x * dz" in told
        talk.send("p dz.shape, self.y.shape")
        assert "((7,), (7,))" in talk.wait_for(PROMPT)
        talk.send("b 20")
        assert "gates.py:20" in talk.wait_for(PROMPT)
        talk.send("c")
        assert "-> return dx, dy" in talk.wait_for(PROMPT)
        talk.send("c")
        talk.wait_for("backward returned (an array of shape (7,), an array of shape (7,))")
        assert talk.end() == 1


@needs_posix
def test_it_stops_at_the_line_that_raised() -> None:
    """After an exception the student's own frame is open; ``q`` ends it without a traceback."""
    words = ("examples/crashes", "--assignment", "gates", "--debugger")
    with talking(*words, "--replay", "multiply:random:0") as talk:
        told = talk.wait_for(PROMPT)
        assert "AttributeError: 'MultiplyGate' object has no attribute 'y'" in told
        assert "-> return self.y * dz" in told
        talk.send("p 'y' in vars(self)")
        assert "False" in talk.wait_for(PROMPT)
        talk.send("q")
        assert talk.end() == 1
        assert "Traceback" not in talk.shown


@needs_posix
def test_ctrl_c_belongs_to_the_debugger() -> None:
    """An endless line can be left by Ctrl-C, and the prompt comes back."""
    with talking(*MISTAKES, "multiply:random:0") as talk:
        talk.wait_for(PROMPT)
        talk.send(r"""exec("print('looping')\nwhile True: pass")""")
        talk.wait_for("looping\n")
        talk.interrupt()
        talk.wait_for(PROMPT)
        talk.send("q")
        assert talk.end() == 1


@needs_posix
def test_it_works_in_a_kit_and_in_another_folder(tmp_path: Path) -> None:
    """In a kit too; the file is named by its place, whatever folder we are in."""
    kit = write_kit(tmp_path / "kit")
    with talking(".", "--debugger", "--replay", "shift:random:0", cwd=kit) as talk:
        told = talk.wait_for(PROMPT)
        assert f"> {kit / 'gates.py'}(" in told
        assert "ShiftGate.backward(dz" in told
        talk.send("q")
        assert talk.end() == 1


@needs_posix
def test_a_cell_of_a_notebook_is_debugged_as_a_file_is(tmp_path: Path) -> None:
    """Its lines are shown and take breakpoints, though no such file is on the disk."""
    source = (ROOT / "examples" / "typical_mistakes" / "gates.py").read_text()
    cells = [{"cell_type": "code", "source": part} for part in ("import numpy as np", source)]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "gates.ipynb").write_text(json.dumps(notebook))
    words = (tmp_path, "--assignment", "gates", "--debugger", "--replay", "multiply:random:0")
    with talking(*words) as talk:
        assert "gates.ipynb cell 2(18)backward()\n-> dx = self.x * dz" in talk.wait_for(PROMPT)
        talk.send("b 20")
        assert "cell 2:20" in talk.wait_for(PROMPT)
        talk.send("c")
        assert "-> return dx, dy" in talk.wait_for(PROMPT)
        talk.send("q")
        assert talk.end() == 1


def test_what_is_sent_holds_inputs_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the student's code gets the very numbers of the case, and no expected one."""
    sent: list[bytes] = []
    monkeypatch.setattr(
        debugging, "_run_on_terminal", lambda command: sent.append(Path(command[-3]).read_bytes())
    )
    ready = prepared("gates", 0)
    battery = ready.batteries["multiply"]
    assert isinstance(battery, Battery)
    expected = battery.expected[Kind.RANDOM][0]
    debugger = Debugger({"gates.py": "# none"}, (), Path(), Stop(0, "backward"))
    observe_cases(debugger, battery, [expected.case], ready.assignment.limits)
    (data,) = sent
    assert b"# none" in data
    assert all(array.tobytes() in data for array in expected.case.inputs.values())
    answers = [*expected.outputs.values(), *(a for g in expected.gradients for a in g.values())]
    assert answers
    assert not [array for array in answers if array.tobytes() in data]
    assert repr(float(answers[0][0])).encode() not in data


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ((*MISTAKES, "multiply:random:0"), "needs a terminal"),
        ((RIGHT, "--debugger"), "--replay TASK:KIND:INDEX"),
    ],
)
def test_without_a_terminal_or_a_case(words: tuple[str | Path, ...], fragment: str) -> None:
    """What cannot be debugged is told in a sentence, with the next step."""
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert fragment in done.err


@needs_posix
@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ((*MISTAKES, "multiply:random:0", "--isolation", "sealed"), "leave --isolation sealed out"),
        (("examples/half_finished", "--debugger", "--replay", "nope:random:0"), "no task `nope`"),
    ],
)
def test_what_cannot_be_debugged(words: tuple[str, ...], fragment: str) -> None:
    """Another rung than ``process`` is refused, as is a case that is not there."""
    with talking(*words) as talk:
        assert talk.end() == 2
        assert fragment in talk.shown


@needs_posix
def test_a_file_that_does_not_load_has_no_call_to_stop_in(tmp_path: Path) -> None:
    """What is wrong is told as in any replay; no debugger is opened."""
    (tmp_path / "gates.py").write_text("class\n")
    words = (tmp_path, "--course", ROOT, "--debugger", "--replay", "multiply:random:0")
    with talking(*words) as talk:
        assert talk.end() == 2
        assert "L103" in talk.shown
        assert "no place to stop in" in talk.shown
        assert PROMPT not in talk.shown


def task_of(assignment: str, name: str) -> Task:
    """Return a shipped task."""
    return next(t for t in load(Course(ROOT, ""), assignment)[0].tasks if t.id == name)


def value(*numbers: float) -> Value:
    """Return an array as it came back."""
    return Value("array", "ndarray", np.array(numbers))


RAISED = Fault(FaultKind.RAISED, "backward", "ValueError: no")
RIGHT_DRAW = Draw(value(1.0), value(2.0))


@pytest.mark.parametrize(
    ("draws", "found", "stop"),
    [
        ((RIGHT_DRAW, Draw(value(1.0), RAISED)), [], Stop(1, "backward", has_raised=True)),
        ((Draw(RAISED, None),), [], Stop(0, "forward", has_raised=True)),
        ((RIGHT_DRAW, Draw(value(1.0), value(5.0))), [("V402", "backward[dx]", 5.0)],
         Stop(1, "backward")),
        ((RIGHT_DRAW, Draw(value(7.0), value(2.0))), [("V401", "forward", 7.0)],
         Stop(1, "forward")),
        ((RIGHT_DRAW, RIGHT_DRAW), [("V401", "case.scalar", 1.0)], Stop(0, "forward")),
        ((RIGHT_DRAW,), [("B501", "behaviour.shared_cache", None)], Stop(0, "backward")),
        ((RIGHT_DRAW,), [], Stop(0, "backward")),
    ],
)  # fmt: skip
def test_the_call_that_is_stopped_in(
    draws: tuple[Draw, ...], found: list[tuple[str, str, float | None]], stop: Stop
) -> None:
    """The draw and the stage that raised, else those that gave the number a finding tells."""
    case = Case("exp", Kind.RANDOM, 0, {}, ({},) * len(draws))
    findings = [
        Finding(code, Severity.ERROR, check, "", evidence={"index": (0,), "got": got})
        for code, check, got in found
    ]
    assert stop_in(task_of("gates", "exp"), Observation(case, draws), findings) == stop
