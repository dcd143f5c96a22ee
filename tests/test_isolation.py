"""A submission in a child process: what it returns, and every way it can go wrong."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from sessions import (
    GATE,
    OTHER,
    PATIENT,
    QUICK,
    RIGHT,
    STEPS,
    VALUES,
    first_fault,
    gate,
    open_files,
    returned,
    session,
    works,
)

from grader.isolation.session import Loaded, Returned
from grader.model import Call, Fault, FaultKind, Limits

pytestmark = pytest.mark.usefixtures("rung")


def test_right_gate() -> None:
    """A right gate is loaded, returns what it should, and leaves nothing."""
    with session(RIGHT) as opened:
        assert opened.load(GATE) == Loaded(frozenset())
        forward, backward = opened.run(GATE, VALUES, STEPS, seconds=5)
        assert np.array_equal(returned(forward), np.full((2, 3), 3.0))
        assert np.array_equal(returned(backward), np.full((2, 3), 6.0))
        assert isinstance(forward, Returned)
        assert 0 < forward.seconds < 5
        assert works(opened)
    assert (opened.text, opened.text_overflowed, opened.wrote) == ("", False, ())
    assert 0 < opened.student_seconds < 5


def test_subjects_and_value_sets() -> None:
    """Subjects are objects of their own; a step's value sets are merged; scalars are floats."""
    source = """
made = []
class Gate:
    def __init__(self, k):
        self.k = k
        made.append(self)
    def forward(self, x):
        assert type(self.k) is float and type(x) is int
        return [x * self.k, len(made)]
    def backward(self, dz):
        return dz * self.k
"""
    call = Call("gate_class", "gates", "Gate", None, ("k",), ("x",), ("dz",))
    values: list[dict[str, Any]] = [{"x": 2, "k": 1.5}, {"k": 2.5}, {"dz": np.array(1.0)}]
    steps = [(7, "forward", (0,)), (3, "forward", (0, 1)), (7, "backward", (2,))]
    with session(source) as opened:
        one, two, three = opened.run(call, values, steps, seconds=5)
    assert isinstance(one, Returned)
    assert isinstance(two, Returned)
    assert [float(item.array) for item in one.value.items] == [3.0, 1]  # type: ignore[arg-type]
    assert [float(item.array) for item in two.value.items] == [5.0, 2]  # type: ignore[arg-type]
    assert float(returned(three)) == 1.5


def test_mutation_is_seen() -> None:
    """Arguments changed in place are named; a forward's too, if backward changes them."""
    source = gate(
        "self.x = x\nreturn x.sum()", "self.x[0, 0] = float('nan')\ndz.shape = 6\nreturn dz"
    )
    clean = gate("y = x.copy()\ny += 1\nreturn y")
    nan: list[dict[str, Any]] = [{"x": np.full((2, 2), np.nan)}, VALUES[1]]
    with session(source, more={"clean.py": clean}) as opened:
        answers = opened.run(GATE, VALUES, STEPS, seconds=5)
        call = Call("gate_class", "clean", "Gate", None, (), ("x",), ("dz",))
        answers += opened.run(call, nan, STEPS, seconds=5)
    found = [answer.mutated for answer in answers if isinstance(answer, Returned)]
    # The backward step is given x as well, so x is what its own copy says: unchanged, but the
    # copy handed out to forward is remembered.
    assert found == [(), ("dz", "x"), (), ()]


def test_seeding() -> None:
    """Random numbers are the same before every step and follow the request's seed."""
    source = gate(
        "import random\nreturn np.random.rand() + random.random()", before="import numpy as np"
    )
    steps = [(0, "forward", (0,)), (1, "forward", (0,))]
    with session(source) as opened:
        one = [float(returned(a)) for a in opened.run(GATE, VALUES, steps, seconds=5, seed=2**40)]
        two = [float(returned(a)) for a in opened.run(GATE, VALUES, steps, seconds=5, seed=1)]
    assert one[0] == one[1] != two[0] == two[1]


def test_stubs_and_cache() -> None:
    """Stubs are told by stage; the cache of a pair never leaves the child."""
    pair = Call("function_pair", "gates", "f_forward", "f_backward", (), ("x",), ("dout", "cache"))
    source = """
def f_forward(x):
    return x, lambda d: d * 2
def f_backward(dout, cache):
    return cache(dout)
class Gate:
    def forward(self, x):
        pass
    def backward(self, dz):
        return dz
"""
    values = [VALUES[0], {"dout": np.ones(2)}]
    with session(source) as opened:
        assert opened.load(GATE) == Loaded(frozenset({"forward"}))
        _, backward = opened.run(pair, values, STEPS, seconds=5)
    assert returned(backward).tolist() == [2, 2]


