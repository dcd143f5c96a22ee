"""Classes whose gradients are attributes, Torch modules and graphs, as the worker calls them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from test_worker_styles import names

from grader.model import Call
from grader.worker.styles import STYLES, CallFault

TORCH = Call(
    "torch7_module", "m", "M", None, ("W0",), ("x",), ("dout",),
    parameter_attributes=(("W", "weight"),), gradient_attributes=(("W", "gradWeight"),),
)  # fmt: skip
TORCH_SOURCE = """
class M:
    def __init__(self, weight):
        self.log = [("init", weight)]
        self.weight = weight
    def updateOutput(self, x):
        self.log.append(("out", x))
        return x * self.weight
    def updateGradInput(self, x, dout):
        self.log.append(("in", x))
        return dout * self.weight
    def accGradParameters(self, x, dout):
        self.log.append(("acc", x))
        self.gradWeight = self.gradWeight + dout * x
    def zeroGradParameters(self):
        self.log.append(("zero", None))
        self.gradWeight = 0.0
"""


def torch_values(**more: float) -> dict[str, Any]:
    """Return values for the module above."""
    return {"W0": 7.0, "W": 2.0, "x": 3.0, "dout": 5.0, **more}


def test_a_torch_module_is_called_in_the_order_of_torch() -> None:
    """Parameters are set after the constructor; gradients are cleared, asked for, and added."""
    subject = STYLES["torch7_module"](TORCH, names(TORCH_SOURCE), torch_values())
    assert subject.call("forward", torch_values()) == 6.0
    assert subject.call("backward", torch_values()) == (10.0, {"gradWeight": 15.0})
    log = subject._gate.log  # type: ignore[attr-defined]
    assert log == [("init", 7.0), ("out", 3.0), ("zero", None), ("in", 3.0), ("acc", 3.0)]


def test_a_torch_module_is_cleared_once_for_every_forward() -> None:
    """A second backward adds to the first, one after another forward starts anew."""
    subject = STYLES["torch7_module"](TORCH, names(TORCH_SOURCE), torch_values())
    subject.call("forward", torch_values())
    subject.call("backward", torch_values())
    assert subject.call("backward", torch_values())[1] == {"gradWeight": 30.0}
    subject.call("forward", torch_values(x=4.0))
    assert subject.call("backward", torch_values())[1] == {"gradWeight": 20.0}


def test_a_torch_module_gets_the_same_array_in_both_calls() -> None:
    """Backward receives the very input of forward, so that it can restore it."""
    call = Call("torch7_module", "m", "M", None, (), ("x",), ("dout",))
    source = (
        "class M:\n  def updateOutput(self, x):\n    self.x = x\n    return x\n"
        "  def updateGradInput(self, x, dout):\n    return x is self.x\n"
    )
    subject = STYLES["torch7_module"](call, names(source), {})
    subject.call("forward", {"x": np.ones(2)})
    assert subject.call("backward", {"x": np.ones(2), "dout": 1.0}) is True


ATTRIBUTES = Call(
    "gate_class", "m", "Layer", None, (), ("x",), ("dout",),
    parameter_attributes=(("W", "W"),), gradient_attributes=(("W", "dW"), ("b", "db")),
)  # fmt: skip
LAYER = """
class Layer:
    def forward(self, x):
        self.x = x
        return x * self.W
    def backward(self, dout):
        BODY
        return dout * self.W
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.dW, self.db = dout * self.x, dout", {"dW": 6.0, "db": 2.0}),
        ("self.dW = None", {"dW": None}),
        ("self.gradient = dout", {}),
        ("type(self).db = property(lambda self: 1.0)", {"db": 1.0}),
    ],
)
def test_gradients_are_read_from_attributes(body: str, expected: dict[str, Any]) -> None:
    """What backward left is returned beside what it returned; what it did not leave is absent."""
    values = {"W": 4.0, "x": 3.0, "dout": 2.0}
    subject = STYLES["gate_class"](ATTRIBUTES, names(LAYER.replace("BODY", body)), values)
    assert subject.call("forward", values) == 12.0
    assert subject.call("backward", values) == (8.0, expected)


GRAPH = Call("computational_graph", "m", "Graph", None, ("gates",), ("x", "y"), ("df",))
GRAPH_SOURCE = """
class Graph:
    def __init__(self, gates):
        self.gates = gates
    def forward(self, leaves):
        self.leaves = leaves
        return self.gates
    def backward(self, df):
        return RETURNED
"""


class Gate:
    """A gate of a test."""


