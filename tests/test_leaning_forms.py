"""What passes between a student's function and the course's: dicts, texts, losses, and the wire."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from in_process import grade_texts
from small_course import made

from grader.isolation.leaning import MAX_BYTES, Answer, Function, Leaning, Question, to_answer
from grader.model import Fault, FaultKind, TaskResult
from grader.worker.exchange import NotData, Token, pack, unpack
from grader.worker.nodes import MAX_DEPTH
from grader.worker.wire import Frame, WireError

SCALE = """
assignment: m
files: [m.py]
style: function_pair
sizes: {N: [3, 6], D: [2, 4], H: [2, 3]}
tasks:
  - {id: norm, target: norm, inputs: {x: [N, D], mean: [D]}, outputs: [out, mean_after],
     hyper_parameters: {momentum: {range: [0.1, 0.9]}}, constants: {mode: train},
     dicts: {param: [mode, momentum, mean]}, read_back: {mean_after: param.mean},
     upstream: [out], gradients: [x], random_cases: 2}
  - {id: spatial, target: spatial, inputs: {x: [N, D, H], mean: [D]}, outputs: [out, mean_after],
     hyper_parameters: {momentum: {range: [0.1, 0.9]}}, constants: {mode: train},
     dicts: {param: [mode, momentum, mean]}, read_back: {mean_after: param.mean},
     upstream: [out], gradients: [x], random_cases: 2, leans_on: [norm]}
  - {id: total, style: loss_function, target: total, inputs: {x: [N, D]}, outputs: [loss],
     random_cases: 2}
  - {id: twice, style: loss_function, target: twice, inputs: {x: [N, D]}, outputs: [loss],
     random_cases: 2, leans_on: [total]}
"""
SOURCE = """
import numpy as np


def norm_forward(x, param={}):
    if param["mode"] == "test":
        return x - param["mean"], None
    mean = x.mean(axis=0)
    param["mean"] = param["momentum"] * param["mean"] + (1 - param["momentum"]) * mean
    return (x - mean) ** 3, x - mean


def norm_backward(dout, cache):
    d = 3 * dout * cache**2
    return d - d.mean(axis=0)


def spatial_forward(x, param):
    n, d, h = x.shape
    param["note"] = object()
    out, cache = norm_forward(x.transpose(0, 2, 1).reshape(-1, d), param)
    assert param["mode"] == "train"
    return out.reshape(n, h, d).transpose(0, 2, 1), cache


def spatial_backward(dout, cache):
    n, d, h = dout.shape
    dx = norm_backward(dout.transpose(0, 2, 1).reshape(-1, d), cache)
    return dx.reshape(n, h, d).transpose(0, 2, 1)


def total(x):
    return np.sum(x**2), 2 * x


def twice(x):
    loss, dx = total(x)
    assert loss.shape == ()
    return 2 * loss, 2 * dx
"""
READY = made(SCALE, SOURCE)


def results(source: str) -> dict[str, TaskResult]:
    """Return the results of a submission by task."""
    return {task.id: task for task in grade_texts(READY, {"m.py": source}).tasks}


@pytest.mark.parametrize(
    ("old", "new", "task"),
    [
        ("x - mean) ** 3", "x + mean) ** 3", "spatial"),
        ("3 * dout", "2 * dout", "spatial"),
        ("(1 - param[", "(2 - param[", "spatial"),
        ("def norm_forward", "def norm_backwards", "spatial"),
        ("return np.sum(x**2)", "return np.sum(x**3)", "twice"),
        ("np.sum(x**2), 2 * x", "np.sum(x**2), 3 * x", "twice"),
    ],
)
def test_forms_of_helpers(old: str, new: str, task: str) -> None:
    """Texts and dicts reach the course's function, what it puts in a dict comes back."""
    assert results(SOURCE)[task].outcome.value == "passed"
    assert old in SOURCE
    found = results(SOURCE.replace(old, new))[task]
    assert [f.message for f in found.findings if f.code == "N727"], found.findings


VALUES = [
    np.arange(6.0).reshape(2, 3), np.zeros((2, 0)), np.ones(3, "f4"), np.array([True]), 3, 2.5,
    True, "train", None, (1, 2), [1.5, [2]], list(range(40)), {"mode": "test", "mean": np.ones(3)},
    Token(7), np.float64(2), (np.ones(2), {"a": (1,)}),
]  # fmt: skip


