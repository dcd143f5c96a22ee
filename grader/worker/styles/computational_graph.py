"""``graph = Graph(gates); f = graph.forward({"x": 2.0}); dx = graph.backward(df)["x"]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call
from .gate_class import GateClass

_SENT = 20  # of the gradients that backward returns, those of the leaves first


class ComputationalGraph(GateClass):
    """A graph of gates in no particular order; the gates come from a support file.

    Its wiring arrives as rows ``(class of the gate, (number, inputs...))``: numbers below the
    count of leaves are leaves, in the order of the arguments of forward, -1 is no input.
    """

    def __init__(self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Build the gates, by name, and hand them to the graph."""
        (wiring,) = call.constructor_args
        leaves = call.forward_args
        self._leaves = leaves

        def name_of(number: int) -> str:
            return leaves[number] if number < len(leaves) else f"g{number}"

        gates = [
            (name_of(row[0]), make(), [name_of(number) for number in row[1:] if number >= 0])
            for make, row in values[wiring]
        ]
        super().__init__(call, namespace, {**values, wiring: gates})

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Forward receives the leaves in one dict; of what backward returns these are taken."""
        if stage == "backward":
            returned = super().call(stage, values)
            if isinstance(returned, dict):
                # Thousands of gates may have their gradients there too: too much to send.
                first = sorted(returned, key=lambda name: name not in self._leaves)
                return {name: returned[name] for name in first[:_SENT]}
            return returned
        leaves = {name: values[name] for name in self._leaves}
        return self.run("forward", ("leaves",), {"leaves": leaves})