K = FaultKind
SEGFAULT = "import ctypes\nctypes.string_at(0)"
FAULTS: dict[str, tuple[str, FaultKind, str, str]] = {
    "syntax": ("x = 1\ndef f(:\n", K.SYNTAX, "load", "SyntaxError: "),
    "conflict": ("<<<<<<< HEAD\nx = 1\n", K.SYNTAX, "load", "a merge conflict is left"),
    "conflict, later": ("x = 1\n=======\nx = 2\n", K.SYNTAX, "load", "a merge conflict is left"),
    "null byte": ("x = 1\x00", K.SYNTAX, "load", "null bytes"),
    "surrogate": ("x = '\ud800'", K.SYNTAX, "load", "surrogates"),
    "nested": ("(" * 500 + ")" * 500, K.SYNTAX, "load", ""),
    "import raises": ("1 / 0", K.IMPORT, "load", "ZeroDivisionError"),
    "no module": (gate("nn.f(x)", before="import torch.nn as nn"), K.NO_MODULE, "forward", "torch"),
    "site-packages": (gate("pytest.x()", before="import pytest"), K.NO_MODULE, "forward", "pytest"),
    "the grader": (gate("grader.f()", before="import grader"), K.NO_MODULE, "forward", "grader"),
    "the worker": (gate("worker.f()", before="import worker"), K.NO_MODULE, "forward", "worker"),
    "no module, late": (gate("import torch"), K.NO_MODULE, "forward", "torch"),
    "numpy imposter": ("import numpy\nnumpy.imposter", K.IMPORT, "load", "AttributeError"),
    "name": ("class gate: pass", K.NAME, "load", "no class Gate; the file defines gate"),
    "not callable": ("Gate = 3", K.NOT_CALLABLE, "load", "its type is int"),
    "exit at import": ("import sys\nsys.exit('bye')", K.EXITED, "load", "SystemExit: bye"),
    "_exit at import": ("import os\nos._exit(0)", K.EXITED, "load", "exit code 0"),
    "input at import": ("input()", K.INPUT, "load", "EOFError"),
    "endless import": ("while True: pass", K.TIMED_OUT, "load", "within 0.4 s"),
    "segfault at import": (SEGFAULT, K.DIED, "load", "SIGSEGV"),
    "constructor": ("class Gate:\n def __init__(self, n): 0", K.SIGNATURE, "forward", "Gate()"),
    "signature": (RIGHT.replace("(self, x)", "(x)"), K.SIGNATURE, "forward", "self missing"),
    "no backward": (RIGHT.replace("backward", "bakward"), K.NAME, "backward", "bakward"),
    "call of builtin": ("Gate = int.from_bytes", K.SIGNATURE, "forward", ""),
    "stub": (gate("raise NotImplementedError('later')"), K.STUB, "forward", "later"),
    "raised": (gate("return x @ x"), K.RAISED, "forward", "ValueError: matmul"),
    "own TypeError": (gate("return len(3)"), K.RAISED, "forward", "TypeError"),
    "backward raises": (gate(backward="return self.x"), K.RAISED, "backward", "AttributeError"),
    "exit": (gate("import sys\nsys.exit(0)"), K.EXITED, "forward", "SystemExit"),
    "interrupt": (gate("raise KeyboardInterrupt"), K.EXITED, "forward", "KeyboardInterrupt"),
    "_exit": (gate("import os\nos._exit(3)"), K.EXITED, "forward", "exit code 3"),
    "input": (gate("return float(input('x? '))"), K.INPUT, "forward", "EOFError"),
    "memory": (
        gate("import numpy as np\nreturn np.ones(2**28)"),
        K.MEMORY,
        "forward",
        "allocate",
    ),
    "segfault": (gate(SEGFAULT), K.DIED, "forward", "killed by SIGSEGV"),
    "abort": (gate("import os\nos.abort()"), K.DIED, "forward", "killed by SIG"),
    "endless forward": (gate("while True: pass"), K.TIMED_OUT, "forward", "within 0.4 s"),
    "endless backward": (gate(backward="while True: pass"), K.TIMED_OUT, "backward", "0.4 s"),
    "deaf": (
        gate("while True:\n  try:\n    while True: pass\n  except: pass"),
        K.TIMED_OUT,
        "forward",
        "0.4 s",
    ),
    "garbage": (
        gate(
            "import os\nfor n in range(3, 300):\n  try: os.write(n, b'x' * 99)\n  except OSError: 0"
        ),
        K.GARBLED,
        "forward",
        "not a frame",
    ),
    "closed": (gate("import os\nos.closerange(3, 300)"), K.EXITED, "forward", "exit code"),
    "endless text": (gate("raise ValueError('a' * 10**7)"), K.RAISED, "forward", "aaa"),
    "terminal text": (gate("raise ValueError('\\x1b[2J\\u202e')"), K.RAISED, "forward", "\\x1b[2J"),
    "hostile exception": (
        gate("raise E", before="class E(Exception):\n  def __str__(self): raise SystemExit"),
        K.RAISED,
        "forward",
        "E",
    ),
    "lying exception": (
        gate(
            "raise E",
            before="class E(Exception):\n  @property\n  def __class__(self): raise SystemExit",
        ),
        K.RAISED,
        "forward",
        "E",
    ),
    "recursion": (gate("return self.forward(x)"), K.RECURSION, "forward", "RecursionError"),
}


