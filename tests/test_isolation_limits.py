"""What a submission may use, print, write and leave behind, and how its process ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sessions import (
    GATE,
    LOSS,
    OTHER,
    PATIENT,
    RIGHT,
    STEPS,
    VALUES,
    descendants,
    first_fault,
    gate,
    is_gone,
    needs_posix,
    session,
    works,
)

from grader.errors import GraderFault
from grader.isolation.archive import worker_command
from grader.isolation.child_process import ProcessSession
from grader.isolation.session import Loaded, Returned
from grader.isolation.spawn import Spawned
from grader.model import Fault, FaultKind, Limits

K = FaultKind
each_rung = pytest.mark.usefixtures("rung")


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


@each_rung
def test_flood_of_text() -> None:
    """A flood of output is cut, does not fill memory and does not stop the grading."""
    with session(gate("print('a' * 10**6)\nreturn x")) as opened:
        assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[1], Returned)
        assert works(opened)
    assert len(opened.text) == PATIENT.output_kb << 10
    assert opened.text_overflowed


@each_rung
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


@each_rung
def test_too_large_reply() -> None:
    """A reply that claims to be beyond the cap is refused before it is read."""
    forged = "import os, struct\nos.write(201, struct.pack('<4sIQ', b'GRD1', 2, 1 << 40))"
    with session(gate(forged)) as opened:
        fault = first_fault(opened)
        assert (fault.kind, fault.detail) == (K.GARBLED, "too large")


@each_rung
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


@each_rung
def test_environment() -> None:
    """The child has no home, no secrets, an empty folder and only Python and numpy to import."""
    source = gate(
        "print(sorted(os.environ), FOLDER, sys.path, sys.argv)\nreturn x",
        before="import os, sys\ntry: FOLDER = os.listdir()\nexcept PermissionError: FOLDER = []",
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


@each_rung
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
    process = opened._child._process
    assert isinstance(process, Spawned)
    return process._process.pid


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
def test_killed_host_leaves_no_child(rung: str) -> None:
    """A host that is killed takes all its processes with it, even from an endless loop."""
    host = f"""
from grader.isolation import SANDBOXES
from grader.model import Call, Limits
source = "print('in the loop', flush=True)\\nwhile True: pass"
opened = SANDBOXES[{rung!r}]({{"gates.py": source}}, Limits())
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
        assert process.stdout.readline() == "in the loop\n"
        started = descendants(process.pid)
        assert len(started) >= (2 if rung == "confined" else 1)
        process.kill()
    assert all(map(is_gone, started))


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
        ProcessSession({"gates.py": ""}, PATIENT, lambda: Spawned(command)) as s,
    ):
        s.load(GATE)


@pytest.mark.parametrize(
    "ask",
    [
        lambda opened: opened.run(GATE, VALUES, [(0, "backward", (0,))], seconds=5),
        lambda opened: opened.run(GATE, [{"x": object()}], STEPS[:1], seconds=5),
    ],
)
@each_rung
def test_our_own_mistakes(ask: Callable[[ProcessSession], object]) -> None:
    """A value we forgot, or cannot send, is never charged to the student."""
    with session(RIGHT) as opened, pytest.raises(GraderFault):
        ask(opened)


@each_rung
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
    files = {"gates.py": RIGHT, "other.py": LOSS}
    with ProcessSession(files, PATIENT, lambda: Spawned(command)) as opened:
        assert opened.load(GATE) == Loaded(frozenset())
        assert all(isinstance(a, Returned) for a in opened.run(GATE, VALUES, STEPS, seconds=5))
        assert works(opened)
        child = pid_of(opened)
    assert is_gone(child)


@each_rung
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


def test_a_step_cannot_be_skipped_on_purpose() -> None:
    """Code that answers its own step with "skipped" gets a fault: a case cannot be evaded."""
    source = gate(
        "frame = sys._getframe()\n"
        "while 'reply' not in frame.f_locals:\n"
        "    frame = frame.f_back\n"
        "frame.f_locals['reply'](0, {'skipped': True})\n"
        "return x",
        before="import sys",
    )
    with session(source) as opened:
        fault = first_fault(opened)
        assert fault.kind is K.GARBLED
        assert "skipped" in fault.detail
        assert works(opened)
