"""Orders through an executor: a bounded queue, second tries, and workers that die.

``carry_out``   every order exactly once, however often it had to be tried.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from grader.batch.kit import Kit
from grader.batch.order import MAX_TRIES, Graded, Order, Status
from grader.batch.unit import grade_order
from grader.errors import CourseError
from grader.escape import printable
from grader.report import to_json

PATIENCE = 120.0  # seconds of all tries of an order; beyond, no more than two are made
_AHEAD = 3  # orders per job that wait in the executor

Unit = Callable[[Order, Kit], Graded]
OpenExecutor = Callable[[], Executor]


@dataclass
class Progress:
    """How far a run is: what has a report, what of it needs a human, what is to be tried again."""

    done: int = 0
    failed: int = 0
    late: int = 0


def carry_out(
    orders: Iterable[Order],
    read_again: Callable[[str], Order],
    kit: Kit,
    open_executor: OpenExecutor,
    jobs: int,
    store: Callable[[Graded], None],
    *,
    unit: Unit = grade_order,
    told: Callable[[Progress], None] = lambda _: None,
    keep_first: Callable[[str, int], None] = lambda _key, _tries: None,
) -> Progress:
    """Grade every order and store what became of it.

    What timed out, or died, is tried again at the end, alone, as often as is due, since the machine
    or somebody else may have been to blame; what counts of the tries is stored, and ``keep_first``
    told where that is the first. ``read_again`` gives its order by key: orders are not kept. An
    order whose worker died is tried again, at last alone, and after ``MAX_TRIES`` stored as a
    fault. Raises what ``orders`` and ``store`` raise, and ``CourseError`` where a worker cannot
    start.
    """
    work = _Work(iter(orders), kit, open_executor, jobs, unit)
    progress = Progress()
    late: dict[str, Graded] = {}  # what is to be tried again, without its texts
    try:
        for graded in work.run():
            store(graded)
            if graded.tries < graded.tries_due:
                late[graded.key] = dataclasses.replace(graded, json="", markdown="")
            else:
                progress.failed += graded.status is not Status.GRADED
            progress.done += 1
            progress.late = len(late)
            told(progress)
        for key, first in late.items():
            tried = _tried(first, partial(work.alone, read_again(key)))
            kept = _counting(tried)
            if kept is first and len(tried) > 1:
                keep_first(key, len(tried))
            elif kept is not first:
                store(dataclasses.replace(kept, tries=len(tried), tries_due=len(tried)))
            progress.failed += kept.tries_due > 1 or kept.status is not Status.GRADED
            progress.late -= 1
            told(progress)
    except BaseException:
        work.close(at_once=True)
        raise
    work.close()
    return progress


def _tried(first: Graded, once_more: Callable[[], Graded]) -> list[Graded]:
    """Return an order's tries; the first alone where our own fault kept all others from an end."""
    tried = [first]
    while len(tried) < tried[-1].tries_due:
        if len(tried) > 1 and sum(one.seconds for one in tried) > PATIENCE:
            break
        again = once_more()
        if again.status is Status.FAULT:
            return [first]
        tried.append(again)
    return tried


def _counting(tried: Sequence[Graded]) -> Graded:
    """Return the try that counts: the last if it is settled, else the middle one by score.

    Of two that is the better. A kill can only take points; but the best of many would be a gift to
    code that guesses and then dies.
    """
    if tried[-1].tries_due == 1:
        return tried[-1]
    return sorted(tried, key=lambda one: one.score)[len(tried) // 2]


class _Work:
    """The executor, which is opened anew when it breaks, and what is under way in it."""

    def __init__(
        self, orders: Iterator[Order], kit: Kit, open_executor: OpenExecutor, jobs: int, unit: Unit
    ) -> None:
        self._orders = orders
        self._kit = kit
        self._open = open_executor
        self._unit = unit
        self._most = jobs * _AHEAD
        self._executor: Executor | None = None
        self._under_way: dict[Future[Graded], tuple[Order, int]] = {}
        self._alone: deque[tuple[Order, int]] = deque()  # with a worker of their own, at the end

    def run(self) -> Iterator[Graded]:
        """Yield what became of every order, as they finish."""
        while self._fill():
            finished, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                if future not in self._under_way:
                    continue  # its executor broke meanwhile
                order, tries = self._under_way.pop(future)
                graded = self._result(future, order, tries)
                if graded is not None:
                    yield graded
        while self._alone:
            yield self.alone(*self._alone.popleft())

    def alone(self, order: Order, tries: int = 0) -> Graded:
        """Grade an order while nothing else runs, as often as it may be tried."""
        while True:
            tries += 1
            future = self._submit(order)
            try:
                return future.result()
            except CourseError:
                raise
            except Exception as error:  # noqa: BLE001 - any fault of a worker is told, none ends the batch
                self._discard(error)
                if tries >= MAX_TRIES:
                    return fault_of(order, error, tries)

    def _fill(self) -> bool:
        while len(self._under_way) < self._most:
            order = next(self._orders, None)
            if order is None:
                break
            self._under_way[self._submit(order)] = (order, 1)
        return bool(self._under_way)

    def _submit(self, order: Order) -> Future[Graded]:
        for _ in range(MAX_TRIES):
            if self._executor is None:
                self._executor = self._open()
            try:
                return self._executor.submit(self._unit, order, self._kit)
            except BrokenExecutor as error:  # it broke while nothing was waited for
                self._discard(error)
        raise CourseError("worker processes end as soon as they start; see `grade doctor`")

    def _result(self, future: Future[Graded], order: Order, tries: int) -> Graded | None:
        try:
            return future.result()
        except CourseError:
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a worker is told, none ends the batch
            # One of those under way killed its worker; which one shows when each runs alone.
            self._alone.append((order, tries))
            if isinstance(error, BrokenExecutor):
                self._alone += self._under_way.values()
                self._under_way.clear()
            self._discard(error)
            return None

    def _discard(self, error: Exception) -> None:
        if isinstance(error, BrokenExecutor):
            self.close(at_once=True)

    def close(self, *, at_once: bool = False) -> None:
        """End the executor; ``at_once`` with what is under way in it."""
        executor, self._executor = self._executor, None
        if executor is not None:
            with suppress(Exception):
                executor.shutdown(wait=not at_once)


def fault_of(order: Order, error: Exception, tries: int) -> Graded:
    """Return what is kept of an order that could not be graded: nothing but why."""
    problem = printable(f"{type(error).__name__}: {error}", 300)
    text = to_json.write([], attempt={**order.attempt, "problem": problem})
    markdown = f"# Not graded\n\nThis submission could not be graded: {problem}\n"
    return Graded(order.key, order.digest, Status.FAULT, text, markdown, tries=tries, note=problem)
