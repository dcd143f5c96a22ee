"""Which rung is taken, what is said about it, and what each one must not let through."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from running import COURSE, ROOT, environment, run
from running import RIGHT as SUBMISSION
from sessions import GATE, PATIENT, QUICK, RIGHT, STEPS, VALUES, first_fault, gate, session

from grader.errors import CourseError, GraderFault
from grader.isolation import LADDER, NOTES, SANDBOXES, choose, ladder, require_for_many, seatbelt
from grader.isolation.child_process import ProcessSession
from grader.isolation.forking import Tried, pool, try_walls
from grader.isolation.policy import readable_paths
from grader.isolation.session import Loaded, Returned
from grader.model import FaultKind, Limits

ALL = frozenset({"files", "network", "processes", "signals"})
NONE = Tried(frozenset(), "not here")
linux = pytest.mark.skipif(sys.platform != "linux", reason="the walls of Linux")

# What the two worlds of a warm process hold -> the rung that `auto` takes.
MACHINES: dict[str, tuple[Tried, Tried, str]] = {
    "everything": (Tried(ALL | {"outliving"}), Tried(ALL), "sealed"),
    "a container": (NONE, Tried(ALL), "confined"),
    "no libseccomp": (Tried(frozenset({"files", "outliving"})), Tried(frozenset({"files"})),
                      "partial"),
    "no Landlock": (NONE, Tried(ALL - {"files"}), "partial"),
    "an old kernel": (NONE, Tried(frozenset()), "process"),
}  # fmt: skip


@pytest.fixture(params=list(MACHINES))
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Pretend to be on a machine; gives the rung that it deserves."""
    mounted, bare, expected = MACHINES[str(request.param)]
    tried = {"bubblewrap": mounted, "bare": bare}
    monkeypatch.setattr(ladder, "try_walls", tried.__getitem__)
    return expected


@linux
def test_auto_takes_the_strongest(machine: str) -> None:
    """The strongest rung whose walls all hold is taken, and what it leaves open is said."""
    rung, note = choose()
    assert rung == machine
    assert note
    for wall, words in (("files", "files can be read"), ("network", "network can be used")):
        is_open = rung == "partial" and wall not in ladder._tried(rung).walls
        assert (words in note) == is_open


@linux
def test_a_name_means_at_least_that(machine: str) -> None:
    """A rung that is not there is replaced by a stronger one, never by a weaker one."""
    for name in LADDER:
        if LADDER.index(name) < LADDER.index(machine):
            with pytest.raises(CourseError, match=f"--isolation {machine}"):
                choose(name)
        else:
            assert LADDER.index(choose(name)[0]) <= LADDER.index(name)


def test_unknown_rung() -> None:
    """A name that is no rung is refused with those that are."""
    with pytest.raises(CourseError, match=r"no isolation is called 'docker'.*sealed"):
        choose("docker")