def graph_values() -> dict[str, Any]:
    """Return leaves and a wiring as the worker hands it over."""
    return {"x": 1.0, "y": 2.0, "df": 3.0, "gates": [(Gate, [4, 2, -1]), (Gate, [2, 0, 1])]}


def test_a_graph_is_built_of_named_gates() -> None:
    """Numbers below the count of leaves are leaves, -1 is none, and every gate is a new object."""
    source = GRAPH_SOURCE.replace("RETURNED", "self.leaves")
    subject = STYLES["computational_graph"](GRAPH, names(source), graph_values())
    gates = subject.call("forward", graph_values())
    assert [(name, inputs) for name, _, inputs in gates] == [("g4", ["g2"]), ("g2", ["x", "y"])]
    assert all(type(gate) is Gate for _, gate, _ in gates)
    assert gates[0][1] is not gates[1][1]
    assert subject.call("backward", graph_values()) == {"x": 1.0, "y": 2.0}


@pytest.mark.parametrize(
    ("returned", "kept"),
    [
        ("{**{f'g{n}': n for n in range(5000)}, 'y': 2, 'x': 1}", {"x", "y"}),
        ("{**{f'g{n}': n for n in range(5000)}, 'y': 2}", {"y"}),
        ("{'x': 1, 'y': 2, 'g5': 3}", {"x", "y", "g5"}),
    ],
)
def test_of_many_gradients_those_of_the_leaves_are_sent(returned: str, kept: set[str]) -> None:
    """The gradients of thousands of gates beside the leaves' are allowed, and not sent."""
    source = GRAPH_SOURCE.replace("RETURNED", returned)
    subject = STYLES["computational_graph"](GRAPH, names(source), graph_values())
    subject.call("forward", graph_values())
    got = subject.call("backward", graph_values())
    assert kept <= got.keys()
    assert len(got) <= 20
    assert ("x" in got) is ("x" in kept)


def test_what_is_no_dict_is_sent_as_it_is() -> None:
    """A graph that returns a tuple is told so by the host."""
    source = GRAPH_SOURCE.replace("RETURNED", "(1.0, 2.0)")
    subject = STYLES["computational_graph"](GRAPH, names(source), graph_values())
    subject.call("forward", graph_values())
    assert subject.call("backward", graph_values()) == (1.0, 2.0)


NETWORK = Call(
    "network_class", "m", "Net", None, ("size",), ("X", "y"), (),
    parameter_attributes=(("W", "params.W"), ("b", "bias")),
)  # fmt: skip
SCORES = dataclasses.replace(NETWORK, style="network_scores", forward_args=("X",))
NETWORK_SOURCE = """
class Net:
    def __init__(self, size):
        self.params, self.bias = {"W": 100.0 * size, "V": size}, 200.0
    def loss(self, X, y=None):
        score = self.params["W"] * X + self.bias + self.params["V"]
        return score if y is None else (score - y, {"W": X})
"""
NETWORK_VALUES = {"size": 1.0, "W": 2.0, "b": 10.0, "X": 3.0, "y": 4.0}


def test_parameters_of_a_network_are_replaced_before_the_call() -> None:
    """An entry of a dict and an attribute are set; what is not named stays as it was made."""
    network = STYLES["network_class"](NETWORK, names(NETWORK_SOURCE), NETWORK_VALUES)
    assert network.call("forward", NETWORK_VALUES) == (13.0, {"W": 3.0})
    network = STYLES["network_scores"](SCORES, names(NETWORK_SOURCE), NETWORK_VALUES)
    assert network.call("forward", NETWORK_VALUES) == 17.0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("pass", "Net must keep its parameters in a dict params; there is none"),
        ("self.params = [1]", "in a dict params; its type is list"),
    ],
)
def test_a_network_without_a_dict_of_parameters_is_told(body: str, message: str) -> None:
    """The message names the attribute and what is there."""
    source = f"class Net:\n    def __init__(self, size):\n        {body}\n"
    with pytest.raises(CallFault, match=message):
        STYLES["network_class"](NETWORK, names(source), NETWORK_VALUES)


def test_a_network_without_its_method_is_told() -> None:
    """The message lists the methods there are."""
    source = (
        "class Net:\n    def __init__(self, size): self.params = {}\n    def losses(self): pass\n"
    )
    network = STYLES["network_class"](NETWORK, names(source), NETWORK_VALUES)
    with pytest.raises(CallFault, match="Net has no method loss; it has losses"):
        network.call("forward", NETWORK_VALUES)
