"""A submission in a child process: what it returns, and every way it can go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import GraderFault
from grader.isolation.archive import worker_command
from grader.isolation.child_process import ProcessSession, open_session
from grader.isolation.session import Loaded, Returned
from grader.model import Call, Fault, FaultKind, Limits

GATE = Call("gate_class", "gates", "Gate", None, (), ("x",), ("dz",))
OTHER = Call("loss_function", "other", "loss", None, (), ("x",), ())
VALUES: list[dict[str, Any]] = [{"x": np.ones((2, 3))}, {"dz": np.full((2, 3), 2.0)}]
STEPS = [(0, "forward", (0,)), (0, "backward", (0, 1))]
PATIENT = Limits(call_seconds=10, total_seconds=20, memory_mb=512, output_kb=4)
QUICK = replace(PATIENT, call_seconds=0.4)

RIGHT = """
class Gate:
    def forward(self, x):
        return x * 3
    def backward(self, dz):
        return dz * 3
"""
LOSS = "def loss(x):\n    return (x ** 2).sum(), 2 * x\n"

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and process groups")


def gate(forward: str = "return x", backward: str = "return dz", before: str = "") -> str:
    """Write a gate with these bodies."""

    def indented(text: str) -> str:
        return textwrap.indent(text, " " * 8)

    return (
        f"{before}\nclass Gate:\n    def forward(self, x):\n{indented(forward)}\n"
        f"    def backward(self, dz):\n{indented(backward)}\n"
    )


def session(
    source: str, limits: Limits = PATIENT, more: Mapping[str, str] | None = None
) -> ProcessSession:
    """Open a session with gates.py and other.py."""
    return open_session({"gates.py": source, "other.py": LOSS, **(more or {})}, limits)


def first_fault(opened: ProcessSession, seconds: float = 10) -> Fault:
    """Load and run, and return the first fault."""
    loaded = opened.load(GATE)
    if isinstance(loaded, Fault):
        return loaded
    answers = opened.run(GATE, VALUES, STEPS, seconds=seconds)
    return next(answer for answer in answers if isinstance(answer, Fault))


def returned(answer: Any) -> Any:
    """Return the array of an answer."""
    assert isinstance(answer, Returned), answer
    return answer.value.array


def works(opened: ProcessSession) -> bool:
    """Return True when the other file of the submission is still graded."""
    assert opened.load(OTHER) == Loaded(frozenset())
    (answer,) = opened.run(OTHER, VALUES, [(0, "forward", (0,))], seconds=5)
    assert isinstance(answer, Returned), answer
    return [item.form for item in answer.value.items] == ["array", "array"]


def is_gone(pid: int) -> bool:
    """Return True as soon as a process has ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


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
    "null byte": ("x = 1\x00", K.SYNTAX, "load", "null bytes"),
    "surrogate": ("x = '\ud800'", K.SYNTAX, "load", "surrogates"),
    "nested": ("(" * 500 + ")" * 500, K.SYNTAX, "load", ""),
    "import raises": ("1 / 0", K.IMPORT, "load", "ZeroDivisionError"),
    "no module": ("import torch.nn as nn", K.NO_MODULE, "load", "torch"),
    "site-packages": ("import pytest", K.NO_MODULE, "load", "pytest"),
    "the grader": ("import grader", K.NO_MODULE, "load", "grader"),
    "the worker": ("import worker", K.NO_MODULE, "load", "worker"),
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
    "abort": (gate("import os\nos.abort()"), K.DIED, "forward", "killed by SIGABRT"),
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
    "recursion": (gate("return self.forward(x)"), K.RAISED, "forward", "RecursionError"),
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
    with open_session({}, PATIENT) as opened:
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


def test_printed_text() -> None:
    """What is printed is captured, at import and in calls, on both streams and below Python."""
    source = (
        "import os, sys\nprint('import \\ud800')\n"
        "def loss(x):\n    print('forward', x.sum())\n    print('error', file=sys.stderr)\n"
        "    os.system('echo shell')\n    return x\n"
    )
    with session("", more={"other.py": source}) as opened:
        assert isinstance(opened.load(OTHER), Loaded)
        opened.run(OTHER, VALUES, STEPS[:1], seconds=5)
    for part in ("import \\ud800", "forward 6.0", "error", "shell"):
        assert part in opened.text
    assert not opened.text_overflowed


