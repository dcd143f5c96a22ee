"""Orders through executors: each graded once, whatever dies, hangs or fills up."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest
from stub_batch import KIT, again, answered, orders

from grader.batch import MAX_TRIES, Graded, Kit, Order, Progress, Status, carry_out
from grader.batch.executors import local
from grader.errors import CourseError

Unit = Callable[[Order, Kit], Graded]


def dies_at(order: Order, kit: Kit, *, key: str, folder: str, times: int) -> Graded:
    """Kill the worker at one order, so often."""
    if order.key == key:
        seen = len(os.listdir(folder))  # noqa: PTH208 - in a worker, where nothing else is imported
        if seen < times:
            Path(folder, str(seen)).touch()
            os._exit(9)
    return answered(order, kit)


def raises_at(order: Order, kit: Kit, *, key: str) -> Graded:
    """Raise at one order, always: a fault of ours."""
    if order.key == key:
        raise ValueError("no such thing")
    return answered(order, kit)


def hangs_but_for(order: Order, kit: Kit, *, key: str) -> Graded:
    """Answer one order, and none of the others for a minute."""
    time.sleep(0 if order.key == key else 60)
    return answered(order, kit)


def late_once(order: Order, kit: Kit, *, seen: list[str]) -> Graded:
    """Time out at each first try of every third order."""
    seen.append(order.key)
    is_late = int(order.key[1:]) % 3 == 0 and seen.count(order.key) == 1
    graded = answered(order, kit)
    return dataclasses.replace(graded, score=0.0, tries_due=2) if is_late else graded


def carried(
    count: int, unit: Unit, open_executor: Callable[[], Executor] = lambda: ThreadPoolExecutor(2)
) -> tuple[dict[str, Graded], list[str], Progress]:
    """Carry out some orders; return what was last stored, every key as it was stored, the end."""
    stored: dict[str, Graded] = {}
    keys: list[str] = []

    def store(graded: Graded) -> None:
        stored[graded.key] = graded
        keys.append(graded.key)

    end = carry_out(orders(count), again, KIT, open_executor, 2, store, unit=unit)
    return stored, keys, end


def test_every_order_is_stored_once() -> None:
    """As many as there are, in whatever order they finish."""
    stored, keys, end = carried(100, answered)
    assert sorted(keys) == sorted(o.key for o in orders(100))
    assert {g.status for g in stored.values()} == {Status.GRADED}
    assert end == Progress(done=100)


def test_no_more_are_read_than_can_be_worked_on() -> None:
    """The queue is bounded, so that memory does not grow with the class."""
    ahead: list[int] = []

    def read() -> Iterator[Order]:
        for order in orders(50):
            ahead.append(len(ahead) - len(done))
            yield order

    done: list[str] = []
    carry_out(read(), again, KIT, lambda: ThreadPoolExecutor(2), 2, lambda g: done.append(g.key),
              unit=answered)  # fmt: skip
    assert max(ahead) <= 7


@pytest.mark.parametrize(("times", "status"), [(1, Status.GRADED), (MAX_TRIES, Status.FAULT)])
def test_a_worker_that_dies_costs_its_own_order_at_most(
    tmp_path: Path, times: int, status: Status
) -> None:
    """The others get their results; the one that kills again and again is stored as a fault."""
    unit = partial(dies_at, key="s003", folder=str(tmp_path), times=times)
    stored, keys, end = carried(12, unit, local(2))
    assert Counter(keys) == Counter(o.key for o in orders(12))
    assert stored.pop("s003").status is status
    assert {g.status for g in stored.values()} == {Status.GRADED}
    assert end.failed == (status is Status.FAULT)


def test_a_fault_of_ours_is_one_row() -> None:
    """What raises each time is stored with its reason, as a report that can be read."""
    stored, _, end = carried(9, partial(raises_at, key="s004"))
    fault = stored["s004"]
    assert (fault.status, fault.tries, end.failed) == (Status.FAULT, MAX_TRIES, 1)
    assert fault.note == "ValueError: no such thing"
    assert json.loads(fault.json)["attempt"]["problem"] == fault.note


def test_what_timed_out_is_tried_once_more_at_the_end() -> None:
    """Alone, after all others; the better verdict is kept."""
    seen: list[str] = []
    stored, _, end = carried(9, partial(late_once, seen=seen))
    assert sorted(seen[9:]) == ["s000", "s003", "s006"]
    assert not any(g.tries < g.tries_due for g in stored.values())
    assert {g.tries for g in stored.values()} == {1, 2}
    assert (end.done, end.failed, end.late) == (9, 0, 0)


def test_workers_that_never_start_end_the_run() -> None:
    """A machine on which no process can be started is told so, and does not loop."""

    class Broken(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise BrokenProcessPool("gone")

    with pytest.raises(CourseError, match="grade doctor"):
        carried(3, answered, lambda: Broken(1))


def test_workers_end_when_the_batch_is_killed() -> None:
    """No worker is left waiting for a parent that is gone."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    batch = context.Process(target=_holds_a_worker, args=(theirs,))
    batch.start()
    worker = ours.recv()
    batch.kill()
    batch.join()
    deadline = time.monotonic() + 10
    while _is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(worker)


def _holds_a_worker(pipe: object) -> None:
    with local(1)() as executor:
        pipe.send(executor.submit(os.getpid).result())  # type: ignore[attr-defined]
        executor.submit(time.sleep, 60).result()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_run_that_is_given_up_ends_its_workers_at_once() -> None:
    """They are not waited for: a submission may hang for minutes."""

    def store(_graded: Graded) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        carry_out(orders(4), again, KIT, local(2), 2, store,
                  unit=partial(hangs_but_for, key="s000"))  # fmt: skip
    assert time.monotonic() - began < 20
