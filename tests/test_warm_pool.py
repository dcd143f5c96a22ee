"""Warm processes: reused while all is well, replaced after anything else, gone at the end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sessions import (
    GATE,
    LOSS,
    PATIENT,
    QUICK,
    RIGHT,
    STEPS,
    VALUES,
    descendants,
    first_fault,
    gate,
    is_gone,
    returned,
    session,
)

from grader.errors import GraderFault
from grader.isolation import forking, warm
from grader.isolation.child_process import ProcessSession
from grader.isolation.forking import pool, try_walls
from grader.isolation.warm import Pool


@pytest.fixture(params=forking.WORLDS)
def warm_pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """Give an empty pool of each world that this machine has."""
    world = str(request.param)
    if problem := try_walls(world).problem:
        pytest.skip(f"{world}: {problem}")
    fresh = Pool(pool(world, ())._start)
    yield fresh
    fresh.close()


def graded(of: Pool, source: str, limits: object = PATIENT) -> bool:
    """Run a submission; return True when it gave the right numbers."""
    assert limits in (PATIENT, QUICK)
    chosen = QUICK if limits is QUICK else PATIENT
    with ProcessSession({"gates.py": source, "other.py": LOSS}, chosen, of.fork) as opened:
        forward, _ = opened.run(GATE, VALUES, STEPS, seconds=chosen.call_seconds)
    value = getattr(forward, "value", None)
    return value is not None and np.array_equal(value.array, np.full((2, 3), 3.0))


def pid_of(of: Pool) -> int:
    """Return the process of the only idle warm process."""
    (idle,) = of._idle
    return idle._process.pid


def test_reused_while_all_is_well(warm_pool: Pool) -> None:
    """Right, wrong and raising submissions share a warm process."""
    seen = set()
    for source in (RIGHT, gate("return x"), gate("1 / 0"), gate("open('a', 'w')"), RIGHT):
        assert graded(warm_pool, source) == (source == RIGHT)
        seen.add(pid_of(warm_pool))
    assert len(seen) == 1


UNSOUND = {
    "exit": gate("import os; os._exit(0)"),
    "crash": gate("import ctypes; ctypes.string_at(0)"),
    "hang": gate("while True: pass"),
    "garbage": gate(
        "import os\nfor n in range(3, 300):\n  try: os.write(n, b'x' * 99)\n  except OSError: 0"
    ),
}


@pytest.mark.parametrize("source", UNSOUND.values(), ids=UNSOUND)
def test_replaced_after_anything_unsound(warm_pool: Pool, source: str) -> None:
    """After a death, a hang or garbage the warm process is ended, and the next one serves."""
    assert graded(warm_pool, RIGHT)
    before = pid_of(warm_pool)
    assert not graded(warm_pool, source, QUICK)
    assert is_gone(before)
    assert graded(warm_pool, RIGHT)


def test_replaced_after_many(warm_pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm process serves so many children and no more."""
    monkeypatch.setattr(warm, "MAX_CHILDREN", 2)
    seen = []
    for _ in range(3):
        assert graded(warm_pool, RIGHT)
        seen += [idle._process.pid for idle in warm_pool._idle]
    assert len(seen) == 2  # after its second child nothing is idle
    assert len(set(seen)) == 2


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_dead_or_frozen_warm_process(
    warm_pool: Pool, monkeypatch: pytest.MonkeyPatch, end: signal.Signals
) -> None:
    """One that died or froze while idle is the grader's fault at most, and is replaced."""
    monkeypatch.setattr(warm, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("grader.isolation.child_process.START_SECONDS", 0.5)
    assert graded(warm_pool, RIGHT)
    pid = pid_of(warm_pool)
    for process in [pid, *descendants(pid)]:
        os.kill(process, end)
    if end is signal.SIGKILL:
        assert is_gone(pid)
        assert graded(warm_pool, RIGHT)
    else:
        with pytest.raises(GraderFault, match="not ready"):
            graded(warm_pool, RIGHT)
        assert is_gone(pid)
    assert graded(warm_pool, RIGHT)


def test_two_at_once(warm_pool: Pool) -> None:
    """Two threads hold a session each, in two warm processes; both get their own numbers."""
    answers: dict[int, float] = {}
    both = threading.Barrier(2, timeout=20)

    def work(factor: int) -> None:
        files = {"gates.py": gate(f"return x * {factor}")}
        for _ in range(5):
            with ProcessSession(files, PATIENT, warm_pool.fork) as opened:
                both.wait()
                (answer,) = opened.run(GATE, VALUES, STEPS[:1], seconds=5)
                answers[factor] = float(returned(answer)[0, 0])

    threads = [threading.Thread(target=work, args=(factor,)) for factor in (3, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == {3: 3.0, 7: 7.0}
    assert len(warm_pool._idle) == min(2, os.cpu_count() or 1)


def test_outlives_the_thread_that_opened_it(warm_pool: Pool) -> None:
    """A warm process started in a thread that ended serves the next one."""
    thread = threading.Thread(target=graded, args=(warm_pool, RIGHT))
    thread.start()
    thread.join(60)
    pid = pid_of(warm_pool)
    assert graded(warm_pool, RIGHT)
    assert pid_of(warm_pool) == pid


def test_children_start_alike_but_for_chance(warm_pool: Pool) -> None:
    """Nothing of a submission reaches the next, and each has random numbers of its own."""
    source = (
        "import builtins, sys, random, numpy as np\n"
        "print(hasattr(builtins, 'mark'), hasattr(np, 'mark'), random.random(), np.random.rand())\n"
        "builtins.mark = 1\nnp.mark = 1\n"
    ) + RIGHT
    texts = []
    for _ in range(3):
        with ProcessSession({"gates.py": source}, PATIENT, warm_pool.fork) as opened:
            opened.load(GATE)
        texts.append(opened.text.split())
    assert all(text[:2] == ["False", "False"] for text in texts)
    assert len({text[2] for text in texts}) == len({text[3] for text in texts}) == 3


def test_closed_pool_leaves_nothing(warm_pool: Pool) -> None:
    """Closing the pool ends its warm processes."""
    assert graded(warm_pool, RIGHT)
    pid = pid_of(warm_pool)
    inside = descendants(pid)
    warm_pool.close()
    assert all(map(is_gone, [pid, *inside]))


def test_two_hundred_sessions_leak_nothing(rung: str) -> None:
    """Descriptors, threads and processes are as many after 200 sessions as after the first."""
    count = 200 if rung != "process" else 20

    def held() -> tuple[int, int, int]:
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        return descriptors, threading.active_count(), len(descendants(os.getpid()))

    def one() -> None:
        with session(RIGHT) as opened:
            opened.run(GATE, VALUES, STEPS, seconds=5)

    one()
    if not Path("/proc/self/fd").exists():
        pytest.skip("counted in /proc")
    before = held()
    for _ in range(count):
        one()
    after = held()
    assert all(now <= then for now, then in zip(after, before, strict=True)), (before, after)


@pytest.mark.parametrize("make", [lambda: gate("while True: pass"), lambda: gate("1 / 0")])
def test_closing_waits_for_nobody(warm_pool: Pool, make: Callable[[], str]) -> None:
    """A session that is closed in the middle of an endless loop ends its child."""
    with ProcessSession({"gates.py": make()}, QUICK, warm_pool.fork) as opened:
        assert first_fault(opened, 0.3)
    children = [
        child for idle in warm_pool._idle for child in descendants(idle._process.pid)
    ]  # bubblewrap and the warm process itself, no child of it
    assert len(children) <= 1


@pytest.mark.parametrize(
    ("starts", "walls"),
    [
        (["gone", "", "files network"], {"files", "network"}),
        (["files"], {"files"}),
        (["gone", "gone", "gone", "files"], set()),
        (["", "", "", "files"], set()),
    ],
)
def test_a_probe_that_was_killed_is_made_again(
    monkeypatch: pytest.MonkeyPatch, starts: list[str], walls: set[str]
) -> None:
    """A few times: a machine without walls is told from one whose process somebody ended."""

    class Scripted:
        def warm_up(self) -> frozenset[str]:
            if (told := starts.pop(0)) == "gone":
                raise GraderFault("gone")
            return frozenset(told.split())

    monkeypatch.setattr(forking, "pool", lambda *_: Scripted())
    tried = try_walls.__wrapped__("bare")
    assert tried.walls == walls
    assert tried.problem in ("", "gone")
