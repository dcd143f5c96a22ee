"""The graphs that are drawn, and what slow or deep work on them costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache

import pytest
from in_process import grade_texts, prepared, read_right
from running import run
from small_course import outcomes, told

from grader.isolation import SANDBOXES
from grader.model import Battery, Kind, TaskResult

SEEDS = range(5)
Rows = list[list[int]]


def battery(seed: int) -> Battery:
    """Return the battery of the task under one seed."""
    found = prepared("graphs", seed).batteries["graph"]
    assert isinstance(found, Battery)
    return found


def graphs(name: str = "") -> Iterator[Rows]:
    """Yield the rows of every random case, or of every case of one sub-case, under some seeds."""
    for seed in SEEDS:
        kind = Kind.NAMED if name else Kind.RANDOM
        for expected in battery(seed).expected[kind]:
            if expected.case.label == name:
                yield expected.case.inputs["gates"].tolist()


def uses(rows: Rows) -> list[tuple[int, int]]:
    """Return every use: (what is used, by which gate)."""
    return [(i, row[1]) for row in rows for i in row[2:] if i >= 0]


def users_of(rows: Rows) -> dict[int, list[int]]:
    """Return the users of everything that is used."""
    found: dict[int, list[int]] = {}
    for used, user in uses(rows):
        found.setdefault(used, []).append(user)
    return found


def depths(rows: Rows) -> dict[int, int]:
    """Return of every gate the longest way from the leaves; raises where there is a cycle."""
    inputs = {row[1]: [i for i in row[2:] if i > 2] for row in rows}
    found: dict[int, int] = {}
    while len(found) < len(inputs):
        ready = [g for g in inputs.keys() - found.keys() if all(i in found for i in inputs[g])]
        assert ready, "a cycle"
        found |= {g: 1 + max((found[i] for i in inputs[g]), default=0) for g in ready}
    return found


def in_order(rows: Rows) -> bool:
    """Return True when every gate stands behind those it depends on."""
    place = {row[1]: k for k, row in enumerate(rows)}
    return all(place.get(i, -1) < place[user] for i, user in uses(rows))


SUB_CASES = (
    "", "chain", "in_order", "reversed", "fan_out", "diamond", "leaf_twice", "inner_twice",
    "same_input", "unused_leaf", "once", "ladder",
)  # fmt: skip


@pytest.mark.parametrize("name", SUB_CASES)
def test_every_graph_is_one(name: str) -> None:
    """One gate is used by none, every number is known, and numbers say nothing of the order."""
    is_sorted = []
    for rows in graphs(name):
        numbers = [row[1] for row in rows]
        assert sorted(numbers) == list(range(3, 3 + len(rows)))
        assert len(set(numbers) - users_of(rows).keys()) == 1
        assert {i for i, _ in uses(rows)} <= {0, 1, 2, *numbers}
        by_depth = sorted(numbers, key=depths(rows).__getitem__)
        is_sorted.append(by_depth == sorted(by_depth))
    assert not all(is_sorted)


@pytest.mark.parametrize("name", SUB_CASES)
def test_the_order_in_which_gates_are_given(name: str) -> None:
    """In order or reversed where the sub-case says so, and else never in order."""
    for rows in graphs(name):
        assert in_order(rows) is (name == "in_order")
        if name == "reversed":
            assert in_order(rows[::-1])


def repeated(rows: Rows) -> list[int]:
    """Return what is used more than once."""
    return [used for used, users in users_of(rows).items() if len(users) > 1]


def apart(rows: Rows, used: int) -> int:
    """Return how far apart the users of something are."""
    found = [depths(rows)[user] for user in users_of(rows)[used]]
    return max(found) - min(found)


SHOWS = {
    "chain": lambda rows: not repeated(rows),
    "fan_out": lambda rows: max(map(len, users_of(rows).values())) >= 3,
    "diamond": lambda rows: [len(users_of(rows)[i]) for i in repeated(rows)] == [2],
    "leaf_twice": lambda rows: [i < 3 for i in repeated(rows)] == [True],
    "inner_twice": lambda rows: [apart(rows, i) for i in repeated(rows)] == [3],
    "same_input": lambda rows: sorted(row[2] > 2 for row in rows if row[2] == row[3])
    == [False, True],
    "unused_leaf": lambda rows: len({0, 1, 2} & users_of(rows).keys()) == 2 and not repeated(rows),
    "once": lambda rows: sorted(len(users_of(rows)[r[1]]) for r in rows if r[0] == 3) == [1, 3],
    "ladder": lambda rows: len([i for i in repeated(rows) if i > 2]) == 40,
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWS)
def test_a_sub_case_shows_what_it_is_named_for(name: str) -> None:
    """A chain has no fork, a leaf used twice is the only one, users lie at different depths."""
    shown = [SHOWS[name](rows) for rows in graphs(name)]
    assert shown
    assert all(shown)


def test_random_graphs_reuse_leaves_and_gates() -> None:
    """Under every seed some random graph uses a leaf twice and some a gate."""
    for seed in SEEDS:
        rows = [e.case.inputs["gates"].tolist() for e in battery(seed).expected[Kind.RANDOM]]
        assert any(i < 3 for r in rows for i in repeated(r))
        assert any(i > 2 for r in rows for i in repeated(r))


def test_the_deep_chain_is_deeper_than_recursion() -> None:
    """It is a chain, and Python's limit of 1000 calls is far below its length."""
    (rows, *_) = graphs("deep")
    assert not repeated(rows)
    found = depths(rows)
    assert max(found.values()) == len(rows) == 1200
    # Whoever starts with the first, second or last gate given goes all the way at once.
    assert [found[rows[k][1]] for k in (0, 1, -2, -1)] == [1200, 1, 2, 1199]