def test_flood_of_text() -> None:
    """A flood of output is cut, does not fill memory and does not stop the grading."""
    with session(gate("print('a' * 10**6)\nreturn x")) as opened:
        assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[1], Returned)
        assert works(opened)
    assert len(opened.text) == PATIENT.output_kb << 10
    assert opened.text_overflowed


def test_flood_of_frames() -> None:
    """Forged frames without end are garbage, and stay with their sender."""
    forged = """
from importlib import import_module
import os, struct
frame = struct.pack("<4sIQ", b"GRD1", 2, 0) + b"{}"
for fd in range(200, 210):
    try:
        while True: os.write(fd, frame * 1000)
    except OSError: pass
"""
    with session(gate(forged)) as opened:
        assert first_fault(opened).kind is K.GARBLED
        assert works(opened)


def test_too_large_reply() -> None:
    """A reply that claims to be beyond the cap is refused before it is read."""
    forged = "import os, struct\nos.write(201, struct.pack('<4sIQ', b'GRD1', 2, 1 << 40))"
    with session(gate(forged)) as opened:
        fault = first_fault(opened)
        assert (fault.kind, fault.detail) == (K.GARBLED, "too large")


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS")
def test_reply_that_does_not_fit_in_memory() -> None:
    """A result that fits, but not a second time for the reply, is a memory fault."""
    source = gate("import numpy as np\nreturn np.broadcast_to(np.ones(1), 2**23)")
    with session(source, Limits(memory_mb=220)) as opened:
        (fault,) = opened.run(GATE, VALUES, STEPS[:1], seconds=20)
        assert isinstance(fault, Fault)
        assert fault.kind is K.MEMORY
        assert works(opened)


def test_written_files() -> None:
    """Files are written into a private folder, are named, and go away with it."""
    source = gate("import os\nopen('a\\x1b.txt', 'w').write('x')\nprint(os.getcwd())\nreturn x")
    with session(source) as opened:
        assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[0], Returned)
    assert opened.wrote == ("a\\x1b.txt",)
    assert not Path(opened.text.strip()).exists()


def test_environment() -> None:
    """The child has no home, no secrets, an empty folder and only Python and numpy to import."""
    source = gate(
        "print(sorted(os.environ), os.listdir(), sys.path, sys.argv)\nreturn x",
        before="import os, sys",
    )
    os.environ["COURSE_SECRET"] = "hush"
    try:
        with session(source) as opened:
            assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[0], Returned)
    finally:
        del os.environ["COURSE_SECRET"]
    assert "HOME" not in opened.text
    assert "SECRET" not in opened.text
    assert "site-packages" not in opened.text
    assert " [] [" in opened.text


@needs_posix
def test_limits_are_set() -> None:
    """Core dumps, files, descriptors, memory and processor time are limited before the import."""
    source = (
        "import resource as r\n"
        "print([r.getrlimit(k)[1] for k in (r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE,"
        " r.RLIMIT_AS, r.RLIMIT_CPU)])\n"
    ) + RIGHT
    with session(source) as opened:
        assert isinstance(opened.load(GATE), Loaded)
    assert opened.text.strip() == str([0, 64 << 20, 256, 512 << 20, 30])


def pid_of(opened: ProcessSession) -> int:
    """Return the number of the session's child."""
    assert opened._child is not None
    return opened._child._process.pid


@needs_posix
def test_close_leaves_no_process() -> None:
    """After close, and after an interrupt of the host, child and grandchild are gone."""
    source = gate(
        "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid, flush=True)\nreturn x"
    )
    opened = session(source)
    assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[0], Returned)
    child = pid_of(opened)

    def interrupted() -> None:
        with opened:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert is_gone(child)
    assert is_gone(int(opened.text))
    opened.close()