@pytest.mark.parametrize("rung", LADDER)
def test_the_floor_for_many(rung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below `confined` nobody's class is graded unless the instructor says so."""
    monkeypatch.setattr(ladder, "try_walls", lambda _world: Tried(frozenset({"network"})))
    require_for_many(rung, allow_weak=True)
    if rung in ("sealed", "confined"):
        require_for_many(rung, allow_weak=False)
    else:
        with pytest.raises(CourseError, match=r"too weak.*doctor.*--allow-weak-isolation"):
            require_for_many(rung, allow_weak=False)


@linux
def test_without_libseccomp(tmp_path: Path) -> None:
    """Without the library grading goes on, on the rung `partial`, which says what is open."""
    program = (
        "import sys; sys.modules['pyseccomp'] = None; from grader.cli import main;"
        "sys.exit(main(sys.argv[1:]))"
    )
    report = tmp_path / "report.json"
    words = ["--course", str(COURSE), "--report", str(report)]
    for command, code in (([str(SUBMISSION), *words], 0), (["doctor"], 0),
                          ([str(SUBMISSION), *words, "--isolation", "confined"], 2)):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", program, *command],
            cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        if command == ["doctor"]:
            assert "pip install pyseccomp" in done.stdout
            assert "takes partial: " in done.stdout
    assert "`grade doctor`" in done.stderr
    (graded, *_) = json.loads(report.read_text())["reports"]
    assert graded["isolation"] == "partial"
    assert "the network can be used" in graded["isolation_note"]


def test_every_rung_has_its_words() -> None:
    """Each rung can be opened and says what it does not stop."""
    assert set(SANDBOXES) == set(LADDER) == {*NOTES, "partial"}


def test_doctor() -> None:
    """The command names every layer and rung and what `auto` takes, and succeeds."""
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    for word in ("bubblewrap", "Landlock", "seccomp", "spare user", "limits", *LADDER):
        assert word in done.out
    assert f"takes {choose()[0]}:" in done.out


def test_a_child_without_a_wall_gets_no_code() -> None:
    """A child that lacks a wall of its rung is the grader's fault, and runs nothing."""
    if try_walls("bare").problem:
        pytest.skip(try_walls("bare").problem)
    source = {"gates.py": "print('I ran')"}
    opened = ProcessSession(source, PATIENT, pool("bare", ()).fork, {"files", "a moat"})
    with opened, pytest.raises(GraderFault, match=r"not isolated as it should be \(a moat\)"):
        opened.load(GATE)
    assert "I ran" not in opened.text


# What a submission may do on no rung with walls: code for the body of its forward.
OUTSIDE = Path(__file__)
FORBIDDEN: dict[str, str] = {
    "read a file": f"open({str(OUTSIDE)!r})",
    "list a folder": f"import os; os.listdir({str(OUTSIDE.parent)!r})",
    "read /proc": "open('/proc/self/environ')",
    "write a file": "open('a', 'w')",
    "write to /tmp": "open('/tmp/grade-hostile', 'w')",
    "write to memory": "open('/dev/shm/grade-hostile', 'w')",
    "write beside numpy": "import numpy; open(numpy.__path__[0] + '/a.py', 'w')",
    "change rights": f"import os; os.chmod({str(OUTSIDE)!r}, 0o777)",
    "change rights, newly": "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
                            f"c.syscall(452, -100, {bytes(OUTSIDE)!r}, 0o777, 0)\n"
                            "raise OSError(ctypes.get_errno(), 'refused')",
    "link": f"import os; os.link({str(OUTSIDE)!r}, '/tmp/grade-hostile')",
    "rename": f"import os; os.rename({str(OUTSIDE)!r}, '/tmp/grade-hostile')",
    "delete": f"import os; os.unlink({str(OUTSIDE)!r})",
    "temporary file": "import tempfile; tempfile.TemporaryFile()",
    "thread": "import threading; threading.Thread(target=print).start()",
    "fork": "import os\nif os.fork() == 0: os._exit(0)",
    "program": "import subprocess; subprocess.run(['true'])",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "pool": "import multiprocessing; multiprocessing.Pool(2)",
    "socket": "import socket; socket.socket()",
    "local socket": "import socket; socket.socketpair()",
    "name": "import urllib.request; urllib.request.urlopen('http://example.invalid')",
    "kill its parent": "import os; os.kill(os.getppid(), 9)",
    "kill all": "import os; os.kill(-1, 0)",
    "signal by owner": "import fcntl, os; fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    "become root": "import os; os.setuid(0)",
    "trace": "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
             "c.ptrace(16, os.getppid(), 0, 0)\nraise OSError(ctypes.get_errno(), 'refused')",
}  # fmt: skip


@pytest.mark.parametrize("body", FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden(rung: str, body: str) -> None:
    """What a sandbox forbids is said as such, and the file outside stays as it was."""
    if rung == "process":
        pytest.skip("nothing is forbidden there")
    before = OUTSIDE.stat()
    with session(gate(body)) as opened:
        assert first_fault(opened).kind is FaultKind.FORBIDDEN
        assert opened.text == ""
    after = OUTSIDE.stat()
    assert (before.st_mode, before.st_size, before.st_mtime) == (
        after.st_mode, after.st_size, after.st_mtime,
    )  # fmt: skip
    assert not [p for p in ("/tmp/grade-hostile", "/dev/shm/grade-hostile") if Path(p).exists()]


def test_allowed(rung: str) -> None:
    """What numpy and the standard library need of the system still works behind the walls."""
    source = gate(
        "np.fft.fft(x), np.linalg.svd(x), np.random.default_rng(), random.random()\n"
        "time.sleep(0), os.urandom(2), os.cpu_count(), Decimal(1), Fraction(1, 3)\n"
        "open(os.devnull, 'w').write('x'), inspect.getsource(Gate), sqlite3.connect(':memory:')\n"
        "return x",
        before="import os, time, random, inspect, sqlite3, numpy as np, numpy.ma\n"
        "from decimal import Decimal\nfrom fractions import Fraction",
    )
    with session(source) as opened:
        (answer, _) = opened.run(GATE, VALUES, STEPS, seconds=10)
        assert isinstance(answer, Returned), answer
    assert rung


def test_nothing_but_its_pipes(rung: str) -> None:
    """A child holds three standard descriptors and two pipes, and an environment without us."""
    source = (
        "import os\nheld = []\nfor n in range(1024):\n  try: os.fstat(n); held.append(n)\n"
        "  except OSError: pass\nprint(held, sorted(os.environ))\n"
    )
    with session(source + RIGHT) as opened:
        assert isinstance(opened.load(GATE), Loaded)
    descriptors, _, environment = opened.text.partition("] ")
    assert descriptors == "[0, 1, 2, 200, 201", rung
    for word in ("HOME", "USER", "GRADER", "PYTEST", "SECRET"):
        assert word not in environment


@linux
def test_profile_of_macos() -> None:
    """The profile names Python and numpy, denies the rest, and this system says why it cannot."""
    program, _, profile, *worker = seatbelt.command()
    assert program == "/usr/bin/sandbox-exec"
    assert profile.startswith("(version 1)\n(deny default)")
    assert f'(subpath "{Path(np.__file__).resolve().parent}")' in profile
    assert "(deny network*)" in profile
    assert profile.count("(") == profile.count(")")
    assert worker[0] == sys.executable
    assert "macOS" in seatbelt.problem()


def test_honest_errors_are_not_excused(rung: str) -> None:
    """An error that has nothing to do with the sandbox is an ordinary one on every rung."""
    for body in ("open('weights.txt')", "raise RuntimeError('later')", "raise OSError", "1 / 0"):
        with session(gate(body)) as opened:
            assert first_fault(opened).kind is FaultKind.RAISED, (rung, body)


@linux
def test_no_other_package_is_readable() -> None:
    """Neither a folder of packages nor the grader is among what a child may read."""
    for path in map(Path, readable_paths()):
        assert path.name not in ("site-packages", "dist-packages")
        assert not (path / "grader").exists()


def test_limits_hold_on_every_rung(rung: str) -> None:
    """Memory, descriptors and processor time are limited, and say so in a finding."""
    limits = Limits(call_seconds=5, total_seconds=10, memory_mb=512)
    memory = gate("import numpy as np\nreturn np.ones(2**28)")
    files = gate("import os\nkept = [os.dup(2) for _ in range(10**4)]")
    for source, kind, words in (
        (memory, FaultKind.MEMORY, "allocate"),
        (files, FaultKind.RAISED, "Too many open files"),
    ):
        with session(source, limits) as opened:
            fault = first_fault(opened)
        assert (fault.kind, words in fault.detail) == (kind, True), (rung, fault)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root has a user to give")
def test_root_gives_its_powers_up(rung: str) -> None:
    """As root the code runs as another user, or, where it could not read Python, without powers."""
    if rung == "process":
        pytest.skip("nothing is given up there")
    body = (
        "import ctypes, os\nheader = (ctypes.c_uint32 * 2)(0x20080522, 0)\n"
        "sets = (ctypes.c_uint32 * 6)()\nassert ctypes.CDLL(None).capget(header, sets) == 0\n"
        "print(list(sets), os.getuid(), os.getgroups())\nreturn x"
    )
    with session(gate(body)) as opened:
        assert isinstance(opened.run(GATE, VALUES, STEPS, seconds=5)[0], Returned)
    powers, _, user = opened.text.splitlines()[0].partition("] ")
    assert powers == "[0, 0, 0, 0, 0, 0"
    assert rung == "confined" or not user.startswith("0 ")


@pytest.mark.parametrize(
    "attack",
    [
        "import os; os._exit(0)",
        "while True: pass",
        "import ctypes; ctypes.string_at(0)",
        "import os\nfor n in range(300):\n  try: os.write(n, b'x')\n  except OSError: 0",
        "import os; os.closerange(0, 300)",
    ],
)
def test_right_answer_before_and_after(rung: str, attack: str) -> None:
    """A right submission earns its answer before and after one that ends badly."""
    for source, limits in ((RIGHT, PATIENT), (gate(attack), QUICK), (RIGHT, PATIENT)):
        with session(source, limits) as opened:
            answers = opened.run(GATE, VALUES, STEPS, seconds=limits.call_seconds)
        assert isinstance(answers[0], Returned) == (source == RIGHT), rung
