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
from typing import Any

import pytest

from grader.batch import MAX_TRIES, Graded, Journal, Kit, Order, Progress, Status, carry_out
from grader.batch.executors import local
from grader.batch.run import fault_of
from grader.errors import CourseError

KIT = Kit("Stub", b"", (), "auto", allow_weak=False, digest="kit")
Unit = Callable[[Order, Kit], Graded]


def orders(count: int) -> Iterator[Order]:
    """Yield orders that the stub units below understand."""
    return (Order(f"s{n:03d}", f"digest {n}", ()) for n in range(count))


def again(key: str) -> Order:
    """Return an order by its key."""
    return Order(key, f"digest {int(key[1:])}", ())


def answered(order: Order, _kit: Kit) -> Graded:
    """Grade at once."""
    report = {"complete": True, "tasks": []}
    text = json.dumps({"schema": 1, "reports": [report], "key": order.key}, indent=2)
    return Graded(order.key, order.digest, Status.GRADED, text, order.key, score=1, max_score=2)


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
    return dataclasses.replace(graded, score=0.0, is_unsettled=True) if is_late else graded


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
    assert not any(g.is_unsettled for g in stored.values())
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


def kept(folder: Path) -> dict[str, object]:
    """Return every report of a folder by key."""
    return {
        p.parent.name: json.loads(p.read_text()) for p in folder.glob("submissions/*/report.json")
    }


def journalled(folder: Path, count: int) -> None:
    """Grade some orders into a folder."""
    pool = partial(ThreadPoolExecutor, 2)
    with Journal(folder) as journal:
        carry_out(orders(count), again, KIT, pool, 2, journal.store, unit=answered)


def test_a_journal_holds_what_was_stored(tmp_path: Path) -> None:
    """Under the same digest, by the next run; another digest is another submission."""
    journalled(tmp_path, 20)
    digests = {o.key: o.digest for o in orders(20)}
    assert {key: r["digest"] for key, r in kept(tmp_path).items()} == digests  # type: ignore[index]
    with Journal(tmp_path) as journal:
        assert all(journal.holds(*pair) for pair in digests.items())
        assert not journal.holds("s000", "another digest")
        assert not journal.holds("s999", "digest 999")
        (tmp_path / "submissions" / "s001" / "report.json").unlink()
        assert not journal.holds("s001", "digest 1")


@pytest.mark.parametrize("cut", [1, 5, 40, 10_000])
def test_a_line_cut_off_by_a_kill_loses_nothing(tmp_path: Path, cut: int) -> None:
    """A report without its line is found by its own digest; half a report is none."""
    journalled(tmp_path, 3)
    lines = tmp_path / "journal.jsonl"
    lines.write_text(lines.read_text()[:-cut])
    (tmp_path / "submissions" / "s900").mkdir()
    (tmp_path / "submissions" / "s900" / ".report.json.part").write_text('{"schema"')
    with Journal(tmp_path) as journal:
        assert all(journal.holds(o.key, o.digest) for o in orders(3))
        assert not journal.holds("s900", "digest 900")
        journal.store(answered(again("s004"), KIT))
    with Journal(tmp_path) as journal:
        assert journal.holds("s004", "digest 4")
        assert len(journal.known) == 4


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    """As long as the first one lives."""
    with Journal(tmp_path), pytest.raises(CourseError, match="another run is grading"):
        Journal(tmp_path)
    Journal(tmp_path).close()


@pytest.mark.parametrize(("tries", "is_settled"), [(1, False), (2, True)])
def test_what_timed_out_once_is_not_settled(
    tmp_path: Path, tries: int, *, is_settled: bool
) -> None:
    """A run that was killed before the second try does it."""
    graded = answered(again("s001"), KIT)
    with Journal(tmp_path) as journal:
        journal.store(dataclasses.replace(graded, is_unsettled=True, tries=tries))
    with Journal(tmp_path) as journal:
        assert journal.holds("s001", "digest 1") is is_settled


def test_a_fault_of_ours_is_not_settled(tmp_path: Path) -> None:
    """The next run tries it again; neither its line nor its report alone stands for a grade."""
    broken = fault_of(again("s001"), ValueError("no such thing"), MAX_TRIES)
    with Journal(tmp_path) as journal:
        journal.store(broken)
    for _ in range(2):
        with Journal(tmp_path) as journal:
            assert not journal.holds("s001", "digest 1")
        (tmp_path / "journal.jsonl").unlink()


@pytest.mark.parametrize(
    "task",
    [{"outcome": "timed_out"}, {"outcome": "faulted", "findings": [{"code": "R203"}]}],
    ids=["timed out", "died"],
)
def test_a_time_out_without_its_line_is_not_settled(tmp_path: Path, task: dict[str, Any]) -> None:
    """Nor a process that died: a kill took the line, so nobody knows whether it was tried twice."""
    report = {"complete": True, "tasks": [task]}
    graded = dataclasses.replace(
        answered(again("s001"), KIT), json=json.dumps({"reports": [report]})
    )
    with Journal(tmp_path) as journal:
        journal.store(dataclasses.replace(graded, is_unsettled=True, tries=2))
        journal.finish()
        assert journal.holds("s001", "digest 1")
    (tmp_path / "journal.jsonl").unlink()
    with Journal(tmp_path) as journal:
        assert not journal.holds("s001", "digest 1")


def test_the_first_of_two_tries_can_stay(tmp_path: Path) -> None:
    """Where it was the better one: it is settled, and not tried with every run."""

    def worse_each_time(order: Order, kit: Kit) -> Graded:
        scores.append(1.0 - len(scores))
        return dataclasses.replace(answered(order, kit), score=scores[-1], is_unsettled=True)

    scores: list[float] = []
    with Journal(tmp_path) as journal:
        carry_out(orders(1), again, KIT, partial(ThreadPoolExecutor, 1), 1, journal.store,
                  unit=worse_each_time, keep_first=journal.keep_first)  # fmt: skip
    with Journal(tmp_path) as journal:
        assert journal.holds("s000", "digest 0")
        assert (journal.known["s000"]["score"], journal.known["s000"]["tries"]) == (1.0, 2)
    assert scores == [1.0, 0.0]


def test_two_tries_are_written_in_their_order(tmp_path: Path) -> None:
    """However fast the second one follows."""
    with Journal(tmp_path) as journal:
        for number in range(40):
            journal.store(dataclasses.replace(answered(again("s001"), KIT), score=float(number)))
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert [line["score"] for line in lines] == list(range(40))


def test_a_run_that_is_given_up_ends_its_workers_at_once() -> None:
    """They are not waited for: a submission may hang for minutes."""

    def store(_graded: Graded) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        carry_out(orders(4), again, KIT, local(2), 2, store,
                  unit=partial(hangs_but_for, key="s000"))  # fmt: skip
    assert time.monotonic() - began < 20


def test_a_disk_that_fails_ends_the_run_with_a_word(tmp_path: Path) -> None:
    """What is written stays, nothing is half there, and the message says how to go on."""
    journalled(tmp_path, 1)
    (tmp_path / "submissions" / "s002").write_text("in the way")
    with (
        pytest.raises(CourseError, match="run the same command again"),
        Journal(tmp_path) as journal,
    ):
        journal.store(answered(again("s002"), KIT))
    assert list(kept(tmp_path)) == ["s000"]
    assert list(tmp_path.glob("submissions/*/.*.part")) == []
