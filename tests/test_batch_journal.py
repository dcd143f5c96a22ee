"""What a batch keeps, and what counts of an order that was tried more than once."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from stub_batch import KIT, again, answered, orders

from grader.batch import MAX_TRIES, Graded, Journal, Kit, Order, carry_out
from grader.batch.run import fault_of
from grader.errors import CourseError


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


@pytest.mark.parametrize(
    ("tries", "due", "is_settled"), [(1, 1, True), (1, 2, False), (2, 2, True), (1, 5, False)]
)
def test_what_is_to_be_tried_again_is_not_settled(
    tmp_path: Path, tries: int, due: int, *, is_settled: bool
) -> None:
    """A run that was killed between two tries makes them, also where the report tells nothing."""
    graded = dataclasses.replace(
        answered(again("s001"), KIT), json='{"reports": [{"complete": true, "tasks": []}]}'
    )
    with Journal(tmp_path) as journal:
        journal.store(dataclasses.replace(graded, tries=tries, tries_due=due))
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
        journal.store(dataclasses.replace(graded, tries=2, tries_due=2))
        journal.finish()
        assert journal.holds("s001", "digest 1")
    (tmp_path / "journal.jsonl").unlink()
    with Journal(tmp_path) as journal:
        assert not journal.holds("s001", "digest 1")


def test_the_first_of_two_tries_can_stay(tmp_path: Path) -> None:
    """Where it was the better one: it is settled, and not tried with every run."""

    def worse_each_time(order: Order, kit: Kit) -> Graded:
        scores.append(1.0 - len(scores))
        return dataclasses.replace(answered(order, kit), score=scores[-1], tries_due=2)

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


DIED, LATE = 5, 2  # tries that are due
Try = tuple[float, int] | tuple[float, int, float]  # score, tries due, seconds


@pytest.mark.parametrize(
    ("tries", "score", "made"),
    [
        ([(0, DIED), (4, 1)], 4, 2),
        ([(0, DIED), (1, DIED), (0, DIED), (4, 1)], 4, 4),
        ([(4, DIED), (3, 1)], 3, 2),
        ([(0, DIED), (3, LATE)], 3, 2),
        ([(3, LATE), (0, DIED), (3, LATE)], 3, 3),
        ([(1, LATE), (0, LATE)], 1, 2),
        ([(0, LATE), (1, LATE)], 1, 2),
        ([(1, DIED)] * 5, 1, 5),
        ([(0, DIED), (3, DIED), (3, DIED), (3, DIED), (3, DIED)], 3, 5),
        ([(0, DIED), (4, DIED), (0, DIED), (4, DIED), (0, DIED)], 0, 5),
        ([(0, DIED, 70), (1, DIED, 70)], 1, 2),
        ([(0, DIED, 200), (4, 1)], 4, 2),
    ],
    ids=[
        "killed once",
        "killed three times",
        "what went through is the last word",
        "killed, then timed out",
        "timed out, killed, timed out",
        "timed out, first better",
        "timed out, second better",
        "crashes by itself",
        "crashes by itself, and killed once",
        "guesses, and dies",
        "no third try after two minutes",
        "but a second",
    ],
)
def test_what_died_is_tried_until_it_does_not(
    tmp_path: Path, tries: list[Try], score: float, made: int
) -> None:
    """Five times at most, each noted; a kill costs nothing, and dying on purpose wins nothing."""
    left = list(tries)

    def scripted(order: Order, kit: Kit) -> Graded:
        told, due, *seconds = left.pop(0)
        return dataclasses.replace(
            answered(order, kit), score=told, tries_due=due, seconds=sum(seconds)
        )

    with Journal(tmp_path) as journal:
        end = carry_out(orders(1), again, KIT, partial(ThreadPoolExecutor, 1), 1, journal.store,
                        unit=scripted, keep_first=journal.keep_first)  # fmt: skip
    assert left == []
    assert (end.done, end.late, end.failed) == (1, 0, tries[-1][1] > 1)
    with Journal(tmp_path) as journal:
        assert journal.holds("s000", "digest 0")
        assert (journal.known["s000"]["score"], journal.known["s000"]["tries"]) == (score, made)


def test_a_fault_of_ours_takes_no_verdict_away(tmp_path: Path) -> None:
    """Where the second try cannot be made, the first stays, and the next run makes it."""
    left = [1]

    def once(order: Order, kit: Kit) -> Graded:
        if not left:
            raise ValueError("no such thing")
        return dataclasses.replace(answered(order, kit), score=left.pop(), tries_due=2)

    with Journal(tmp_path) as journal:
        end = carry_out(orders(1), again, KIT, partial(ThreadPoolExecutor, 1), 1, journal.store,
                        unit=once, keep_first=journal.keep_first)  # fmt: skip
        assert (journal.known["s000"]["score"], end.failed) == (1, 1)
        assert not journal.holds("s000", "digest 0")