@cache
def right() -> str:
    """Return the right answer that is edited here."""
    return read_right("plain", "graphs")["graphs.py"]


def graded_in_child(edits: dict[str, str], seconds: float) -> TaskResult:
    """Grade an edited answer in a process of its own, with this limit for a call."""
    text = right()
    for old, new in edits.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    ready = prepared("graphs", 0)
    limits = dataclasses.replace(ready.assignment.limits, call_seconds=seconds)
    ready = dataclasses.replace(
        ready, assignment=dataclasses.replace(ready.assignment, limits=limits)
    )
    return grade_texts(ready, {"graphs.py": text}, open_session=SANDBOXES["process"]).tasks[0]


EVERY_PATH = """order = []
        known = {node[0]: node for node in self.gates}
        todo = [node for node in self.gates if not any(node[0] in other[2] for other in self.gates)]
        while todo:
            node = todo.pop()
            order.append(node)
            todo += [known[i] for i in node[2] if i in known]
        seen = set()
        self.order = [n for n in order[::-1] if not (n[0] in seen or seen.add(n[0]))]"""
BY_EVERY_PATH = """todo = [(self.order[-1], df)]
        nodes = {node[0]: node for node in self.order}
        grads = dict.fromkeys(self.leaves, 0.0)
        while todo:
            (name, gate, inputs), dz = todo.pop()
            for source, grad in zip(inputs, gate.backward(dz)):
                if source in nodes:
                    todo.append((nodes[source], grad))
                else:
                    grads[source] += grad
        for name, gate, inputs in []:"""
_SORT = "self.order = self.nodes_topologically_sorted()"
_LOOP = "for name, gate, inputs in reversed(self.order):"


@pytest.mark.parametrize(
    ("edits", "lost"),
    [
        ({_SORT: EVERY_PATH}, {"case.ladder": "R202"}),
        ({_LOOP: BY_EVERY_PATH}, {"case.ladder": "R202", "case.once": "R201"}),
    ],
    ids=["sorting", "backward"],
)
def test_a_walk_along_every_path_costs_its_own_line(
    edits: dict[str, str], lost: dict[str, str]
) -> None:
    """2^40 paths are never walked to their end; all else is right and is judged as right."""
    result = graded_in_child(edits, 1.0)
    assert {f.check: f.code for f in told(result)} == lost
    assert {c.id for c in result.checks if c.score < c.max_score} == set(lost)
    assert outcomes(result)["case.ladder"] == "timed_out"


@pytest.mark.parametrize("limit", [100_000, 1_000_000_000])
def test_recursion_with_a_higher_limit_is_right(limit: int) -> None:
    """Whoever raises the limit of recursion has solved the deep graph."""
    recursive = """order, known, seen = [], {node[0]: node for node in self.gates}, set()
        import sys
        sys.setrecursionlimit(LIMIT)

        def visit(name):
            if name in known and name not in seen:
                seen.add(name)
                for i in known[name][2]:
                    visit(i)
                order.append(known[name])

        for name in known:
            visit(name)
        self.order = order"""
    result = graded_in_child({_SORT: recursive.replace("LIMIT", str(limit))}, 10.0)
    assert told(result) == []


def test_a_deep_fault_says_what_to_do() -> None:
    """The finding names the sub-case, the line of the student, and the way out."""
    done = run("examples/typical_mistakes", "--assignment", "graphs")
    assert "graph case.deep  R210" in done.out
    assert "graphs.py:16: ComputationalGraph.__init__ called itself too deeply" in done.out
    assert "a loop with a list" in done.out


def test_a_fault_in_a_gate_names_the_line_of_the_student() -> None:
    """The gates came with the assignment: the line that called them is what counts."""
    result = graded_in_child({_LOOP: f"{_LOOP}\n            gate.backward(grads[name])"}, 10.0)
    (finding,) = told(result)
    assert finding.check == "case.once"
    assert finding.message.startswith("graphs.py:")
    assert "a gate was run backward twice" in finding.message


def test_a_replay_shows_the_gates_by_name() -> None:
    """The wiring is printed as calls, cut where it is long."""
    shown = run("examples/perfect", "--assignment", "graphs", "--replay", "graph:case:0").out
    assert shown.count(" = GATES[") == 4
    assert "GATES[2](" in shown
    deep = run("examples/perfect", "--assignment", "graphs", "--replay", "graph:case:20").out
    assert "... = 1150 more" in deep


def test_a_replay_of_what_must_raise_says_so() -> None:
    """The exception that is due stands where the numbers would."""
    words = ("--assignment", "modules", "--replay", "mul_constant:case:4")
    shown = run("examples/perfect", *words).out
    assert "raises = ValueError" in shown


@pytest.mark.parametrize(
    ("example", "assignment", "case", "code"),
    [
        ("typical_mistakes", "modules", "linear:random:0", "B508"),
        ("typical_mistakes", "modules", "mul_constant:case:0", "B509"),
        ("typical_mistakes", "gates", "sigmoid:random:0", "B501"),
    ],
)
def test_a_replay_shows_how_an_object_behaves(
    example: str, assignment: str, case: str, code: str
) -> None:
    """What was told of a case about state or memory is told again when it is replayed."""
    words = (f"examples/{example}", "--assignment", assignment)
    assert f"--replay {case}" in run(*words).out
    replayed = run(*words, "--replay", case)
    assert code in replayed.out
    assert replayed.code == 1