def flat(value: Any) -> Any:
    """Return a value as something that can be compared, types of numbers included."""
    if isinstance(value, Token):
        return ("token", value.number)
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, [flat(item) for item in value])
    if isinstance(value, dict):
        return {key: flat(item) for key, item in value.items()}
    array = np.asarray(value) if value is not None else np.zeros(0)
    is_data = isinstance(value, (np.ndarray, np.generic))
    return (array.dtype if is_data else type(value).__name__, array.shape, array.tolist())


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_arrive_as_they_are(value: Any) -> None:
    """Numbers stay numbers, texts texts, containers containers; long lists come as arrays."""
    arrays: list[Any] = []
    read = unpack(pack(value, arrays), arrays)
    expected = np.array(value) if isinstance(value, list) and len(value) > 16 else value
    assert flat(read) == flat(expected)


def test_what_is_no_data() -> None:
    """Anything else is refused; in a dict it stays behind, with nothing of it."""
    for value in (object(), (object(),), np.array([object()]), 1j, {1}):
        with pytest.raises(NotData):
            pack(value, [])
    arrays: list[Any] = []
    node = pack({"a": (np.ones(2), object()), "b": np.zeros(1), 3: 4}, arrays)
    assert (node["keys"], len(arrays)) == (["b"], 2)


BAD_NODES: list[Any] = [
    None, [], 3, {}, {"t": "other"}, {"t": []}, {"t": "array"}, {"t": "array", "a": 9},
    {"t": "array", "a": -1}, {"t": "array", "a": True}, {"t": "array", "a": 1.0},
    {"t": "number", "a": 0}, {"t": "text", "text": 3}, {"t": "text", "text": "x" * 10**6},
    {"t": "token", "n": "1"}, {"t": "token", "n": -1}, {"t": "token", "n": 1 << 80},
    {"t": "tuple"}, {"t": "tuple", "items": {}}, {"t": "list", "items": [{"t": "none"}] * 999},
    {"t": "dict", "keys": ["a"], "items": []}, {"t": "dict", "keys": [1], "items": [{"t": "none"}]},
    {"t": "tuple", "items": [{"t": "array", "a": 0}] * 2},
]  # fmt: skip


@pytest.mark.parametrize("node", BAD_NODES, ids=lambda node: str(node)[:30])
def test_nodes_that_are_none(node: Any) -> None:
    """A node that is not well formed is a ``WireError``, nothing else."""
    with pytest.raises(WireError):
        unpack(node, [np.ones(3)])


def test_nodes_without_end() -> None:
    """Depth and number of nodes are capped."""
    deep: Any = {"t": "none"}
    for _ in range(MAX_DEPTH + 1):
        deep = {"t": "tuple", "items": [deep]}
    wide: Any = {"t": "none"}
    for _ in range(MAX_DEPTH):
        wide = {"t": "list", "items": [wide] * 16}
    for node in (deep, wide):
        with pytest.raises(WireError):
            unpack(node, [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["t", "a", "n", "items", "keys", "text"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_JSON, _JSON, st.integers() | st.just(1))
def test_no_call_breaks_the_host(name: Any, node: Any, number: Any) -> None:
    """Whatever a child asks, the host answers it or finds it malformed."""

    def refused(question: Question, _seconds: float) -> Answer | Fault:
        assert isinstance(question.arguments, tuple)
        return Fault(FaultKind.RAISED, "forward")

    leaning = Leaning({"f": Function("m", "f", ("x",), makes_cache=False)}, refused)
    for asked in (name, "f"):
        message = {"id": number, "asks": asked, "arguments": node}
        try:
            reply = leaning.reply(Frame(message, [np.ones(2)]), 1, 0, 1.0)
        except WireError:
            continue
        assert reply == ({"id": 1}, [])


def test_sizes_are_capped() -> None:
    """Arguments and results beyond a size are refused before anything is made of them."""
    leaning = Leaning({"f": Function("m", "f", (), makes_cache=False)}, lambda _q, _s: Answer(1))
    fine = {"id": 1, "asks": "f", "arguments": {"t": "tuple", "items": []}}
    assert "answer" in leaning.reply(Frame(fine, [], MAX_BYTES), 1, 0, 1.0)[0]
    with pytest.raises(WireError):
        leaning.reply(Frame(fine, [], MAX_BYTES + 1), 1, 0, 1.0)
    with pytest.raises(WireError):
        to_answer(Frame({"answer": {"t": "none"}}, [], MAX_BYTES + 1))
