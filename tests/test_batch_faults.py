"""A few rounds of what `benchmarks/faults.py` does by the dozen."""

from __future__ import annotations

import dataclasses
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import running

from grader.batch import Graded, Journal, Kit, Order, Progress, Status, carry_out
from grader.isolation import problem_of

KIT = Kit("Stub", b"", (), "auto", allow_weak=False, digest="kit")
COUNT = 240
KILLS = 5


def answered(order: Order, _kit: Kit) -> Graded:
    """Grade in a moment; every tenth times out at first."""
    time.sleep(0.003)
    number = int(order.key[1:])
    report = f'{{"complete": true, "score": {number}, "tasks": []}}'
    graded = Graded(order.key, order.digest, Status.GRADED, f'{{"reports": [{report}]}}', "",
                    score=number, max_score=COUNT)  # fmt: skip
    return dataclasses.replace(graded, tries_due=1 + (number % 10 == 0))


def order_of(key: str) -> Order:
    """Return an order by its key."""
    return Order(key, f"digest of {key}", ())


def orders(journal: Journal) -> Iterator[Order]:
    """Yield what the journal does not hold."""
    every = (order_of(f"s{number:03d}") for number in range(COUNT))
    return (order for order in every if not journal.holds(order.key, order.digest))


def grade(folder: Path) -> Progress:
    """Grade what is left, into a folder."""
    with Journal(folder) as journal:
        return carry_out(orders(journal), order_of, KIT, partial(ThreadPoolExecutor, 2), 2,
                         journal.store, unit=answered, keep_first=journal.keep_first)  # fmt: skip


def reports(folder: Path) -> dict[str, str]:
    """Return the text of every report by key."""
    return {path.parent.name: path.read_text() for path in folder.rglob("report.json")}


def test_kills_at_random_moments(tmp_path: Path) -> None:
    """What was kept stays as it was, nothing is lost, and what is left is done by the next run."""
    grade(tmp_path / "undisturbed")
    expected = reports(tmp_path / "undisturbed")
    drawn = random.Random(time.time_ns())
    out, kept = tmp_path / "out", 0
    for _ in range(KILLS):
        process = multiprocessing.get_context("spawn").Process(target=grade, args=(out,))
        process.start()
        more = kept + drawn.randint(1, COUNT // KILLS - 20)
        while len(list(out.glob("submissions/*/report.json"))) < more:
            assert process.is_alive()
            time.sleep(0.002)
        time.sleep(drawn.uniform(0, 0.01))
        process.kill()
        process.join()
        found = reports(out)
        assert len(found) >= more
        assert found.items() <= expected.items()
        kept = len(found)
    done = grade(out).done
    late = COUNT // 10
    # What was kept of a first try is graded anew, and then once more.
    assert COUNT - kept <= done <= COUNT - kept + late
    assert reports(out) == expected
    with Journal(out) as journal:
        assert not list(orders(journal))
        assert {
            line["tries"] for line in journal.known.values() if line.get("tries_due", 1) > 1
        } == {2}


@pytest.mark.skipif(bool(problem_of("confined")), reason="a class is graded from `confined` up")
def test_hostile_submissions_among_good_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few attacks drawn at random: each good one gets its exact score, each bad one a row."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(running.ROOT / "benchmarks")])
    import faults

    good, bad, problems = faults.mixed(seconds=0, size=4, seed=time.time_ns())
    assert problems == []
    assert (good, bad) == (8, 4)