@pytest.mark.parametrize(("source", "kind", "stage", "detail"), FAULTS.values(), ids=FAULTS)
def test_faults(source: str, kind: FaultKind, stage: str, detail: str) -> None:
    """Every way to fail is a fault of its kind, and the other file is graded all the same."""
    limits = QUICK if kind is K.TIMED_OUT else PATIENT
    with session(source, limits) as opened:
        fault = first_fault(opened, limits.call_seconds)
        assert (fault.kind, fault.stage) == (kind, stage), fault
        assert detail in fault.detail
        assert len(fault.detail) <= 300
        assert works(opened)


def test_place_of_a_fault() -> None:
    """A fault names the deepest line in the submission's own files."""
    source = gate("import numpy as np\nreturn helper(np.ones(3))", before="from help import helper")
    helper = "import numpy as np\n\ndef helper(x):\n    return np.linalg.inv(x)\n"
    with session(source, more={"help.py": helper}) as opened:
        fault = first_fault(opened)
        assert (fault.file, fault.line) == ("help.py", 4)
    with session("\n\nx = = 1") as opened:
        fault = first_fault(opened)
        assert (fault.file, fault.line) == ("gates.py", 3)


def test_missing_file() -> None:
    """A file that was not handed in is a fault; nobody has to be asked."""
    with open_files({}) as opened:
        assert first_fault(opened) == Fault(K.MISSING, "load", "gates.py is missing")


def test_shadowing_files() -> None:
    """A submission's numpy.py or random.py shadows nothing; its worker.py is its own."""
    files = {"numpy.py": "boom", "random.py": "boom", "json.py": "boom", "worker.py": "k = 4"}
    source = gate(
        "return random.random() * np.float64(0) + worker.k",
        before=("import numpy as np, random, json, worker"),
    )
    with session(source, more=files) as opened:
        assert opened.load(GATE) == Loaded(frozenset())
        assert returned(opened.run(GATE, VALUES, STEPS, seconds=5)[0]) == 4


def test_one_subject_fails_alone() -> None:
    """After a fault a subject's steps are skipped and the next subject goes on."""
    source = gate("if x.sum() > 1: raise ValueError\nreturn x")
    values = [{"x": np.ones(2)}, {"x": np.zeros(2)}, {"dz": np.ones(2)}]
    steps = [
        (0, "forward", (0,)),
        (0, "backward", (2,)),
        (1, "forward", (1,)),
        (1, "backward", (2,)),
    ]
    with session(source) as opened:
        answers = opened.run(GATE, values, steps, seconds=5)
    assert [type(answer).__name__ for answer in answers] == [
        "Fault",
        "NoneType",
        "Returned",
        "Returned",
    ]


def test_steps_after_death_are_none() -> None:
    """What the child could not do any more is None; a new run starts it again."""
    source = gate("if x.sum() > 1: import os; os._exit(7)\nreturn x")
    values = [{"x": np.zeros(2)}, {"x": np.ones(2)}]
    steps = [(n, "forward", (int(n == 1),)) for n in range(3)]
    with session(source) as opened:
        answers = opened.run(GATE, values, steps, seconds=5)
        assert [type(a).__name__ for a in answers] == ["Returned", "Fault", "NoneType"]
        assert isinstance(opened.run(GATE, values, steps[2:], seconds=5)[0], Returned)


def test_broken_module_is_not_tried_again() -> None:
    """A module that hangs at import costs its time once."""
    with session("while True: pass", QUICK) as opened:
        first = opened.load(GATE)
        started = time.monotonic()
        assert opened.load(GATE) == first
        assert opened.run(GATE, VALUES, STEPS, seconds=5) == [first, None]
        assert time.monotonic() - started < 0.2


def test_total_time() -> None:
    """When the submission's time is used up, everything after is that fault, at once."""
    limits = Limits(call_seconds=10, total_seconds=0.5)
    with session(gate("import time; time.sleep(0.2); return x"), limits) as opened:
        steps = [(n, "forward", (0,)) for n in range(9)]
        answers = opened.run(GATE, VALUES, steps, seconds=10)
        faults = [a for a in answers if isinstance(a, Fault)]
        assert [f.kind for f in faults] == [K.TOTAL_TIME]
        started = time.monotonic()
        assert opened.load(OTHER) == faults[0]
        assert opened.run(OTHER, VALUES, steps[:2], seconds=10) == [faults[0], None]
        assert time.monotonic() - started < 0.1