@needs_posix
def test_escaped_grandchild_does_not_hang_us() -> None:
    """A grandchild in a session of its own holds the pipes; answers and close come all the same."""
    source = gate(
        "import os, time\nif os.fork() == 0:\n  os.setsid()\n  print(os.getpid(), flush=True)\n"
        "  time.sleep(60)\nos._exit(4)"
    )
    opened = session(source)
    started = time.monotonic()
    with opened:
        (answer,) = opened.run(GATE, VALUES, STEPS[:1], seconds=5)
    try:
        assert isinstance(answer, Fault)
        assert answer.detail == "ended with exit code 4"
        assert time.monotonic() - started < 3
    finally:
        os.kill(int(opened.text), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG")
def test_killed_host_leaves_no_child() -> None:
    """A host that is killed takes its child with it, even from an endless loop."""
    host = f"""
from grader.isolation.archive import worker_command
from grader.isolation.child_process import open_session
from grader.model import Call, Limits
source = "import os; print(os.getpid(), flush=True)\\nwhile True: pass"
opened = open_session({{"gates.py": source}}, Limits())
import threading, time
def tell():
    while not opened.text: time.sleep(0.01)
    print(opened.text, flush=True)
threading.Thread(target=tell).start()
opened.load({GATE!r})
"""
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", host], stdout=subprocess.PIPE, cwd=root, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    assert is_gone(child)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (["/nonexistent/python"], "cannot be started"),
        ([sys.executable, "-c", "import sys; sys.exit('no numpy')"], "ended before .* no numpy"),
        ([sys.executable, "-c", "print('hello')"], "something else than a frame"),
    ],
)
def test_child_that_cannot_start(command: list[str], problem: str) -> None:
    """What fails before any student's code has run is the grader's fault."""
    with (
        pytest.raises(GraderFault, match=problem),
        ProcessSession({"gates.py": ""}, PATIENT, command) as s,
    ):
        s.load(GATE)


@pytest.mark.parametrize(
    "ask",
    [
        lambda opened: opened.run(GATE, VALUES, [(0, "backward", (0,))], seconds=5),
        lambda opened: opened.run(GATE, [{"x": "text"}], STEPS[:1], seconds=5),
    ],
)
def test_our_own_mistakes(ask: Callable[[ProcessSession], object]) -> None:
    """A value we forgot, or cannot send, is never charged to the student."""
    with session(RIGHT) as opened, pytest.raises(GraderFault):
        ask(opened)


def test_openblas_out_of_memory() -> None:
    """OpenBLAS prints and exits when it gets no memory; that is a memory fault."""
    words = "print('OpenBLAS error: Memory allocation still failed after 10 retries, giving up.')"
    with session(gate(f"{words}\nimport os\nos._exit(1)")) as opened:
        assert first_fault(opened).kind is K.MEMORY


def test_without_posix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no process groups and no limits, as on Windows, grading still works."""
    monkeypatch.delattr(os, "killpg", raising=False)
    command = worker_command()
    place = command.index("-c") + 1
    command[place] = f"import sys; sys.modules.update(fcntl=None, resource=None); {command[place]}"
    with ProcessSession({"gates.py": RIGHT, "other.py": LOSS}, PATIENT, command) as opened:
        assert opened.load(GATE) == Loaded(frozenset())
        assert all(isinstance(a, Returned) for a in opened.run(GATE, VALUES, STEPS, seconds=5))
        assert works(opened)
        child = pid_of(opened)
    assert is_gone(child)


def test_other_people_can_kill_the_child() -> None:
    """A child that dies between two requests is a fault of the next one, and only of that one."""
    with session(RIGHT) as opened:
        assert opened.load(GATE) == Loaded(frozenset())
        assert opened._child is not None
        opened._child._process.kill()
        (answer,) = opened.run(GATE, VALUES, STEPS[:1], seconds=5)
        assert isinstance(answer, Fault)
        assert answer.kind is K.DIED
        assert works(opened)
