"""The unit of a batch in processes that see no course folder: on this machine and on a cluster."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from running import ROOT
from tiny_class import FILE, write_course

from grader.batch import MAX_TRIES, Graded, Kit, Order, Status, carry_out, grade_order, kit_of
from grader.batch.executors import dask, local
from grader.batch.proofs import refuse_unsound
from grader.batch.watch import Watch
from grader.cases import public_seed
from grader.course import Course, load
from grader.errors import CourseError
from grader.isolation import Session, choose
from grader.model import Limits
from grader.submission import Submission, read_submission

EXAMPLES = ROOT / "examples"


@cache
def small_kit() -> Kit:
    """Return the kit of a course of one assignment."""
    course = Course(ROOT, "Backpropagation exercises")
    assignment, rubric = load(course, "descent")
    seeds = {"descent": (public_seed(0, assignment), "public, 0")}
    text = (ROOT / "rubrics" / "descent.yaml").read_text()
    return kit_of(course, [(assignment, rubric)], {"descent": text}, seeds, "auto", allow_weak=True)


def order_of(key: str) -> Order:
    """Return an order for an example by a key like `perfect-3`."""
    name = key.partition("-")[0]
    assignment, _ = load(Course(ROOT, ""), "descent")
    submission = read_submission(EXAMPLES / name, assignment.files)
    return Order(key, key, (("descent", submission),), {"key": key})


def orders(count: int) -> Iterator[Order]:
    """Yield right and wrong submissions in turn."""
    for index in range(count):
        yield order_of(f"{('perfect', 'typical_mistakes')[index % 2]}-{index}")


SCORES = {"perfect": 9.0, "typical_mistakes": 3.0}


def test_the_unit_alone() -> None:
    """An order and a kit give the texts of both reports, and the score."""
    graded = grade_order(order_of("typical_mistakes-0"), small_kit())
    document = json.loads(graded.json)
    assert (graded.score, graded.max_score, graded.status) == (3.0, 9.0, Status.GRADED)
    assert document["attempt"] == {"key": "typical_mistakes-0"}
    assert [r["score"] for r in document["reports"]] == [3.0]
    assert "descent" in graded.markdown


def test_limits_of_time_can_be_longer_for_one() -> None:
    """A time factor multiplies them, and nothing else."""
    order = order_of("perfect-0")
    slow = Order(order.key, order.digest, order.submissions, order.attempt, time_factor=1.5)
    plain, longer = (json.loads(grade_order(o, small_kit()).json) for o in (order, slow))
    limits = [document["reports"][0]["limits"] for document in (plain, longer)]
    assert limits[1]["call_seconds"] == 1.5 * limits[0]["call_seconds"]
    assert limits[1]["memory_mb"] == limits[0]["memory_mb"]


def test_processes_of_this_machine() -> None:
    """Every submission gets its exact score."""
    stored: list[Graded] = []
    carry_out(orders(8), order_of, small_kit(), local(2), 2, stored.append)
    assert {g.key: g.score for g in stored} == {
        o.key: SCORES[o.key.partition("-")[0]] for o in orders(8)
    }


DYING = """import faulthandler
left = {calls}
def count():
    global left
    left -= 1
    if left == 0:
        faulthandler._read_null()
class SquareGate:
    def forward(self, x):
        count()
        self.x = x
        return x * x
    def backward(self, dz):
        count()
        return {factor} * self.x * dz
"""


@pytest.mark.parametrize("factor", [2, 3], ids=["right", "wrong"])
def test_a_death_is_known_wherever_it_happens(tmp_path: Path, factor: int) -> None:
    """At every call of every process of a submission, also where no finding tells of it."""
    course = Course(write_course(tmp_path), "Tiny")
    assignment, _ = load(course, "gates")
    seeds = {"gates": (public_seed(0, assignment), "public, 0")}
    chosen = [load(course, "gates")]
    kit = kit_of(course, chosen, {}, seeds, "auto", allow_weak=True)

    def graded(calls: int) -> Graded:
        text = DYING.format(calls=calls, factor=factor)
        handed = Submission("s", {FILE: text}, {}, (), str(calls))
        return grade_order(Order("s", str(calls), (("gates", handed),)), kit)

    whole = graded(-1)
    tries = [graded(calls) for calls in range(1, 90, 4)]
    due = [one.tries_due for one in tries]
    assert whole.tries_due == 1
    assert set(due) == {1, MAX_TRIES}
    assert due == sorted(due, reverse=True)
    assert {one.score for one in tries if one.tries_due == 1} == {whole.score}
    silent = [one for one in tries if one.tries_due > 1 and '"R203"' not in one.json]
    assert silent, "some calls are those of probes and witnesses"


@pytest.mark.parametrize(("kills", "is_refused"), [(1, False), (3, False), (10_000, True)])
def test_a_proof_whose_process_was_killed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int, *, is_refused: bool
) -> None:
    """The spec is not to blame for it; a reference that dies each time is refused."""
    left = [True] * kills

    def disturbed(watch: Watch, files: Mapping[str, str], limits: Limits) -> Session:
        session = opened(watch, files, limits)
        if left:
            session._child._process.kill()  # type: ignore[attr-defined]
            left.pop()
        return session

    opened = Watch.open
    monkeypatch.setattr(Watch, "open", disturbed)
    course = Course(write_course(tmp_path), "Tiny")
    assignment, rubric = load(course, "gates")
    with pytest.raises(CourseError) if is_refused else nullcontext():
        refuse_unsound(course, assignment, rubric, choose(), tmp_path)
    assert len(left) < kills


def test_a_cluster_that_is_not_there() -> None:
    """An address that nobody answers is named."""
    pytest.importorskip("distributed", reason="dask is not installed")
    with pytest.raises(CourseError, match="cannot be reached"):
        dask("tcp://127.0.0.1:1", seconds=0.2)


@pytest.mark.filterwarnings("ignore")  # of distributed, while its worker is killed
def test_a_cluster_and_one_of_its_workers_killed() -> None:
    """The others take over: no result is lost, none comes twice."""
    distributed = pytest.importorskip("distributed", reason="dask is not installed")
    stored: list[Graded] = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        open_executor, threads = dask(cluster.scheduler_address)
        victims = [worker.pid for worker in cluster.workers.values()]

        def store(graded: Graded) -> None:
            stored.append(graded)
            if len(stored) == 5:
                os.kill(victims[0], signal.SIGKILL)

        carry_out(orders(24), order_of, small_kit(), open_executor, threads, store)
    assert sorted(g.key for g in stored) == sorted(o.key for o in orders(24))
    assert {g.score for g in stored if g.key.startswith("perfect")} == {9.0}
