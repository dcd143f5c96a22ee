"""What a student's process says is read strictly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.isolation.values import to_fault, to_loaded, to_returned, to_value
from grader.model import Fault, FaultKind
from grader.worker.wire import Frame, WireError

NONE = {"t": "none"}
FAULT = {"kind": "raised", "detail": "a\x1b[2J", "file": "a.py", "line": 3}
deep: Any = NONE
for _ in range(10):
    deep = {"t": "tuple", "items": [deep]}

MALFORMED: dict[str, object] = {
    "no object": 1,
    "no form": {},
    "unknown form": {"t": "pickle"},
    "form no text": {"t": ["none"]},
    "no such array": {"t": "array", "a": 1, "as": "float"},
    "negative array": {"t": "array", "a": -1, "as": "float"},
    "bool index": {"t": "array", "a": False, "as": "float"},
    "no name": {"t": "array", "a": 0},
    "no items": {"t": "tuple"},
    "items no list": {"t": "list", "items": {"0": NONE}},
    "keys without items": {"t": "dict", "keys": ["a"], "items": []},
    "keys no text": {"t": "dict", "keys": [1], "items": [NONE]},
    "too deep": deep,
    "too many": {"t": "list", "items": [NONE] * 5000},
}


@pytest.mark.parametrize("node", MALFORMED.values(), ids=MALFORMED)
def test_malformed_values(node: object) -> None:
    """A malformed node is a WireError."""
    with pytest.raises(WireError):
        to_value(node, [np.zeros(1)])


def test_fault_is_printable() -> None:
    """A fault keeps the host's stage and loses its control characters."""
    assert to_fault(FAULT, "load") == Fault(FaultKind.RAISED, "load", "a\\x1b[2J", "a.py", 3)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "fine"},
        {"kind": 1},
        {"line": -1},
        {"line": True},
        {"line": 1e3},
        {"detail": None},
        {"opening": 1},
        {"opening": None},
    ],
)
def test_malformed_faults(change: dict[str, Any]) -> None:
    """A malformed fault is a WireError."""
    with pytest.raises(WireError):
        to_fault({**FAULT, **change}, "load")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"value": NONE, "mutated": []},
        {"value": NONE, "seconds": 1, "mutated": []},
        {"value": NONE, "seconds": float("inf"), "mutated": []},
        {"value": NONE, "seconds": 1.0, "mutated": [1]},
        {"value": NONE, "seconds": 1.0, "mutated": ["x"] * 100},
        {"seconds": 1.0, "mutated": []},
    ],
)
def test_malformed_answers(message: dict[str, Any]) -> None:
    """A malformed answer to a step is a WireError."""
    with pytest.raises(WireError):
        to_returned(Frame(message, []), 1.0)


def test_time_is_bounded() -> None:
    """A time cannot be more than the limit nor less than nothing."""
    for claimed, kept in ((5.0, 1.0), (-5.0, 0.0), (0.5, 0.5)):
        frame = Frame({"value": NONE, "seconds": claimed, "mutated": ["x"]}, [])
        returned = to_returned(frame, 1.0)
        assert returned is not None
        assert (returned.seconds, returned.mutated) == (kept, ("x",))


def test_unknown_stub() -> None:
    """Only the two stages can be stubs."""
    assert to_loaded(Frame({"stubs": ["forward"]}, [])).stubs == {"forward"}
    with pytest.raises(WireError):
        to_loaded(Frame({"stubs": ["sideways"]}, []))


nodes: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers(-3, 3) | st.text(max_size=3) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "a", "as", "items", "keys", "line"]), inner)
        | st.fixed_dictionaries(
            {
                "t": st.sampled_from(["none", "array", "tuple", "dict", "other"]),
                "a": inner,
                "as": st.text(),
                "items": st.lists(inner, max_size=3),
            }
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(nodes)
def test_any_json(node: Any) -> None:
    """Whatever JSON comes, the readers return a record or raise WireError."""
    message = node if isinstance(node, dict) else {"value": node}
    frame = Frame(message, [np.zeros(2)])
    for read in (
        lambda: to_value(node, frame.arrays),
        lambda: to_fault(node, "load"),
        lambda: to_returned(frame, 1.0),
        lambda: to_loaded(frame),
    ):
        try:
            assert read() is not NotImplemented
        except WireError:
            continue
